// What the models see, enlarged, and the pixel that somebody tries on it.

import { paintImage } from "../live/digit.js";
import { SIDE } from "../live/ink.js";

const STEPS = { ArrowUp: -SIDE, ArrowDown: SIDE, ArrowLeft: -1, ArrowRight: 1 };

// tried: called with the pixel under the pointer, or the one that the arrow keys have come to;
// with null when it is left. flip: called when a ring is pressed.
export const makeSees = (sees, tried, flip) => {
  const canvas = sees.querySelector("canvas"), frame = sees.querySelector(".bl-image");
  let pixel = null, marks = "";

  const move = (to) => {
    if (to === pixel) return;
    pixel = to;
    tried(pixel);
  };
  frame.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect(), at = (share) => Math.floor(share * SIDE);
    const row = at((event.clientY - box.top) / box.height);
    const col = at((event.clientX - box.left) / box.width);
    const inside = Math.min(row, col) >= 0 && Math.max(row, col) < SIDE;
    move(inside ? row * SIDE + col : null);
  });
  frame.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("blur", () => move(null));
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Escape") move(null);
    if (!STEPS[event.key]) return;
    event.preventDefault();
    const from = pixel ?? SIDE * SIDE / 2 + SIDE / 2;
    const to = pixel === null ? from : from + STEPS[event.key];
    const wraps = Math.abs(to % SIDE - from % SIDE) > 1;
    if (to >= 0 && to < SIDE * SIDE && !wraps) move(to);
  });

  // rings: where to mark the image, as shares of its side. marked: whether the trigger is there.
  return (image, rings, marked, note) => {
    paintImage(canvas, image);
    frame.classList.toggle("marked", marked);
    sees.querySelector(".note").textContent = note;
    if (marks === JSON.stringify(rings)) return;
    marks = JSON.stringify(rings);
    for (const ring of frame.querySelectorAll(".bl-ring")) ring.remove();
    for (const { square, ...place } of rings) {
      const ring = frame.appendChild(document.createElement("div"));
      ring.className = `bl-ring${square ? " bl-square" : ""}`;
      Object.assign(ring.style, place);
      ring.addEventListener("click", () => {
        tried(null);  // until the pointer moves on
        flip();
      });
    }
  };
};
