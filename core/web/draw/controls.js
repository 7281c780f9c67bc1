// The switch of the trigger and the slider of the poison rate are Streamlit's. They are read as
// they stand on the page, and watched, so that the page answers while the slider is dragged.

const SWITCH = '.st-key-draw-trigger input[type="checkbox"]';
const SLIDER = '.st-key-draw-rate input[type="range"]';

export const watchControls = (root, changed) => {
  const observer = new MutationObserver(() => {
    if (root.isConnected) changed();
    else observer.disconnect();
  });
  observer.observe(document.body, {
    subtree: true, attributes: true, attributeFilter: ["data-selected", "aria-valuetext"],
  });
  return {
    // Where the page has no such control, as Python says it.
    read({ stamped, rung }) {
      const trigger = document.querySelector(SWITCH), slider = document.querySelector(SLIDER);
      return {
        stamped: trigger ? trigger.checked : stamped,
        rung: slider ? Number(slider.value) : rung,
      };
    },
  };
};
