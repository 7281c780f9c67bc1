// A phone in the hall: sends the strokes of the digit that it is asked for, and shows what both
// models read. It keeps its drawing until the server has it, and sends it again to a server that
// has started anew. Needs nothing that a page over plain HTTP may not use.

const PATIENCE = 8000;  // ms that an answer may take
let socket = null, alone = 0, answered = 0, sending = false;
const [, go, letters] = location.pathname.match(/^(.*?\/go)(?:\/([^/]*))?\/?$/);
let letSleep = () => {};
const path = (what) => `${go}/${mine.code}/${what}?phone=${mine.phone}`
  + (mine.asked === null ? "" : `&asked=${mine.asked}`);
// The status, 0 without a connection, undefined of a room that was left; and the refusal.
const ask = async (what, options = {}) => {
  const code = mine.code, given = new AbortController();
  const timer = setTimeout(() => given.abort(), PATIENCE);
  try {
    const answer = await fetch(path(what),
      { ...options, headers: { "X-Room": code }, signal: given.signal });
    const said = await answer.json();
    if (rests || code !== mine.code) return [];
    if (answer.ok) take(said);
    return [answer.status, said.refused];
  } catch {
    return rests || code !== mine.code ? [] : [0];
  } finally {
    clearTimeout(timer);
  }
};
const take = (said) => {
  if (!said.epoch) return;  // it only says that it is there
  const anew = mine.epoch && said.epoch !== mine.epoch;
  trouble = "";
  closed = false;
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
const waiting = () => seen && mine.strokes.length && mine.turn > seen.turn;
const send = async () => {
  if (sending) return;
  sending = true;
  for (let wait = 500; waiting() && seen.place !== "muted"; wait = Math.min(wait * 2, 8000)) {
    const { phone, turn, strokes } = mine;
    const body = JSON.stringify({ phone, turn, strokes });
    const [status, refused] = await ask("drawing", { method: "POST", body });
    if (status === undefined || status === 423) break;  // later, once the wall takes drawings
    if (status === 409) await look();  // the room has not seen this phone for long
    else if (status >= 400 && status < 500 && status !== 429) {
      trouble = `The room does not take it: ${refused}.`;
      break;
    } else if (status === 0 || status >= 500) {
      trouble = "No connection. Your drawing is kept and sent again.";
    }
    show();
    if (!waiting()) break;
    await new Promise((next) => setTimeout(next, wait + Math.random() * 500));
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
$("away").addEventListener("click", async () => {
  mine.strokes = [];  // what still waits to be sent, too
  keep();
  const [status] = await ask("away", { method: "POST" });
  if (status === 0 || status > 200) trouble = "No connection. Press “Take mine away” again.";
  show();
});

const look = async () => {
  const [status, refused] = await ask("state");
  if (status === undefined) return;
  closed = status === 404;
  if (closed) trouble = "No such room is open. Is the code right, or is it over?";
  else if (status === 503) trouble = "The room is full.";
  else if (status === 0) trouble = "No connection. Looking again …";
  else if (status !== 200) trouble = `The room does not answer: ${refused}.`;
  if (closed && !mine.epoch) {  // it was never in such a room: the code is to be typed again
    leave();
    $("code").value ||= mine.code;
  }
  show();
};
const leave = () => {
  const left = socket;
  socket = null;
  left?.close();
};
const connect = () => {
  leave();
  if (!mine.code || rests || (closed && !mine.epoch)) return;
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
      rests = "You have joined in another window; this one rests. Reload it to go on here.";
    }
    if (code === 4410) {
      letSleep();
      Object.assign(mine, { turn: 0, strokes: [], epoch: "" });
      keep();
      rests = "The room is closed, and what was drawn is deleted. Thank you!";
    }
    if (rests) {
      seen = null;
      return show();
    }
    look();
    const wait = Math.min(500 * 2 ** alone++, 3000) * (0.5 + Math.random());
    setTimeout(() => { if (!socket) connect(); }, wait);
  };
};
setInterval(() => {  // a line that a sleeping phone has lost says nothing, not even that
  if (document.hidden || !socket) return;
  if (Date.now() - answered > 25000) connect();
  else if (socket.readyState === WebSocket.OPEN) socket.send(".");
}, 10000);
setInterval(() => {  // some networks let no line through, and do not say so
  if (!document.hidden && socket?.readyState === WebSocket.CONNECTING) look();
}, 3000);
const back = () => { if (!document.hidden) connect(); };
document.addEventListener("visibilitychange", back);
addEventListener("pageshow", ({ persisted }) => { if (persisted) connect(); });
addEventListener("online", back);

// The door

const enter = (code) => {
  if (mine.code !== code) Object.assign(mine, { ...fresh(), phone: mine.phone, code });
  strokes = mine.strokes;
  [seen, trouble, closed] = [null, "", false];
  history.replaceState(null, "", `${go}/${code}`);
  keep();
  paint();
  show();
  connect();
  letSleep();
  letSleep = keepAwake(document.body);
};
$("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = $("code").value.trim().toUpperCase();
  if (/^[A-Z]{4}$/.test(code)) enter(code);
  else $("say").textContent = "The code is four letters; the speaker shows it.";
});
const code = letters?.toUpperCase();
if (/^[A-Z]{4}$/.test(code ?? "")) enter(code);
else {
  mine.code = "";
  show();
  $("say").textContent = "";
}
