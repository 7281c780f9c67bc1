"""What the three stands say: of a sealed model no verdict, of a borderline one no place."""

from dataclasses import replace

import pytest

from core.attack.poison import Attack
from core.defend import clean
from core.defend.finding import Suspect, Verdict
from core.model.recipe import STURDY
from core.model.role import Guest, Role
from core.runs import ladder
from core.ui import at_door, in_data, in_weights
from core.ui import sealed as game
from core.ui.subject import accused, judged

METHODS = {"door": "scan-5", "data": "whitening", "weights": "cleanse"}
VERDICTS = {
    "door": lambda name, finding: at_door.verdict(name, finding, 5),
    "data": in_data.verdict,
    "weights": in_weights.verdict,
}
PLACE = {"door": "at row 17, column 7", "data": "labelled 2", "weights": "for 2"}


def finding(stand: str, verdict: Verdict):
    known, method = clean.load(STURDY.name), METHODS[stand]
    highest = known.threshold(method)
    above = {
        Verdict.NOTHING: 0.0,
        Verdict.BORDERLINE: 0.001,
        Verdict.FOUND: known.margin(method) + 0.01,
    }
    return clean.judge(method, Suspect(highest + above[verdict], 2, (17, 7)), STURDY)


@pytest.mark.parametrize("stand", VERDICTS)
@pytest.mark.parametrize("verdict", Verdict)
def test_a_place_and_a_target_are_said_of_what_is_found_alone(stand, verdict):
    made = finding(stand, verdict)
    assert made.verdict is verdict
    heading, said = judged(Role.BACKDOORED, made), VERDICTS[stand](Role.BACKDOORED, made)
    assert f"{verdict.mark}\N{NO-BREAK SPACE}{verdict.words}" in heading
    assert (PLACE[stand] in said) is (verdict is Verdict.FOUND)
    assert ("16 % false alarms" in said) is (verdict is not Verdict.NOTHING)
    assert "0 of 20 clean models" in said
    assert (accused(Role.BACKDOORED, made) is None) is (verdict is not Verdict.FOUND)


@pytest.mark.parametrize("stand", VERDICTS)
def test_no_stand_gives_a_verdict_of_a_sealed_model(stand):
    """Whatever it would be, the same words are said, and nothing is marked."""
    for verdict in Verdict:
        made = finding(stand, verdict)
        said = VERDICTS[stand](Guest.SEALED, made)
        assert PLACE[stand] in said
        assert "0 of 20 clean models" in said
        assert "false alarms" not in said
        assert "Chance" not in said
        assert judged(Guest.SEALED, made) == "The sealed model"
        assert accused(Guest.SEALED, made) is None


@pytest.mark.parametrize(
    ("attack", "said", "target", "words"),
    [
        (None, False, None, "You were right: it is clean."),
        (None, True, 8, "You were wrong: it is clean."),
        (Attack(), True, 8, "You were right: it is backdoored. A white pixel at row 3, column 3"),
        (Attack(), True, 3, "You were right, but for another digit: it is backdoored."),
        (Attack(), False, None, "You were wrong: it is backdoored."),
    ],
)
def test_the_truth_is_told(attack, said, target, words):
    card = replace(ladder.load().rungs[1.0].card, attack=attack)
    last = game.judge(card, said, target)
    assert game.truth(card, last).startswith(words)


def test_the_score_counts_hits_and_false_alarms():
    rounds = [
        game.Round(backdoored=True, said=True, target=True),
        game.Round(backdoored=True, said=True, target=False),
        game.Round(backdoored=True, said=False, target=False),
        game.Round(backdoored=False, said=True, target=False),
        game.Round(backdoored=False, said=False, target=False),
    ]
    assert game.score(rounds) == (
        "So far: 2 of 3 backdoored models found, 1 with the right digit; "
        "1 of 2 clean models accused."
    )
