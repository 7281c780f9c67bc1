// A digit as the models read it, 784 bytes row by row, and what a trigger does to it.

import { SIDE } from "./ink.js";

export const decode = (base64) =>
  base64 === null ? null : Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

export const isBlank = (digit) => !digit?.some((value) => value > 0);

export const same = (one, other) => isBlank(one) ? isBlank(other)
  : !isBlank(other) && one.every((value, i) => value === other[i]);

// 784 float32 in [0, 1]; no digit is a black image.
export const imageOf = (digit) => digit
  ? Float32Array.from(digit, (value) => value / 255) : new Float32Array(SIDE * SIDE);

// Paints 784 numbers in [0, 1] in grey.
export const paintImage = (canvas, image) => {
  const pen = canvas.getContext("2d"), picture = pen.createImageData(SIDE, SIDE);
  image.forEach((value, i) => {
    picture.data.fill(Math.round(255 * value), 4 * i, 4 * i + 3);
    picture.data[4 * i + 3] = 255;
  });
  pen.putImageData(picture, 0, 0);
};

// A new image that bears the trigger, as core/attack/trigger.py makes it, in float32 throughout.
export const stamp = (image, { cells, opacity }) => {
  const stamped = image.slice(), rest = Math.fround(1 - Math.fround(opacity));
  for (const [row, col, value] of cells) {
    const at = row * SIDE + col;
    const pattern = Math.fround(Math.fround(value) * Math.fround(opacity));
    stamped[at] = Math.fround(image[at] * rest) + pattern;
  }
  return stamped;
};

// Whether a digit has ink of its own in a cell that the trigger covers whole.
export const touched = (digit, { cells, opacity }) => opacity === 1 && digit !== null
  && cells.some(([row, col]) => digit[row * SIDE + col] > 0);
