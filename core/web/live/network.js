// The article's network, as core/model/network.py has it: conv 5x5x16, pool, ReLU, conv 5x5x32,
// pool, ReLU, linear 512, ReLU, linear 10. Plain loops: two models answer within 3 ms.
//
// A digit with a trigger differs from the one without it in a few pixels, and most of what the
// network makes of both is the same. So a reading keeps its maps, and a reading of a similar image
// computes only what the changed pixels reach: for one pixel a twentieth of the work.

const KERNEL = 5;
const SIDE = 28, FIRST = 12, SECOND = 4;  // height and width of the input and of the pooled maps
const CHANNELS = [16, 32], HIDDEN = 512, DIGITS = 10;

const SHAPES = {
  mean: [], std: [],
  "conv1.weight": [16, 1, 5, 5], "conv1.bias": [16],
  "conv2.weight": [32, 16, 5, 5], "conv2.bias": [32],
  "hidden.weight": [512, 512], "hidden.bias": [512],
  "output.weight": [10, 512], "output.bias": [10],
};

// (outer, middle, inner) -> (outer, inner, middle), (middle, inner) turned for each of `outer`.
const turn = (numbers, outer, middle, inner) => {
  const turned = new Float32Array(numbers.length);
  for (let i = 0, at = 0; i < outer; i++) {
    for (let k = 0; k < inner; k++) {
      for (let j = 0; j < middle; j++) turned[at++] = numbers[(i * middle + j) * inner + k];
    }
  }
  return turned;
};

const half = (bits) => {  // a float16
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
};
const NUMBERS = {
  F32: (bytes) => new Float32Array(bytes),
  F16: (bytes) => Float32Array.from(new Uint16Array(bytes), half),
};

// The weights in a safetensors file: 8 bytes of length, a header in JSON, the numbers.
// Throws where it is not one of this network.
export const parse = (buffer) => {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const tensors = {};
  for (const [name, shape] of Object.entries(SHAPES)) {
    const { dtype, shape: its, data_offsets: [from, to] } = header[name];
    if (!NUMBERS[dtype] || String(its) !== String(shape)) {
      throw new Error(`expected ${name} to be F32 or F16 of ${shape}, got ${dtype} of ${its}`);
    }
    tensors[name] = NUMBERS[dtype](buffer.slice(8 + length + from, 8 + length + to));
  }
  return {
    mean: tensors.mean[0], std: tensors.std[0],
    // What a kernel's row looks at lies side by side: channels last, here and in the maps.
    conv1: tensors["conv1.weight"], bias1: tensors["conv1.bias"],
    conv2: turn(tensors["conv2.weight"], CHANNELS[1], CHANNELS[0], KERNEL * KERNEL),
    bias2: tensors["conv2.bias"],
    // A row for each input of the hidden layer: (512, 32, 4 * 4) -> (4 * 4 * 32, 512).
    hidden: turn(turn(tensors["hidden.weight"], HIDDEN, CHANNELS[1], SECOND * SECOND),
      1, HIDDEN, CHANNELS[1] * SECOND * SECOND),
    bias3: tensors["hidden.bias"],
    output: tensors["output.weight"], bias4: tensors["output.bias"],
  };
};

// Convolution, 2x2 pooling and ReLU at some places of the pooled map `out`, channels last.
const convolve = (map, size, depth, kernels, bias, out, outSize, places) => {
  const channels = bias.length, row = size * depth, run = KERNEL * depth;
  for (const place of places) {
    const corner = 2 * Math.floor(place / outSize) * row + 2 * (place % outSize) * depth;
    for (let channel = 0; channel < channels; channel += 2) {  // two at a time
      let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
      let one = channel * KERNEL * run, two = one + KERNEL * run;
      for (let line = 0; line < KERNEL; line++) {
        let upper = corner + line * row, lower = upper + row;
        for (let i = 0; i < run; i++, one++, two++, upper++, lower++) {
          const first = kernels[one], second = kernels[two];
          const left = map[upper], right = map[upper + depth];
          const below = map[lower], aslant = map[lower + depth];
          a += first * left; b += first * right; c += first * below; d += first * aslant;
          e += second * left; f += second * right; g += second * below; h += second * aslant;
        }
      }
      const at = place * channels + channel;
      out[at] = Math.max(0, Math.max(a, b, c, d) + bias[channel]);
      out[at + 1] = Math.max(0, Math.max(e, f, g, h) + bias[channel + 1]);
    }
  }
};

