// The wall of training digits, on which the hall looks for the poisoned ones.

import { listen } from "../listen.js";
import { circle } from "./parts.js";

const ZOOM = 4;  // of the lens

export const makeWall = (root, talk) => {
  const { wall, wallUrl, standing } = talk.data;
  const { rows, columns, poisoned } = wall;
  const section = root.querySelector(".wall"), picture = section.querySelector(".picture");
  const lens = picture.querySelector(".lens");
  picture.style.backgroundImage = `url("${wallUrl}")`;
  picture.style.aspectRatio = `${columns} / ${rows}`;

  const share = (part, whole) => `${part / whole * 100}%`;
  const rowOf = (tile) => Math.floor(tile / columns), columnOf = (tile) => tile % columns;
  const mark = (tile) => {
    const frame = document.createElement("i");
    frame.className = poisoned.includes(tile) ? "bad" : "fine";
    frame.style.left = share(columnOf(tile), columns);
    frame.style.top = share(rowOf(tile), rows);
    frame.style.width = share(1, columns);
    frame.style.height = share(1, rows);
    return frame;
  };
  const enlarged = (tile) => {
    const figure = document.createElement("figure");
    figure.innerHTML = '<div class="tile"><i class="ring"></i></div><figcaption></figcaption>';
    figure.querySelector("figcaption").textContent =
      `a ${wall.true[tile]}, labelled ${wall.labels[tile]}`;
    const { style } = figure.querySelector(".tile");
    style.backgroundImage = `url("${wallUrl}")`;
    style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
    style.backgroundPosition =
      `${share(columnOf(tile), columns - 1)} ${share(rowOf(tile), rows - 1)}`;
    circle(figure.querySelector(".ring"), standing.trigger.cells[0]);
    return figure;
  };
  const show = () => {
    const { marks } = talk.step;
    section.classList.toggle("marked", marks);
    if (marks) picture.classList.remove("looking");
    section.querySelector(".marks").replaceChildren(...(marks ? poisoned : talk.guesses).map(mark));
    section.querySelector(".large").replaceChildren(...(marks ? poisoned : []).map(enlarged));
  };

  // A lens on the place under the pointer, so that a single pixel is seen from the last row.
  const look = (event) => {
    picture.classList.toggle("looking", !talk.step.marks);
    const box = picture.getBoundingClientRect(), side = lens.clientWidth / 2;
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    Object.assign(lens.style, {
      left: `${x}px`, top: `${y}px`, backgroundImage: picture.style.backgroundImage,
      backgroundSize: `${ZOOM * box.width}px ${ZOOM * box.height}px`,
      backgroundPosition: `${side - ZOOM * x}px ${side - ZOOM * y}px`,
    });
  };
  for (const kind of ["pointerdown", "pointermove"]) picture.addEventListener(kind, look);
  picture.addEventListener("pointerleave", () => picture.classList.remove("looking"));
  listen(picture, "click", (event) => {
    if (talk.step.marks || !picture.contains(event.target)) return;
    const box = picture.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / box.height * rows);
    const column = Math.floor((event.clientX - box.left) / box.width * columns);
    talk.guesses.push(row * columns + column);
    show();
  });
  return show;
};
