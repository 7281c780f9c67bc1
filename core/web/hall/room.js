// The speaker's line to the room: what is on the wall, several times a second, and what the speaker
// does to it. It remembers the room, and opens it again on a server that has started anew, of which
// it knows by its key.

const SOON = 300, LATER = 3000;  // ms between two looks: at the wall, and from elsewhere
const PATIENCE = 20000;  // ms that an answer may take; a server that has just started loads models

// news: called whenever something has changed. root: as long as it is on the page.
export const makeRoom = (root, news) => {
  let key = "", base = "", known = null, number = 0, timer = 0, told = "";
  let lost = "", refused = "";  // why nothing is heard; why the last act was not
  let turn = 0;  // grows when the room is opened or closed: what was asked before says nothing more
  const room = { open: false, tiles: new Map(), problem: "", near: true, tally: null };

  const take = (said) => {
    if (!said.open && known && known.key !== key) {
      number = 0;
      ask("open", { code: known.code, port: known.port });
      known.key = key;
      return;
    }
    if (!said.open) {
      known = null;
      room.tiles.clear();
      Object.assign(room, { open: false, tally: null });
      return;
    }
    if (said.epoch !== room.epoch) {
      room.tiles.clear();
      told = "";
    }
    for (const tile of said.tiles) {
      room.tiles.delete(tile.tile);  // so that the newest stands last
      room.tiles.set(tile.tile, tile);
    }
    const there = new Set(said.known);  // in a full room, some have made room for others
    for (const tile of room.tiles.keys()) if (!there.has(tile)) room.tiles.delete(tile);
    number = said.number;
    known = { code: said.code, port: said.port, key };
    Object.assign(room, said, { tiles: room.tiles });
  };
  const request = async (path, options = {}) => {
    const given = new AbortController(), timer = setTimeout(() => given.abort(), PATIENCE);
    try {
      return await fetch(`${base}hall/${path}`,
        { ...options, headers: { "X-Key": key }, signal: given.signal });
    } finally {
      clearTimeout(timer);
    }
  };
  const ask = async (what, body) => {
    const before = turn;
    try {
      const answer = await request(what, body === undefined ? {}
        : { method: "POST", body: JSON.stringify(body) });
      const said = await answer.text().then((words) => words && JSON.parse(words));
      if (!said) return;  // a server that has started anew; its key will come
      if (before !== turn) return;
      lost = "";
      if (said.refused || body !== undefined) refused = said.refused ?? "";
      if (!said.refused) take(said);
    } catch {
      lost = "The server does not answer; looking again.";
    }
    room.problem = lost || refused;
    news();
  };
  const look = async () => {
    clearTimeout(timer);
    if (!root.isConnected) return;
    if (room.near || room.open) await ask(`wall?after=${room.open ? number : 0}`);
    timer = setTimeout(look, room.near && room.open ? SOON : LATER);
  };

  return Object.assign(room, {
    // What Python said: the key of this start of the server.
    take(data) {
      key = data.key;
      root.classList.toggle("apps-port", data.appsPort);
      root.classList.toggle("private", data.private);
      base = new URL(data.base, location.origin).href;
      if (!timer) ask("wall?after=0").then(look);
    },
    openIt() {
      turn++;
      return ask("open", { code: "", port: 0 }).then(look);  // from now on often
    },
    closeIt() {
      turn++;
      known = null;
      room.tiles.clear();
      return ask("close", null);
    },
    clear: () => ask("clear", null),
    move: (tile, act) => ask("move", { tile, act }),
    freeze: (frozen) => ask("change", { frozen }),
    // What the phones follow; told once.
    follow(state) {
      const words = JSON.stringify(state);
      if (!room.open || words === told) return;
      told = words;
      room.change(state);
    },
    change(state) {
      turn++;  // what is on its way is older
      Object.assign(room, state);
      return ask("change", state);
    },
    look,
    // Where phones find the room: { url, svg }, the latter a code to scan; or { refused }.
    async invitation(host) {
      const query = new URLSearchParams({ host, app: base });
      return (await request(`invitation?${query}`)).json();
    },
    // A code by which phones join a network, as SVG; none where there is no such network.
    async wifi(name, password) {
      const body = JSON.stringify({ name, password });
      return (await (await request("wifi", { method: "POST", body })).json()).svg ?? "";
    },
    // Where a phone finds the speaker's notes, in words.
    async remote() {
      const { place, refused } = await (await request("remote")).json();
      return refused ?? `${location.protocol}//${place}${location.pathname}?notes=1`;
    },
    async kept() {
      return (await request("kept")).blob();
    },
  });
};
