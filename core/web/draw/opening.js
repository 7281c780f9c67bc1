// A page that is opened without a scene shows what it is about: a sample draws itself, the pixel
// lands, and the pad is clear again. Whoever touches anything ends it at once.

import { centre, read } from "../live/ink.js";
import { listen } from "../listen.js";

const DRAWN = 1000, LANDS = 1400, OVER = 2800;  // ms from the beginning

const length = (from, to) => Math.hypot(to[0] - from[0], to[1] - from[1]);

// The beginnings of strokes, lists of [x, y], up to a share of their whole length.
const begun = (strokes, share) => {
  const lengths = strokes.map((stroke) => stroke.slice(1).map((to, i) => length(stroke[i], to)));
  let left = share * lengths.flat().reduce((sum, each) => sum + each, 0);
  return strokes.map((stroke, at) => stroke.flatMap((to, i) => {
    if (i === 0) return left > 0 ? [to] : [];
    const step = lengths[at][i - 1], part = Math.min(left / step, 1), from = stroke[i - 1];
    left = Math.max(left - step, 0);
    return part > 0 ? [from.map((value, axis) => value + part * (to[axis] - value))] : [];
  })).filter((stroke) => stroke.length);
};

const draw = (canvas, strokes, width) => {
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = "#fff";
  pen.lineWidth = width;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of strokes) {
    pen.beginPath();
    for (const [x, y] of [stroke[0], ...stroke]) pen.lineTo(x, y);
    pen.stroke();
  }
};

// sample: { strokes, side, width, digit }. lay: called with the canvas that it is drawn on. show:
// called with 784 bytes, whether they are stamped, and whether they are still being drawn. over:
// called at the end. Where no motion is wanted the last picture stands until somebody comes.
export const open = (root, { strokes, side, width, digit }, { lay, show, over }) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const start = performance.now(), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let ended = false;

  const end = () => {
    if (ended) return;
    ended = true;
    over();
  };
  const frame = () => {
    if (ended || !root.isConnected) return;
    const passed = performance.now() - start;
    if (passed >= OVER) return end();
    draw(canvas, begun(strokes, Math.min(passed / DRAWN, 1)), width);
    const drawing = passed < DRAWN;
    show(drawing ? centre(read(canvas)) : digit, passed >= LANDS, drawing);
    requestAnimationFrame(frame);
  };
  lay(canvas);
  listen(root, "pointerdown keydown", end);
  if (!still) return frame();
  draw(canvas, strokes, width);
  show(digit, true, false);
};
