// Keeps the screen on. Over plain HTTP a browser has no wake lock, but for its own machine's pages.

import { listen } from "./listen.js";

// For as long as an element is on the page, or until what this gives is called.
export const keepAwake = (element) => {
  let lock = null, over = false;
  const ask = async () => {
    if (over || document.hidden || lock?.released === false) return;
    try {
      lock = await navigator.wakeLock?.request("screen");
    } catch { /* refused: the battery is low, or the page is in a frame */ }
    if (over) lock?.release();
  };
  listen(element, "visibilitychange", ask);  // a page that is hidden has lost its lock
  ask();
  return () => {
    over = true;
    lock?.release();
  };
};
