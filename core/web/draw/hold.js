// Clear and the samples reach the canvas by way of Python, and it would throw away what is drawn
// until then. So the pen is held: what it does meanwhile is heard once the canvas has loaded.

import { listen } from "../listen.js";

const LOADS = 24;  // frames in which the canvas loads what it was told to show, on a busy machine
const PATIENCE = 8000;  // ms in which Python answers, on a busy machine too

// isOn: whether an event is on the canvas. find: the upper canvas that is there.
export const makeHold = (root, isOn, find) => {
  let held = null;  // the events that are yet to be heard
  let turn = 0, awaited = 0;  // how often the canvas was told to load, and how often it will be
  const down = new Set();  // the ids of the pointers that are held and pressed

  const release = () => {
    const events = held, canvas = find();
    held = null;
    down.clear();
    for (const event of events) {
      canvas?.dispatchEvent(new PointerEvent(event.type, event));
    }
  };
  // Once the same canvas has been there for so many frames.
  const releaseAfter = (frames, mine, before = null) => {
    if (held !== mine) return;
    if (frames === 0) return release();
    const canvas = find(), left = canvas && canvas === before ? frames - 1 : LOADS;
    requestAnimationFrame(() => releaseAfter(left, mine, canvas));
  };

  listen(root, "pointerdown pointermove pointerup pointercancel", (event) => {
    if (!held) return;
    const { type, pointerId } = event;
    if (type === "pointerdown" && isOn(event)) down.add(pointerId);
    if (!down.has(pointerId)) return;
    if (type === "pointerup" || type === "pointercancel") down.delete(pointerId);
    event.stopImmediatePropagation();
    held.push(event);
  });

  return {
    // The canvas is about to be told to show something else.
    begin() {
      const mine = held = [];
      awaited = Math.max(turn, awaited) + 1;
      setTimeout(() => { if (held === mine) release(); }, PATIENCE);
    },
    // It was told so often.
    tell(now) {
      if (now < turn) awaited = now;  // Python was started anew
      turn = now;
      if (held && turn >= awaited) releaseAfter(LOADS, held);
    },
  };
};