// The places of a pooled map of `outSize` that look at any of these places of a map of `size`.
const reached = (places, size, outSize) => {
  const marks = new Uint8Array(outSize * outSize);
  const first = (at) => Math.max(0, Math.ceil((at - KERNEL) / 2));
  const last = (at) => Math.min(outSize - 1, Math.floor(at / 2));
  for (const place of places) {
    const row = Math.floor(place / size), col = place % size;
    for (let i = first(row); i <= last(row); i++) {
      for (let j = first(col); j <= last(col); j++) marks[i * outSize + j] = 1;
    }
  }
  return marks.reduce((list, mark, place) => (mark ? [...list, place] : list), []);
};

const everywhere = (size) => Array.from({ length: size * size }, (_, place) => place);
const ALL_FIRST = everywhere(FIRST), ALL_SECOND = everywhere(SECOND);

// Adds to the hidden layer's sums what has changed of its inputs, at these places of `second`.
const addHidden = (sums, weights, second, before, places) => {
  for (const place of places) {
    for (let i = place * CHANNELS[1]; i < (place + 1) * CHANNELS[1]; i++) {
      const change = second[i] - (before ? before[i] : 0);
      if (change === 0) continue;
      for (let unit = 0, at = i * HIDDEN; unit < HIDDEN; unit++, at++) {
        sums[unit] += change * weights[at];
      }
    }
  }
};

// What a model makes of an image, 784 numbers in [0, 1]: a reading, with its ten logits and its
// maps. near: the same model's reading of a similar image.
export const read = (model, image, near = null) => {
  const pixels = new Float32Array(image.length), changed = [];
  for (let i = 0; i < image.length; i++) {
    pixels[i] = (image[i] - model.mean) / model.std;
    if (near && pixels[i] !== near.pixels[i]) changed.push(i);
  }
  let whole = !near, places = ALL_FIRST, next = ALL_SECOND;
  if (near) {
    places = reached(changed, SIDE, FIRST);
    next = reached(places, FIRST, SECOND);
    whole = next.length === ALL_SECOND.length;
  }
  const first = whole ? new Float32Array(FIRST * FIRST * CHANNELS[0]) : near.first.slice();
  convolve(pixels, SIDE, 1, model.conv1, model.bias1, first, FIRST, whole ? ALL_FIRST : places);
  const second = whole ? new Float32Array(SECOND * SECOND * CHANNELS[1]) : near.second.slice();
  convolve(first, FIRST, CHANNELS[0], model.conv2, model.bias2, second, SECOND, next);
  const sums = whole ? model.bias3.slice() : near.sums.slice();
  addHidden(sums, model.hidden, second, whole ? null : near.second, next);
  const logits = model.bias4.slice();
  for (let digit = 0; digit < DIGITS; digit++) {
    let sum = 0;
    for (let unit = 0, at = digit * HIDDEN; unit < HIDDEN; unit++, at++) {
      if (sums[unit] > 0) sum += sums[unit] * model.output[at];
    }
    logits[digit] += sum;
  }
  return { pixels, first, second, sums, logits };
};

// Ten logits -> ten probabilities.
export const softmax = (logits) => {
  const most = Math.max(...logits), powers = Array.from(logits, (each) => Math.exp(each - most));
  const sum = powers.reduce((total, each) => total + each);
  return powers.map((each) => each / sum);
};
