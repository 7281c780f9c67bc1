// Keeps the talk above everything: a modal dialog lies over any message of the server's own, and
// is not made inert by one.

export const takeStage = (root) => {
  const raise = () => {
    if (!root.isConnected) return document.removeEventListener("fullscreenchange", raise);
    if (root.open) root.close();
    root.showModal();
    root.focus();
  };
  raise();
  document.addEventListener("fullscreenchange", raise);  // what fills the screen lies above it
  root.addEventListener("cancel", (event) => event.preventDefault());
  root.addEventListener("close", () => {
    if (root.isConnected && !root.open) root.showModal();
  });
  root.addEventListener("click", () => root.focus());  // no key is to press a button again
};
