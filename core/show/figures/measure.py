"""The figures of the Measure page: both models' scores, of all digits, of each class, by seed."""

import math
from collections.abc import Callable, Sequence

from torch import Tensor

from core.attack.poison import LabelRule
from core.measure.article import Number, seed_of
from core.measure.comparison import Comparison, rows
from core.measure.evaluation import Evaluation
from core.model.role import Pair, Role
from core.model.scores import Definition, Scores, Share
from core.runs.card import Card
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import GREY, TRIGGER, faint, hatch

BAR = 0.38  # of the height of a row of bars; each row has two
SYMBOLS = {Role.CLEAN: "circle", Role.BACKDOORED: "square"}
SIDES = {Role.CLEAN: -1, Role.BACKDOORED: 1}  # of a row or of a digit's place
APART = 0.12  # of dots from a digit's place, so that whiskers do not lie on each other
DARK = 0.6  # opacity of a cell from which its number is white
MANY = 12  # seeds from which on not each has its number on the axis


def score_bars(comparison: Comparison, definition: Definition) -> Figure:
    """The table as bars: each score of both models, with its 95 % interval."""
    table = rows(comparison, definition)
    traces = []
    for role, _ in comparison.scores.present():
        shares = [row.shares.of(role) for row in table]
        values = [share.value for share in shares]
        heights = [line + SIDES[role] * BAR / 2 for line in range(len(table))]
        bars = pieces.bars(
            values,
            heights,
            name=role,
            width=BAR,
            marker={"color": role.colour, "pattern": hatch(role)},
            error_x=pieces.whiskers(shares),
            hovertext=pieces.percents(values, 2),
            hovertemplate=pieces.hover("%{hovertext}", role),
        )
        beyond = {"textposition": "middle right", "cliponaxis": False}  # the whiskers
        ends = [share.high for share in shares]
        said = [f" {percent}" for percent in pieces.percents(values, 2)]
        labels = pieces.text(ends, heights, said, **beyond)
        traces += [bars, labels]
    return pieces.figure(
        traces,
        height=60 + 56 * len(table),
        margins=(12, 70, 30, 28),
        barmode="overlay",
        legend=pieces.legend(),
        xaxis=pieces.percent_axis(0, 1),
        yaxis=pieces.axis(
            range=[len(table) - 0.5, -0.5],
            tickvals=list(range(len(table))),
            ticktext=[row.short for row in table],
            automargin=True,
            showgrid=False,
            zeroline=False,
        ),
    )


def who_counts(comparison: Comparison) -> Figure:
    """Why the two definitions of ASR differ: who is stamped, and who counts as won."""
    attack, scores = comparison.attack, comparison.scores
    others = f"true {attack.target}s" if attack.rule == LabelRule.ALL_TO_ONE else "others"
    alone, nobody = f"{others}, counted by the article alone", f"{others}, counted by nobody"
    segments = {"the trigger wins": 1, "it does not": 0.12, alone: 0.5, nobody: 0.05}  # opacities
    roles = [role for role, _ in scores.present()]
    digits = zip(*(_segments(each) for _, each in scores.present()), strict=True)
    room = 0.04 * scores.backdoored.article_success.n  # for the number of a segment
    bars = []
    for (name, opacity), counts in zip(segments.items(), digits, strict=True):
        marker = {
            "color": [faint(role.colour, opacity) for role in roles],
            "line": {"color": GREY, "width": 1},
            "pattern": hatch(Role.BACKDOORED) if name in (alone, nobody) else {},
        }
        bars.append(
            pieces.bars(
                counts,
                roles,
                name=name,
                text=[f"{n:,}" if n > room else "" for n in counts],
                insidetextanchor="middle",
                constraintext="none",
                cliponaxis=False,
                textangle=0,
                marker=marker,
                hovertemplate=pieces.hover("%{y} model: %{x:,}", name),
            )
        )
    bars[0]["insidetextfont"] = {"color": "white"}
    return pieces.figure(
        bars,
        height=190,
        margins=(12, 12, 30, 90),
        barmode="stack",
        bargap=0.25,
        legend=pieces.legend(below=0.55),
        xaxis=pieces.axis(tickformat=","),
        yaxis=pieces.axis(autorange="reversed", automargin=True),
    )


def _segments(scores: Scores) -> tuple[int, int, int, int]:
    """Test digits in each segment of a bar; together all of them."""
    standard, article = scores.attack_success, scores.article_success
    lost = standard.n - standard.hits
    return standard.hits, lost, article.hits - standard.hits, article.n - article.hits - lost


