// The place of the trigger on the pad: a button for whoever presses it, paper for whoever draws.

import { listen } from "../listen.js";

const PLAY = 6;  // pixels that a finger may move while it presses

const distance = (one, other) =>
  Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);

// Has the canvas begin a stroke where the pen came down; what follows it hears by itself.
const handOver = (canvas, { pointer, touch }) => {
  canvas.dispatchEvent(new PointerEvent("pointerdown", pointer));
  canvas.dispatchEvent(touch ? new TouchEvent("touchstart", touch)
    : new MouseEvent("mousedown", pointer));
};

// place: where it lies on the pad, as shares of its side. pressed: called when it was.
export const makeRing = (root, { square, ...place }, pressed) => {
  const ring = document.createElement("button");
  ring.type = "button";
  ring.tabIndex = -1;
  ring.className = square ? "square" : "";
  Object.assign(ring.style, place);
  let down = null;  // { pointer, touch }: the events of a pen that has come down and not moved yet

  ring.addEventListener("pointerdown", (pointer) => {
    if (pointer.isPrimary && !pointer.button) down = { pointer };
  });
  ring.addEventListener("touchstart", (touch) => {
    touch.preventDefault();  // the page stays where it is
    if (down) down.touch = touch;
  }, { passive: false });
  listen(root, "pointermove", (event) => {
    if (!down || distance(event, down.pointer) <= PLAY) return;
    const canvas = ring.getRootNode().querySelector('[data-fabric="top"]');
    handOver(canvas, down);
    down = null;
  });
  listen(root, "pointerup pointercancel", (event) => {
    if (down && event.type === "pointerup") pressed();
    down = null;
  });
  return ring;
};
