"""core/web/talk/remote.js: of what remotes pressed, the talk is told what is new to its page."""

RUN = """
async (told) => {
  const { default: take } = await import("/talk/remote.js");
  const heard = [], place = {}, channel = new BroadcastChannel("backdoor-lab-talk");
  channel.onmessage = ({ data: { talk, key } }) => heard.push(`${talk} ${key}`);
  for (const data of told) take({ data, parentElement: place });
  const last = new BroadcastChannel("backdoor-lab-talk");
  const over = new Promise((resolve) => channel.addEventListener("message",
    ({ data }) => { if (data.key === "over") resolve(); }));
  last.postMessage({ talk: "t", key: "over" });
  await over;
  return heard.slice(0, -1);
}
"""


def told(pressed: str, talk: str | None = "t") -> dict:
    """What Python sends when remotes have pressed these keys, one after the other."""
    return {"talk": talk, "pressed": [[i, key] for i, key in enumerate(pressed, 1)]}


def test_each_key_is_passed_on_once(lab):
    assert lab().evaluate(RUN, [told(""), told("n"), told("n"), told("nb")]) == ["t n", "t b"]


def test_what_was_pressed_before_the_page_came_stays_undone(lab):
    nameless = {"talk": None, "pressed": []}  # until Python has heard of the page
    assert lab().evaluate(RUN, [nameless, told("nn"), told("nn"), told("nnb")]) == ["t b"]


def test_a_server_that_starts_anew_counts_anew(lab):
    assert lab().evaluate(RUN, [told("nn"), told(""), told("b")]) == ["t b"]
