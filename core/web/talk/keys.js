// The keys of the talk, pressed in its window or, in the same browser, in the speaker's notes.

import { openChannel } from "../channel.js";
import { listen } from "../listen.js";

const GUARD = 300;  // ms in which a key pressed twice counts once

const KEYS = [
  { act: "next", keys: ["ArrowRight", " ", "PageDown", "Enter"],
    name: "→, Space, Page Down, Enter", does: "next" },
  { act: "back", keys: ["ArrowLeft", "PageUp"], name: "←, Page Up", does: "back" },
  { act: "startOver", keys: ["Home"], name: "Home", does: "start over" },
  { act: "flip", keys: ["t"], name: "T", does: "the trigger", often: true },
  { act: "cover", keys: ["u"], name: "U", does: "turn the hall's drawings over, or cover them",
    served: true },
  { act: "clear", keys: ["c"], name: "C", does: "clear the drawing" },
  { act: "sample", keys: [..."0123456789"], name: "0 to 9", does: "that sample digit" },
  { act: "anySample", keys: ["s"], name: "S", does: "any sample digit" },
  { act: "more", keys: ["ArrowUp"], name: "↑, ↓",
    does: "more, less poison; where there is none, back, next", often: true, repeats: true },
  { act: "less", keys: ["ArrowDown"], often: true, repeats: true },
  { act: "right", keys: ["r"], name: "R",
    does: "a drawing that the trigger turns, at a rate at which it does" },
  { act: "notes", keys: ["n"], name: "N", does: "speaker notes, in a window of their own",
    served: true },
  { act: "fullScreen", keys: ["f"], name: "F", does: "full screen" },
  { act: "light", keys: ["l"], name: "L", does: "light or dark" },
  { act: "black", keys: ["b", "."], name: "B, .", does: "a black screen; any key ends it" },
  { act: "help", keys: ["?"], name: "?", does: "these keys; Escape closes them" },
  { act: "close", keys: ["Escape"] },
  { keys: ["End"] },  // some clickers send it: it is to do nothing
];
const BY_KEY = new Map(KEYS.flatMap((entry) => entry.keys.map((key) => [key, entry])));

const plain = (key) => key.length === 1 ? key.toLowerCase() : key;

// alone: there is no server.
export const listKeys = (list, alone) => {
  list.innerHTML = KEYS.filter(({ name, served }) => name && !(alone && served))
    .map(({ name, does }) => `<dt>${name}</dt><dd>${does}</dd>`).join("");
};

// actions: functions by name, called with the key and whether it came right after itself. While
// the help is open, any key of the talk closes it, and any key at all ends a black screen; while
// `busy`, none acts.
export const listenToKeys = (root, talk, actions, { helpIsOpen, isBlack, busy }) => {
  let last = { key: "", time: 0 };

  const act = (key, repeated) => {
    const entry = BY_KEY.get(key), now = performance.now();
    if (!entry?.act && !isBlack()) return;
    const twice = key === last.key && now - last.time < GUARD;
    if (!repeated) last = { key, time: now };
    if (busy() || (repeated && !entry?.repeats) || (twice && !entry?.often)) return;
    if (helpIsOpen() || isBlack()) actions.close();
    else actions[entry.act](key, repeated || twice);
  };

  listen(root, "keydown", (event) => {  // before Streamlit's own shortcuts
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isBlack()) {
      if (event.target.matches?.("input:not([type=range])")) return;
      const onButton = event.target.closest?.(":is(a, button):focus-visible");
      if (onButton && ["Enter", " "].includes(event.key)) return;
      if (!BY_KEY.has(plain(event.key))) return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    act(plain(event.key), event.repeat);
  });
  listen(root, "keyup", (event) => {
    if (BY_KEY.has(plain(event.key))) event.stopImmediatePropagation();
  });
  const notes = openChannel();
  notes.onmessage = ({ data: { talk: name, key } }) => {
    if (!root.isConnected) notes.close();
    else if (name === talk.state.talk) act(plain(key), false);
  };
};
