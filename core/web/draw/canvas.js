// streamlit-drawable-canvas as it is on the page. Streamlit puts another there now and then, which
// shows what the one before was told to show, and not what was drawn on that.

import { listen } from "../listen.js";

export const UPPER = '[data-fabric="top"]', LOWER = '[data-fabric="main"]';  // running stroke; rest

const AGAIN = 100;  // ms until it is looked for again

export const findCanvas = () => [...document.querySelectorAll(".st-key-pad-canvas *")]
  .map((node) => node.shadowRoot?.querySelector(".dc-root")).find(Boolean);

// came: called with the canvas that is there, and with every other that takes its place. lost:
// called where that does not show what was drawn.
export const watchCanvas = (root, came, lost) => {
  let canvas = null, loaded = true;
  let fresh = false;  // whether it took another's place, and nobody has drawn on it

  const check = () => {
    if (!fresh || loaded) return;
    fresh = false;
    lost();
  };
  const look = () => {
    if (!root.isConnected) return clearInterval(looking);
    const other = canvas?.isConnected ? canvas : findCanvas();
    if (!other || other === canvas) return;
    fresh = canvas !== null;
    canvas = other;
    came(canvas);
    check();
  };
  const looking = setInterval(look, AGAIN);
  listen(root, "pointerdown", (event) => {
    if (event.composedPath().includes(canvas)) fresh = false;
  });
  look();
  return {
    // Whether Python has had the canvas load all that is drawn.
    tell(isLoaded) {
      loaded = isLoaded;
      check();
    },
  };
};
