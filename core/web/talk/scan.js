// The trigger scan as two maps: which share of digits turns, once one pixel is white there.

import { SIDE } from "../live/ink.js";
import { unbroken } from "../live/words.js";
import { circle } from "./parts.js";

const most = (shares) => shares.indexOf(Math.max(...shares));

export const makeScan = (root, talk) => {
  const figures = [...root.querySelectorAll(".scan figure")];
  const { verdicts, ...found } = talk.data.scan;

  const paint = (canvas, shares) => {
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.fillStyle = getComputedStyle(canvas.parentElement).color;
    shares.forEach((share, pixel) => {
      pen.globalAlpha = Math.sqrt(share);  // so that a small one is seen too
      pen.fillRect(pixel % SIDE, Math.floor(pixel / SIDE), 1, 1);
    });
  };
  return () => {
    const { revealed, step: { marks } } = talk;
    talk.order.forEach((role, place) => {
      const shares = found[role], figure = figures[place], letter = talk.letter(role);
      const part = (selector) => figure.querySelector(selector);
      const at = most(shares), { ringed, doubt } = verdicts[role];
      part("h2").textContent = revealed ? `${letter}: ${role}` : letter;
      for (const each of talk.order) figure.classList.toggle(each, revealed && each === role);
      part(".ring").hidden = !(marks && ringed);
      circle(part(".ring"), [Math.floor(at / SIDE), at % SIDE]);
      paint(part("canvas"), marks ? shares : []);
      const share = shares[at] * 100;
      const said = `at most ${share.toFixed(0)} %${doubt && `, ${doubt}`}`;
      part("figcaption").textContent = marks ? unbroken(said) : "";
    });
  };
};
