// The switch of the trigger and the slider of the poison rate are Streamlit's. They are read as
// they stand on the page, and watched, so that the page answers while the slider is dragged.

import { listen } from "../listen.js";

const SWITCH = '.st-key-draw-trigger input[type="checkbox"]';
const SLIDER = '.st-key-draw-rate input[type="range"]';

const FIELD = ":is(input:not([type=range], [type=checkbox]), textarea, [contenteditable])";

export const takeSample = (digit) =>
  document.querySelector(`.st-key-pad-sample-${digit} button`)?.click();

// Acts on a letter, but not where somebody writes.
export const listenToKey = (root, letter, act) => listen(root, "keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.composedPath()[0].matches?.(FIELD)) return;
  if (event.key.toLowerCase() === letter) act();
});

export const watchControls = (root, changed) => {
  const observer = new MutationObserver(() => {
    if (root.isConnected) changed();
    else observer.disconnect();
  });
  observer.observe(document.body, {
    subtree: true, attributes: true, attributeFilter: ["data-selected", "aria-valuetext"],
  });
  return {
    flip: () => document.querySelector(SWITCH)?.click(),
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
