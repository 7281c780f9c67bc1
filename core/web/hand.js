// The one pointer that draws: the first that comes down, until it is lifted. Whatever else touches
// the screen meanwhile, a palm or another finger, is not heard. A pen that comes down while a touch
// draws takes its place: that was the palm, and what it drew is undone.

// begun, moved and done are called with the pointer's events, undone with none. A pointer whose end
// was not heard ends when the next of its kind comes down alone.
export const makeHand = ({ begun, moved, done, undone }) => {
  let held = null;  // the pointer that draws

  return {
    get busy() { return held !== null; },
    down(event) {
      if (held) {
        const gone = event.isPrimary && event.pointerType === held.pointerType;
        const palm = event.pointerType === "pen" && held.pointerType === "touch";
        if (!gone && !palm) return;
        if (palm) undone();
        else done(event);
      }
      held = { pointerId: event.pointerId, pointerType: event.pointerType };
      begun(event);
    },
    move(event) {
      if (event.pointerId === held?.pointerId) moved(event);
    },
    up(event) {
      if (event.pointerId !== held?.pointerId) return;
      held = null;
      done(event);
    },
  };
};
