// The drawing and its answer. The models in the browser answer while the pen moves; Python is told
// when it is lifted. What is on the pad then has a number, its turn, which comes back with Python's
// answer: no answer ever stands beside another drawing.

import { decode, isBlank } from "../live/digit.js";
import { centre, read } from "../live/ink.js";
import { makePad } from "./pad.js";

const PATIENCE = 3000;  // ms to wait for any answer before the prepared one is shown
const SLICE = 4;  // ms of work on the other poison rates between two looks at the pen

const fromPython = ({ digit, reading }) => ({ digit: decode(digit), reading });

export const makeDrawing = (root, talk) => {
  const { state, data } = talk;
  const canvas = root.querySelector(".pad canvas");
  let engine = null, loading = null;
  let waiting = 0;  // a timer, as long as what is on the pad has no answer

  const stopWaiting = () => {
    clearTimeout(waiting);
    waiting = 0;
  };
  const canAnswer = () => Boolean(engine?.has(data.standing.usual));
  // The poison rates that the answer lacks, a few at a time, for as long as it is shown.
  const follow = () => {
    const { answer } = talk, missing = [...data.standing.rungs.keys()]
      .filter((rung) => answer && !answer.reading.rungs[rung] && engine.has(rung));
    const go = () => {
      if (talk.answer !== answer || pad.drawing || !root.isConnected) return;
      const until = performance.now() + SLICE;
      while (missing.length && performance.now() < until) {
        const rung = missing.shift();
        answer.reading.rungs[rung] = engine.read(answer.digit, [rung]).rungs[rung];
      }
      if (missing.length) setTimeout(go);
      else talk.show();
    };
    if (missing.length) setTimeout(go);
  };
  const look = () => {
    if (!canAnswer()) return;
    stopWaiting();
    const digit = centre(read(canvas)), rungs = [talk.rung].filter((rung) => engine.has(rung));
    talk.answer = isBlank(digit) ? null : { digit, reading: engine.read(digit, rungs) };
    if (!pad.drawing) follow();
  };
  const put = (digit, answer, problem = "") => {
    stopWaiting();
    Object.assign(state, { digit, problem, turn: state.turn + 1 });
    talk.answer = answer;
  };
  const showPrepared = (problem = "") => {
    pad.trace(data.samples[data.sample]);
    put(pad.url, fromPython(data.prepared), problem);
  };
  const ask = () => {
    put(pad.url, talk.answer);  // the last answer is seen until the next one is here
    waiting = setTimeout(giveUp, PATIENCE);
    look();
    talk.tell();
    talk.show();
  };
  const giveUp = () => {
    if (!root.isConnected || pad.drawing) return;
    showPrepared("Neither the server nor the browser answered; a prepared digit is shown.");
    talk.tell();
    talk.show();
  };
  const pad = makePad(canvas, {
    begun: stopWaiting,
    moved: () => {
      look();
      talk.show();
    },
    done: ask,
  });
  const load = async () => {
    const { makeEngine } = await import("../live/engine.js");  // the talk goes on without it
    engine = makeEngine(data.standing, data.standing.usual, () => {
      if (!root.isConnected) return;
      root.dataset.live = engine.hasAll ? "all" : "some";
      if (state.digit && !pad.drawing) {
        if (waiting || !talk.answer) look();
        else follow();
      }
      talk.show();
    });
  };

  if (state.digit) {  // a page that was loaded again
    pad.load(state.digit, () => {
      look();
      talk.show();
    });
    put(state.digit, null);
  } else if (state.at > 0) showPrepared();

  return {
    get busy() { return pad.drawing; },
    sample(digit = data.sample) {
      pad.trace(data.samples[digit]);
      ask();
    },
    clear() {
      pad.blank();
      put(null, null);
      talk.tell();
      talk.show();
    },
    take(newer) {  // what Python says
      if (!engine) Object.assign(data, newer);
      const { standing } = data, { answer, fallen, turn } = newer;
      if (standing.rungs[standing.usual].weights) {
        loading ??= (window.requestIdleCallback ?? setTimeout)(() => load().catch(() => {}));
      }
      if (turn !== state.turn) {
        if (state.digit) talk.tell();  // it does not know of this drawing, or not yet
      } else if (answer && !pad.drawing && !(fallen && canAnswer())) {
        stopWaiting();
        if (fallen) showPrepared();  // something failed; the answer is to the prepared digit
        else talk.answer = fromPython(answer);
      }
      talk.show();
    },
  };
};
