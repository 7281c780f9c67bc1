// The talk: one component that holds all scenes, so that keys act at once and a talk goes on even
// while its server is away. Python sends the scenes and what the models say.

import { keepAwake } from "../awake.js";
import { listen } from "../listen.js";
import { makeDrawing } from "./drawing.js";
import { makeHall } from "./hall.js";
import { listKeys, listenToKeys } from "./keys.js";
import { makeCards, makeExam, makeLines, makeSees } from "./parts.js";
import { makeRate } from "./rate.js";
import { makeScan } from "./scan.js";
import { takeStage } from "./stage.js";
import { Talk } from "./state.js";
import { makeWall } from "./wall.js";

const ABOUT = ["cards", "sees", "dose"];  // the parts of a scene that is about a drawing

const begin = (root, data, send) => {
  const talk = new Talk(data), { state, places } = talk;
  talk.send = send;
  const help = root.querySelector(".help");
  const rate = makeRate(root, talk);
  const showAlways = [makeCards(root, talk), makeSees(root, talk), rate.show];
  const showPart = {
    exam: makeExam(root, talk), wall: makeWall(root, talk), lines: makeLines(root, talk),
    scan: makeScan(root, talk),
  };

  talk.show = () => {
    if (!root.isConnected) return;  // another page is there, and the URL its own
    const { scene, step } = talk;
    Object.assign(root.dataset, places[state.at].url);
    Object.assign(root.dataset, {
      parts: scene.parts.join(" "), layout: scene.layout, flip: step.flip,
    });
    root.classList.toggle("light", state.light);
    root.classList.toggle("first", state.at === 0);
    root.querySelector("h1").textContent = scene.title;
    root.querySelector(".line").style.width = `${(state.at + 1) / places.length * 100}%`;
    for (const show of showAlways) show();
    for (const part of scene.parts) showPart[part]?.();
    talk.hall.show();
    if (talk.drawing.busy) return;  // words that change with every frame are noise
    root.querySelector(".say").textContent = talk.words;
    talk.keep();
  };

  const drawing = talk.drawing = makeDrawing(root, talk);

  // Without a room, the scene of the hall is its first step.
  const past = (at, forth) => {
    const needsRoom = ({ scene: { parts, steps: [first] }, step }) =>
      parts.includes("hall") && step !== first;
    while (places[at] && needsRoom(places[at]) && !talk.hall.open) at += forth ? 1 : -1;
    return at;
  };
  const go = (wanted) => {
    const at = past(wanted, wanted > state.at);
    if (!places[at]) return;
    const before = talk.scene, forth = at > state.at;
    state.at = at;
    if (forth && talk.step.afresh) {
      state.rung = data.standing.usual;
      drawing.clear();
    } else if (at > 0 && !state.digit && ABOUT.some((part) => talk.shows(part))) drawing.sample();
    state.pixel = talk.step.pixel;
    if (at > 0) state.begun ??= Date.now();
    if (talk.scene !== before) {
      talk.guesses = [];
      state.entered = Date.now();
    }
    talk.show();
    talk.tell();
  };
  const flips = {  // what the trigger's key does, by the step's word for it
    nothing: () => {},
    toggle: () => {
      state.pixel = !state.pixel;
      talk.show();
    },
    next: () => go(state.at + 1),
    back: () => go(state.at - 1),
  };
  // Whether a key that came right after itself, or one with a slider to move, has had its effect.
  const slide = (rung, again) => {
    const there = talk.hasSlider && Boolean(data.standing.rungs[rung]);
    if (there) rate.slide(rung);
    return there || again;
  };
  const isBlack = () => root.classList.contains("black");
  const actions = {
    next: () => {
      if (state.at === 0 && !state.digit && talk.shows("pad")) drawing.sample();
      else go(state.at + 1);
    },
    back: () => go(state.at - 1),
    startOver: () => {
      Object.assign(state, talk.fresh());
      drawing.clear();
      go(0);
    },
    flip: () => { if (talk.hall.mayFlip()) flips[talk.step.flip](); },
    cover: () => talk.hall.cover(),
    more: (_, again) => slide(state.rung + 1, again) || go(state.at - 1),
    less: (_, again) => slide(state.rung - 1, again) || actions.next(),
    clear: () => { if (talk.shows("pad")) drawing.clear(); },
    sample: (digit) => drawing.sample(Number(digit)),
    anySample: () => drawing.sample(Math.floor(Math.random() * data.samples.length)),
    right: () => {
      state.rung = data.standing.usual;
      if (!talk.answered || !talk.turnsDigit()) drawing.sample();
      talk.show();
      talk.tell();
    },
    notes: () => {
      if (data.alone) return;
      const query = `?notes=1&talk=${state.talk}&token=${state.secret}`;
      open(location.pathname + query, "notes", "width=900,height=700");
    },
    fullScreen: () => document.fullscreenElement
      ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
    light: () => {
      state.light = !state.light;
      talk.show();
    },
    help: () => {
      help.classList.toggle("open");
      const address = help.querySelector(".remote");
      talk.hall.remote().then((words) => { address.textContent = words; })
        .catch(() => { address.textContent = "The server does not answer."; });
    },
    black: () => root.classList.add("black"),
    close: () => {
      help.classList.remove("open");
      root.classList.remove("black");
    },
  };

  root.classList.toggle("alone", Boolean(data.alone));  // no server, and no other pages
  root.classList.toggle("single", places.length === 1);
  talk.hall = makeHall(root, talk, actions);
  listenToKeys(root, talk, actions, {
    helpIsOpen: () => help.classList.contains("open"),
    isBlack,
    busy: () => drawing.busy,
  });
  listKeys(help.querySelector("dl"), data.alone);
  listen(root, "click", ({ target }) => {
    if (!root.contains(target) || drawing.busy) return;  // a palm beside the pen presses nothing
    if (isBlack()) actions.close();
    else actions[target.closest("[data-act]")?.dataset.act]?.();
  });
  const base = location.pathname.replace(/present\/?$/, "");
  for (const link of root.querySelectorAll("a[data-page]")) link.href = base + link.dataset.page;
  listen(root, "resize", talk.show);
  return talk;
};

export default ({ data, parentElement, setStateValue }) => {
  const root = parentElement.querySelector(".talk");
  const send = (seen) => setStateValue("seen", seen);
  const first = !root.talk;
  if (first) {
    takeStage(root);
    keepAwake(root);
    root.talk = begin(root, data, send);
  }
  const { talk } = root;
  talk.send = send;
  talk.drawing.take(data);
  talk.hall.take(data);
  if (first && !talk.state.digit) talk.tell();
};
