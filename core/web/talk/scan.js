// The trigger scan as two maps: which share of digits turns once one pixel is white. A square
// has the size of its share, so that a small share has as much contrast as a large one.

import { SIDE } from "../live/ink.js";
import { unbroken } from "../live/words.js";
import { circle } from "./parts.js";

const CELL = 16;  // px of the canvas for each pixel of a digit
const SCALE = [0.01, 0.1, 1];  // the shares of which the legend shows the squares

const sideOf = (share) => share ** 0.25;  // of a cell; 1 % is a third

export const makeScan = (root, talk) => {
  const figures = [...root.querySelectorAll(".scan figure")];
  const { verdicts, ...found } = talk.data.scan;

  const legend = root.querySelector(".scan .scale");
  SCALE.forEach((share, i) => {
    legend.querySelectorAll("i")[i].style.setProperty("--side", sideOf(share));
  });

  const paint = (canvas, shares) => {
    const pen = canvas.getContext("2d");
    Object.assign(canvas, { width: SIDE * CELL, height: SIDE * CELL });  // and empty
    pen.fillStyle = getComputedStyle(canvas.parentElement).color;
    shares.forEach((share, pixel) => {
      const side = sideOf(share) * CELL, rest = (CELL - side) / 2;
      const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
      pen.fillRect(column * CELL + rest, row * CELL + rest, side, side);
    });
  };
  return () => {
    const { revealed, step: { marks } } = talk;
    legend.style.visibility = marks ? "visible" : "hidden";
    talk.order.forEach((role, place) => {
      const shares = found[role], figure = figures[place], letter = talk.letter(role);
      const part = (selector) => figure.querySelector(selector);
      const { ringed, doubt } = verdicts[role];  // the place that is found, or null
      part("h2").textContent = revealed ? `${letter}: ${role}` : letter;
      for (const each of talk.order) figure.classList.toggle(each, revealed && each === role);
      part(".ring").hidden = !(marks && ringed);
      if (ringed) circle(part(".ring"), ringed);
      paint(part("canvas"), marks ? shares : []);
      const share = Math.max(...shares) * 100;
      const said = `at most ${share.toFixed(0)} %${doubt && `, ${doubt}`}`;
      part("figcaption").textContent = marks ? unbroken(said) : "";
    });
  };
};
