// For the speaker alone: what the hall has drawn, the newest first; a press takes one away and
// mutes its phone, or shows one that is not on the wall.

import { makeRoom } from "./room.js";
import { makeTiles } from "./tiles.js";

const phones = (n) => n === 1 ? "1 phone has" : `${n} phones have`;
const SIDE = 64;  // px of a tile
const VIEW = { covered: false, trigger: false, revealed: true, order: ["clean", "backdoored"] };

const begin = (root, { trigger, target }) => {
  const part = (selector) => root.querySelector(selector);
  const room = makeRoom(root, () => show());
  const move = (place, muted) => (number) => {
    if (!room.trigger) room.move(number, place, muted);
  };
  const showWall = makeTiles(part(".tiles"), trigger, target, move("away", true), SIDE);
  const showOthers = makeTiles(part(".others"), trigger, target, move("wall", false), SIDE);

  const show = () => {
    const drawn = [...room.tiles.values()].filter(({ digit }) => digit).reverse();
    const onWall = ({ place }) => place === "wall";
    root.classList.toggle("open", room.open);
    part("[data-do=freeze]").textContent = room.frozen ? "Let them draw" : "Freeze";
    part(".problem").textContent = room.problem;
    part(".where").textContent = room.open
      ? `${room.tally.wall} on the wall, ${phones(room.joined)} come.` : "No room is open.";
    part(".how").textContent = room.trigger
      ? "While the trigger is on, nothing is taken away: that would choose who is counted."
      : "Press one to take it away, with whatever else its phone sends; below, to undo that.";
    showWall(drawn.filter(onWall), VIEW);
    showOthers(drawn.filter((tile) => !onWall(tile)), VIEW);
  };
  root.addEventListener("click", ({ target: pressed }) => {
    const what = pressed.closest("[data-do]")?.dataset.do;
    if (what === "freeze") room.freeze(!room.frozen);
    if (what === "clear") room.clear();
    if (what === "close") room.closeIt();
  });
  show();
  return room;
};

export default ({ data, parentElement }) => {
  const root = parentElement.querySelector(".list");
  root.room ??= begin(root, data);
  root.room.take(data.hall);
};
