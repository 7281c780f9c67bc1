// What a scene can show. Each part is made once, and gives a function that shows how things stand.

import { top } from "./state.js";

const BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

const percent = (share) => share > 0.999 ? ">99.9 %" : `${(share * 100).toFixed(1)} %`;
const hundredths = (share) => `${(share * 100).toFixed(2)} %`;

// A ring of four pixels' width around the pixel at row and col of a picture of 28x28.
export const circle = (ring, [row, col]) => {
  ring.style.left = `${(col - 1.5) / 28 * 100}%`;
  ring.style.top = `${(row - 1.5) / 28 * 100}%`;
};

export const makeCards = (root, talk) => {
  for (const bars of root.querySelectorAll(".bars")) {
    bars.innerHTML = [...Array(10).keys()]
      .map((digit) => `<div><i></i><span>${digit}</span></div>`).join("");
  }
  const cards = root.querySelectorAll(".card");
  return () => talk.order.forEach((role, place) => {
    const card = cards[place], letter = talk.letter(role);
    const name = talk.revealed ? `${letter}: ${role}` : letter;
    card.querySelector("h2").textContent = talk.shows("card") ? "It reads" : name;
    card.className = `card ${talk.revealed ? role : ""}`;
    const ten = talk.answer && talk.ten(role, talk.state.pixel);
    card.querySelector(".digit").textContent = ten ? top(ten) : "?";
    card.querySelector(".sure").textContent = ten ? `${percent(Math.max(...ten))} sure` : "";
    [...card.querySelector(".bars").children].forEach((bar, digit) => {
      bar.firstChild.style.height = `${ten ? ten[digit] * 100 : 0}%`;
      bar.classList.toggle("top", Boolean(ten) && digit === top(ten));
    });
  });
};

export const makeSees = (root, talk) => {
  const sees = root.querySelector(".sees"), image = sees.querySelector("img");
  const button = root.querySelector(".flip");
  circle(sees.querySelector(".ring"), talk.data.standing.trigger[0]);
  return () => {
    const { pixel } = talk.state;
    image.src = talk.answer
      ? `data:image/png;base64,${talk.answer.images[Number(pixel)]}` : BLANK;
    sees.classList.toggle("pixel", pixel);
    button.textContent = pixel ? "Trigger: on" : "Trigger: off";
  };
};

export const makeExam = (root, talk) => () => {
  const { clean, rungs, usual } = talk.data.standing;
  const shares = talk.order.map((role) => role === "clean" ? clean : rungs[usual].accuracy);
  // The scale begins at a round fifth of a percent.
  const low = Math.floor(Math.min(...shares.map((share) => share.low)) * 500) / 500;
  const at = (share) => `${(share - low) / (1 - low) * 100}%`;
  const papers = root.querySelectorAll(".paper");
  shares.forEach((share, i) => {
    const part = (selector) => papers[i].querySelector(selector);
    const hits = share.hits.toLocaleString("en"), n = share.n.toLocaleString("en");
    part("b").textContent = hundredths(share.value);
    part(".of").textContent = `${hits} of ${n} right`;
    part(".from").style.left = at(share.low);
    part(".from").style.width = `${(share.high - share.low) / (1 - low) * 100}%`;
    part(".dot").style.left = at(share.value);
  });
  root.querySelector(".scale .low").textContent = hundredths(low);
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
