// What a phone shows: what it is asked for, what became of it, and what both models read.

let seen = null, trouble = "";  // what the server said last; why it says nothing
let rests = "";  // why this window asks for nothing any more, until it is loaded anew
let closed = false;  // no room of this code is open

const sentence = () => {
  if (rests) return rests;
  if (!seen) return trouble || "Looking for the room …";
  if (trouble) return trouble;
  const waits = mine.turn > seen.turn && mine.strokes.length > 0;
  if (waits && seen.frozen) return "The wall takes no drawings at the moment. Yours is kept.";
  if (waits && seen.place !== "muted") return "Sending …";
  if (changed) return strokes.length ? "Press Send when it is done." : "";
  const reads = seen.reads.map(([plain]) => plain);
  return {
    nowhere: "",
    wall: `It is on the wall, as number ${seen.tile}.`,
    drawer: `We read ${an(reads.find((each) => each !== seen.asked))}. Draw the ${seen.asked} `
      + "again, if you like; the speaker can show this one all the same.",
    away: "It is not on the wall any more.",
    hidden: "The speaker has hidden your drawing. You can draw another.",
    muted: "The speaker has hidden your drawing, and takes no other.",
  }[seen.place];
};
const an = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;
const show = () => {
  const inside = Boolean(seen);
  $("room").hidden = !inside;
  $("enter").hidden = Boolean(mine.code) && !closed;
  $("ask").textContent = inside ? `Draw ${an(seen.asked)}.` : "Backdoor Lab";
  $("say").textContent = sentence();
  if (!inside) return;
  $("send").disabled = !changed || !strokes.length;
  $("home").hidden = !seen.home;
  $("home").href = path("home");
  $("away").hidden = !["wall", "drawer"].includes(seen.place);
  document.querySelector(".pad").classList.toggle("stamped", Boolean(seen.pixel));
  if (seen.pixel) {
    const ring = document.querySelector(".pad i");
    ring.style.top = `${(seen.pixel[0] - 1.5) / 28 * 100}%`;
    ring.style.left = `${(seen.pixel[1] - 1.5) / 28 * 100}%`;
  }
  document.querySelectorAll(".card").forEach((card, i) => {
    const reads = changed ? null : seen.reads[i];
    card.className = `card ${seen.names[i]}`;
    card.querySelector("h2").textContent = seen.names[i];
    card.querySelector("b").textContent = reads ? reads[Number(seen.trigger)] : "?";
  });
};
