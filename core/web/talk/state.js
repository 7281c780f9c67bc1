// Where the talk is, and what follows from it. Python's records of the scenes say all the rest:
// nothing here or in the parts knows a scene by its place.

import { writeHere } from "../address.js";
import { touched } from "../live/digit.js";
import { doses, outcome, top, unbroken } from "../live/words.js";
import { recall, remember } from "../storage.js";

const stored = (name) => {  // of this talk, loaded again
  const state = recall("sessionStorage", "talk");
  return state?.talk === name ? state : {};
};

// Letters and digits that nobody can guess.
const random = (length) => Array.from(crypto.getRandomValues(new Uint32Array(length)),
  (each) => (each % 36).toString(36)).join("");

export class Talk {
  answer = null;  // { digit, reading }: the drawing, and what the models make of it, rung by rung
  guesses = [];  // tiles of the wall that the hall suspects
  send = () => {};  // to Python
  write = writeHere();

  constructor(data) {
    this.data = data;
    this.places = data.scenes.flatMap((scene, i) =>
      scene.steps.map((step, j) => ({ scene, step, url: { scene: i + 1, step: j } })));
    const url = new URLSearchParams(location.search);
    const number = (name, low, high, usual) => {
      const value = Number.parseInt(url.get(name), 10);
      return value >= low && value <= high ? value : usual;
    };
    const before = stored(url.get("talk"));
    this.state = {
      // The name, and the secret of those who may steer, are this browser's own: a talk that is
      // opened by its URL in another browser is another talk.
      talk: random(8), secret: random(24),
      ...this.fresh(), light: false, ...before, turn: 0, problem: "",
    };
    const scene = number("scene", 1, data.scenes.length, 1);
    const step = number("step", 0, data.scenes[scene - 1].steps.length - 1, 0);
    this.state.at = this.places.findIndex(({ url }) => url.scene === scene && url.step === step);
    this.state.deal = number("deal", 1, 9999, this.state.deal);
    this.state.rung = Math.min(this.state.rung, data.standing.rungs.length - 1);
    if (this.state.at !== before.at) this.state.pixel = this.step.pixel;
  }

  fresh() {
    return {
      at: 0,  // an index of `places`
      // Decides which model is A.
      deal: this.data.deal ?? 1 + Math.floor(Math.random() * 9999),
      rung: this.data.standing.usual,  // of the poison rates
      pixel: false,  // whether the trigger is on
      digit: null,  // the drawing, as a data URL
      begun: null, entered: Date.now(),  // when the talk and this scene began
    };
  }

  get scene() { return this.places[this.state.at].scene; }
  get step() { return this.places[this.state.at].step; }
  get hasSlider() { return this.shows("dose") || this.shows("reach"); }
  // Where no slider is seen, the talk is about one rung, whatever was done to it elsewhere.
  get rung() { return this.hasSlider ? this.state.rung : this.data.standing.usual; }
  get revealed() {
    return this.places.slice(0, this.state.at + 1).some(({ step }) => step.reveals);
  }
  get order() {  // which of the two is A, and which is B
    const swapped = (Math.imul(this.state.deal, 2654435761) >>> 16) & 1;
    return swapped ? ["backdoored", "clean"] : ["clean", "backdoored"];
  }

  shows(part) { return this.scene.parts.includes(part); }
  letter(role) { return "AB"[this.order.indexOf(role)]; }
  ten(role, stamped) {  // probabilities; undefined until the models have answered
    const { clean, rungs } = this.answer?.reading ?? { rungs: [] };
    return (role === "clean" ? clean : rungs[this.rung])?.[Number(stamped)];
  }
  get answered() { return Boolean(this.ten("backdoored", false)); }
  turnsDigit() {  // whether the pixel does to this drawing what the talk says it does
    const { target } = this.data.standing;
    return top(this.ten("backdoored", true)) === target
      && top(this.ten("backdoored", false)) !== target && top(this.ten("clean", true)) !== target;
  }

  get words() {
    const { step, answered } = this;
    if (this.shows("lines")) return "";
    const said = answered ? this.sentences() : {};
    let words = (answered && step.answered) || step.words;
    if (answered && step.needs_turn && !this.turnsDigit()) words = "{reading}";
    if (words.includes("{doses}") && !said.doses) words = step.words;  // some are still to be read
    return unbroken(words.replaceAll("{backdoored}", this.letter("backdoored"))
      .replaceAll("{clean}", this.letter("clean"))
      .replaceAll("{doses}", said.doses).replaceAll("{reading}", said.reading));
  }
  sentences() {  // what the models make of the drawing
    const { rung, answer: { digit, reading }, state: { pixel }, data: { standing } } = this;
    const ownInk = touched(digit, standing.trigger);
    return {
      doses: doses(standing, reading, rung),
      reading: outcome(standing, reading, { rung, stamped: pixel, ownInk }),
    };
  }

  keep() {  // in the URL, and for a page that is loaded again
    const { deal, talk, at } = this.state;
    this.write({ ...this.places[at].url, deal, talk });
    remember("sessionStorage", "talk", this.state);
  }

  tell() {
    const { talk, secret, at, turn, digit, problem, begun, entered } = this.state;
    const since = (time) => time === null ? null : (Date.now() - time) / 1000;
    this.send({ talk, secret, at, turn, digit, problem, rung: this.rung,
      backdoored: this.letter("backdoored"), running: since(begun), here: since(entered) });
  }
}
