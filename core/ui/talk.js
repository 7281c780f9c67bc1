// The talk: one component that holds all scenes, so that keys act at once and a talk goes on even
// while its server is away. Python sends words and answers; nothing here decides what a model says.

const SIDE = 280;  // of the canvas, and of the sample strokes
const PEN = 22;
const PATIENCE = 3000;  // ms to wait for an answer before the prepared one is shown
const GUARD = 300;  // ms in which a key pressed twice counts once
const KEYS = [
  ["→, Space, Page Down, Enter", "next"], ["←, Page Up", "back"], ["Home", "start over"],
  ["T", "the trigger"], ["C", "clear the drawing"], ["0 to 9, S", "a sample digit"],
  ["↑ ↓", "poison rate"], ["N", "speaker notes, in a window of their own"],
  ["F", "full screen"], ["L", "light or dark"], ["?", "these keys; Escape closes them"],
];
const ACTIONS = {
  ArrowRight: "next", " ": "next", PageDown: "next", Enter: "next", ArrowLeft: "back",
  PageUp: "back", Home: "over", ArrowUp: "more", ArrowDown: "less", t: "flip", c: "clear",
  s: "sample", n: "notes", f: "full", l: "light", "?": "help", Escape: "close",
};

const BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

const element = (root, selector) => root.querySelector(selector);
const percent = (share) => share > 0.999 ? ">99.9 %" : `${(share * 100).toFixed(1)} %`;
const hundredths = (share) => (share * 100).toFixed(2);
const top = (ten) => ten.indexOf(Math.max(...ten));
const shuffled = (deal) => (Math.imul(deal, 2654435761) >>> 16) & 1;  // from a number in the URL

