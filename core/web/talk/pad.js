// The canvas that is drawn on: a white pen on black.
//
// Events are taken at the window: while the server is gone, Streamlit's message about it lets none
// through to what lies outside of it.

import { PEN } from "../live/ink.js";
import { listen } from "../listen.js";

const SIDE = 280;  // pixels, and the unit of the samples' strokes

// begun, done: called when the pen is put down and lifted. moved: once a frame in between.
export const makePad = (canvas, { begun, moved, done }) => {
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let drawing = false, from = null, frame = 0;

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
      if (drawing) moved();
    });
  };
  const lift = (event) => {
    if (!drawing || !event.isPrimary) return;
    drawing = false;
    done();
  };

  listen(canvas, "pointerdown", (event) => {
    if (event.target !== canvas || !event.isPrimary || event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    begun();
    from = at(event);
    line(from, from);
    soon();
  });
  listen(canvas, "pointermove", (event) => {
    if (!drawing || !event.isPrimary) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const to = at(each);
      line(from, to);
      from = to;
    }
    soon();
  });
  listen(canvas, "pointerup pointercancel", lift);
  blank();

  return {
    blank,
    get drawing() { return drawing; },
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
