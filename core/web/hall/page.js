// The wall on a page of its own, beside the talk: two keys, and the models by their names.

import { listen } from "../listen.js";
import { takeStage } from "../talk/stage.js";
import { makeWall } from "./wall.js";

const begin = (root, data) => {
  const place = root.querySelector(".hall");
  place.innerHTML = data.hall.html;
  const view = { covered: true, trigger: false, revealed: true, order: ["clean", "backdoored"] };
  const turn = {
    cover: () => { view.covered = !view.covered; },
    flip: () => { view.trigger = !view.trigger && !view.covered; },
  };
  const act = (what) => {
    turn[what]();
    wall.show({ ...view });
  };
  const wall = makeWall(place, data.trigger, data.target, act);
  const keys = { t: "flip", u: "cover" };
  listen(root, "keydown", (event) => {
    if (event.target.matches?.("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const what = keys[event.key.toLowerCase()];
    if (!what) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act(what);
  });
  listen(root, "resize", () => wall.show({ ...view }));
  wall.show({ ...view });
  return wall;
};

export default ({ data, parentElement }) => {
  const root = parentElement.querySelector(".hallpage");
  if (!root.wall) {
    takeStage(root);
    root.wall = begin(root, data);
  }
  root.wall.take(data.hall);
};
