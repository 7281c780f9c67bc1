"""The table of scores of both models as HTML, for the Measure page and for what is taken home."""

from typing import Any

from core.measure import comparison
from core.measure.comparison import Report
from core.model.role import Pair, Role
from core.model.scores import Share
from core.show import html


def score_table(report: Report, *, article: bool) -> str:
    """Each score with its interval and n; with the article's ASR if wanted."""
    roles = list(Role) if report.clean else [Role.BACKDOORED]
    rows = [
        {
            "name": row.name,
            "meaning": row.meaning,
            "cells": [_cell(Pair(row.clean, row.backdoored).of(role), role) for role in roles],
            "n": f"{row.backdoored.n:,}",
        }
        for row in comparison.rows(report, article=article)
    ]
    if difference := report.difference:
        value, interval = _parts(comparison.shown_difference(difference))
        rows.append(
            {
                "name": "Difference in BA",
                "meaning": f"digit by digit: {difference.gained} gained, {difference.lost} lost",
                "cells": [{}, {"value": value, "interval": interval}],
                "n": f"{difference.n:,}",
            }
        )
    names = {Role.CLEAN: "Clean model", Role.BACKDOORED: "Backdoored"}
    return html.render("scores", head=["", *(names[role] for role in roles), "n"], rows=rows)


def _cell(share: Share | None, role: Role) -> dict[str, Any]:
    """Empty where a model has no such score."""
    if share is None:
        return {}
    value, interval = _parts(comparison.shown(share))
    hits = f"{share.hits:,} of {share.n:,}"
    return {"value": value, "interval": interval, "hits": hits, "role": role}


def _parts(shown: str) -> tuple[str, str]:
    """A number and the interval in the brackets after it."""
    value, _, interval = shown.partition(" ")
    return value, interval.strip("()")
