// What a phone keeps over a reload: its id, and its newest drawing.

const $ = (id) => document.getElementById(id);
const STORE = "backdoor-lab";

const fresh = () => ({
  phone: [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => (byte % 36).toString(36)).join(""),
  code: "", asked: null, epoch: "", turn: 0, strokes: [],
});
const mine = { ...fresh(), ...recall("localStorage", STORE) };
const keep = () => remember("localStorage", STORE, mine);
