"""The table of scores of both models as HTML, for the Measure page and for what is taken home."""

from typing import Any

from core.measure import comparison
from core.measure.comparison import Comparison
from core.model.role import Role
from core.model.scores import Definition, Share
from core.show import html


def score_table(compared: Comparison, definition: Definition) -> str:
    """Each score with its interval and n; with the article's ASR if wanted."""
    roles = [role for role, _ in compared.scores.present()]
    rows = [
        {
            "name": row.name,
            "meaning": row.meaning,
            "cells": [_cell(row.shares.of(role), role) for role in roles],
            "n": f"{row.shares.backdoored.n:,}",
        }
        for row in comparison.rows(compared, definition)
    ]
    if difference := compared.difference:
        value, interval = _parts(comparison.in_points(difference))
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
    value, interval = _parts(comparison.in_percent(share))
    hits = f"{share.hits:,} of {share.n:,}"
    return {"value": value, "interval": interval, "hits": hits, "role": role}


def _parts(shown: str) -> tuple[str, str]:
    """A number and the interval in the brackets after it."""
    value, _, interval = shown.partition(" ")
    return value, interval.strip("()")
