// What is pressed while the speaker's notes have the focus goes to the talk, in the same browser.

import { openChannel } from "../channel.js";

const listen = (place) => {
  const channel = openChannel();
  const press = (event) => {
    if (!place.isConnected) return removeEventListener("keydown", press, true);
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    if (event.target.closest?.("input")) return;  // the code is typed
    if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) channel.postMessage({ talk: place.talk, key: event.key });
  };
  addEventListener("keydown", press, true);
  return true;
};

export default ({ data, parentElement: place }) => {
  place.talk = data.talk;
  place.listens ??= listen(place);
};
