// Notes which inputs came since the last paint, and when a change of the answer was painted. A
// change in a frame's own callback is painted with that frame, any other one with the next.
(() => {
  const live = window.live = { since: null, taken: [], down: false, kinds: "" };
  let open = false;
  const after = (act) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    port2.postMessage(null);
  };
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (act) => request((time) => {
    if (!open) {
      open = true;
      after(() => { open = false; });
    }
    act(time);
  });
  const note = (event) => {
    if (live.kinds.includes(event.type) && live.since === null) live.since = event.timeStamp;
  };
  for (const kind of ["pointerdown", "pointermove", "pointerup", "click", "keydown"]) {
    addEventListener(kind, note, true);
  }
  window.watchAnswer = () => new MutationObserver(() => {
    const { since } = live;
    if (since === null) return;
    live.since = null;
    const painted = () => live.taken.push(performance.now() - since);
    if (open) after(painted);
    else request(() => after(painted));
  }).observe(document.querySelector(".bl-answer .cards"),
    { subtree: true, childList: true, characterData: true, attributes: true });
})();
