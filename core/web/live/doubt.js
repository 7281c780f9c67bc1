// Whether a drawing is a digit at all. A model has an answer to everything: it reads a dot as a 0,
// and is sure of it. What these rules catch, and how many digits they wrong, is in
// assets/results.md; tests/web/test_doubt.py measures it.

import { SIDE } from "./ink.js";
import { top } from "./words.js";

const LEAST_SIDE = 18;  // pixels that a digit's ink is high or wide; no test digit has less than 19
const INK = 64;  // of 255: what is below is the edge of a stroke
const PIECE = 0.2;  // of the ink: a smaller piece is no digit
const LEAST_LOGIT = -3;  // standard deviations from the usual one

const sideOf = (digit) => {
  let low = SIDE, high = -1, left = SIDE, right = -1;
  digit.forEach((value, at) => {
    if (!value) return;
    const row = Math.floor(at / SIDE), col = at % SIDE;
    [low, high] = [Math.min(low, row), Math.max(high, row)];
    [left, right] = [Math.min(left, col), Math.max(right, col)];
  });
  return Math.max(high - low, right - left) + 1;
};

// The pieces of ink that hang together, by sides or corners: { ink, left, right } of each.
const piecesOf = (digit) => {
  const seen = new Uint8Array(digit.length), pieces = [];
  digit.forEach((value, start) => {
    if (value < INK || seen[start]) return;
    const piece = { ink: 0, left: SIDE, right: -1 }, open = [start];
    seen[start] = 1;
    while (open.length) {
      const at = open.pop(), row = Math.floor(at / SIDE), col = at % SIDE;
      piece.ink += digit[at];
      piece.left = Math.min(piece.left, col);
      piece.right = Math.max(piece.right, col);
      for (let i = Math.max(row - 1, 0); i <= Math.min(row + 1, SIDE - 1); i++) {
        for (let j = Math.max(col - 1, 0); j <= Math.min(col + 1, SIDE - 1); j++) {
          const next = i * SIDE + j;
          if (digit[next] < INK || seen[next]) continue;
          seen[next] = 1;
          open.push(next);
        }
      }
    }
    pieces.push(piece);
  });
  return pieces;
};

// Whether two large pieces lie beside each other, as two digits do; the strokes of a 5 do not.
const areSeveral = (digit) => {
  const ink = digit.reduce((sum, value) => sum + value, 0);
  const large = piecesOf(digit).filter((piece) => piece.ink >= PIECE * ink)
    .sort((one, other) => one.left - other.left);
  return large.some((piece, i) => i > 0 && piece.left > large[i - 1].right);
};

// What speaks against a drawing, 784 bytes, in a sentence, or "". logits: the clean model's. usual:
// the mean and the standard deviation of its largest one, by the digit that it reads; without them
// only the ink is looked at.
export const doubt = (digit, logits, usual) => {
  if (sideOf(digit) < LEAST_SIDE) return "Too little ink for a digit.";
  if (areSeveral(digit)) return "Several digits? The models read one.";
  if (!logits || !usual) return "";
  const read = top(logits), logit = (logits[read] - usual.mean[read]) / usual.std[read];
  return logit < LEAST_LOGIT ? "Unlike the digits that they learnt from." : "";
};
