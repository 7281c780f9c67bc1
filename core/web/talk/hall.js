// The hall's wall as a part of the talk, whose steps say how it is looked at.

import { makeWall } from "../hall/wall.js";

// actions: of the talk, of which a button of the wall may ask for one.
export const makeHall = (root, talk, actions) => {
  if (talk.data.alone) {
    return { take() {}, show() {}, cover() {}, mayFlip: () => true, remote: async () => "",
      open: false };
  }
  const place = root.querySelector(".hall"), { trigger, target } = talk.data.standing;
  place.innerHTML = talk.data.hall.html;
  const wall = makeWall(place, trigger, target, (what) =>
    actions[what === "reveal" ? "next" : what](), true);
  return {
    take: ({ hall }) => wall.take(hall),
    get open() { return wall.open; },
    cover() {
      if (!wall.open || !talk.shows("hall")) return;
      if (!talk.step.marks) actions.next();
      else while (talk.shows("hall") && talk.step.marks && talk.state.at) actions.back();
    },
    mayFlip: () => !talk.shows("hall") || wall.mayFlip(),
    remote: wall.remote,
    show: () => wall.show({
      covered: talk.shows("hall") && !talk.step.marks, trigger: talk.state.pixel,
      revealed: talk.revealed, order: talk.order,
    }, talk.shows("hall")),
  };
};
