// The search for the pixel that counts: every one is tried, and two maps show how far each moves
// what the models read.

import { SIDE } from "../live/ink.js";
import { count, percent, top, unbroken } from "../live/words.js";

const SLICE = 8;  // ms of work between two looks at the pen

// How far two readings are apart, in [0, 1]: their total variation distance.
const distance = (one, other) =>
  one.reduce((sum, share, digit) => sum + Math.abs(share - other[digit]), 0) / 2;

// What was found of one model, in words. moves: 784 distances; turned: the pixels that change the
// digit that it reads.
const describe = ({ figure, moves, turned, read }, pixels) => {
  const { model } = figure.dataset, name = model[0].toUpperCase() + model.slice(1);
  const most = moves.indexOf(Math.max(...moves));
  const place = `row ${Math.floor(most / SIDE)}, column ${most % SIDE}`;
  const turns = turned.length === 0 ? `no pixel turns this ${read} into another digit`
    : `${count(turned.length)} of ${count(pixels)} pixels turn this ${read} into another digit`;
  const moved = moves[most] < 0.001 ? "None moves its answer by more than 0.1 %."
    : `The one at ${place} moves its answer most, by ${percent(moves[most])}.`;
  return unbroken(`${name} model: ${turns}. ${moved}`);
};

export const makeSearch = (section) => {
  const figures = [...section.querySelectorAll("figure")];
  let run = 0;

  const paint = (figure, moves, image) => {
    const canvas = figure.querySelector("canvas"), pen = canvas.getContext("2d");
    pen.clearRect(0, 0, SIDE, SIDE);
    pen.fillStyle = "#808080";  // the drawing, faint, for orientation
    image.forEach((value, pixel) => {
      pen.globalAlpha = value / 3;
      pen.fillRect(pixel % SIDE, Math.floor(pixel / SIDE), 1, 1);
    });
    pen.fillStyle = getComputedStyle(figure).getPropertyValue("--bl").trim();
    moves.forEach((move, pixel) => {
      pen.globalAlpha = Math.sqrt(move);  // so that a small one is seen too
      pen.fillRect(pixel % SIDE, Math.floor(pixel / SIDE), 1, 1);
    });
  };
  const clear = () => {
    run++;
    section.classList.remove("found");
  };

  // probe: from a pixel to what the two models make of it, ten probabilities each, or null of no
  // model. plain: the same where no pixel is changed. image: 784 numbers in [0, 1].
  const start = (image, plain, probe) => {
    const mine = ++run, pixels = SIDE * SIDE;
    const models = figures.map((figure, at) => ({
      figure, at, before: plain[at], read: plain[at] && top(plain[at]), moves: [], turned: [],
    })).filter(({ before }) => before);
    figures.forEach((figure, at) => { figure.hidden = !plain[at]; });
    section.classList.add("found");
    const go = () => {
      if (mine !== run || !section.isConnected) return;
      const until = performance.now() + SLICE;
      let pixel = models[0].moves.length;
      for (; pixel < pixels && performance.now() < until; pixel++) {
        const tens = probe(pixel);
        for (const model of models) {
          model.moves.push(distance(model.before, tens[model.at]));
          if (top(tens[model.at]) !== model.read) model.turned.push(pixel);
        }
      }
      for (const model of models) paint(model.figure, model.moves, image);
      if (pixel < pixels) return void setTimeout(go);
      for (const model of models) {
        const words = describe(model, pixels);
        model.figure.querySelector("figcaption").textContent = words;
        model.figure.querySelector("canvas").setAttribute("aria-label", words);
      }
      section.dataset.tried = pixels;
    };
    delete section.dataset.tried;
    for (const { figure } of models) figure.querySelector("figcaption").textContent = "Trying …";
    go();
  };
  return { clear, start };
};
