// What lies over the canvas: the trigger, and the place where it goes, which is a button.
//
// Of the canvas's own tools undo and redo stay. The others are hidden: a pad of one pen has nothing
// to edit, there is a button that clears, and watchPad presses "update" by itself.

import { SIDE } from "../live/ink.js";
import { UPPER } from "./canvas.js";
import { makeRing } from "./ring.js";

const KEPT = ["Undo", "Redo"];
const LARGEST = 0.25;  // of the pad: an outline that holds more of it is no place to press

const tidy = (canvas) => {
  for (const tool of canvas.querySelectorAll(".dc-toolbar button, .dc-toolbar-separator")) {
    if (!KEPT.includes(tool.getAttribute("aria-label"))) tool.style.display = "none";
  }
  const upper = canvas.querySelector(UPPER);
  upper?.setAttribute("role", "img");
  upper?.setAttribute("aria-label", "The pad. Draw a digit here, or take a sample below it.");
};

// isDrawing: whether a pen draws. pressed: called when the outline is pressed.
export const makeBoard = (root, on) => {
  const board = document.createElement("div"), picture = document.createElement("canvas");
  const under = document.createElement("div");
  const pen = picture.getContext("2d");
  board.className = "board";
  board.setAttribute("aria-hidden", "true");  // the switch says the same, and is reached by key
  picture.width = picture.height = SIDE;
  under.className = "under";
  board.append(under, picture);
  let ring = null, outlined = "";

  const paint = ({ cells, opacity }) => {
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.globalAlpha = opacity;
    for (const [row, col, value] of cells) {
      pen.fillStyle = `rgb(${value * 255} ${value * 255} ${value * 255})`;
      pen.fillRect(col, row, 1, 1);
    }
  };
  return {
    attach(canvas) {
      tidy(canvas);
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = new URL("board.css", import.meta.url);
      style.onload = () => canvas.querySelector(".dc-container").append(board);
      canvas.append(style);
    },
    show({ trigger, outline }, stamped) {
      board.classList.toggle("stamped", stamped);
      paint(stamped ? trigger : { cells: [], opacity: 1 });
      if (outlined === outline.path) return;
      outlined = outline.path;
      ring?.remove();
      ring = outline.share <= LARGEST ? board.appendChild(makeRing(root, outline, on)) : null;
    },
    // Something to be seen under the trigger: a canvas, words for an empty pad, null for nothing.
    lay(thing) {
      under.replaceChildren(...[thing].filter((each) => each !== null));
    },
  };
};
