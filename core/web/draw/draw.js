// The answer to a drawing. Python sends what it makes of the digit that it knows; while the pen
// moves, and until Python knows of it, the models in the browser answer. Python's answer to an
// earlier stroke never paints over a later one. Where both differ in the end, Python is right.

import { write } from "../address.js";
import { makeCard } from "../live/card.js";
import { decode, imageOf, isBlank, same, stamp, touched } from "../live/digit.js";
import { makeDose } from "../live/dose.js";
import { SIDE } from "../live/ink.js";
import { doses, goal, outcome, top, unbroken } from "../live/words.js";
import { watchControls } from "./controls.js";
import { watchPad } from "./pad.js";
import { makeSearch } from "./search.js";
import { makeSees } from "./sees.js";

const HOLD = 1500;  // ms in which Python's answer to the last change may still be on its way
const REST = 2000;  // ms for which the pen is to rest before Python is told
const PAUSE = 700;  // ms between two changes of the URL; browsers limit how many there may be
const SLICE = 4;  // ms of work on the dose curve between two looks at the pen

const begin = (root) => {
  const part = (selector) => root.querySelector(selector);
  const cards = [...root.querySelectorAll(".card")].map(makeCard);
  const search = makeSearch(part(".search"));
  let server = {};  // what Python sent last
  let engine = null, dose = null, digits = [];
  let local = null;  // what Python does not know of yet: { digit, sample, since }
  let pixel = null;  // the one that is tried
  let painted = {};  // what is on the page: { digit, stamped, rung, reading }
  let following = 0, writing = 0;

  const digitNow = () => local ? local.digit : server.digit;
  const known = (digit) => server.reading && same(digit, server.digit);
  const readingOf = (digit, rung) => {
    if (known(digit)) return server.reading;
    return engine?.has(rung) ? engine.read(digit, [rung]) : null;
  };

  const say = (place, words) => {
    const line = part(place);
    if (line.textContent !== words) line.textContent = words;
  };
  const words = (state) => {
    const { digit, stamped, rung, reading } = state;
    if (!reading) return "Draw a digit, or take a sample.";
    const ownInk = touched(digit, server.models.trigger);
    return unbroken(outcome(server.models, reading, { rung, stamped, ownInk }));
  };
  const paintAnswer = (state) => {
    const { digit, stamped, rung, reading } = state, { trigger, rings } = server.models;
    const image = stamped ? stamp(imageOf(digit), trigger) : imageOf(digit);
    const ownInk = touched(digit, trigger), missing = reading ? "not loaded" : "nothing drawn";
    let tens = [reading?.clean?.[Number(stamped)], reading?.rungs[rung][Number(stamped)]];
    let said = words(state);
    if (pixel !== null && reading && engine?.has(rung)) {
      image[pixel] = 1;
      const probed = engine.probe(digit, rung, stamped, pixel);
      tens = [probed.clean, probed.backdoored];
      const place = `Row ${Math.floor(pixel / SIDE)}, column ${pixel % SIDE} is white`;
      said = `${place}: ${tens[0] ? `clean ${top(tens[0])}, ` : ""}backdoored ${top(tens[1])}.`;
    }
    sees(image, stamped || ownInk ? rings : [], ownInk ? "Your own ink lies on the trigger." : "");
    cards.forEach((show, i) => show(tens[i], missing));
    if (!pad.drawing) say(".words", said);
    say(".answer-measured", unbroken(server.models.rungs[rung].measured));
  };
  const paintDoses = ({ rung, reading }) => {
    if (!dose || reading?.rungs.includes(undefined)) return;
    const target = goal(server.models, reading ? top(reading.rungs[rung][0]) : 0);
    const shares = (stamped) => reading?.rungs.map((both) => both[stamped][target]) ?? null;
    say(".key b", String(target));
    dose({ stamped: shares(1), plain: shares(0), rung });
    if (pad.drawing) return;
    const flips = reading ? doses(server.models, reading, rung) : "";
    say(".doses", unbroken(flips || "At which poison rate does a digit flip?"));
  };
  // The other rungs' answers, a few at a time, for as long as the same digit is on the page.
  const follow = (state) => {
    const mine = ++following, { digit, reading } = state, { rungs } = server.models;
    const missing = reading ? rungs.map((_, i) => i).filter((i) => !reading.rungs[i]) : [];
    const go = () => {
      if (mine !== following || !root.isConnected || !engine) return;
      const until = performance.now() + SLICE;
      while (missing.length && performance.now() < until) {
        const rung = missing.shift();
        if (!engine.has(rung)) return;
        reading.rungs[rung] = engine.read(digit, [rung]).rungs[rung];
      }
      if (missing.length) setTimeout(go);
      else paintDoses(state);
    };
    if (missing.length) setTimeout(go);
    else paintDoses(state);
  };
  const paint = () => {
    if (!root.isConnected) return;
    const digit = digitNow(), { stamped, rung } = controls.read(server);
    const reading = isBlank(digit) ? null : readingOf(digit, rung);
    if (!reading && !isBlank(digit)) return;  // whoever can answer will be here soon
    const other = !same(digit, painted.digit) || rung !== painted.rung;
    painted = { digit: isBlank(digit) ? null : digit, stamped, rung, reading };
    root.toggleAttribute("data-drawing", pad.drawing);
    root.dataset.by = local ? "browser" : "python";
    if (other) search.clear();
    paintAnswer(painted);
    follow(painted);
    if (writing) return;
    writeAddress();
    writing = setTimeout(() => {
      writing = 0;
      writeAddress();
    }, PAUSE);
  };
  const writeAddress = () => {
    if (!root.isConnected) return;  // another page is there, and the URL its own
    const { stamped, rung } = painted, sample = local ? local.sample : server.sample;
    const rate = server.run ? null : String(server.models.rungs[rung].percent);
    write({ rate, trigger: String(Number(stamped)), run: server.run,
      sample: sample === null ? null : String(sample) });
  };

  const change = (drawn, sample = null) => {
    if (!engine?.has(controls.read(server).rung)) return;
    const digit = same(drawn, digitNow()) ? digitNow() : drawn;  // whose answers are at hand
    const news = !same(digit, server.digit) || sample !== server.sample;
    local = news ? { digit, sample, since: performance.now() } : null;
    paint();
  };
  const settle = () => {
    if (!local || pad.busy) return;
    if (performance.now() - local.since < HOLD) return void setTimeout(settle, HOLD);
    local = null;
    paint();
  };

  const controls = watchControls(root, paint);
  const pad = watchPad(root, {
    drawn: (digit) => change(digit),
    replaced: (sample) => {
      if (sample === null) change(null);
      else if (digits[sample]) change(digits[sample], sample);
    },
    told: () => {
      if (!root.dataset.live || "told" in root.dataset) return;
      root.dataset.told = "";
      root.send("live", true);
    },
    patience: () => engine?.has(controls.read(server).rung) ? REST : 0,
  });
  const sees = makeSees(part(".sees"), (to) => {
    pixel = to;
    if (painted.reading) paintAnswer(painted);
  });
  part(".search button").addEventListener("click", () => {
    const { digit, rung, reading } = painted;
    if (!reading || !engine?.has(rung)) return;
    search.start(imageOf(digit), { clean: reading.clean?.[0], backdoored: reading.rungs[rung][0] },
      (tried) => engine.probe(digit, rung, false, tried));
  });
  new ResizeObserver(() => paintDoses(painted)).observe(part("svg"));

  const load = async () => {
    const { models } = server, first = controls.read(server).rung;
    const { makeEngine } = await import("../live/engine.js");  // the page works without it
    engine = makeEngine(models, first, () => {
      if (models !== server.models) return;
      root.dataset.live = engine.hasAll ? "all" : "some";
      paint();
    });
    const bytes = new Uint8Array(await (await fetch(new URL(models.samples, location.origin)))
      .arrayBuffer());
    digits = [...Array(10).keys()].map((i) => bytes.slice(784 * i, 784 * (i + 1)));
  };
  const take = (newer) => {
    const others = JSON.stringify(newer.models) !== JSON.stringify(server.models);
    const models = others ? newer.models : server.models;
    server = { ...newer, models, digit: decode(newer.digit) };
    if (local && same(local.digit, server.digit)) local = null;
    else if (local) setTimeout(settle, HOLD);
    if (others) {
      delete root.dataset.live;
      engine = null;
      part(".dose").hidden = models.rungs.length < 2;
      dose = models.rungs.length > 1 ? makeDose(part("svg"), models.rungs) : null;
      (window.requestIdleCallback ?? setTimeout)(() => load().catch(() => {}));
    }
    paint();
    root.dataset.ready = "";
  };
  return take;
};

export default ({ data, parentElement, setStateValue }) => {
  const root = parentElement.querySelector(".bl-answer");
  root.send = setStateValue;
  root.take ??= begin(root);
  root.take(data);
};
