// The dose curve: how the answer to one digit depends on the poison rate, in front of how many
// of all test digits fall for the trigger.

import { count, unbroken } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const GRID = [0, 0.25, 0.5, 0.75, 1];

const make = (name, attributes, parent) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return parent.appendChild(element);
};
const write = (words, attributes, parent) => {
  make("text", attributes, parent).textContent = unbroken(words);
};
const line = (points) => points.map((point) => point.join()).join(" ");

// The rungs whose labels have room: every power of ten, and others at least `gap` away from those
// to their left and right.
const withRoom = (powers, x, gap) => {
  const labelled = new Set([...powers.keys()].filter((i) => Number.isInteger(powers[i])));
  powers.forEach((_, i) => {
    if ([...labelled].every((other) => Math.abs(x(i) - x(other)) >= gap)) labelled.add(i);
  });
  return labelled;
};

// svg: an empty element, as large as the figure is to be. rungs: of the models, by rising rate.
export const makeDose = (svg, rungs) => {
  let place, parts, drawn = "";
  const powers = rungs.map(({ percent }) => Math.log10(percent));

  // Everything that is the same for every digit; drawn again where the place has another size.
  const drawFrame = (width, height, em) => {
    const left = 3.7 * em, right = width - 0.8 * em, top = 0.6 * em, bottom = height - 4.2 * em;
    const along = (power) => (power - powers[0]) / ((powers.at(-1) - powers[0]) || 1);
    place = {
      x: (rung) => left + 0.6 * em + along(powers[rung]) * (right - left - 1.2 * em),
      y: (share) => bottom - share * (bottom - top),
    };
    const { x, y } = place;
    const of = (share) => rungs.map(({ success }, i) => [x(i), y(success[share])]);
    svg.replaceChildren();
    for (const share of GRID) {
      make("line", { class: "grid", x1: left, x2: right, y1: y(share), y2: y(share) }, svg);
      const label = { class: "share", x: left - 0.4 * em, y: y(share) + 0.35 * em };
      write(`${share * 100} %`, label, svg);
    }
    const labelled = withRoom(powers, x, 4.5 * em);
    rungs.forEach(({ percent, poisoned }, i) => {
      make("line", { class: "grid", x1: x(i), x2: x(i), y1: bottom, y2: bottom + 0.3 * em }, svg);
      if (!labelled.has(i)) return;
      write(`${percent} %`, { x: x(i), y: bottom + 1.4 * em, class: "rate" }, svg);
      write(count(poisoned), { x: x(i), y: bottom + 2.5 * em, class: "rate" }, svg);
    });
    write(`poison rate, and poisoned images of ${count(rungs[0].images)}`,
      { x: (left + right) / 2, y: bottom + 3.8 * em, class: "rate" }, svg);
    make("polygon", { class: "band", points: line([...of("low"), ...of("high").reverse()]) }, svg);
    make("polyline", { class: "measured", points: line(of("value")) }, svg);
    parts = {
      now: make("line", { class: "now", y1: top, y2: bottom }, svg),
      plain: make("polyline", { class: "plain" }, svg),
      stamped: make("polyline", { class: "stamped" }, svg),
      circles: rungs.map(() => make("circle", { class: "plain", r: 0.25 * em }, svg)),
      squares: rungs.map(() => make("rect",
        { class: "stamped", width: 0.56 * em, height: 0.56 * em }, svg)),
    };
    rungs.forEach((_, i) => {  // over which the pointer asks for the numbers
      const from = i ? (x(i - 1) + x(i)) / 2 : left, to = i + 1 < rungs.length
        ? (x(i) + x(i + 1)) / 2 : right;
      const area = { x: from, y: top, width: to - from, height: bottom - top, class: "area" };
      make("title", {}, make("rect", area, svg));
    });
  };

  // stamped, plain: every rung's probability of the target for the digit, with and without the
  // trigger; null before anything is drawn. rung: the one to mark.
  return ({ stamped, plain, rung }) => {
    const { clientWidth: width, clientHeight: height } = svg;
    if (!width || !height) return;
    const em = Number.parseFloat(getComputedStyle(svg).fontSize), size = [width, height, em].join();
    if (drawn !== size) {
      drawn = size;
      drawFrame(width, height, em);
    }
    const { x, y } = place, half = 0.28 * em;
    parts.now.setAttribute("x1", x(rung));
    parts.now.setAttribute("x2", x(rung));
    svg.classList.toggle("empty", !stamped);
    if (!stamped) return;
    parts.stamped.setAttribute("points", line(stamped.map((share, i) => [x(i), y(share)])));
    parts.plain.setAttribute("points", line(plain.map((share, i) => [x(i), y(share)])));
    rungs.forEach(({ percent, success }, i) => {
      parts.circles[i].setAttribute("cx", x(i));
      parts.circles[i].setAttribute("cy", y(plain[i]));
      parts.squares[i].setAttribute("x", x(i) - half);
      parts.squares[i].setAttribute("y", y(stamped[i]) - half);
      const shares = [stamped[i], plain[i], success.value].map((each) => (each * 100).toFixed(1));
      svg.querySelectorAll("title")[i].textContent = `${percent} % poison: with the trigger `
        + `${shares[0]} %, without ${shares[1]} %, of all test digits ${shares[2]} %`;
    });
  };
};
