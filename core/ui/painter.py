"""A grid of 28x28 cells on which a trigger is painted."""

from collections.abc import Callable

import streamlit as st

from core.attack.trigger import Cell
from core.show.palette import TRIGGER

_HTML = """
<div class="painter">
  <canvas width="280" height="280" tabindex="0" role="application"
    aria-label="28 by 28 cells: click to paint, click again to erase; arrows move, space paints">
  </canvas>
  <label>Brightness <input type="range" min="0" max="100" value="100"><output>100 %</output></label>
  <div><button data-do="undo">Undo</button><button data-do="clear">Clear</button>
  <span role="status"></span></div>
</div>
"""

_CSS = """
.painter { font: 16px var(--st-font); color: var(--st-text-color); width: 280px; }
canvas { display: block; width: 280px; height: 280px; touch-action: none; cursor: crosshair;
  border-radius: 4px; outline: 1px solid #8888; }
canvas:focus-visible { outline: 3px solid var(--st-primary-color); }
label, .painter div { display: flex; gap: 8px; align-items: center; margin-top: 8px; }
input { flex: 1; min-width: 0; accent-color: var(--st-primary-color); }
output { width: 3.6em; text-align: right; }
button { font: inherit; color: inherit; background: transparent; padding: 4px 12px;
  border: 1px solid var(--st-border-color); border-radius: 8px; cursor: pointer; }
button:hover:enabled { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button:disabled { opacity: 0.4; cursor: default; }
"""

_JS = """
const SIDE = 28, SCALE = 10;

const start = (root) => {
  const canvas = root.querySelector("canvas"), pen = canvas.getContext("2d");
  const slider = root.querySelector("input"), shown = root.querySelector("output");
  const said = root.querySelector("span");
  const [undo, clear] = root.querySelectorAll("button");
  const own = root.own = { cells: new Map(), past: [], back: [], row: 3, col: 3, send: () => {} };
  let painting = null;  // a brightness, or "erase", while the pointer is down

  own.show = () => {
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, 280, 280);
    own.back.forEach((ink, i) => {
      pen.fillStyle = `rgb(${ink * 0.45} ${ink * 0.45} ${ink * 0.45})`;
      if (ink) pen.fillRect((i % SIDE) * SCALE, Math.floor(i / SIDE) * SCALE, SCALE, SCALE);
    });
    pen.strokeStyle = "#ffffff1c";
    for (let i = 1; i < SIDE; i++) pen.strokeRect(i * SCALE, -1, 0, 282),
      pen.strokeRect(-1, i * SCALE, 282, 0);
    pen.lineWidth = 2;
    pen.strokeStyle = own.colour;
    for (const [place, value] of own.cells) {
      const x = (place % SIDE) * SCALE, y = Math.floor(place / SIDE) * SCALE;
      const grey = Math.round(value * 255);
      pen.fillStyle = `rgb(${grey} ${grey} ${grey})`;
      pen.fillRect(x, y, SCALE, SCALE);
      pen.strokeRect(x + 1, y + 1, SCALE - 2, SCALE - 2);
    }
    pen.lineWidth = 1;
    if (root.getRootNode().activeElement === canvas) {
      pen.strokeStyle = "#56B4E9";
      pen.strokeRect(own.col * SCALE - 1.5, own.row * SCALE - 1.5, SCALE + 3, SCALE + 3);
    }
    undo.disabled = !own.past.length;
    clear.disabled = !own.cells.size;
    said.textContent = own.cells.size === 1 ? "1 cell" : `${own.cells.size} cells`;
  };
  const keep = () => {
    own.past.push(new Map(own.cells));
    own.past.splice(0, own.past.length - 200);
  };
  const tell = () => {
    own.show();
    own.send([...own.cells].map(([place, value]) =>
      [Math.floor(place / SIDE), place % SIDE, value]));
  };
  const put = (row, col) => {
    if (row < 0 || col < 0 || row >= SIDE || col >= SIDE) return;
    [own.row, own.col] = [row, col];
    if (painting === "erase") own.cells.delete(row * SIDE + col);
    else own.cells.set(row * SIDE + col, painting);
  };
  const take = (row, col) => {  // a second click on the same brightness erases
    const value = slider.value / 100;
    painting = own.cells.get(row * SIDE + col) === value ? "erase" : value;
    keep();
    put(row, col);
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [Math.floor((event.clientY - box.top) / box.height * SIDE),
            Math.floor((event.clientX - box.left) / box.width * SIDE)];
  };
  let last = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    take(...(last = at(event)));
    own.show();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (painting === null) return;
    const [row, col] = at(event);
    const steps = Math.max(Math.abs(row - last[0]), Math.abs(col - last[1]));
    for (let i = 1; i <= steps; i++) put(  // a fast hand leaves no gaps
      Math.round(last[0] + (row - last[0]) * i / steps),
      Math.round(last[1] + (col - last[1]) * i / steps));
    last = [row, col];
    own.show();
  });
  const lift = () => { if (painting !== null) { painting = null; tell(); } };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (move[event.key]) {
      own.row = Math.min(SIDE - 1, Math.max(0, own.row + move[event.key][0]));
      own.col = Math.min(SIDE - 1, Math.max(0, own.col + move[event.key][1]));
      own.show();
    } else if (event.key === " " && !event.repeat) {
      take(own.row, own.col);
      lift();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  canvas.addEventListener("focus", own.show);
  canvas.addEventListener("blur", own.show);
  slider.addEventListener("input", () => shown.textContent = `${slider.value} %`);
  undo.addEventListener("click", () => { own.cells = own.past.pop(); tell(); });
  clear.addEventListener("click", () => { keep(); own.cells = new Map(); tell(); });
  return own;
};

export default ({ data, parentElement, setStateValue }) => {
  const root = parentElement.querySelector(".painter");
  const own = root.own ?? start(root);
  own.send = (cells) => setStateValue("cells", cells);
  own.back = data.back;
  own.colour = data.colour;
  if (!own.loaded) {  // from then on the browser knows best
    own.loaded = true;
    for (const [row, col, value] of data.cells) own.cells.set(row * SIDE + col, value);
  }
  own.show();
};
"""

_painter = st.components.v2.component("backdoor_lab_painter", html=_HTML, css=_CSS, js=_JS)


def paint(cells: list[Cell], back: list[int], *, key: str, on_change: Callable[[], None]) -> None:
    """Shows the grid over a faint image (784 greys, 0 to 255); starts from `cells`.

    After a change, `painted(key)` has the cells.
    """
    data = {"cells": cells, "back": back, "colour": TRIGGER}
    _painter(key=key, data=data, on_cells_change=on_change)


def painted(key: str) -> list[Cell] | None:
    """What was painted since the grid was put up, None where nothing was."""
    cells = (st.session_state.get(key) or {}).get("cells")
    return None if cells is None else [Cell(int(r), int(c), float(v)) for r, c, v in cells]
