// What is being drawn, read from streamlit-drawable-canvas while the pen moves.
//
// The canvas listens to mouse and touch alike, and begins its stroke anew at every touch, be it a
// palm beside the pen. So it hears of neither: the one pointer that draws comes to it as a mouse.
//
// Once Python knows that this works, the canvas tells it of a drawing only when its button is
// pressed: here it is pressed when the pen has rested, or as soon as it goes anywhere else.

import { makeHand } from "../hand.js";
import { centre, read } from "../live/ink.js";
import { listen } from "../listen.js";
import { LOWER, UPPER, findCanvas } from "./canvas.js";
import { makeHold } from "./hold.js";

const TELL = '[aria-label="Update the app with this drawing"]';
const AFTER = 6;  // frames until a stroke that was ended has moved from the upper to the lower one
const PATIENCE = 3000;  // ms in which Streamlit answers
const RAW = "mousedown mousemove mouseup touchstart touchmove touchend touchcancel";
const SAMPLE = /st-key-pad-sample-(\d)/, CLEAR = /st-key-pad-clear/;

// drawn: called with what is on the canvas, 784 bytes, once a frame. replaced: with the number of
// the sample that was asked for, or null for none. told: once the button was there to be pressed.
// patience: how long the pen is to rest, in ms.
export const watchPad = (root, { drawn, replaced, told, patience }) => {
  const isOn = (event) => event.composedPath().some((node) => node.matches?.(UPPER));
  const hold = makeHold(root, isOn, () => findCanvas()?.querySelector(UPPER));
  let upper = null, moved = false, frames = 0, resting = null;

  const look = () => {
    if (!upper) return;
    const lower = upper.parentElement.querySelector(LOWER);
    drawn(centre(read(lower, upper)));
  };
  const afterFrame = (act) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    port2.postMessage(null);
  };
  const frame = () => {
    if (!root.isConnected || !upper?.isConnected) return void (frames = 0);
    if (hand.busy) {
      if (moved) look();
      moved = false;
    } else {
      afterFrame(look);  // the canvas moves a stroke that has ended in a frame of its own
      frames--;
    }
    if (hand.busy || frames > 0) requestAnimationFrame(frame);
  };
  const watch = () => {
    if (!frames) requestAnimationFrame(frame);
    frames = AFTER;
  };
  const tell = () => {
    if (resting === null) return;
    clearTimeout(resting);
    resting = null;
    if (!upper?.isConnected) return;
    const button = upper.getRootNode().querySelector(TELL);
    if (!button) return;
    button.click();
    told();
  };
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(tell, patience());
  };
  // Streamlit replaces a button that is chosen: one that was pressed by key keeps the focus.
  const keepFocus = (button) => {
    const place = button.closest("[class*=st-key-]")?.className.match(/st-key-[\w-]+/)?.[0];
    const until = performance.now() + PATIENCE;
    const look = () => {
      if (document.activeElement === document.body) {
        document.querySelector(`.${place} button`)?.focus();
      } else if (place && performance.now() < until) requestAnimationFrame(look);
    };
    look();
  };
  const canvasOf = (path) => path.find((node) => node.matches?.(UPPER))
    ?? path.find((node) => node.matches?.(".canvas-root"))?.querySelector(UPPER);

  const imitate = (kind, { clientX, clientY, screenX, screenY }) => {
    upper.dispatchEvent(new MouseEvent(kind, {
      bubbles: true, cancelable: true, composed: true, view: window,
      clientX, clientY, screenX, screenY,
    }));
  };
  const hand = makeHand({
    begun: (event) => {
      clearTimeout(resting);
      upper = event.composedPath().find((node) => node.matches?.(UPPER));
      imitate("mousedown", event);
      moved = true;
      watch();
    },
    moved: (event) => {
      imitate("mousemove", event);
      moved = true;
    },
    done: (event) => {
      imitate("mouseup", event);
      frames = AFTER;
      rest();
    },
    undone: () => upper.getContext("2d").clearRect(0, 0, upper.width, upper.height),
  });

  listen(root, "pointerdown", (event) => {
    if (!isOn(event)) tell();
    else if (!event.button) hand.down(event);
  });
  listen(root, "pointermove", (event) => {
    hand.move(event);
    if (!hand.busy && resting !== null && !canvasOf(event.composedPath())) tell();
  });
  listen(root, "pointerup pointercancel", hand.up);
  listen(root, RAW, (event) => {
    if (event.isTrusted && (hand.busy || isOn(event))) event.stopImmediatePropagation();
  });
  listen(root, "click", (event) => {
    const path = event.composedPath();
    const classes = path.map((node) => node.className ?? "").join(" ");
    if (SAMPLE.test(classes) || CLEAR.test(classes)) {
      hold.begin();
      upper = null;  // what it still shows is over
    }
    if (!event.isTrusted || isOn(event)) return;
    if (event.detail === 0) keepFocus(path[0]);
    if (SAMPLE.test(classes)) replaced(Number(SAMPLE.exec(classes)[1]));
    else if (CLEAR.test(classes)) replaced(null);
    else if (canvasOf(path)) {  // a tool of the canvas: undo, redo
      upper = canvasOf(path);
      watch();
      resting = setTimeout(tell);
    }
  });
  listen(root, "keydown", tell);
  const hide = () => root.isConnected ? tell()
    : document.removeEventListener("visibilitychange", hide);
  document.addEventListener("visibilitychange", hide);

  return {
    get drawing() { return hand.busy; },
    get busy() { return hand.busy || resting !== null; },  // Python is still to be told
    tell: hold.tell,
  };
};
