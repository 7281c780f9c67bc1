// A phone in the hall: sends the strokes of the digit that it is asked for, and shows what both
// models read. It keeps its drawing until the server has it, and sends it again to a server that
// has started anew. Needs nothing that a page over plain HTTP may not use.

let seen = null, trouble = "";  // what the server said last; why it says nothing

// What is said

const sentence = () => {
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
  $("enter").hidden = Boolean(mine.code);
  $("ask").textContent = inside ? `Draw ${an(seen.asked)}.` : "Backdoor Lab";
  $("say").textContent = sentence();
  if (!inside) return;
  $("send").disabled = !changed || !strokes.length;
  $("home").hidden = seen.names[0] === "A";  // before the reveal
  $("home").href = `/go/${mine.code}/home`;
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

// The line to the server

let socket = null, alone = 0, answered = 0, sending = false;
const path = (what) => `/go/${mine.code}/${what}?phone=${mine.phone}`
  + (mine.asked === null ? "" : `&asked=${mine.asked}`);
const ask = async (what, options = {}) => {
  const answer = await fetch(path(what), { ...options, headers: { "X-Room": mine.code } });
  const said = await answer.json();
  if (answer.ok) take(said);
  return [answer.status, said.refused];
};
const take = (said) => {
  if (!said.epoch) return;  // it only says that it is there
  const anew = mine.epoch && said.epoch !== mine.epoch;
  trouble = "";
  seen = said;
  Object.assign(mine, { epoch: said.epoch, asked: said.asked });
  // What was taken away or hidden stays so, on a server that has started anew too.
  if (["away", "hidden", "muted"].includes(said.place) && said.turn >= mine.turn) mine.strokes = [];
  keep();
  show();
  if (mine.turn > said.turn && !said.frozen && said.place !== "muted") {
    setTimeout(send, anew ? Math.random() * 3000 : 0);
  }
};
const send = async () => {
  if (sending || !mine.strokes.length) return;
  sending = true;
  for (let wait = 500; mine.turn > seen.turn; wait = Math.min(wait * 2, 8000)) {
    const body = JSON.stringify({
      phone: mine.phone, turn: mine.turn, asked: mine.asked, strokes: mine.strokes,
    });
    let status = 0, refused = "";
    try {
      [status, refused] = await ask("drawing", { method: "POST", body });
    } catch { /* no connection */ }
    if (seen.place === "muted") break;
    if (status === 423) break;  // it is sent once the wall takes drawings again
    if (status >= 400 && status < 500 && status !== 429) {
      trouble = `The room does not take it: ${refused}.`;
      break;
    }
    if (status === 0 || status >= 500) {
      trouble = "No connection. Your drawing is kept and sent again.";
    }
    show();
    if (mine.turn <= seen.turn) break;
    await new Promise((go) => setTimeout(go, wait + Math.random() * 500));
  }
  sending = false;
  show();
};
$("send").addEventListener("click", () => {
  Object.assign(mine, { strokes, turn: Math.max(mine.turn, seen.turn) + 1 });
  changed = false;
  keep();
  show();
  send();
});
$("away").addEventListener("click", () => {
  mine.strokes = [];  // what still waits to be sent, too
  keep();
  ask("away", { method: "POST" }).catch(() => {});
});

const look = async () => {
  try {
    const [status] = await ask("state");
    if (status === 404) trouble = "No such room is open. Is the code right, or is it over?";
    else if (status === 503) trouble = "The room is full.";
  } catch {
    trouble = "No connection. Looking again …";
  }
  show();
};
const connect = () => {
  socket?.close();
  if (!mine.code) return;
  const server = `${location.protocol.replace("http", "ws")}//${location.host}`;
  const own = socket = new WebSocket(server + path("live"));
  answered = Date.now();
  own.onmessage = ({ data }) => {
    answered = Date.now();
    alone = 0;
    if (own === socket) take(JSON.parse(data));
  };
  own.onclose = ({ code }) => {
    if (own !== socket) return;
    socket = null;
    if (code === 4409) {
      trouble = "You have joined in another window; this one rests. Reload it to go on here.";
      seen = null;
      return show();
    }
    if (code === 4410) {
      Object.assign(mine, { turn: 0, strokes: [], epoch: "" });
      keep();
      seen = null;
      trouble = "The room is closed, and what was drawn is deleted. Thank you!";
      return show();
    }
    look();
    const wait = Math.min(500 * 2 ** alone++, 3000) * (0.5 + Math.random());
    setTimeout(() => { if (!socket) connect(); }, wait);
  };
};
setInterval(() => {  // a line that a sleeping phone has lost says nothing, not even that
  if (document.hidden || !socket || socket.readyState !== WebSocket.OPEN) return;
  if (Date.now() - answered > 25000) connect();
  else socket.send(".");
}, 10000);
const back = () => { if (!document.hidden) connect(); };
document.addEventListener("visibilitychange", back);
addEventListener("pageshow", ({ persisted }) => { if (persisted) connect(); });
addEventListener("online", back);

// The door

const enter = (code) => {
  if (mine.code !== code) Object.assign(mine, { ...fresh(), phone: mine.phone, code });
  strokes = mine.strokes;
  history.replaceState(null, "", `/go/${code}`);
  keep();
  paint();
  show();
  connect();
};
$("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = $("code").value.trim().toUpperCase();
  if (/^[A-Z]{4}$/.test(code)) enter(code);
  else $("say").textContent = "The code is four letters; the speaker shows it.";
});
const code = location.pathname.split("/")[2]?.toUpperCase();
if (/^[A-Z]{4}$/.test(code ?? "")) enter(code);
else {
  mine.code = "";
  show();
  $("say").textContent = "";
}
