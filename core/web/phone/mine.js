// What a phone keeps over a reload: its id, and its newest drawing.

const $ = (id) => document.getElementById(id);
const STORE = "backdoor-lab";

const fresh = () => ({
  phone: [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => (byte % 36).toString(36)).join(""),
  code: "", asked: null, epoch: "", turn: 0, strokes: [],
});
const mine = (() => {
  try {
    return { ...fresh(), ...JSON.parse(localStorage.getItem(STORE) ?? "{}") };
  } catch {
    return fresh();  // a browser that keeps nothing
  }
})();
const keep = () => {
  try {
    localStorage.setItem(STORE, JSON.stringify(mine));
  } catch { /* then it is kept as long as the page is open */ }
};
