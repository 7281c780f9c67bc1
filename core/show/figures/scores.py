"""The scores of both models as bars, and whom each definition of success counts."""

from core.attack.poison import LabelRule
from core.measure.comparison import Comparison, rounded, rows
from core.model.role import Role
from core.model.scores import Definition, Scores
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import GREY, faint, hatch

BAR = 0.38  # of the height of a row; each row has two
SHIFTS = {Role.CLEAN: -BAR / 2, Role.BACKDOORED: BAR / 2}


def score_bars(comparison: Comparison, definition: Definition) -> Figure:
    """The table as bars: each score of both models, with its 95 % interval."""
    table = rows(comparison, definition)
    traces = []
    for role, _ in comparison.scores.present():
        shares = [row.shares.of(role) for row in table]
        heights = [line + SHIFTS[role] for line in range(len(table))]
        bars = {
            "type": "bar",
            "orientation": "h",
            "name": role,
            "y": heights,
            "width": BAR,
            "x": [share.value for share in shares],
            "marker": {"color": role.colour, "pattern": hatch(role)},
            "error_x": pieces.whiskers(shares),
            "hovertemplate": pieces.hover("%{x:.2%}", role),
        }
        beyond = {"textposition": "middle right", "cliponaxis": False}  # the whiskers
        ends = [share.high for share in shares]
        labels = pieces.text(ends, heights, [f" {rounded(share)}" for share in shares], **beyond)
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
    attack = comparison.attack
    others = f"true {attack.target}s" if attack.rule == LabelRule.ALL_TO_ONE else "others"
    alone, nobody = f"{others}, counted by the article alone", f"{others}, counted by nobody"
    segments = {"the trigger wins": 1, "it does not": 0.12, alone: 0.5, nobody: 0.05}  # opacities
    roles = [role for role, _ in comparison.scores.present()]
    digits = zip(*(_segments(scores) for _, scores in comparison.scores.present()), strict=True)
    room = 0.04 * comparison.scores.backdoored.article_success.n  # for the number of a segment
    bars = []
    for (name, opacity), counts in zip(segments.items(), digits, strict=True):
        bars.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "y": roles,
                "x": list(counts),
                "text": [f"{n:,}" if n > room else "" for n in counts],
                "insidetextanchor": "middle",
                "constraintext": "none",
                "cliponaxis": False,
                "textangle": 0,
                "marker": {
                    "color": [faint(role.colour, opacity) for role in roles],
                    "line": {"color": GREY, "width": 1},
                    "pattern": hatch(Role.BACKDOORED) if name in (alone, nobody) else {},
                },
                "hovertemplate": pieces.hover("%{y} model: %{x:,}", name),
            }
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
