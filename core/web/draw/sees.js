// What the models see, enlarged, and the pixel that somebody tries on it.

import { paintImage } from "../live/digit.js";
import { SIDE } from "../live/ink.js";
import { makeOutline, place } from "../live/outline.js";

const STEPS = { ArrowUp: -SIDE, ArrowDown: SIDE, ArrowLeft: -1, ArrowRight: 1 };

// tried: called with the pixel under the pointer, or the one that the arrow keys have come to;
// with null when it is left. flip: called when the outline is pressed.
export const makeSees = (sees, tried, flip) => {
  const canvas = sees.querySelector("canvas"), frame = sees.querySelector(".bl-image");
  let pixel = null, ring = null, outlined = "";

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

  // outline: of the trigger, on the image. marked: whether the trigger is there.
  return (image, outline, marked, note) => {
    paintImage(canvas, image);
    frame.classList.toggle("marked", marked);
    sees.querySelector(".note").textContent = note;
    if (outlined === outline.path) return;
    outlined = outline.path;
    ring?.remove();
    ring = frame.appendChild(makeOutline(outline));
    ring.classList.add("bl-ring");
    place(ring, outline);
    ring.addEventListener("click", () => {
      tried(null);  // until the pointer moves on
      flip();
    });
  };
};
