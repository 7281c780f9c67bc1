// The canvas that is drawn on: a white pen on black.
//
// Events are taken at the window: while the server is gone, Streamlit's message about it lets none
// through to what lies outside of it.

import { makeHand } from "../hand.js";
import { PEN } from "../live/ink.js";
import { listen } from "../listen.js";

const SIDE = 280;  // pixels, and the unit of the samples' strokes

// begun, done: called when the pen is put down and lifted. moved: once a frame in between.
export const makePad = (canvas, { begun, moved, done }) => {
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let from = null, frame = 0;
  let before = null;  // what was there when the pen came down

  const blank = () => {
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, SIDE, SIDE);
  };
  const line = (start, end) => {
    pen.strokeStyle = "#fff";
    pen.lineWidth = PEN;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...start);
    pen.lineTo(end[0] + 0.01, end[1]);  // a line of no length is not drawn
    pen.stroke();
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      (event.clientX - box.left) * SIDE / box.width,
      (event.clientY - box.top) * SIDE / box.height,
    ];
  };
  const soon = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (hand.busy) moved();
    });
  };
  const hand = makeHand({
    begun: (event) => {
      canvas.setPointerCapture(event.pointerId);
      begun();
      before = pen.getImageData(0, 0, SIDE, SIDE);
      from = at(event);
      line(from, from);
      soon();
    },
    moved: (event) => {
      for (const each of event.getCoalescedEvents?.() ?? [event]) {
        const to = at(each);
        line(from, to);
        from = to;
      }
      soon();
    },
    done,
    undone: () => pen.putImageData(before, 0, 0),
  });

  listen(canvas, "pointerdown", (event) => {
    if (event.target !== canvas || event.button) return;
    event.preventDefault();
    hand.down(event);
  });
  listen(canvas, "pointermove", hand.move);
  listen(canvas, "pointerup pointercancel", hand.up);
  blank();

  return {
    blank,
    get drawing() { return hand.busy; },
    get url() { return canvas.toDataURL("image/png"); },
    trace(strokes) {
      blank();
      for (const stroke of strokes) {
        stroke.forEach((to, i) => line(stroke[Math.max(0, i - 1)], to));
      }
    },
    load(url, loaded) {
      const image = new Image();
      image.onload = () => {
        pen.drawImage(image, 0, 0);
        loaded();
      };
      image.src = url;
    },
  };
};
