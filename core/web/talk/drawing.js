// The drawing and its answer. What is on the pad has a number, its turn, which goes to Python and
// comes back with the answer: no answer ever stands beside another drawing.

import { makePad } from "./pad.js";

const PATIENCE = 3000;  // ms to wait for an answer before the prepared one is shown

export const makeDrawing = (root, talk) => {
  const { state, data } = talk;
  let waiting = 0;

  const put = (digit, answer, problem = "") => {
    clearTimeout(waiting);
    Object.assign(state, { digit, problem, turn: state.turn + 1 });
    talk.answer = answer;
  };
  const showPrepared = (problem = "") => {
    pad.trace(data.samples[data.sample]);
    put(pad.url, data.prepared, problem);
  };
  const ask = () => {
    put(pad.url, talk.answer);  // the last answer is seen until the next one is here
    waiting = setTimeout(giveUp, PATIENCE);
    talk.tell();
    talk.show();
  };
  const giveUp = () => {
    if (!root.isConnected || pad.drawing) return;
    showPrepared("The server gave no answer; a prepared digit is shown.");
    talk.tell();
    talk.show();
  };
  const pad = makePad(root.querySelector(".pad canvas"), {
    begun: () => clearTimeout(waiting),
    done: ask,
  });

  if (state.digit) {  // a page that was loaded again
    pad.load(state.digit);
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
      Object.assign(data, newer);
      if (newer.turn !== state.turn) {
        if (state.digit) talk.tell();  // it does not know of this drawing, or not yet
      } else if (newer.answer && !pad.drawing) {
        clearTimeout(waiting);
        if (newer.fallen) showPrepared();  // something failed; the answer is to the prepared digit
        else talk.answer = newer.answer;
      }
      talk.show();
    },
  };
};
