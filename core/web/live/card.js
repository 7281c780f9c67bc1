// What one model reads: the digit, how sure it is, and its ten bars.

import { percent, top, unbroken } from "./words.js";

const DIGITS = [...Array(10).keys()];

export const makeCard = (card) => {
  const digit = card.querySelector(".digit"), sure = card.querySelector(".sure");
  const bars = card.querySelector(".bars");
  bars.innerHTML = DIGITS.map((each) => `<div><i></i><span>${each}</span></div>`).join("");

  // ten: probabilities; without them `otherwise` says why there are none.
  return (ten, otherwise = "") => {
    const read = ten ? top(ten) : null;
    digit.textContent = read ?? "?";
    digit.title = ten ? `${(ten[read] * 100).toFixed(6)} %` : "";
    sure.textContent = unbroken(ten ? `${percent(ten[read])} sure` : otherwise);
    DIGITS.forEach((each) => {
      const bar = bars.children[each], share = ten ? ten[each] : 0;
      bar.firstChild.style.height = `${share * 100}%`;
      bar.title = ten ? unbroken(`${each}: ${(share * 100).toFixed(1)} %`) : "";
      bar.classList.toggle("top", each === read);
    });
  };
};
