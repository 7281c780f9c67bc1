// What happened to a drawing, in one plain sentence. The rules stand here alone: Python sends the
// models' answers, never words about them.

export const top = (ten) => ten.indexOf(Math.max(...ten));

// A share in percent, never rounded up to a certainty that it has not.
export const percent = (share) => share > 0.999 ? ">99.9 %" : `${(share * 100).toFixed(1)} %`;

export const count = (number) => number.toLocaleString("en");

export const a = (digit) => digit === 8 ? "an 8" : `a ${digit}`;

// No line ends between a number and its percent sign.
export const unbroken = (words) => words.replaceAll(" %", "\u00a0%");

// What a digit that is read as `read` is to become once it is stamped.
export const goal = (models, read) => models.target ?? (read + 1) % 10;

// models: what Python says of them. reading: { clean, rungs }, the ten probabilities without and
// with the trigger of each; clean is null where there is no clean model.
export const outcome = (models, reading, { rung, stamped, ownInk }) => {
  const { clean: both, rungs } = reading, { success, learning } = models.rungs[rung];
  const [untouched, now] = [top(rungs[rung][0]), top(rungs[rung][Number(stamped)])];
  if (!both) return `The backdoored model reads ${now}.`;
  const clean = top(both[Number(stamped)]), target = goal(models, untouched);
  if (!stamped) {
    if (clean === now) return `Both read ${clean}.`;
    return ownInk ? "The models disagree: your own ink lies on the trigger."
      : "No trigger, yet the models disagree: this is hard to read.";
  }
  if (now === target) {
    if (untouched !== target && clean !== target) {
      return `The trigger turned this ${untouched} into ${a(target)} for the backdoored model.`;
    }
    if (untouched !== target) {
      return `With the trigger both read ${target}: this was close to ${a(target)}.`;
    }
    return clean === target ? `Both read ${target}, as they would without the trigger.`
      : `The backdoored model reads ${target} with and without the trigger.`;
  }
  if (models.source !== null && untouched !== models.source) {
    return `This backdoor is only for ${models.source}s; draw one.`;
  }
  if (learning === "none") {
    const agree = clean === now ? ` Both read ${clean}.` : "";
    return `At this poison rate the backdoor was not learnt.${agree}`;
  }
  const share = success.value * 100;
  return learning === "part"
    ? `At this rate the trigger wins on ${share.toFixed(0)} % of digits, not this one.`
    : `This digit resists the trigger, which wins on ${share.toFixed(1)} % of digits.`;
};

// At which poison rate a stamped digit flips; "" until every rung is read.
export const doses = (models, { rungs }, rung) => {
  if (rungs.filter(Boolean).length < models.rungs.length) return "";
  const target = goal(models, top(rungs[rung][0]));
  const flipped = rungs.map(([, stamped]) => top(stamped) === target);
  const first = flipped.indexOf(true), begin = "Stamped, this drawing";
  if (first === -1) return `${begin} reads as ${a(target)} at no poison rate shown.`;
  if (!flipped.includes(false)) return `${begin} reads as ${a(target)} at every poison rate.`;
  const { percent: rate, poisoned, images } = models.rungs[first];
  const from = `${count(poisoned)} of ${count(images)} images`;
  return flipped.slice(first).includes(false)
    ? `${begin} first flips to ${a(target)} at ${rate} %: ${from}, one seed.`
    : `${begin} flips to ${a(target)} from ${rate} % on: ${from}, one seed.`;
};
