// streamlit-drawable-canvas as it stands on the page. Streamlit puts another one there now and then.

export const UPPER = '[data-fabric="top"]', LOWER = '[data-fabric="main"]';  // running stroke; rest

const AGAIN = 100;  // ms until it is looked for again

const find = () => [...document.querySelectorAll(".st-key-pad-canvas *")]
  .map((node) => node.shadowRoot?.querySelector(".dc-root")).find(Boolean);

// came: called with the canvas that is there, and with every other that takes its place.
export const watchCanvas = (root, came) => {
  let canvas = null;
  const look = () => {
    if (!root.isConnected) return clearInterval(looking);
    const other = canvas?.isConnected ? canvas : find();
    if (!other || other === canvas) return;
    canvas = other;
    came(canvas);
  };
  const looking = setInterval(look, AGAIN);
  look();
};
