// Watches every frame: when the answer last changed, and whether anything blinked or moved.
() => {
  const shown = () => {
    const cards = [...document.querySelectorAll(".bl-answer .card")];
    const image = document.querySelector(".bl-answer .sees canvas");
    if (cards.length < 2 || !image || !document.querySelector(".bl-answer .bars i")) return null;
    const digits = cards.map(card => card.querySelector(".digit").title);
    const tops = cards.map(card => Math.max(
      ...[...card.querySelectorAll(".bars i")].map(bar => parseFloat(bar.style.height) || 0)));
    const agree = digits.every((d, i) => d === "" || Math.abs(parseFloat(d) - tops[i]) < 1e-4);
    // another image at every stroke
    return agree ? digits.join() + tops.join() + image.toDataURL() : "mixed";
  };
  const places = () => [".words", ".cards", ".bars", ".bl-dose", ".st-key-pad-canvas"].map(s => {
    const box = document.querySelector(s)?.getBoundingClientRect();
    return box ? [box.top, box.left, box.height, box.width].map(Math.round).join() : "gone";
  }).join(" ");
  const watch = window.watch = { frames: 0, blank: 0, mixed: 0, moved: 0, changed: 0,
                                 start: 0, value: shown(), place: places() };
  addEventListener("pointerup", () => watch.start = performance.now(), true);
  const frame = () => {
    const value = shown(), place = places();
    watch.frames++;
    if (value === null) watch.blank++;
    else if (value === "mixed") watch.mixed++;
    else if (value !== watch.value) {
      watch.value = value;
      const paint = new MessageChannel();  // its message comes after this frame is painted
      paint.port1.onmessage = () => watch.changed = performance.now();
      paint.port2.postMessage(0);
    }
    if (place !== watch.place) { watch.moved++; watch.place = place; }
    requestAnimationFrame(frame);
  };
  frame();
}
