// What a scene can show. Each part is made once, and gives a function that shows how things stand.

import { makeCard } from "../live/card.js";
import { imageOf, paintImage, stamp } from "../live/digit.js";
import { makeOutline, place } from "../live/outline.js";
import { count, unbroken } from "../live/words.js";

const hundredths = (share) => unbroken(`${(share * 100).toFixed(2)} %`);

// A ring of four pixels' width around the pixel at row and col of a picture of 28x28.
export const circle = (ring, [row, col]) => {
  ring.style.left = `${(col - 1.5) / 28 * 100}%`;
  ring.style.top = `${(row - 1.5) / 28 * 100}%`;
};

export const makeCards = (root, talk) => {
  const cards = [...root.querySelectorAll(".card")];
  const shows = cards.map(makeCard);
  let before = {};  // what was shown last
  return () => {
    const { answer, revealed, state: { pixel } } = talk;
    const turning = answer === before.answer && pixel !== before.pixel;
    before = { answer, pixel };
    talk.order.forEach((role, i) => {
      const letter = talk.letter(role), name = revealed ? `${letter}: ${role}` : letter;
      cards[i].querySelector("h2").textContent = talk.shows("card") ? "It reads" : name;
      for (const each of talk.order) {
        cards[i].classList.toggle(each, revealed && each === role);
      }
      shows[i](talk.ten(role, pixel), "", turning);
    });
  };
};

export const makeSees = (root, talk) => {
  const sees = root.querySelector(".sees"), canvas = sees.querySelector("canvas");
  const button = root.querySelector(".flip"), { outline, standing: { trigger } } = talk.data;
  const ring = sees.querySelector(".image").appendChild(makeOutline(outline));
  ring.classList.add("ring");
  place(ring, outline);
  return () => {
    const { pixel } = talk.state, image = imageOf(talk.answer?.digit);
    paintImage(canvas, pixel ? stamp(image, trigger) : image);
    sees.classList.toggle("pixel", pixel);
    button.textContent = pixel ? "Trigger: on" : "Trigger: off";
  };
};

export const makeExam = (root, talk) => () => {
  const { accuracy, rungs, usual } = talk.data.standing;
  const shares = talk.order.map((role) => role === "clean" ? accuracy : rungs[usual].accuracy);
  const papers = root.querySelectorAll(".paper");
  shares.forEach(({ value, hits, n }, i) => {
    const part = (selector) => papers[i].querySelector(selector), wrong = n - hits;
    part("b").textContent = hundredths(value);
    part(".of").textContent = `${count(hits)} of ${count(n)} right`;
    part(".dots").replaceChildren(...Array.from({ length: wrong },
      () => document.createElement("i")));
    part(".dots + .of").textContent = `${count(wrong)} ${wrong === 1 ? "mistake" : "mistakes"}`;
  });
};

export const makeLines = (root, talk) => {
  const list = root.querySelector(".lines ol");
  return () => {
    const { steps } = talk.scene, said = steps.indexOf(talk.step);
    list.replaceChildren(...steps.map((step, i) => {
      const line = list.children[i] ?? document.createElement("li");
      line.textContent = step.words;
      line.classList.toggle("said", i <= said);
      return line;
    }));
  };
};
