// The wall on a page of its own, beside the talk, whose room it follows.

import { keepAwake } from "../awake.js";
import { listen } from "../listen.js";
import { takeStage } from "../talk/stage.js";
import { makeWall } from "./wall.js";

const KEYS = { t: "flip", u: "cover" };

const begin = (root, data) => {
  const place = root.querySelector(".hall");
  place.innerHTML = data.hall.html;
  const acts = {
    cover: ({ covered, trigger }) => {
      if (trigger) wall.change({ trigger: false });  // no covered drawing is stamped
      wall.show({ ...wall.view, covered: !covered });
    },
    flip: ({ trigger }) => { if (wall.mayFlip()) wall.change({ trigger: !trigger }); },
    reveal: ({ revealed }) => wall.change({ revealed: !revealed }),
  };
  const act = (what) => {
    acts[what](wall.view);
    wall.show(wall.view);
  };
  const wall = makeWall(place, data.trigger, data.target, act, false);
  listen(root, "keydown", (event) => {
    if (event.target.matches?.("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const what = KEYS[event.key.toLowerCase()];
    if (!what) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) act(what);
  });
  listen(root, "resize", () => wall.show(wall.view));
  wall.show(wall.view);
  return wall;
};

export default ({ data, parentElement }) => {
  const root = parentElement.querySelector(".hallpage");
  if (!root.wall) {
    takeStage(root);
    keepAwake(root);
    root.wall = begin(root, data);
  }
  root.wall.take(data.hall);
};
