// The pad: a white pen on black, whose strokes are whole pixels of a square of 280.

const SIDE = 280, PEN = 22, NEAR = 3, MOST = 440;  // pixels; points of a drawing, in 4 kB
const canvas = document.querySelector(".pad canvas"), pen = canvas.getContext("2d");
let strokes = mine.strokes, stroke = null, changed = false;  // changed: since it was sent
Object.assign(pen, { strokeStyle: "#fff", lineWidth: PEN, lineCap: "round", lineJoin: "round" });

const line = (from, to) => {
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(to[0] + 0.01, to[1]);  // a line of no length is not drawn
  pen.stroke();
};
const paint = () => {
  pen.clearRect(0, 0, SIDE, SIDE);
  for (const each of strokes) {
    for (let i = 0; i < each.length; i += 2) {
      const to = [each[i], each[i + 1]];
      line(i ? [each[i - 2], each[i - 1]] : to, to);
    }
  }
};
const at = (event) => {
  const box = canvas.getBoundingClientRect();
  const within = (value) => Math.min(Math.max(Math.round(value), 0), SIDE);
  return [within((event.clientX - box.left) * SIDE / box.width),
    within((event.clientY - box.top) * SIDE / box.height)];
};
const points = () => strokes.reduce((sum, each) => sum + each.length / 2, 0);
const add = (point) => {
  const from = stroke.slice(-2);
  if (from.length && Math.hypot(point[0] - from[0], point[1] - from[1]) < NEAR) return;
  if (points() >= MOST) return;
  stroke.push(...point);
  line(from.length ? from : point, point);
};
const hand = makeHand({
  begun: (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!changed && mine.turn && strokes.length) strokes = [];  // what was sent makes room
    if (points() >= MOST) return;
    stroke = [];
    strokes = [...strokes, stroke];
    changed = true;
    paint();
    add(at(event));
    show();
  },
  moved: (event) => {
    if (!stroke) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) add(at(each));
  },
  done: () => { stroke = null; },
  undone: () => {
    strokes = strokes.filter((each) => each !== stroke);
    stroke = null;
    paint();
  },
});
canvas.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  hand.down(event);
});
canvas.addEventListener("pointermove", hand.move);
for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, hand.up);
canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
$("clear").addEventListener("click", () => {
  strokes = [];
  changed = true;
  paint();
  show();
});
