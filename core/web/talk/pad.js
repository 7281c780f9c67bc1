// The canvas that is drawn on: a white pen on black.

const SIDE = 280;  // pixels, and the unit of the samples' strokes
const PEN = 22;

export const makePad = (canvas, { begun, done }) => {
  const pen = canvas.getContext("2d");
  let drawing = false, from = null;

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
    pen.lineTo(...end);
    pen.stroke();
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      (event.clientX - box.left) * SIDE / box.width,
      (event.clientY - box.top) * SIDE / box.height,
    ];
  };
  const lift = (event) => {
    if (!drawing || !event.isPrimary) return;
    drawing = false;
    done();
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    begun();
    from = at(event);
    line(from, from);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing || !event.isPrimary) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const to = at(each);
      line(from, to);
      from = to;
    }
  });
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
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
    load(url) {
      const image = new Image();
      image.onload = () => pen.drawImage(image, 0, 0);
      image.src = url;
    },
  };
};
