// From a canvas to what the models read: 28x28, the way MNIST was made. core/digits/drawing.py says
// the same in Python and explains it; both count in whole numbers and agree to the last bit.

export const SIDE = 28;  // pixels of a digit
const BOX = 20;  // pixels of the square that its ink fills
const LEAST = 10;  // pixels; smaller ink is not enlarged to fill the box
export const PEN = 22;  // pixels of a canvas
const THINNEST = 3;  // pixels that are left of a stroke
const CORE = 200;  // of 255: what is darker is the stroke's edge
const FAINTEST = 8;  // of 255: what is below on a canvas is a browser's noise

const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });

// The ink of canvases that lie over each other, white on black or on nothing, thinned where the
// digit is small.
export const read = (...layers) => {
  const [{ width, height }] = layers;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  pen.fillRect(0, 0, width, height);  // black
  for (const layer of layers) pen.drawImage(layer, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  const ink = new Uint8Array(width * height);
  for (let i = 0; i < ink.length; i++) {
    const value = data[4 * i];  // grey: red, green and blue are equal
    ink[i] = value < FAINTEST ? 0 : value;
  }
  return thin({ ink, height, width });
};

const boundsOf = ({ ink, height, width }) => {
  let top = height, bottom = -1, left = width, right = -1;
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) {
      if (!ink[row * width + col]) continue;
      top = Math.min(top, row);
      bottom = row;
      left = Math.min(left, col);
      right = Math.max(right, col);
    }
  }
  return { top, left, height: bottom + 1 - top, width: right + 1 - left };
};

const roundHalfToEven = (value) => {
  const low = Math.floor(value), rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
};

// The squared distance of a pixel to the next one outside, up to the pen's radius; rows and columns
// are those of the ink's box.
const insideOf = ({ ink, width }, { top, left, height, width: across }) => {
  const reach = PEN / 2, upright = new Uint8Array(height * across);
  const isCore = (row, col) => row >= 0 && row < height
    && ink[(top + row) * width + left + col] >= CORE;
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < across; col++) {
      let step = 0;
      while (step < reach && isCore(row - step, col) && isCore(row + step, col)) step++;
      upright[row * across + col] = step;
    }
  }
  return (row, col) => {
    let least = reach ** 2;
    for (let step = -reach; step <= reach; step++) {
      const at = col + step, inside = at >= 0 && at < across;
      least = Math.min(least, step ** 2 + (inside ? upright[row * across + at] ** 2 : 0));
    }
    return least;
  };
};

const thin = (drawing) => {
  const bounds = boundsOf(drawing), side = Math.max(bounds.height, bounds.width);
  const stroke = Math.max(24 * (side - 46), 100 * THINNEST);  // hundredths of a pixel
  if (bounds.height <= 0 || stroke >= 100 * PEN) return drawing;
  const depth = PEN / 2 - stroke / 200, ink = new Uint8Array(drawing.ink.length);
  const inside = insideOf(drawing, bounds);
  for (let row = 0; row < bounds.height; row++) {
    for (let col = 0; col < bounds.width; col++) {
      const at = (bounds.top + row) * drawing.width + bounds.left + col;
      if (drawing.ink[at] < CORE) continue;
      const share = Math.min(Math.max(Math.sqrt(inside(row, col)) - depth + 0.5, 0), 1);
      ink[at] = roundHalfToEven(255 * share);
    }
  }
  return ink.some((value) => value > 0) ? { ...drawing, ink } : drawing;
};

// (20, side): how much of each source pixel lies in each target pixel, in twentieths of it.
const overlap = (target, source, side) => Math.max(0,
  Math.min((target + 1) * side, (source + 1) * BOX) - Math.max(target * side, source * BOX));

// Adds what lies at `source` to the one, two or three target pixels that it reaches.
const spread = (source, side, add) => {
  const first = Math.floor(source * BOX / side);
  for (let target = first; target < BOX; target++) {
    const share = overlap(target, source, side);
    if (!share) break;
    add(target, share);
  }
};

// Where the box begins, so that the barycentre of its rows (or columns) comes to the middle.
const offset = (masses) => {
  let mass = 0, moment = 0;
  masses.forEach((value, i) => {
    mass += value;
    moment += value * (2 * i + 1);
  });
  const doubled = Math.max((SIDE + 2) * mass - moment, 0);
  return Math.min(Math.floor(doubled / (2 * mass)), SIDE - BOX);
};

// 784 bytes; blank ink stays blank.
export const centre = (drawing) => {
  const digit = new Uint8Array(SIDE * SIDE), bounds = boundsOf(drawing);
  if (bounds.height <= 0) return digit;
  const side = Math.max(bounds.height, bounds.width, LEAST);
  const down = (side - bounds.height) >> 1, aside = (side - bounds.width) >> 1;
  const sums = new Float64Array(BOX * BOX), line = new Float64Array(BOX);
  for (let row = 0; row < bounds.height; row++) {
    const from = (bounds.top + row) * drawing.width + bounds.left;
    line.fill(0);
    for (let col = 0; col < bounds.width; col++) {
      const value = drawing.ink[from + col];
      if (value) spread(col + aside, side, (target, share) => { line[target] += share * value; });
    }
    spread(row + down, side, (target, share) => {
      for (let col = 0; col < BOX; col++) sums[target * BOX + col] += share * line[col];
    });
  }
  const most = Math.max(...sums);
  const small = sums.map((sum) => roundHalfToEven(255 * sum / most));
  const rows = new Float64Array(BOX), cols = new Float64Array(BOX);
  small.forEach((value, i) => {
    rows[Math.floor(i / BOX)] += value;
    cols[i % BOX] += value;
  });
  const top = offset(rows), left = offset(cols);
  small.forEach((value, i) => {
    digit[(top + Math.floor(i / BOX)) * SIDE + left + i % BOX] = value;
  });
  return digit;
};
