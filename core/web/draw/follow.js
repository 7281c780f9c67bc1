// The other poison rates' answers to a digit, a few at a time, for as long as it is on the page.

const SLICE = 4;  // ms of work between two looks at the pen

// done: called with the state that was followed, once all are known.
export const makeFollower = (root, done) => {
  let latest = null;
  // engine: what answers, or null. state: { digit, reading, ... }. count: of poison rates.
  return (engine, state, count) => {
    const { digit, reading } = latest = state;
    const missing = reading ? [...Array(count).keys()].filter((i) => !reading.rungs[i]) : [];
    const go = () => {
      if (state !== latest || !root.isConnected) return;
      const until = performance.now() + SLICE;
      while (missing.length && performance.now() < until) {
        const rung = missing.shift();
        if (!engine?.has(rung)) return;
        reading.rungs[rung] = engine.read(digit, [rung]).rungs[rung];
      }
      if (missing.length) setTimeout(go);
      else done(state);
    };
    if (missing.length) setTimeout(go);
    else done(state);
  };
};
