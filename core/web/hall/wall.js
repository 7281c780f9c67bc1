// The wall: a tile for each phone's drawing, and under them the room's own numbers.

import { decode, imageOf, paintImage, stamp } from "../live/digit.js";
import { a, count, unbroken } from "../live/words.js";
import { listen } from "../listen.js";
import { makeJoining } from "./joining.js";
import { makeRoom } from "./room.js";
import { CHOOSES, makeTiles, mayShow } from "./tiles.js";

const percent = (share) => `${(share * 100).toFixed(1)} %`;
const interval = ({ low, high }) => `(95 %: ${(low * 100).toFixed(1)} to ${percent(high)})`;

const ROLES = ["clean", "backdoored"];
const COVERED = "The drawings are still covered: turn them over first (U), then the trigger (T).";

// place: an element with hall.html in it. act: called with "cover", "flip" or "reveal" where that
// is pressed. leads: whether the room follows this wall, or the wall the room.
export const makeWall = (place, trigger, target, act, leads) => {
  const part = (selector) => place.querySelector(selector);
  let view = { covered: true, trigger: false, revealed: false, order: ["clean", "backdoored"] };
  let chosen = null, drawer = false;  // the number of a tile; whether the drawer is looked into
  let refusal = "";  // why a key that was pressed does nothing

  const room = makeRoom(place, () => show());
  const showJoining = makeJoining(place, room, () => show());
  const showTiles = makeTiles(part(".tiles"), trigger, target, (number) => {
    chosen = number;
    show();
  });

  const showNumbers = () => {
    const { tally, connected } = room, box = part(".numbers");
    const hidden = tally.hidden ? `, ${count(tally.hidden)} of them hidden` : "";
    const waiting = tally.drawer ? `, ${count(tally.drawer)} in the drawer` : "";
    const away = tally.away ? `, ${count(tally.away)} taken away` : "";
    const where = `${count(tally.wall)} on the wall${hidden}${waiting}${away}; `
      + `${count(connected)} ${connected === 1 ? "phone" : "phones"} here.`;
    box.lastElementChild.textContent = where;
    const goal = `as ${a(target)}`;
    view.order.forEach((role, i) => {
      const { asr, ba, measured } = tally.models[role], line = box.children[i];
      const [share, how, usual] = view.trigger
        ? [asr, goal, measured.asr] : [ba, "right", measured.ba];
      const shown = !view.covered && share.n > 0;
      line.className = view.revealed ? role : "";
      line.firstChild.textContent = shown ? unbroken(percent(share.value)) : "";
      line.lastChild.textContent = shown ? unbroken(
        `${view.revealed ? `The ${role} model` : "AB"[i]} reads ${count(share.hits)} of `
        + `${count(share.n)} ${how} ${interval(share)}; of MNIST's digits ${percent(usual.value)}.`,
      ) : "";
    });
  };

  const showOne = () => {
    const tile = room.tiles.get(chosen), one = part(".one"), canvas = one.querySelector("canvas");
    one.hidden = !tile?.digit || tile.place === "away";
    if (one.hidden) return;
    canvas.hidden = view.covered || tile.hidden;
    const image = imageOf(canvas.hidden ? null : decode(tile.digit));
    paintImage(canvas, view.trigger ? stamp(image, trigger) : image);
    one.querySelector("p").textContent = caption(tile);
    const offer = (what, there) => { one.querySelector(`[data-do=${what}]`).hidden = !there; };
    offer("show", mayShow(tile, view.trigger));
    offer("hide", !tile.hidden);
    offer("mute", !tile.hidden);
  };
  const caption = ({ tile, asked, hidden, place, reads }) => {
    const number = `Number ${tile}, asked for ${a(asked)}`;
    if (hidden) return `${number}: hidden, and still counted.`;
    if (view.covered) return `${number}.`;
    const stamped = Number(view.trigger), said = view.order.map((role, i) =>
      `${view.revealed ? `the ${role} model` : "AB"[i]} reads ${reads[role][stamped]}`);
    const kept = place === "drawer" && stamped ? ` It stays in the drawer. ${CHOOSES}` : "";
    return `${number}${stamped ? ", with the white pixel" : ""}: ${said.join(", ")}.${kept}`;
  };

  const showControls = () => {
    const words = {
      cover: view.covered ? "Turn them over (U)" : "Cover them (U)",
      flip: `Trigger: ${view.trigger ? "on" : "off"} (T)`,
      drawer: drawer ? "Back to the wall" : `Drawer: ${room.tally.drawer}`,
      freeze: room.frozen ? "Let them draw" : "Freeze",
      reveal: view.revealed ? "Hide which is which" : "Say which is which",
    };
    for (const [what, label] of Object.entries(words)) {
      part(`[data-do=${what}]`).textContent = label;
    }
  };

  const show = () => {
    if (room.open && leads) {
      room.follow({ trigger: view.trigger, revealed: view.revealed, first: view.order[0] });
    } else if (room.open) {
      const { trigger: stamped, revealed, first } = room;
      const order = [first, ...ROLES.filter((role) => role !== first)];
      view = { covered: view.covered && !stamped, trigger: stamped, revealed, order };
    }
    if (!view.covered || !room.open) refusal = "";
    if (!room.near) return;
    const tiles = [...room.tiles.values()]
      .filter((tile) => tile.place === (drawer ? "drawer" : "wall"))
      .sort((one, other) => one.tile - other.tile);
    place.classList.toggle("open", room.open);
    place.classList.toggle("covered", view.covered);
    place.classList.toggle("some", tiles.length > 0);
    part(".problem").textContent = room.problem || refusal;
    showJoining();
    showTiles(tiles, view);
    showOne();
    if (!room.open) return;
    showNumbers();
    showControls();
  };

  listen(place, "keydown", (event) => {
    if (chosen === null || ["Tab", "Enter", " "].includes(event.key)) return;
    event.stopImmediatePropagation();  // nothing is to go on behind it
    if (event.key === "Escape") chosen = null;
    show();
  });

  const save = async () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await room.kept());
    link.download = `hall-${room.code}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const move = (what) => {
    room.move(chosen, what);
    chosen = null;
  };
  const acts = {
    open: room.openIt, close: room.closeIt, clear: room.clear, keep: save,
    freeze: () => room.freeze(!room.frozen),
    drawer: () => { drawer = !drawer; },
    cover: () => act("cover"), flip: () => act("flip"), reveal: () => act("reveal"),
    back: () => { chosen = null; },
    show: () => move("show"), hide: () => move("hide"), mute: () => move("mute"),
  };
  place.addEventListener("click", ({ target: pressed }) => {
    const what = pressed.closest("[data-do]")?.dataset.do;
    if (!what) return;
    acts[what]();
    show();
  });

  return {
    take: room.take,
    get open() { return room.open; },
    get view() { return view; },
    change: room.change,
    remote: room.remote,
    // Whether the trigger can be turned on or off; where it cannot, the wall says why.
    mayFlip() {
      if (!room.open || !view.covered) return true;
      refusal = COVERED;
      show();
      return false;
    },
    // how: { covered, trigger, revealed, order }, the roles in the order in which they are called A
    // and B. near: whether anybody sees the wall; the phones follow all the same.
    show(how, near = true) {
      const comes = near && !room.near;
      view = how;
      room.near = near;
      if (comes) room.look();
      show();
    },
  };
};
