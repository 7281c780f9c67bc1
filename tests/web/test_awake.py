"""core/web/awake.js: the screen stays on while somebody looks, where the browser can do that."""

RUN = """
async ({ refuses }) => {
  const { keepAwake } = await import("/awake.js");
  const locks = [];
  let hidden = false;
  Object.defineProperty(document, "hidden", { get: () => hidden });
  const request = async () => {
    if (refuses) throw new DOMException("no", "NotAllowedError");
    const lock = { released: false, release() { this.released = true; } };
    locks.push(lock);
    return lock;
  };
  Object.defineProperty(navigator, "wakeLock",
    { value: refuses === null ? undefined : { request } });
  const awake = () => locks.filter(({ released }) => !released).length;
  const turn = async (away) => {
    hidden = away;
    if (away) for (const lock of locks) lock.release();  // as a browser does
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    await new Promise((go) => setTimeout(go));
    return awake();
  };
  const letSleep = keepAwake(document.body), seen = [];
  await new Promise((go) => setTimeout(go));
  seen.push(awake(), await turn(true), await turn(false), await turn(false));
  letSleep();
  return [...seen, await turn(false)];
}
"""


def test_it_is_kept_on_whenever_the_page_is_seen(lab):
    assert lab().evaluate(RUN, {"refuses": False}) == [1, 0, 1, 1, 0]


def test_a_browser_that_refuses_or_cannot_is_left_alone(lab):
    page, complaints = lab(), []
    page.on("pageerror", lambda error: complaints.append(f"{error}"))
    assert page.evaluate(RUN, {"refuses": True}) == [0] * 5
    page = lab()
    page.on("pageerror", lambda error: complaints.append(f"{error}"))
    assert page.evaluate(RUN, {"refuses": None}) == [0] * 5
    assert complaints == []
