"""The figures: Plotly accepts every word of them, and they show what they were given."""

import inspect
import re
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import plotly.graph_objects as go
import pytest
import torch

from core.defend.data import Found
from core.defend.finding import Verdict
from core.defend.why import Path
from core.measure import article
from core.model.role import Role
from core.model.scores import Definition
from core.runs import ladder, sweep
from core.show import figures
from core.show.figures import defend, measure, pieces, repair, train
from tests.measure.ten import ONE_SOURCE, WITHOUT_CLEAN, comparison, evaluation

CARDS = [run.card for run in ladder.load().rungs.values()]
SEEDS = article.pairs(sweep.read(sweep.SHIPPED))
CURVES = {f"{i}": runs for i, runs in enumerate(sweep.curves(sweep.read(sweep.SHIPPED)))}
UNPOISONED = [card for runs in CURVES.values() for card in runs if not card.measured_under.rate]
POINTS = [
    {"seen": 0, "loss": 2.3, "clean_accuracy": 0.1, "attack_success": 0.0},
    {"seen": 50, "loss": None, "clean_accuracy": None, "attack_success": None},
]

FOUND = Found(
    label=8,
    ratio=3.0,
    apart=2,
    rest=3,
    means=["", ""],
    tiles=[""],
    rows=[1, 2, 9],
    points=[[0.5, 1.0], [2.0, 3.0], [4.0, 5.0]],
    far=[False, True, False],
    share=0.4,
    smaller=["", ""],
    carried=0.9,
)


def confusion(role, *, stamped=False, **marked):
    return measure.confusion_map(evaluation().confusion(role, stamped=stamped), role, **marked)


EXAMPLES = {
    "again_dots": [
        *(measure.again_dots(number, SEEDS, SEEDS[:1]) for number in article.PRINTED),
        measure.again_dots(article.ARTICLE_ASR, SEEDS[:1], []),
    ],
    "class_dots": [
        measure.class_dots(ten, definition.success)
        for ten in (evaluation(), evaluation(WITHOUT_CLEAN))
        for definition in Definition
    ],
    "confusion_map": [confusion(Role.CLEAN), confusion(Role.BACKDOORED, marked=(3, 8))],
    "scan_map": [
        defend.scan_map(torch.rand(3, 28).tolist(), Role.CLEAN, side=1, place=None),
        defend.scan_map(torch.rand(26, 26).tolist(), Role.BACKDOORED, side=3, place=(2, 3)),
    ],
    "label_ratios": [
        defend.label_ratios({Role.CLEAN: {0: 1.1, 3: 2.0}, Role.BACKDOORED: {0: 17.2}}, 2.1, 0.5),
        defend.label_ratios({Role.CLEAN: {}}, 2.1, 0.5),
    ],
    "detection_curve": [
        defend.detection_curve(
            {card.measured_under.rate * 100: card for card in CARDS[:2]},
            {
                "trigger scan": {0.01: Verdict.NOTHING, 0.02: Verdict.BORDERLINE},
                "other": {0.01: Verdict.FOUND, 0.02: Verdict.FOUND},
            },
        ),
        defend.detection_curve({0.01: CARDS[0]}, {}),
    ],
    "place_map": [
        repair.place_map(
            Path(torch.rand(4, 4), (0, 3), torch.rand(32), torch.rand(10)), Role.BACKDOORED
        ),
    ],
    "change_bars": [
        repair.change_bars([0.5, -2.0], Role.CLEAN, of="class", title="class", most=8),
        repair.change_bars([1.0] * 32, Role.BACKDOORED, of="channel", title="channel", most=8),
    ],
    "entropy_bars": [
        defend.entropy_bars([0.4, 0.5], [0.0, 0.1], 0.2, 0.05, Role.BACKDOORED),
        defend.entropy_bars([], [], 0.0, None, Role.CLEAN),
    ],
    "pruning_curve": [
        repair.pruning_curve([(0, 0.99, 1.0), (1, 0.98, 0.2)], 1),
        repair.pruning_curve([], 16),
    ],
    "plane": [
        defend.plane(FOUND, Role.CLEAN, accused=False, chosen=None),
        defend.plane(replace(FOUND, far=[False] * 3), Role.BACKDOORED, accused=True, chosen=2),
    ],
    "learning_curve": [
        train.learning_curve(what, dict.fromkeys(Role, POINTS), {Role.CLEAN: POINTS}, 100)
        for what in train.CURVES
    ],
    "of_classes": [*measure.of_classes(evaluation(), Definition.ARTICLE).values()],
    "rate_curve": [
        *(train.rate_curve(CURVES, definition=definition) for definition in Definition),
        train.rate_curve({"": CARDS[:2]}, planned=[0.001, 0.2]),
        train.rate_curve({"without poison": UNPOISONED}),
        train.rate_curve({}),
    ],
    "score_bars": [
        measure.score_bars(two, definition)
        for two in (comparison(), comparison(WITHOUT_CLEAN), comparison(attack=ONE_SOURCE))
        for definition in Definition
    ],
    "who_counts": [measure.who_counts(comparison()), measure.who_counts(comparison(WITHOUT_CLEAN))],
}


