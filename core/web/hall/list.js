// For the speaker alone: what the hall has drawn, the newest first; a press hides one and mutes its
// phone, or shows one that is hidden or in the drawer.

import { makeRoom } from "./room.js";
import { CHOOSES, makeTiles, mayShow } from "./tiles.js";

const phones = (n) => n === 1 ? "1 phone has" : `${n} phones have`;
const SIDE = 64;  // px of a tile
const VIEW = {
  covered: false, trigger: false, revealed: true, order: ["clean", "backdoored"], hidden: true,
};

const begin = (root, { trigger, target }) => {
  const part = (selector) => root.querySelector(selector);
  const room = makeRoom(root, () => show());
  const hide = (number) => room.move(number, "mute");
  const showIt = (number) => {
    if (mayShow(room.tiles.get(number), room.trigger)) room.move(number, "show");
  };
  const showWall = makeTiles(part(".tiles"), trigger, target, hide, SIDE);
  const showOthers = makeTiles(part(".others"), trigger, target, showIt, SIDE);

  const show = () => {
    const drawn = [...room.tiles.values()]
      .filter(({ digit, place }) => digit && place !== "away").reverse();
    const onWall = ({ place, hidden }) => place === "wall" && !hidden;
    root.classList.toggle("open", room.open);
    part("[data-do=freeze]").textContent = room.frozen ? "Let them draw" : "Freeze";
    part(".problem").textContent = room.problem;
    part(".where").textContent = room.open
      ? `${room.tally.wall} on the wall, ${phones(room.joined)} come.` : "No room is open.";
    part(".how").textContent = "Press one to hide it, and to take nothing more from its phone; it "
      + "is still counted. Below, press one to show it"
      + (room.trigger ? `; not what is in the drawer. ${CHOOSES}` : ".");
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