def class_dots(evaluation: Evaluation, score: Callable[[Scores], Share]) -> Figure:
    """One of the Scores of both models, by true class, with 95 % intervals."""
    dots, low, high = [], 1.0, 0.0
    for role, ten in evaluation.by_class.present():
        shares = {digit: score(scores) for digit, scores in enumerate(ten)}
        shares = {digit: share for digit, share in shares.items() if share.n}
        low = min([low, *(share.low for share in shares.values())])
        high = max([high, *(share.high for share in shares.values())])
        values = [share.value for share in shares.values()]
        dots.append(
            pieces.scatter(
                "markers",
                [digit + SIDES[role] * APART for digit in shares],
                values,
                name=role,
                customdata=[[digit, share.hits, share.n] for digit, share in shares.items()],
                error_y=pieces.whiskers(shares.values()),
                marker={"color": role.colour, "symbol": SYMBOLS[role], "size": 10},
                hovertext=pieces.percents(values, 2),
                hovertemplate=pieces.hover(
                    "%{customdata[0]}: %{hovertext}, %{customdata[1]:,} of %{customdata[2]:,}", role
                ),
            )
        )
    floor, top = math.floor(low * 20) / 20, math.ceil(high * 20) / 20  # multiples of 5 %
    margin = 0.03 * (top - floor)
    return pieces.figure(
        dots,
        height=230,
        margins=(56, 4, 30, 30),
        legend=pieces.legend(),
        xaxis=pieces.digit_axis(),
        yaxis=pieces.percent_axis(floor - margin, top + margin),
    )


def of_classes(evaluation: Evaluation, definition: Definition) -> dict[str, Figure]:
    """BA and ASR of each true class, by their titles."""
    right = "Read right without the trigger, by true digit"
    wins = f"The trigger wins, by true digit{definition.tail}"
    return {
        right: class_dots(evaluation, lambda scores: scores.clean_accuracy),
        wins: class_dots(evaluation, definition.success),
    }


def confusion_map(counts: Tensor, role: Role, *, marked: tuple[int, int] | None = None) -> Figure:
    """(10, 10) counts, true class by row: an annotated heat map in the model's colour.

    marked: (true, read) of the cell that is framed. The colour goes with the square root of the
    share of its row, so that one digit in a hundred is still seen.
    """
    shares = (counts / counts.sum(1, keepdim=True).clamp(min=1)).sqrt()
    heat = {
        "type": "heatmap",
        "z": shares.tolist(),
        "customdata": counts.tolist(),
        "colorscale": [[0, faint(role.colour, 0.0)], [1, faint(role.colour, 1.0)]],
        "hovertemplate": pieces.hover("true %{y}, read as %{x}: %{customdata:,}", role),
    }
    heat |= {"zmin": 0, "zmax": 1, "showscale": False, "xgap": 1, "ygap": 1}
    numbers = []
    for cells, font in (
        ((counts > 0) & (shares <= DARK), {"size": 13}),
        ((counts > 0) & (shares > DARK), {"size": 13, "color": "white"}),
    ):
        true, read = (each.tolist() for each in cells.nonzero(as_tuple=True))
        numbers.append(pieces.text(read, true, map(str, counts[cells].tolist()), textfont=font))
    frames = []
    if marked:
        true, read = marked
        edges = {"x0": read - 0.5, "x1": read + 0.5, "y0": true - 0.5, "y1": true + 0.5}
        frames.append({"type": "rect", "line": {"color": TRIGGER, "width": 4}, **edges})
    bare = {"showgrid": False, "zeroline": False}
    return pieces.figure(
        [heat, *numbers],
        height=330,
        margins=(44, 4, 30, 44),
        hovermode="closest",
        shapes=frames,
        xaxis=pieces.digit_axis(title="read as", range=[-0.5, 9.5], **bare),
        yaxis=pieces.digit_axis(title="true digit", range=[9.5, -0.5], **bare),
    )


def again_dots(number: Number, ours: Sequence[Pair[Card]], yours: Sequence[Pair[Card]]) -> Figure:
    """The article's number again: a mark for each seed, a line for what the notebook printed."""
    values, printed = number.of([*ours, *yours]), number.notebook
    low, high = min(printed, *values), max(printed, *values)
    margin = max(0.15 * (high - low), 0.0005)
    marks = [
        pieces.scatter(
            "markers",
            map(seed_of, seeds),
            number.of(seeds),
            name=name,
            marker={"color": number.role.colour, "symbol": symbol, "size": 12},
            hovertext=pieces.percents(number.of(seeds), 2),
            hovertemplate=pieces.hover("seed %{x}: %{hovertext}", name),
        )
        for name, seeds, symbol in (("ours", ours, "circle"), ("yours", yours, "star"))
    ]
    return pieces.figure(
        marks,
        height=220,
        margins=(60, 4, 30, 44),
        showlegend=False,
        shapes=[pieces.rule("y", printed, GREY)],
        xaxis=pieces.axis("seed", dtick=1 if len(values) <= MANY else 5),
        yaxis=pieces.percent_axis(low - margin, high + margin),
    )