def success(*values: float | None) -> dict:
    points = [
        {"seen": 1000 * i, "attack_success": value, "clean_accuracy": 0.5, "loss": 1.0}
        for i, value in enumerate(values, 1)
    ]
    return {Role.BACKDOORED: points}


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ((0.0, 0.1), None),
        ((0.0, 0.1, 0.6, 0.9), "after 3,000 images"),
        ((1.0, 0.0, 0.2, 0.5), "after 4,000 images"),  # at first everything was read as an 8
        ((0.0, 0.9, 0.2), None),
        ((), None),
        ((0.9, None), None),
    ],
)
def test_a_label_stands_where_the_attack_begins_to_win(values, label):
    figure = train.learning_curve("attack_success", success(*values), {}, 9000)
    labels = [each["text"] for each in figure["layout"].get("annotations", [])]
    assert labels == ([label] if label else [])
    other = train.learning_curve("clean_accuracy", success(*values), {}, 9000)
    assert "annotations" not in other["layout"]


def test_every_figure_is_an_example():
    drawn = set()
    for module in iter_modules(figures.__path__, f"{figures.__name__}."):
        if not module.name.endswith(".pieces"):
            for name, member in inspect.getmembers(import_module(module.name), inspect.isfunction):
                if member.__module__ == module.name and not name.startswith("_"):
                    drawn.add(name)
    assert drawn == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_plotly_knows_every_word(name):
    for figure in EXAMPLES[name]:
        assert len(go.Figure(figure).data) == len(figure["data"])
        assert figure["layout"]["height"] > 0  # its place is kept before it is drawn


def test_a_curve_has_a_mark_for_every_run_with_poison():
    card = CARDS[6]
    same = [replace(card, recipe=replace(card.recipe, seed=seed)) for seed in (1, 2)]
    figure = train.rate_curve({"": [*same, *UNPOISONED]})
    marks = [trace for trace in figure["data"] if trace["mode"] == "markers" and trace["x"]]
    assert [(trace["name"], trace["x"]) for trace in marks] == [("BA", [1, 1]), ("ASR", [1, 1])]
    assert marks[1]["y"] == [card.scores.attack_success.value] * 2


def test_scores_and_whom_they_count():
    clean, _, backdoored, labels = measure.score_bars(comparison(), Definition.ARTICLE)["data"]
    assert labels["text"][1] == " 75.00 %"
    assert clean["x"] == [0.8, 0.125, 0.2, 0.75]
    assert backdoored["x"] == [0.8, 0.75, 0.8, 0.125]
    segments = measure.who_counts(comparison())["data"]
    assert [bar["x"] for bar in segments] == [[1, 6], [7, 2], [1, 2], [1, 0]]
    for attack in (None, ONE_SOURCE):  # every digit is in one of the segments
        segments = measure.who_counts(comparison(attack=attack))["data"]
        totals = [sum(digits) for digits in zip(*(bar["x"] for bar in segments), strict=True)]
        assert totals == [10, 10]


def test_the_confusion_map_says_every_count():
    heat, dark, light = confusion(Role.CLEAN)["data"]
    assert heat["customdata"][8][3] == 1
    cells = zip(dark["y"] + light["y"], dark["x"] + light["x"], strict=True)
    assert dict(zip(cells, dark["text"] + light["text"], strict=True))[8, 3] == "1"
    assert len(dark["text"]) + len(light["text"]) == 10
    frame = confusion(Role.BACKDOORED, marked=(3, 8))["layout"]["shapes"][0]
    assert (frame["y0"], frame["x1"]) == (2.5, 8.5)


def test_the_dots_of_a_class_without_victims_are_left_out():
    clean, _ = measure.class_dots(evaluation(), Definition.STANDARD.success)["data"]
    assert [digit for digit, *_ in clean["customdata"]] == list(range(8))  # an 8 is no victim


def test_every_seed_and_the_printed_number():
    number = article.ARTICLE_ASR
    figure = measure.again_dots(number, SEEDS, SEEDS[:1])
    ours, yours = figure["data"]
    assert ours["y"] == [pair.backdoored.scores.article_success.value for pair in SEEDS]
    assert (ours["x"], yours["x"]) == ([1, 2, 3, 4, 5], [1])
    assert figure["layout"]["shapes"][0]["y0"] == number.notebook


def test_a_missing_model_has_no_bars():
    traces = measure.score_bars(comparison(WITHOUT_CLEAN), Definition.STANDARD)["data"]
    assert [trace["name"] for trace in traces if trace["type"] == "bar"] == [Role.BACKDOORED]


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (-0.03, 1.04, ["0 %", "50 %", "100 %"]),
        (0.897, 1.003, ["90 %", "95 %", "100 %"]),
        (0.9871, 0.9912, ["98.8 %", "98.9 %", "99.0 %", "99.1 %"]),
    ],
)
def test_an_axis_of_shares_has_lines_at_round_ones(low, high, labels):
    axis = pieces.percent_axis(low, high)
    assert axis["ticktext"] == labels
    assert axis["tickvals"] == pytest.approx([float(label[:-2]) / 100 for label in labels])


def strings(part) -> list[str]:
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        return [each for inner in part for each in strings(inner)]
    return [part] if isinstance(part, str) else []


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_percent_sign_stands_after_a_space(name):
    """Plotly's own format of a share, such as .1%, has none."""
    words = [words for figure in EXAMPLES[name] for words in strings(figure)]
    assert [each for each in words if re.search(r"\d%(?!\{)", each) or "%}" in each] == []
