// What one model reads: the digit, how sure it is, and its ten bars.

import { percent, top, unbroken } from "./words.js";

const DIGITS = [...Array(10).keys()];

export const makeCard = (card) => {
  const digit = card.querySelector(".digit"), sure = card.querySelector(".sure");
  const bars = card.querySelector(".bars");
  card.addEventListener("animationend", () => card.classList.remove("turns"));
  bars.innerHTML = DIGITS.map((each) => `<div><i></i><span>${each}</span></div>`).join("");

  // ten: probabilities; without them `otherwise` says why there are none. turning: whether a digit
  // that changes is to be seen to turn.
  return (ten, otherwise = "", turning = false) => {
    const read = ten ? top(ten) : null;
    if (turning && digit.textContent !== String(read ?? "?")) {
      card.classList.remove("turns");
      void card.offsetWidth;  // so that the browser begins anew
      card.classList.add("turns");
    }
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
