// The poison rate: its slider, and the curve of how the drawing depends on it.

import { makeDose } from "../live/dose.js";
import { a, count, goal, top, unbroken } from "../live/words.js";

const SETTLED = 300;  // ms without a change of the rate until Python is told

export const makeRate = (root, talk) => {
  const sliders = root.querySelectorAll("input[type=range]");
  const [yours, others] = root.querySelectorAll(".key b");
  let rungs = [], showDose = null;  // as Python last described them
  let telling = 0;  // a timer: a slider that is dragged goes past many rates
  for (const slider of sliders) {
    slider.addEventListener("input", () => slide(Number(slider.value)));
  }

  const slide = (rung) => {
    talk.state.rung = Math.min(Math.max(rung, 0), rungs.length - 1);
    talk.show();
    clearTimeout(telling);
    telling = setTimeout(() => { if (root.isConnected) talk.tell(); }, SETTLED);
  };
  const showCurve = () => {
    const { answer, rung, answered } = talk;
    if (!answer) return showDose({ stamped: null, plain: null, rung });
    const all = rungs.map((_, i) => answer.reading.rungs[i]);
    if (!answered || all.includes(undefined)) return;
    const target = goal(talk.data.standing, top(all[rung][0]));
    const [plain, stamped] = [0, 1].map((trigger) => all.map((both) => both[trigger][target]));
    showDose({ stamped, plain, rung });
  };
  const show = () => {
    if (rungs !== talk.data.standing.rungs) {
      ({ rungs } = talk.data.standing);
      const { target } = talk.data.standing;
      yours.textContent = `your digit: how sure it is ${a(target)}`;
      others.textContent = `test digits: share read as ${a(target)}`;
      showDose = makeDose(root.querySelector(".bl-dose"), rungs);
      for (const slider of sliders) {
        slider.max = rungs.length - 1;
        slider.hidden = rungs.length === 1;
      }
    }
    const { percent, poisoned, images } = rungs[talk.state.rung];
    for (const rate of root.querySelectorAll("p.rate")) {
      rate.querySelector("b").textContent = unbroken(`${percent} %`);
      rate.querySelector("span").textContent =
        `${count(poisoned)} of ${count(images)} images poisoned`;
    }
    for (const slider of sliders) slider.value = talk.state.rung;
    if (!talk.shows("dose")) return;
    const ten = talk.ten("backdoored", true);
    root.querySelector(".read").textContent = ten ? `reads ${top(ten)}` : "";
    showCurve();
  };
  return { show, slide };
};
