// Paints an answer: what the models see, what they read, and how that depends on the poison rate.

import { makeCard } from "../live/card.js";
import { imageOf, stamp, touched } from "../live/digit.js";
import { makeDose } from "../live/dose.js";
import { SIDE } from "../live/ink.js";
import { doses, goal, outcome, top, unbroken } from "../live/words.js";
import { makeSees } from "./sees.js";

// board: what lies over the canvas. tried: called with the pixel that somebody tries, or null.
// flip: called to switch the trigger.
export const makeAnswer = (root, board, { tried, flip }) => {
  const part = (selector) => root.querySelector(selector);
  const cards = [...root.querySelectorAll(".card")].map(makeCard);
  const sees = makeSees(part(".sees"), tried, flip);
  const button = part(".flip");
  let models = null, dose = null, last = null;  // the last state that the curve was drawn for
  let before = {};  // the last state that was shown
  button.addEventListener("click", flip);

  // The model beside the backdoored one.
  const other = () => models.repaired ? "repaired" : "clean";
  const say = (place, words) => {
    const line = part(place);
    if (line.textContent !== words) line.textContent = unbroken(words);
  };
  const ofPixel = (pixel, [clean, backdoored]) => {
    const place = `Row ${Math.floor(pixel / SIDE)}, column ${pixel % SIDE} is white`;
    return `${place}: ${clean ? `${other()} ${top(clean)}, ` : ""}backdoored ${top(backdoored)}.`;
  };

  // state: { digit, stamped, rung, reading }. drawing: whether the pen is down; words that change
  // with every frame are noise, so they wait. doubted: what speaks against the digit, or "".
  // opened: whether the page has shown what it is about. probe: { pixel, tens } of a pixel that is
  // tried.
  const show = (state, { drawing, doubted, opened, probe }) => {
    const { digit, stamped, rung, reading } = state;
    const turning = stamped !== before.stamped && digit === before.digit && !probe;
    before = state;
    const image = stamped ? stamp(imageOf(digit), models.trigger) : imageOf(digit);
    if (probe) image[probe.pixel] = 1;
    const ownInk = touched(digit, models.trigger), at = Number(stamped);
    const note = ownInk ? "Your own ink lies on the trigger." : doubted ?? "";
    sees(image, models.outline, stamped || ownInk, note);
    board.show(models, stamped);
    button.setAttribute("aria-pressed", stamped);
    const tens = probe?.tens ?? [reading?.clean?.[at], reading?.rungs[rung][at]];
    const none = reading ? "not there" : digit ? "" : "nothing drawn";
    cards.forEach((card, i) => card(tens[i], none, turning));
    say(".answer-measured", models.rungs[rung].measured);
    root.toggleAttribute("data-drawing", drawing);
    if (drawing) return;
    if (probe) say(".words", ofPixel(probe.pixel, tens));
    else if (!reading) say(".words", opened ? "Now you: draw a digit, or take a sample."
      : "Draw a digit, or take a sample.");
    else say(".words", outcome(models, reading, { rung, stamped, ownInk }));
  };
  const showDoses = ({ rung, reading }, { drawing }) => {
    if (!dose || (reading && reading.rungs.filter(Boolean).length < models.rungs.length)) return;
    last = { rung, reading };
    const target = goal(models, reading ? top(reading.rungs[rung][0]) : 0);
    const shares = (stamped) => reading?.rungs.map((both) => both[stamped][target]) ?? null;
    say(".key b", String(target));
    dose({ stamped: shares(1), plain: shares(0), rung });
    const flips = reading ? doses(models, reading, rung) : "";
    if (!drawing) say(".doses", flips || "At which poison rate does a digit flip?");
  };
  new ResizeObserver(() => {
    if (last) showDoses(last, { drawing: root.hasAttribute("data-drawing") });
  }).observe(part("svg"));

  return {
    show,
    showDoses,
    isOf(others) {  // from now on it is of these models
      models = others;
      last = null;
      root.querySelectorAll("[data-model]:not([data-model=backdoored])").forEach((each) => {
        each.dataset.model = other();
      });
      part(".card h2").firstChild.data = models.repaired ? "Repaired" : "Clean";
      part(".card .bars").ariaLabel = `The ten probabilities of the ${other()} model`;
      button.textContent = models.trigger.cells.length > 1
        ? "Switch the trigger" : "Flip the pixel";
      part(".dose").hidden = models.rungs.length < 2;
      dose = models.rungs.length > 1 ? makeDose(part("svg"), models.rungs) : null;
    },
  };
};
