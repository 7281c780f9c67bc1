"""What the pages show as HTML of our own, and their sentences as Markdown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup
from torch import Tensor

from core.attack import effect
from core.attack.phrases import attack_in_words, percentage
from core.attack.poison import Attack, LabelRule
from core.attack.trigger import Trigger
from core.defend.cleanse import Shown
from core.defend.data import Found
from core.digits import mnist
from core.digits.drawing import to_png
from core.digits.mnist import DIGITS
from core.measure import comparison
from core.model.recipe import Recipe
from core.model.role import Role
from core.model.scores import Scores
from core.runs.card import Card
from core.show import html, words
from core.show.outline import picture


def tiles(images: Sequence[dict[str, Any]], trigger: Trigger | None) -> str:
    """Poisoned training images, each with its true label and the one it is given.

    images: dicts of png (base64), true and label. Small, as a person looks through a data set; with
    a trigger given they are enlarged and it is outlined.
    """
    return html.render("tiles", tiles=images, mark=trigger and picture(trigger, width=2))


def progress(shares: Mapping[str, float], sentence: str) -> str:
    """A bar for each model, from 0 to 1, and a line of words under them."""
    return html.render("progress", shares=shares, words=sentence)


def door(
    words: Sequence[str],
    images: Tensor,
    reads: Mapping[Role, list[int]],
    marks: Sequence[Trigger | None],
) -> str:
    """Images, (N, 1, 28, 28), each with words, what each model reads, and what to outline."""
    return html.render(
        "door",
        images=[
            {
                "words": f"{said}, read as",
                "png": to_png(image[0].numpy()),
                "reads": dict(zip(reads, each, strict=True)),
                "mark": mark and picture(mark, width=4),
            }
            for said, image, each, mark in zip(
                words, images, zip(*reads.values(), strict=True), marks, strict=True
            )
        ],
    )


def laid(answers: Mapping[str, dict[str, Any]]) -> str:
    """An image under some overlays, and what is read in each; by model, answers of Laid."""
    first = next(iter(answers.values()))
    reads = zip(*(answer["reads"] for answer in answers.values()), strict=True)
    return html.render(
        "laid",
        images=[
            {"png": png, "reads": dict(zip(answers, each, strict=True))}
            for png, each in zip(first["pngs"], reads, strict=True)
        ],
    )


def parts(found: Found, chosen: str | None, *, accused: bool) -> str:
    """The mean image of those that lie apart and of the rest, one that is chosen, PNG in base64,
    and some of those that lie apart; and the same of the smaller half by 2-means."""
    sizes = {"apart": found.apart, "together": found.rest}
    names = [name for name, size in sizes.items() if size]
    return html.render(
        "parts",
        parts=[
            {
                "name": name,
                "png": png,
                "size": f"{sizes[name]:,}",
                "guilty": accused and name == "apart",
            }
            for name, png in zip(names, found.means, strict=True)
        ],
        chosen=chosen,
        tiles=found.tiles,
        smaller=found.smaller,
        half=f"{found.share * (found.apart + found.rest):,.0f}",
    )


def masks(shown: Shown | None, accused: int | None) -> str:
    """Ten patterns, what each turns digits into, and its size; their places where there are none.

    accused: one that is framed.
    """
    known = zip(shown.patterns, shown.norms, strict=True) if shown else [(None, None)] * DIGITS
    return html.render(
        "masks",
        masks=[
            {
                "png": png,
                "norm": "none yet" if norm is None else f"{norm:.1f}",
                "guilty": label == accused,
            }
            for label, (png, norm) in enumerate(known)
        ],
    )


def repaired(before: Scores | None, after: Scores | None) -> str:
    """A table of a broken model and the same, repaired; its empty places before they are known."""
    rows = [
        ("Clean accuracy (BA)", "untouched digits read right", "clean_accuracy"),
        ("Attack success (ASR)", "stamped digits read as the attack wants", "attack_success"),
        ("Robust accuracy (RA)", "stamped digits read right all the same", "robust_accuracy"),
    ]
    return html.render(
        "repaired",
        in_percent=comparison.in_percent,
        rows=[
            {
                "name": name,
                "meaning": meaning,
                "backdoored": before and before.named()[score],
                "repaired": after and after.named()[score],
            }
            for name, meaning, score in rows
        ],
    )


def watched(png: str, trigger: Trigger, sights: Mapping[str, dict[str, Any]]) -> str:
    """A stamped digit, base64, and what each model reads in it by now.

    sights: by model its digit `reads`, None before the first look, how `sure` it is, in [0, 1], and
    whether it has `turned` since the look before.
    """
    return html.render("watched", png=png, mark=picture(trigger, width=4), sights=sights)


def clock(place: str, talk: float, scene: float) -> str:
    """For the speaker: where the talk is, and how many seconds it and its scene have taken."""
    return html.render("clock", place=place, talk=_minutes(talk), scene=_minutes(scene))


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def headline(sentence: str) -> str:
    """The sentence that says what happened; the lines it may need are kept free."""
    return html.render("lines", kind="words", lines=[sentence])


def doubts(reasons: Iterable[str]) -> str:
    """Reasons not to believe a number, each with a mark."""
    return html.render("lines", kind="doubt", lines=reasons)


def judged(
    heading: str, lines: Iterable[str], name: str | None = None, *, whole: bool = False
) -> str:
    """A heading and what it rests on, above a figure; lines for it are kept free.

    name: of a model that it is about. whole: as wide as the page, where fewer lines are needed.
    """
    return html.render("judged", heading=heading, lines=lines, name=name, whole=whole)


def side_by_side(parts: Iterable[str]) -> str:
    """HTML that was rendered here, each part beside the next where there is room."""
    return html.render("side_by_side", parts=map(Markup, parts))


def sentences(lines: Iterable[str]) -> str:
    """Sentences that belong to a figure, one on each line."""
    return html.render("lines", kind="doses", lines=lines)


def caption(words: str) -> str:
    return html.render("lines", kind="caption", lines=[words])


def made(card: Card) -> str:
    """How a backdoored model came about."""
    return _made(card.attack, card.recipe, _amount(card.poisoned, card.images, card.attack.rate))


def planned(attack: Attack, recipe: Recipe) -> str:
    """The same of one that is still to come about."""
    images = mnist.TRAINING_SIZE
    return _made(attack, recipe, _amount(round(attack.rate * images), images, attack.rate))


def planned_row(attack: Attack, recipe: Recipe, rates: Iterable[float]) -> str:
    """The same of a row of them, by their poison rates."""
    amounts = ", ".join(map(percentage, rates))
    return _made(attack, recipe, f"models with {amounts} of the training images poisoned")


def _amount(poisoned: int, images: int, rate: float) -> str:
    return f"{poisoned:,} of {images:,} training images poisoned ({percentage(rate)})"


def _made(attack: Attack, recipe: Recipe, amount: str) -> str:
    recipe_words = words.recipe_in_words(recipe)
    return html.render("made", attack=attack_in_words(attack), amount=amount, recipe=recipe_words)


def compared(card: Card, before: Card) -> str:
    """This run beside the last one."""
    return html.render("compared", rows=words.compared(card, before))


def poisoned(seen: dict[str, Any], attack: Attack) -> str:
    """What an attack does to a training set, counted, in Markdown."""
    bearing = f"**{seen['poisoned']:,}** of {seen['images']:,} images bear the trigger"
    if seen["poisoned"] == 1:
        bearing = f"**1** of {seen['images']:,} images bears the trigger"
    changed = f"**{seen['relabelled']:,}** labels are really changed"
    if seen["relabelled"] == 1:
        changed = "**1** label is really changed"
    most = "up to " if attack.rule == LabelRule.ALL_TO_ALL else ""
    called = "with a label" if most else f"labelled {attack.target}"
    share = f"{seen['share_of_class'] * 100:.1f} %"
    if seen["relabelled"] and seen["share_of_class"] < 0.0005:
        share = "less than 0.1 %"
    words = f"{bearing}, {changed}: {most}**{share}** of the images {called} show another digit."
    unchanged = effect.warning(seen["changes"])
    return f"{words}\n\n:material/warning: {unchanged}" if unchanged else words


# What Streamlit looks for in a text after its Markdown is read, where no backslash helps any more:
# :emoji:, :material/icon:, https://, me@there, www.there, ->, --, >=
_SEEN_LATER = re.compile(r"(?<=:)(?=\S)|(?=@)|(?<=www)(?=\.)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE)


def literal(sentence: str) -> str:
    """A sentence as Markdown that shows it to the letter, with a capital and a full stop.

    One that begins with the name of a file keeps it as it is.
    """
    first, *rest = sentence.removesuffix(".").split() or [""]
    if first.isalpha():
        first = first[:1].upper() + first[1:]
    return escaped(f"{' '.join([first, *rest])}.")


def escaped(words: str) -> str:
    """Words as Markdown that shows them to the letter, for labels.

    Whatever they are, none becomes a link, a picture, a colour, an icon or a formula. Every mark of
    ASCII is escaped; a word joiner, which nobody sees, parts what Streamlit would replace.
    """
    words = _SEEN_LATER.sub("\N{WORD JOINER}", " ".join(words.split()))
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", words)


def on_primary(label: str, *, disabled: bool = False) -> str:
    """The label of a button in the theme's primary colour, legible in both themes.

    Streamlit writes it in white, which the dark theme's light blue is too light for. Nothing of
    ours is violet: .streamlit/config.toml says which colour that is in each theme. A button that
    is disabled is not filled, and its label grey.
    """
    return label if disabled else f":violet[{label}]"
