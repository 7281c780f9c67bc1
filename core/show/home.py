"""What somebody takes home: the models, a pad and the trigger in one file that asks nobody.

It is a talk of one scene, or the whole talk, built from the modules of core/web with everything
that they would ask a server for.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from safetensors.torch import save
from torch import Tensor

from core.attack.phrases import attack_in_words, deed
from core.attack.trigger import Trigger
from core.digits import mnist, samples
from core.digits.drawing import centre
from core.model.network import Network, ask
from core.model.role import Pair
from core.model.scores import BATCH
from core.runs.run import Run
from core.show import bundle, html, live, talk, words
from core.show.html import WEB
from core.show.scenes import SCENES, Flip, Layout, Part, Scene, Step

ENTRY, SHEETS = "talk/talk.js", ("talk/talk.css", "live/dose.css")
CLEAN_FIRST = 2  # a deal of core/web/talk/state.js by which the clean model is A
PORTION = 2500  # test digits between two steps
HALVED = "hidden.weight"  # nine tenths of all weights; the others say more, and stay as they are


@dataclass(frozen=True)
class Rounded:
    """What float16 does to a model's answers, over all test digits with and without the trigger."""

    answers: int
    changed: int  # digits that are read otherwise
    largest: float  # change of a probability

    def __add__(self, other: "Rounded") -> "Rounded":
        return Rounded(
            self.answers + other.answers,
            self.changed + other.changed,
            max(self.largest, other.largest),
        )


def scene(trigger: Trigger) -> Scene:
    """The only one of a page that is no talk."""
    return Scene(
        title=f"Draw a digit. {deed(trigger)}.",
        notes="",
        parts=(Part.PAD, Part.SEES, Part.CARDS, Part.REACH),
        layout=Layout.ALL,
        steps=(
            Step(
                words="Draw here, or press a digit's key. T puts the trigger on or takes it off.",
                answered="{reading}",
                flip=Flip.TOGGLE,
                reveals=True,
            ),
        ),
    )


def halved(network: Network) -> Network:
    """The same with a hidden layer that float16 can hold."""
    copy, weights = Network(), network.state_dict()
    copy.load_state_dict(weights | {HALVED: weights[HALVED].half().float()})
    return copy.eval()


def _read(network: Network, maps: Tensor) -> Tensor:
    """(N, 512) maps -> (N, 10) logits."""
    return network.output(network.hidden(maps).relu())


@torch.inference_mode()
def rounding(network: Network, trigger: Trigger) -> Iterator[Rounded]:
    """Yields what has been found so far; of everything last."""
    half, found = halved(network), Rounded(0, 0, 0.0)
    for part in mnist.load().test.images.split(PORTION):
        for images in (part, trigger(part)):
            for few in images.split(BATCH):
                maps = network.maps(few).flatten(1)  # the same in both, and most of the work
                ours, theirs = (_read(each, maps).softmax(1) for each in (network, half))
                changed = int((ours.argmax(1) != theirs.argmax(1)).sum())
                found += Rounded(len(few), changed, float((ours - theirs).abs().max()))
        yield found


def steps(clean: Run | None, rungs: Sequence[Run], *, whole: bool) -> Iterator[float | str]:
    """Yields how far it is, in [0, 1], and last the page.

    rungs: backdoored models with one attack, by rising rate. whole: the talk; for the ladder alone.
    """
    runs, trigger = [*([clean] if clean else []), *rungs], rungs[0].card.attack.trigger
    portions = len(mnist.load().test.images.split(PORTION))
    urls, total = [], Rounded(0, 0, 0.0)
    for i, run in enumerate(runs):
        found = total
        for done, found in enumerate(rounding(run.network, trigger), 1):  # noqa: B007 - the last
            yield (i + done / portions) / len(runs)
        half = found.changed == 0  # else the file says what the app does, and is larger
        total += found if half else Rounded(found.answers, 0, 0.0)
        urls.append(_url(run.network, half=half))
    yield _page(clean, rungs, urls, total, whole=whole)


def _page(
    clean: Run | None, rungs: Sequence[Run], urls: list[str], found: Rounded, *, whole: bool
) -> str:
    cards = [run.card for run in rungs]
    standing = live.describe(clean and clean.card, cards)
    *_, victims = (card.scores.attack_success.n for card in cards)
    usual = min(range(len(cards)), key=lambda i: abs(cards[i].attack.rate * 100 - talk.RATE))
    standing |= {
        "clean": urls[0] if clean else None,
        "accuracy": clean and live.share(clean.card.scores.clean_accuracy),
        "victims": victims,
        "usual": usual,
    }
    for rung, url in zip(standing["rungs"], urls[len(urls) - len(rungs) :], strict=True):
        rung["weights"] = url
    attack = cards[usual].attack
    missing = {Part.HALL} if len(rungs) > 1 else {Part.HALL, Part.DOSE}  # a curve of one rate
    scenes = [each for each in SCENES if missing.isdisjoint(each.parts)]
    scenes = scenes if whole else [scene(attack.trigger)]
    sample = next(i for i in (attack.source, 3, 4) if i is not None and i != attack.target)
    digit = centre(samples.sample(sample).ink())
    image = torch.from_numpy(digit)[None, None]
    networks = [run.network for run in rungs]
    answers = ask(clean and clean.network, networks, image, attack.trigger)
    answer = {"digit": live.digit(digit), "reading": live.reading(answers)}
    shown = talk.prepared() | {"standing": standing, "answer": answer}
    data = talk.for_component(scenes, talk.facts(shown) if whole else {}, shown) | {
        "wallUrl": _data("image/png", talk.WALL.read_bytes()) if whole else "",
        "sample": sample,
        "alone": True,
        **({} if whole else {"deal": CLEAN_FIRST}),
    }
    return html.page_of_its_own(
        data=json.dumps(data),
        modules=bundle.modules(ENTRY),
        entry=ENTRY,
        talk=(WEB / "talk" / "talk.html").read_text(encoding="utf-8"),
        css="\n".join((WEB / name).read_text(encoding="utf-8") for name in SHEETS),
        facts=[] if whole else _facts(clean, rungs[usual], found),
    )


def _facts(clean: Run | None, run: Run, found: Rounded) -> list[str]:
    """What the card says of the models, and how the file differs from the app."""
    card = run.card
    measured = words.measured(Pair(clean and clean.card, card))
    return [
        f"One of the two learnt from poisoned images: {attack_in_words(card.attack)}. {measured}",
        f"Weights in this file are rounded where no verdict changes: {found.changed:,} of "
        f"{found.answers:,} answers to MNIST's test digits differ, a probability by "
        f"{found.largest:.4f} at most.",
    ]


def _url(network: Network, *, half: bool) -> str:
    """Weights as the browser reads them."""
    weights = {name: value.contiguous() for name, value in network.state_dict().items()}
    if half:
        weights[HALVED] = weights[HALVED].half()
    return _data("application/octet-stream", save(weights))


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"
