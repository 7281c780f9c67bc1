// A grid of 28x28 cells on which a trigger is painted, over a faint digit.
// A cell is known by its place, row * SIDE + col; its value is a brightness from 0 to 1.

import { makeHand } from "./hand.js";

const SIDE = 28, SCALE = 10;  // cells, and pixels of the canvas for each
const FAINT = 0.45;  // of the digit's own brightness
const UNDO = 200;  // steps that can be undone
const ERASE = "erase";
const FOCUS = "#56B4E9";
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

const rowOf = (place) => Math.floor(place / SIDE), colOf = (place) => place % SIDE;
const within = (index) => Math.min(SIDE - 1, Math.max(0, index));
const greyOf = (ink) => `rgb(${ink} ${ink} ${ink})`;  // ink: 0 to 255

const start = (root) => {
  const canvas = root.querySelector("canvas"), pen = canvas.getContext("2d");
  const slider = root.querySelector("input"), output = root.querySelector("output");
  const status = root.querySelector("span");
  const undo = root.querySelector(".undo"), clear = root.querySelector(".clear");
  const painter = { cells: new Map(), past: [], faint: [], colour: "", send: () => {} };
  let cursor = [3, 3];  // row and column that the keys paint
  let brush = null;  // a brightness or ERASE while the pointer is down
  let last = null;  // row and column where it was before

  const fillCell = (place) => {
    pen.fillRect(colOf(place) * SCALE, rowOf(place) * SCALE, SCALE, SCALE);
  };
  const drawGrid = () => {
    pen.lineWidth = 1;
    pen.strokeStyle = "#ffffff1c";
    for (let i = 1; i < SIDE; i++) {
      pen.strokeRect(i * SCALE, -1, 0, SIDE * SCALE + 2);
      pen.strokeRect(-1, i * SCALE, SIDE * SCALE + 2, 0);
    }
  };
  const drawCells = () => {
    pen.lineWidth = 2;
    pen.strokeStyle = painter.colour;
    for (const [place, value] of painter.cells) {
      pen.fillStyle = greyOf(Math.round(value * 255));
      fillCell(place);
      pen.strokeRect(colOf(place) * SCALE + 1, rowOf(place) * SCALE + 1, SCALE - 2, SCALE - 2);
    }
  };
  const drawCursor = () => {
    if (root.getRootNode().activeElement !== canvas) return;
    const [row, col] = cursor;
    pen.lineWidth = 1;
    pen.strokeStyle = FOCUS;
    pen.strokeRect(col * SCALE - 1.5, row * SCALE - 1.5, SCALE + 3, SCALE + 3);
  };
  painter.show = () => {
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, SIDE * SCALE, SIDE * SCALE);
    painter.faint.forEach((ink, place) => {
      pen.fillStyle = greyOf(ink * FAINT);
      if (ink) fillCell(place);
    });
    drawGrid();
    drawCells();
    drawCursor();
    undo.disabled = !painter.past.length;
    clear.disabled = !painter.cells.size;
    status.textContent = painter.cells.size === 1 ? "1 cell" : `${painter.cells.size} cells`;
  };

  const remember = () => {
    painter.past.push(new Map(painter.cells));
    painter.past.splice(0, painter.past.length - UNDO);
  };
  const change = () => {
    painter.show();
    painter.send([...painter.cells].map(([place, value]) => [rowOf(place), colOf(place), value]));
  };
  const paint = (row, col) => {
    if (row < 0 || col < 0 || row >= SIDE || col >= SIDE) return;
    cursor = [row, col];
    if (brush === ERASE) painter.cells.delete(row * SIDE + col);
    else painter.cells.set(row * SIDE + col, brush);
  };
  const begin = (row, col) => {  // a second click on the same brightness erases
    const value = slider.value / 100;
    brush = painter.cells.get(row * SIDE + col) === value ? ERASE : value;
    remember();
    paint(row, col);
  };
  const end = () => {
    if (brush === null) return;
    brush = null;
    change();
  };
  const cellUnder = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      Math.floor((event.clientY - box.top) / box.height * SIDE),
      Math.floor((event.clientX - box.left) / box.width * SIDE),
    ];
  };

  const hand = makeHand({
    begun: (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = cellUnder(event);
      begin(...last);
      painter.show();
    },
    moved: (event) => {
      const [row, col] = cellUnder(event);
      const steps = Math.max(Math.abs(row - last[0]), Math.abs(col - last[1]));
      for (let i = 1; i <= steps; i++) {  // a fast hand leaves no gaps
        const between = (from, to) => Math.round(from + (to - from) * i / steps);
        paint(between(last[0], row), between(last[1], col));
      }
      last = [row, col];
      painter.show();
    },
    done: end,
    undone: () => { painter.cells = painter.past.pop(); },
  });

  canvas.addEventListener("pointerdown", (event) => { if (!event.button) hand.down(event); });
  canvas.addEventListener("pointermove", hand.move);
  canvas.addEventListener("pointerup", hand.up);
  canvas.addEventListener("pointercancel", hand.up);
  canvas.addEventListener("keydown", (event) => {
    if (event.key in MOVES) {
      cursor = cursor.map((index, axis) => within(index + MOVES[event.key][axis]));
      painter.show();
    } else if (event.key === " " && !event.repeat) {
      begin(...cursor);
      end();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  canvas.addEventListener("focus", painter.show);
  canvas.addEventListener("blur", painter.show);
  slider.addEventListener("input", () => { output.textContent = `${slider.value} %`; });
  undo.addEventListener("click", () => {
    painter.cells = painter.past.pop();
    change();
  });
  clear.addEventListener("click", () => {
    remember();
    painter.cells = new Map();
    change();
  });
  return painter;
};

export default ({ data, parentElement, setStateValue }) => {
  const root = parentElement.querySelector(".painter");
  if (!root.painter) {  // from then on the browser knows best what is painted
    root.painter = start(root);
    for (const [row, col, value] of data.cells) root.painter.cells.set(row * SIDE + col, value);
  }
  const { painter } = root;
  painter.send = (cells) => setStateValue("cells", cells);
  painter.faint = data.faint;
  painter.colour = getComputedStyle(root).getPropertyValue("--bl-trigger");
  painter.show();
};