const begin = (root, data) => {
  const url = new URLSearchParams(location.search);
  const number = (name, low, high, usual) => {
    const found = Number.parseInt(url.get(name), 10);
    return found >= low && found <= high ? found : usual;
  };
  const found = JSON.parse(sessionStorage.getItem("talk") ?? "{}");
  const kept = found.talk === url.get("talk") ? found : {};  // of this talk, loaded again
  const fresh = () => ({
    deal: 1 + Math.floor(Math.random() * 9999),
    rung: data.standing.usual, trigger: false, digit: null, begun: null, entered: Date.now(),
  });
  const scene = number("scene", 1, data.scenes.length, 1);
  const state = {
    ...fresh(), light: false, ...kept,
    scene, step: number("step", 0, data.scenes[scene - 1].words.length - 1, 0),
    talk: url.get("talk") ?? Math.random().toString(36).slice(2, 10),
    turn: 0, problem: "",
  };
  state.deal = number("deal", 1, 9999, state.deal);
  if (scene === 4) state.trigger = state.step > 0;
  state.rung = Math.min(state.rung, data.standing.rungs.length - 1);

  const talk = { state, data, answer: null, send: () => {} };
  const canvas = element(root, ".pad canvas"), pen = canvas.getContext("2d");
  const help = element(root, ".help");
  let drawing = false, waiting = 0, last = ["", 0];

  // The scenes --------------------------------------------------------------------------------

  const order = () => shuffled(state.deal) ? ["backdoored", "clean"] : ["clean", "backdoored"];
  const letter = (model) => "AB"[order().indexOf(model)];
  const stamped = () => state.scene === 6 || (state.scene === 4 || state.scene === 7) && state.trigger;
  // Up to the reveal the talk is about one rung, whatever was done to the slider.
  const rung = () => state.scene > 5 ? state.rung : data.standing.usual;
  const ten = (model, bearing) =>
    (model === "clean" ? talk.answer.clean : talk.answer.rungs[rung()])[Number(bearing)];
  const revealed = () => state.scene === 4 ? state.step === 2 : state.scene > 5;

  const words = () => {
    const given = data.scenes[state.scene - 1].words;
    if (state.scene === 8) return "";
    if (state.scene === 1 && talk.answer) return data.scenes[0].after;
    if (state.scene !== 4) {
      if (state.scene === 6 && talk.answer) return talk.answer.doses;
      if (state.scene === 7 && talk.answer) return talk.answer.words[state.rung][Number(state.trigger)];
      return given[state.step];
    }
    const line = state.step === 2 ? 2 : Number(state.trigger);
    if (line === 1 && talk.answer) {
      const { target } = data.standing;
      const turned = top(ten("backdoored", true)) === target && top(ten("backdoored", false)) !== target;
      if (!turned || top(ten("clean", true)) === target) return talk.answer.words[rung()][1];
    }
    return given[line].replaceAll("{backdoored}", letter("backdoored"))
      .replaceAll("{clean}", letter("clean")).replaceAll("{goal}", data.goal);
  };

  const card = (place, model) => {
    const whole = element(root, `.card:nth-child(${place + 1})`);
    const name = revealed() ? `${letter(model)}: ${model}` : letter(model);
    element(whole, "h2").textContent = state.scene === 1 ? "It reads" : name;
    whole.className = `card ${revealed() ? model : ""}`;
    const found = talk.answer && ten(model, stamped());
    element(whole, ".digit").textContent = found ? top(found) : "?";
    element(whole, ".sure").textContent = found ? `${percent(Math.max(...found))} sure` : "";
    [...element(whole, ".bars").children].forEach((bar, digit) => {
      bar.firstChild.style.height = `${found ? found[digit] * 100 : 0}%`;
      bar.classList.toggle("top", Boolean(found) && digit === top(found));
    });
  };

  const exam = () => {
    const shares = order().map((model) =>
      model === "clean" ? data.standing.clean : data.standing.rungs[data.standing.usual].accuracy);
    const low = Math.floor(Math.min(...shares.map((share) => share.low)) * 500) / 500;
    const at = (share) => (share - low) / (1 - low) * 100;
    shares.forEach((share, i) => {
      const row = element(root, `.paper:nth-child(${i + 1})`);
      element(row, "b").textContent = `${hundredths(share.value)} %`;
      element(row, ".of").textContent = `${share.hits.toLocaleString("en")} of ${share.n.toLocaleString("en")} right`;
      element(row, ".from").style.left = `${at(share.low)}%`;
      element(row, ".from").style.width = `${at(share.high) - at(share.low)}%`;
      element(row, ".dot").style.left = `${at(share.value)}%`;
    });
    element(root, ".scale").innerHTML =
      `<span>${hundredths(low)} %</span><span>95 % intervals</span><span>100 %</span>`;
  };

  const wall = () => {
    const { rows, columns, poisoned, labels } = data.wall, ring = data.standing.trigger[0];
    const true_ = data.wall.true, shown = state.step === 1;
    const found = shown ? poisoned : [];
    element(root, ".marks").replaceChildren(...(shown ? found : talk.guesses).map((tile) => {
      const mark = document.createElement("i");
      mark.className = poisoned.includes(tile) ? "bad" : "fine";
      mark.style.left = `${tile % columns / columns * 100}%`;
      mark.style.top = `${Math.floor(tile / columns) / rows * 100}%`;
      mark.style.width = `${100 / columns}%`;
      mark.style.height = `${100 / rows}%`;
      return mark;
    }));
    element(root, ".large").replaceChildren(...found.map((tile) => {
      const figure = document.createElement("figure");
      figure.innerHTML = `<div class="tile"><i class="ring"></i></div>
        <figcaption>a ${true_[tile]}, labelled ${labels[tile]}</figcaption>`;
      const image = element(figure, ".tile");
      image.style.backgroundImage = `url("${data.wallUrl}")`;
      image.style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
      image.style.backgroundPosition =
        `${tile % columns / (columns - 1) * 100}% ${Math.floor(tile / columns) / (rows - 1) * 100}%`;
      circle(element(figure, ".ring"), ring);
      return figure;
    }));
  };

  const circle = (ring, [row, col]) => {
    ring.style.left = `${(col - 1.5) / 28 * 100}%`;
    ring.style.top = `${(row - 1.5) / 28 * 100}%`;
  };

  const dose = async () => {
    const here = data.standing.rungs[state.rung];
    const poisoned = here.poisoned.toLocaleString("en"), images = here.images.toLocaleString("en");
    for (const rate of root.querySelectorAll(".rate")) {
      element(rate, "b").textContent = `${here.percent} %`;
      element(rate, "span").textContent = `${poisoned} of ${images} images poisoned`;
    }
    element(root, ".read").textContent =
      talk.answer && state.scene === 6 ? `reads ${top(ten("backdoored", true))}` : "";
    for (const slider of root.querySelectorAll("input")) {
      slider.max = data.standing.rungs.length - 1;
      slider.value = state.rung;
    }
    if (state.scene !== 6 || !talk.answer) return;
    const { data: traces, layout } = talk.answer.figure;
    const style = getComputedStyle(root), em = Number.parseFloat(style.fontSize);
    const plot = element(root, ".plot");
    const axis = { gridcolor: "#8886", linecolor: "#8886", zerolinecolor: "#8886" };
    const size = { size: 0.95 * em, color: style.color, family: style.fontFamily };
    await import(new URL(data.plotly, location.origin));
    if (state.scene !== 6) return;
    const line = { ...layout.shapes[0], x0: here.percent, x1: here.percent };
    const title = { ...layout.xaxis.title, font: size };
    window.Plotly.react(plot, traces.map((trace) => ({ ...trace, hoverinfo: "skip" })), {
      ...layout, shapes: [line], font: size, height: plot.clientHeight, width: plot.clientWidth, hovermode: false,
      paper_bgcolor: "transparent", plot_bgcolor: "transparent",
      margin: { l: 4.2 * em, r: em, t: 0.6 * em, b: 4 * em }, showlegend: false,
      xaxis: { ...axis, ...layout.xaxis, title }, yaxis: { ...axis, ...layout.yaxis },
    }, { displayModeBar: false, staticPlot: true });
  };

  const show = () => {
    if (!root.isConnected) return;  // another page is there, and the URL its own
    root.dataset.scene = state.scene;
    root.dataset.step = state.step;
    root.classList.toggle("light", state.light);
    const { title } = data.scenes[state.scene - 1];
    element(root, "h1").textContent = title;
    element(root, ".say").textContent = words();
    const steps = data.scenes.flatMap((each, i) => each.words.map((_, step) => [i + 1, step]));
    const at = steps.findIndex(([i, step]) => i === state.scene && step === state.step);
    element(root, ".line").style.width = `${(at + 1) / steps.length * 100}%`;
    order().forEach((model, place) => card(place, model));
    element(root, ".sees img").src = talk.answer
      ? `data:image/png;base64,${talk.answer.images[Number(stamped())]}` : BLANK;
    element(root, ".sees").classList.toggle("on", state.trigger);
    element(root, ".flip").textContent = state.trigger ? "Trigger: on" : "Trigger: off";
    if (state.scene === 3) exam();
    if (state.scene === 5) wall();
    dose();
    [...element(root, ".home ol").children].forEach((line, i) => {
      line.classList.toggle("said", i <= state.step);
    });
    const { scene, step, deal, talk: name } = state;
    write({ scene, step, deal, talk: name });  // address.JS
    sessionStorage.setItem("talk", JSON.stringify(state));
  };

  const tell = () => {
    const { talk: name, scene, step, turn, digit, problem, begun, entered } = state;
    const since = (then) => then === null ? null : (Date.now() - then) / 1000;
    talk.send({ talk: name, scene, step, turn, digit, problem, backdoored: letter("backdoored"),
      running: since(begun), here: since(entered) });
  };

  // The drawing -------------------------------------------------------------------------------

  const blank = () => { pen.fillStyle = "#000"; pen.fillRect(0, 0, SIDE, SIDE); };
  const stroke = (from, to) => {
    pen.strokeStyle = "#fff";
    pen.lineWidth = PEN;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
  };
  const trace = (digit) => {
    blank();
    for (const line of data.samples[digit]) line.forEach((to, i) => stroke(line[Math.max(0, i - 1)], to));
  };

  const asked = () => {
    state.digit = canvas.toDataURL("image/png");
    state.turn += 1;
    state.problem = "";
    clearTimeout(waiting);
    waiting = setTimeout(() => fallBack("The server gave no answer; a prepared digit is shown."), PATIENCE);
    tell();
    show();
  };
  const fallBack = (problem) => {
    if (!root.isConnected || drawing) return;
    trace(data.sample);
    Object.assign(state, { digit: canvas.toDataURL("image/png"), problem });
    talk.answer = data.prepared;
    show();
    tell();
  };
  const clear = () => {
    blank();
    clearTimeout(waiting);
    Object.assign(state, { digit: null, problem: "", turn: state.turn + 1 });
    talk.answer = null;
    tell();
    show();
  };

  talk.take = (newer) => {
    Object.assign(data, newer);
    if (newer.answer && newer.turn === state.turn && !drawing) {
      clearTimeout(waiting);
      talk.answer = newer.answer;
      if (newer.fallen) trace(data.sample);
    } else if (state.digit && newer.turn !== state.turn) tell();  // a server that has just come back
    show();
  };

  // What a hand can do ------------------------------------------------------------------------

  const go = (scene, step) => {
    if (scene > 1 && !state.digit) { trace(data.sample); asked(); }
    if (scene !== state.scene) state.trigger = scene === 6;
    if (scene === 4) state.trigger = step > 0;
    if (scene !== state.scene) {
      talk.guesses = [];
      state.entered = Date.now();
      if (scene > 1) state.begun ??= Date.now();
    }
    Object.assign(state, { scene, step });
    show();
    tell();
  };
  const actions = {
    next: () => {
      const { length } = data.scenes[state.scene - 1].words;
      if (state.scene === 1 && !state.digit) { trace(data.sample); asked(); }
      else if (state.step < length - 1) go(state.scene, state.step + 1);
      else if (state.scene < data.scenes.length) go(state.scene + 1, 0);
    },
    back: () => {
      if (state.step) go(state.scene, state.step - 1);
      else if (state.scene > 1) go(state.scene - 1, data.scenes[state.scene - 2].words.length - 1);
    },
    over: () => { Object.assign(state, fresh()); talk.guesses = []; clear(); go(1, 0); },
    flip: () => {
      if (state.scene === 4 && state.step < 2) go(4, 1 - state.step);
      else if ([4, 7].includes(state.scene)) { state.trigger = !state.trigger; show(); }
    },
    more: () => { if (state.scene > 5) slide(state.rung + 1); },
    less: () => { if (state.scene > 5) slide(state.rung - 1); },
    clear: () => { if ([1, 2, 7].includes(state.scene)) clear(); },
    sample: () => draw(Math.floor(Math.random() * 10)),
    notes: () => open(`${location.pathname}?notes=1&talk=${state.talk}`, "notes", "width=900,height=700"),
    full: () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
    light: () => { state.light = !state.light; show(); },
    help: () => help.classList.toggle("open"),
    close: () => help.classList.remove("open"),
  };
  const slide = (rung) => {
    state.rung = Math.min(Math.max(rung, 0), data.standing.rungs.length - 1);
    show();
  };
  const draw = (digit) => { trace(digit); asked(); };

  const press = (event) => {
    if (!root.isConnected) return removeEventListener("keydown", press, true);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const digit = /^[0-9]$/.test(key), action = ACTIONS[key];
    if (key === "Enter" && event.target.closest?.(":is(a, button):focus-visible")) return;
    if (!digit && !action && key !== "End") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act(key, event.repeat);
  };
  const act = (key, repeated) => {
    const digit = /^[0-9]$/.test(key) ? Number(key) : null, action = ACTIONS[key];
    if (digit === null && !action) return;
    const twice = key === last[0] && performance.now() - last[1] < GUARD;
    if (!repeated) last = [key, performance.now()];
    const sliding = action === "more" || action === "less" || action === "flip";
    if (drawing || repeated && action !== "more" && action !== "less" || twice && !sliding) return;
    if (help.classList.contains("open")) actions.close();
    else if (digit !== null) draw(digit);
    else actions[action]();
  };
  const channel = new BroadcastChannel("backdoor-lab-talk");  // from the notes
  channel.onmessage = ({ data: { talk: name, key } }) => {
    if (!root.isConnected) channel.close();
    else if (name === state.talk) act(key.length === 1 ? key.toLowerCase() : key, false);
  };
  root.addEventListener("click", () => root.focus());  // no key is to press a button again
  addEventListener("keydown", press, true);  // before Streamlit's own shortcuts
  const quiet = (event) => {
    if (!root.isConnected) return removeEventListener("keyup", quiet, true);
    if (ACTIONS[event.key.length === 1 ? event.key.toLowerCase() : event.key]) event.stopImmediatePropagation();
  };
  addEventListener("keyup", quiet, true);

  const where = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * SIDE / box.width, (event.clientY - box.top) * SIDE / box.height];
  };
  let from = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    if (!state.digit) blank();
    drawing = true;
    clearTimeout(waiting);
    from = where(event);
    stroke(from, from);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing || !event.isPrimary) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const to = where(each);
      stroke(from, to);
      from = to;
    }
  });
  const lift = (event) => {
    if (!drawing || !event.isPrimary) return;
    drawing = false;
    asked();
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);

  talk.guesses = [];
  element(root, ".picture").addEventListener("click", (event) => {
    if (state.scene !== 5 || state.step) return;
    const box = event.currentTarget.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / box.height * data.wall.rows);
    const col = Math.floor((event.clientX - box.left) / box.width * data.wall.columns);
    talk.guesses.push(row * data.wall.columns + col);
    wall();
  });
  for (const slider of root.querySelectorAll("input")) {
    slider.addEventListener("input", () => slide(Number(slider.value)));
  }
  element(root, ".flip").addEventListener("click", actions.flip);
  element(root, ".sees .image").addEventListener("click", actions.flip);
  for (const button of root.querySelectorAll("[data-act]")) {
    button.addEventListener("click", () => actions[button.dataset.act]());
  }
  const fit = () => root.isConnected ? show() : removeEventListener("resize", fit);
  addEventListener("resize", fit);

  // The parts that never change ---------------------------------------------------------------

  for (const bars of root.querySelectorAll(".bars")) {
    bars.innerHTML = [...Array(10).keys()].map((digit) => `<div><i></i><span>${digit}</span></div>`).join("");
  }
  circle(element(root, ".sees .ring"), data.standing.trigger[0]);
  element(root, ".picture").style.backgroundImage = `url("${data.wallUrl}")`;
  element(root, ".picture").style.aspectRatio = `${data.wall.columns} / ${data.wall.rows}`;
  element(root, ".home ol").innerHTML = "";
  for (const line of data.scenes[7].words) {
    const item = document.createElement("li");
    item.textContent = line;
    element(root, ".home ol").append(item);
  }
  const base = location.pathname.replace(/present\/?$/, "");
  for (const link of root.querySelectorAll("a[data-page]")) link.href = base + link.dataset.page;
  element(help, "dl").innerHTML = KEYS.map(([keys, what]) => `<dt>${keys}</dt><dd>${what}</dd>`).join("");

  import(new URL(data.plotly, location.origin));  // scene 6 will want it at once
  blank();
  if (state.digit) {  // a page that was loaded again
    const image = new Image();
    image.onload = () => { pen.drawImage(image, 0, 0); state.turn += 1; tell(); };
    image.src = state.digit;
    state.turn += 1;
  } else if (state.scene > 1) {
    trace(data.sample);
    state.digit = canvas.toDataURL("image/png");
    state.turn += 1;
    talk.answer = data.prepared;
  }
  return talk;
};

export default ({ data, parentElement, setStateValue }) => {
  const root = parentElement.querySelector(".talk");
  const first = !root.talk;
  if (first) {  // above everything, and not made inert by a message of the server's own
    const raise = () => {
      if (!root.isConnected) return document.removeEventListener("fullscreenchange", raise);
      if (root.open) root.close();
      root.showModal();
      root.focus();
    };
    raise();
    document.addEventListener("fullscreenchange", raise);
    root.addEventListener("cancel", (event) => event.preventDefault());
    root.addEventListener("close", () => { if (root.isConnected && !root.open) root.showModal(); });
  }
  const talk = root.talk ??= begin(root, data);
  talk.send = (seen) => setStateValue("seen", seen);
  talk.take(data);
  if (first && !talk.state.digit) talk.send({ ...talk.state, backdoored: "" });
};
