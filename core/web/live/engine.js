// The models, loaded into the browser, which answers by itself from then on.

import { imageOf, stamp } from "./digit.js";
import { parse, read, softmax } from "./network.js";

const WARM = 20;  // readings until the browser has made fast code of the network

const loaded = new Map();  // weights by URL; kept while any model of a set is asked for

const idle = () => new Promise((go) => (window.requestIdleCallback ?? setTimeout)(go));

const load = async (url) => {
  const answer = await fetch(new URL(url, location.href));
  if (!answer.ok) throw new Error(`expected weights at ${url}, got ${answer.status}`);
  const buffer = await answer.arrayBuffer();
  await idle();
  loaded.set(url, parse(buffer));
};

const warm = async (weights) => {
  for (let i = 0; i < WARM; i++) {
    if (i % 4 === 0) await idle();
    const plain = read(weights, new Float32Array(784));
    read(weights, new Float32Array(784).fill(1, 0, 1), plain);
  }
};

// models: { clean, rungs, trigger }, as Python says them: clean and each of the rungs has the URL
// of its weights. ready: called once the clean model and the first rung are there, and again when
// all are.
export const makeEngine = (models, firstRung, ready) => {
  const urls = models.rungs.map((rung) => rung.weights), { clean } = models;
  let maps = null;  // the last digit, and every model's two readings of it

  const start = async () => {
    const others = urls.filter((_, rung) => rung !== firstRung);
    for (const url of loaded.keys()) if (![clean, ...urls].includes(url)) loaded.delete(url);
    const missing = (list) => list.filter((url) => url && !loaded.has(url));
    await Promise.all(missing([clean, urls[firstRung]]).map(load));
    await warm(loaded.get(urls[firstRung]));
    ready();
    for (const url of missing(others)) await load(url);
    if (others.length) ready();
  };

  const ofModel = (url, digit) => {
    if (!maps || maps.digit !== digit) {
      const image = imageOf(digit);
      maps = { digit, image, stamped: stamp(image, models.trigger), of: new Map() };
    }
    if (!maps.of.has(url)) {
      const plain = read(loaded.get(url), maps.image);
      maps.of.set(url, [plain, read(loaded.get(url), maps.stamped, plain)]);
    }
    return maps.of.get(url);
  };
  const tens = (both) => both.map(({ logits }) => softmax(logits));
  const has = (rung) => loaded.has(urls[rung]) && (!clean || loaded.has(clean));

  return {
    started: start().catch(() => {}),  // without weights Python's answers are shown, as they come
    has,
    get hasAll() { return urls.every((_, rung) => has(rung)); },
    // The clean model's ten logits; null where there is none.
    logits: (digit) => clean && loaded.has(clean) ? ofModel(clean, digit)[0].logits : null,
    // What the clean model and some rungs make of a digit, 784 bytes.
    read(digit, rungs) {
      const reading = { clean: clean ? tens(ofModel(clean, digit)) : null, rungs: [] };
      for (const rung of rungs) reading.rungs[rung] = tens(ofModel(urls[rung], digit));
      return reading;
    },
    // What the clean model and a rung make of the image, stamped or not, with one pixel white.
    probe(digit, rung, stamped, pixel) {
      const white = (url) => {
        const near = ofModel(url, digit)[Number(stamped)];
        const image = (stamped ? maps.stamped : maps.image).slice();
        image[pixel] = 1;
        return softmax(read(loaded.get(url), image, near).logits);
      };
      return [clean && white(clean), white(urls[rung])];
    },
  };
};
