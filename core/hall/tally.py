"""The room's own numbers, as the measured ones are made: with n and intervals."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch

from core.hall.room import Entry, Place
from core.model.role import Pair
from core.model.scores import Scores, Share
from core.show import live


def tally(entries: Iterable[Entry], target: int, measured: Pair[Scores]) -> dict[str, Any]:
    """As JSON: how many drawings are where, and by model BA and ASR beside MNIST's.

    ASR is of the drawings on the wall, none of which was to be the target. BA is of those in the
    drawer too, which wait there because the clean model does not read what was asked for: without
    them its BA would be 100 % by construction. What the speaker has hidden counts: or else hiding
    would choose who is counted. What its owner took away counts nowhere, and is counted.
    """
    of = {place: [e for e in entries if e.place is place] for place in Place}
    wall, drawer = of[Place.WALL], of[Place.DRAWER]
    return {
        "wall": len(wall),
        "hidden": sum(not e.shown for e in wall),
        "drawer": len(drawer),
        "away": len(of[Place.AWAY]),
        "models": {
            role.value: {
                "asr": _share([e.of(role).stamped == target for e in wall]),
                "ba": _share([e.of(role).plain == e.asked for e in [*wall, *drawer]]),
                "measured": {
                    "asr": live.share(scores.attack_success),
                    "ba": live.share(scores.clean_accuracy),
                },
            }
            for role, scores in measured.present()
        },
    }


def _share(hits: Sequence[bool]) -> dict[str, Any]:
    share = live.share(Share.of(torch.tensor(hits, dtype=torch.bool)))
    return share | {"value": share["value"] if hits else None}
