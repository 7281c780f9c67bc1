// The tiles of the wall: a drawing, its number, and below what both models read in it.

import { decode, imageOf, paintImage, stamp } from "../live/digit.js";

const GAP = 6, LARGEST = 240, LABEL = 0.55;  // px; px of a tile's side; of its side, the readings
const NUMBERED = 70;  // px from which a turned tile bears its number
const SPREAD = 120;  // ms within which all tiles turn

// What is in the drawer is not counted, so it comes to the wall only before it is known whether the
// trigger wins.
export const CHOOSES = "While the trigger is on, that would choose who is counted.";
export const mayShow = ({ place, hidden }, stamped) =>
  place === "wall" ? hidden : place === "drawer" && !stamped;

const fitting = (many, width, height) => {  // px of a tile's side, so that all have room
  for (let side = LARGEST; side > 20; side--) {
    const columns = Math.floor((width + GAP) / (side + GAP));
    if (Math.ceil(many / columns) * (side * (1 + LABEL) + GAP) <= height) return side;
  }
  return 20;
};

// box: where they lie. choose: called with the number of a tile that is pressed. fixed: px of a
// tile's side; without it all tiles have room in the box.
export const makeTiles = (box, trigger, target, choose, fixed = 0) => {
  const shown = new Map();  // elements by number

  const make = (number) => {
    const element = document.createElement("button"), canvas = document.createElement("canvas");
    element.className = "drawn";
    Object.assign(canvas, { width: 28, height: 28 });
    element.append(canvas, document.createElement("p"), document.createElement("i"));
    element.addEventListener("click", () => choose(number));
    box.append(element);
    shown.set(number, element);
    return element;
  };

  const paint = (element, tile, view) => {
    const { covered, revealed, order } = view, stamped = Number(view.trigger);
    const hidden = tile.hidden && !view.hidden;
    const image = imageOf(hidden ? null : decode(tile.digit));
    element.classList.toggle("covered", covered || hidden);
    element.lastChild.textContent = hidden ? `${tile.tile} hidden` : tile.tile;
    paintImage(element.firstChild, view.trigger ? stamp(image, trigger) : image);
    element.querySelector("p").replaceChildren(...order.map((role) => {
      const reads = document.createElement("b");
      reads.textContent = covered ? "?" : tile.reads[role][stamped];
      reads.className = revealed ? role : "";
      return reads;
    }));
    const said = order.map((role, i) =>
      `${revealed ? role : "AB"[i]} reads ${tile.reads[role][stamped]}`);
    element.setAttribute("aria-label", `Drawing ${tile.tile}${hidden ? ", hidden" : ""}`
      + (covered ? "" : `, asked for a ${tile.asked}: ${said.join(", ")}`));
  };

  // tiles: those to be seen. view: how, see wall.js; its `hidden` shows hidden ones too. With the
  // trigger, those that resist it are in front.
  return (tiles, view) => {
    const wanted = new Set(tiles.map(({ tile }) => tile));
    for (const [number, element] of shown) {
      if (wanted.has(number)) continue;
      element.remove();
      shown.delete(number);
    }
    const side = fixed || fitting(Math.max(tiles.length, 1), box.clientWidth, box.clientHeight);
    box.style.setProperty("--side", `${side}px`);
    box.classList.toggle("numbered", view.covered || side >= NUMBERED);
    tiles.forEach((tile, i) => {
      const element = shown.get(tile.tile) ?? make(tile.tile);
      const resists = view.trigger && tile.reads.backdoored[1] !== target;
      element.style.transitionDelay = `${i / tiles.length * SPREAD}ms`;
      element.style.order = resists ? -1 : 0;
      element.classList.toggle("resists", resists);
      element.classList.toggle("turned", view.trigger && !view.covered && !resists);
      const looks = JSON.stringify([tile, view]);
      if (element.looks === looks) return;
      element.looks = looks;
      paint(element, tile, view);
    });
  };
};
