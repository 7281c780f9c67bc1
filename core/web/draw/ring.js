// The place of the trigger on the pad: a button for whoever presses it, paper for whoever draws.

import { listen } from "../listen.js";
import { makeOutline, place } from "../live/outline.js";
import { UPPER } from "./canvas.js";

const PLAY = 6;  // pixels that a finger may move while it presses

const distance = (one, other) =>
  Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);

// outline: of the trigger. isDrawing: whether a pen draws. pressed: called when it was.
export const makeRing = (root, outline, { isDrawing, pressed }) => {
  const ring = document.createElement("button");
  ring.type = "button";
  ring.tabIndex = -1;
  ring.append(makeOutline(outline));
  place(ring, outline);
  let down = null;  // the event of a pen that has come down alone and not moved yet

  listen(root, "pointerdown", () => { down = null; });  // a palm beside another presses nothing
  ring.addEventListener("pointerdown", (event) => {
    const palm = event.pointerType === "touch" && isDrawing();
    if (!event.button && !palm) down = event;
  });
  ring.addEventListener("touchstart", (touch) => {
    touch.preventDefault();  // the page stays where it is
  }, { passive: false });
  listen(root, "pointermove", (event) => {
    if (event.pointerId !== down?.pointerId || distance(event, down) <= PLAY) return;
    const canvas = ring.getRootNode().querySelector(UPPER), pointer = down;
    down = null;
    canvas.dispatchEvent(new PointerEvent("pointerdown", pointer));  // it begins a stroke there
    canvas.dispatchEvent(new PointerEvent("pointermove", event));
  });
  listen(root, "pointerup pointercancel", (event) => {
    if (event.pointerId !== down?.pointerId) return;
    down = null;
    if (event.type === "pointerup") pressed();
  });
  return ring;
};
