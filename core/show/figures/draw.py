"""The figures of a drawing: what each model takes it for, and how that depends on the poison."""

import math
from collections.abc import Sequence

from core.model.role import Role
from core.runs.card import Card
from core.show.figures import pieces
from core.show.figures.pieces import Figure, Part, Ten
from core.show.palette import GREY, TRIGGER, faint, hatch


def probability_bars(clean: Ten | None, backdoored: Ten | None) -> Figure:
    """The ten probabilities of both models side by side, on the same scale; None is no bars.

    The bar of the digit that a model reads is solid, the others are faint.
    """
    bars = [
        _ten_bars(role, list(ten or [0.0] * 10)) | {"xaxis": place}
        for role, ten, place in zip(Role, (clean, backdoored), ("x", "x2"), strict=True)
    ]
    return pieces.figure(
        bars,
        height=170,
        margins=(56, 4, 8, 26),
        bargap=0.25,
        showlegend=False,
        xaxis=pieces.digit_axis(showgrid=False, domain=[0, 0.48]),
        xaxis2=pieces.digit_axis(showgrid=False, domain=[0.52, 1], anchor="y"),
        yaxis=pieces.percent_axis(0, 1.02),
    )


def _ten_bars(role: Role, ten: list[float]) -> Part:
    top = ten.index(max(ten))
    colours = [role.colour if digit == top else faint(role.colour, 0.45) for digit in range(10)]
    return {
        "type": "bar",
        "name": role,
        "x": list(range(10)),
        "y": ten,
        "marker": {"color": colours, "pattern": hatch(role)},
        "hovertemplate": pieces.hover("%{x}: %{y:.1%}", role),
    }


def dose_curve(
    cards: Sequence[Card],
    *,
    target: int,
    stamped: Sequence[float] | None,
    plain: Sequence[float] | None,
    current: float,
) -> Figure:
    """How the answer to one digit depends on the poison rate.

    cards: of the backdoored models, by rising poison rate; their ASR is drawn behind.
    stamped, plain: their probability of the target for the digit with and without the trigger,
    in [0, 1]; None before anything is drawn. current: the poison rate to mark, in percent.
    """
    percents = [round(card.attack.rate * 100, 6) for card in cards]
    shares = [card.scores.attack_success for card in cards]
    lows, highs = [share.low for share in shares], [share.high for share in shares]
    measured = pieces.scatter(
        "lines",
        percents,
        [share.value for share in shares],
        name="share of all test digits that fall for it (ASR)",
        line={"color": GREY, "width": 2},
        fill="tozeroy",
        fillcolor=faint(GREY, 0.13),
        hovertemplate=pieces.hover("ASR %{y:.1%}"),
        legendrank=3,
    )
    digit = [
        pieces.scatter(
            "lines+markers",
            percents,
            probabilities or [None] * len(percents),
            name=name,
            line={"color": Role.BACKDOORED.colour, "dash": dash, "width": width},
            marker={"symbol": symbol, "size": 9},
            hovertemplate=pieces.hover("%{y:.1%}"),
            legendrank=rank,
        )
        for rank, name, probabilities, dash, width, symbol in (
            (2, "without the trigger", plain, "dot", 2, "circle-open"),
            (
                1,
                f"your digit, with the trigger: probability of {target}",
                stamped,
                "solid",
                3,
                "square",
            ),
        )
    ]
    labels = [  # one for each power of ten, so that a phone has room
        f"{percent:g} %<br>{card.poisoned:,}" if math.log10(percent) % 1 == 0 else ""
        for percent, card in zip(percents, cards, strict=True)
    ]
    return pieces.figure(
        [*pieces.band(percents, lows, highs, faint(GREY, 0.35)), measured, *digit],
        height=300,
        margins=(56, 12, 56, 72),
        hovermode="x unified",
        legend=pieces.legend(),
        shapes=[pieces.rule("x", current, TRIGGER)],
        xaxis=pieces.axis(
            f"poison rate, and poisoned images of {cards[0].images:,}",
            type="log",
            tickvals=percents,
            ticktext=labels,
        ),
        yaxis=pieces.percent_axis(-0.02, 1.03),
    )
