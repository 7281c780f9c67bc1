// The answer to a drawing. Python sends what it makes of the digit that it knows; while the pen
// moves, and until Python knows of it, the models in the browser answer. Python's answer to an
// earlier stroke never paints over a later one. Where both differ in the end, Python is right.

import { writeHere } from "../address.js";
import { doubt } from "../live/doubt.js";
import { decode, imageOf, isBlank, same } from "../live/digit.js";
import { makeAnswer } from "./answer.js";
import { makeBoard } from "./board.js";
import { watchCanvas } from "./canvas.js";
import { listenToKey, takeSample, watchControls } from "./controls.js";
import { makeFollower } from "./follow.js";
import { open } from "./opening.js";
import { watchPad } from "./pad.js";
import { makeSearch } from "./search.js";

const HOLD = 1500;  // ms in which Python's answer to the last change may still be on its way
const REST = 2000;  // ms for which the pen is to rest before Python is told
const PAUSE = 350;  // ms between two changes of the URL; browsers limit how many there may be
const BEAT = 700;  // ms from a sample that is taken to the trigger that it is taken for

let opened = false;  // this page of the browser has shown what it is about

const begin = (root) => {
  const search = makeSearch(root.querySelector(".search"));
  let server = {};  // what Python sent last
  let engine = null, digits = [];
  let local = null;  // what Python does not know of yet: { digit, sample, since }
  let pixel = null;  // the one that is tried
  let painted = {};  // what is on the page: { digit, stamped, rung, reading }
  let writing = 0, opening = false;  // opening: it is shown what the page is about
  const write = writeHere();

  const digitNow = () => local ? local.digit : server.digit;
  const known = (digit) => server.reading && same(digit, server.digit);
  const readingOf = (digit, rung) => {
    if (known(digit) && server.reading.rungs[rung]) return server.reading;
    return engine?.has(rung) ? engine.read(digit, [rung]) : null;
  };

  const how = () => {
    const { digit, stamped, rung, reading } = painted, drawing = pad.drawing;
    const { logit } = server.models;
    const doubted = digit && !drawing ? doubt(digit, engine?.logits(digit), logit) : "";
    if (pixel === null || !reading || !engine?.has(rung)) return { drawing, doubted };
    return { drawing, doubted, probe: { pixel, tens: engine.probe(digit, rung, stamped, pixel) } };
  };
  const paint = () => {
    if (!root.isConnected || opening) return;
    const digit = digitNow(), { stamped, rung } = controls.read(server);
    const reading = isBlank(digit) ? null : readingOf(digit, rung);
    if (!reading && !isBlank(digit)) return;  // whoever can answer will be here soon
    const other = !same(digit, painted.digit) || rung !== painted.rung;
    painted = { digit: isBlank(digit) ? null : digit, stamped, rung, reading };
    root.dataset.by = local ? "browser" : "python";
    if (other) search.clear();
    answer.show(painted, { ...how(), opened });
    if (painted.digit) board.lay(null);
    follow(engine, painted, server.models.rungs.length);
    if (writing) return;
    writeAddress();
    writing = setTimeout(() => {
      writing = 0;
      writeAddress();
    }, PAUSE);
  };
  const writeAddress = () => {
    const { stamped, rung } = painted, sample = local ? local.sample : server.sample;
    const models = server.run ?? String(server.models.rungs[rung].percent);
    write({ models, trigger: String(Number(stamped)),
      sample: sample === null ? null : String(sample), rate: null, run: null });
  };

  const showOpening = (sample) => {
    const digit = decode(sample.digit);
    opening = opened = true;
    answer.showDoses({ rung: controls.read(server).rung, reading: null }, { drawing: true });
    open(root, { ...sample, digit }, {
      lay: board.lay,
      show: (drawn, stamped, drawing) => {
        const { rung } = controls.read(server);
        const prepared = drawn === digit ? sample.reading : null;
        const reading = engine?.has(rung) ? engine.read(drawn, [rung]) : prepared;
        answer.show({ digit: drawn, stamped, rung, reading }, { drawing });
      },
      over: () => {
        opening = false;
        board.lay("Now you");
        paint();
      },
    });
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
  const flip = () => {
    if (!isBlank(digitNow()) || controls.read(server).stamped) return controls.flip();
    const { first } = server.models;
    takeSample(first);  // so that there is something to see
    if (digits[first]) change(digits[first], first);
    setTimeout(() => { if (root.isConnected) controls.flip(); }, BEAT);
  };
  listenToKey(root, "t", flip);
  const pad = watchPad(root, {
    drawn: (digit) => change(digit),
    replaced: (sample) => {
      if (sample === null) change(null);
      else if (digits[sample]) change(digits[sample], sample);
    },
    told: () => {
      if (root.dataset.live !== "all" || "told" in root.dataset) return;
      root.dataset.told = "";
      setTimeout(() => root.send("live", true));  // after what the canvas sends
    },
    patience: () => engine?.has(controls.read(server).rung) ? REST : 0,
  });
  const board = makeBoard(root, { isDrawing: () => pad.drawing, pressed: flip });
  const canvas = watchCanvas(root, board.attach, () => root.trigger("lost", true));
  const answer = makeAnswer(root, board, {
    tried: (tried) => {
      pixel = tried;
      if (painted.reading) answer.show(painted, how());
    },
    flip,
  });
  const follow = makeFollower(root,
    (state) => answer.showDoses(state, { drawing: pad.drawing }));
  root.querySelector(".search button").addEventListener("click", () => {
    const { digit, rung, reading } = painted;
    if (!reading || !engine?.has(rung)) return;
    search.start(imageOf(digit), [reading.clean?.[0], reading.rungs[rung][0]],
      (tried) => engine.probe(digit, rung, false, tried));
  });

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
    const told = decode(newer.digit), digit = local && same(told, local.digit) ? local.digit : told;
    server = { ...newer, models, digit };
    pad.tell(newer.turn);
    canvas.tell(newer.loaded);
    if (local && same(local.digit, server.digit)) local = null;
    else if (local) setTimeout(settle, HOLD);
    if (others) {
      delete root.dataset.live;
      engine = null;
      answer.isOf(models);
      (window.requestIdleCallback ?? setTimeout)(() => load().catch(() => {}));
    }
    if (newer.opening && !opened && isBlank(digit)) showOpening(newer.opening);
    paint();
    root.dataset.ready = "";
  };
  return take;
};

export default ({ data, parentElement, setStateValue, setTriggerValue }) => {
  const root = parentElement.querySelector(".bl-answer");
  root.send = setStateValue;
  root.trigger = setTriggerValue;
  root.take ??= begin(root);
  root.take(data);
};
