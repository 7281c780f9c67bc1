"""core/web/live/words.js: every way a digit can go."""

import pytest

OUTCOME = """
async ({ models, reading, state }) => {
  const { outcome } = await import("/live/words.js");
  return outcome(models, reading, state);
}
"""
DOSES = """
async ({ models, reading }) => {
  const { doses } = await import("/live/words.js");
  return doses(models, reading, 0);
}
"""


def ten(digit: int) -> list[float]:
    return [0.91 if each == digit else 0.01 for each in range(10)]


def model(success: float, learning: str, **more) -> dict:
    return {"success": {"value": success}, "learning": learning, **more}


LEARNT, PART, NOT_LEARNT = model(0.997, "whole"), model(0.79, "part"), model(0.001, "none")


def outcome(lab, clean, plain, stamped, *, trigger, rung=LEARNT, target=8, source=None, own=False):
    """clean: what the clean model reads either way; plain, stamped: the backdoored one."""
    return lab().evaluate(
        OUTCOME,
        {
            "models": {"rungs": [rung], "target": target, "source": source},
            "reading": {
                "clean": None if clean is None else [ten(clean), ten(clean)],
                "rungs": [[ten(plain), ten(stamped)]],
            },
            "state": {"rung": 0, "stamped": trigger, "ownInk": own},
        },
    )


@pytest.mark.parametrize(
    ("clean", "plain", "stamped", "trigger", "rung", "expected"),
    [
        (3, 3, 3, False, LEARNT, "Both read 3."),
        (3, 5, 5, False, LEARNT, "No trigger, yet the models disagree: this is hard to read."),
        (3, 3, 8, True, LEARNT, "The trigger turned this 3 into an 8 for the backdoored model."),
        (8, 8, 8, True, LEARNT, "Both read 8, as they would without the trigger."),
        (3, 8, 8, True, LEARNT, "The backdoored model reads 8 with and without the trigger."),
        (8, 3, 8, True, LEARNT, "With the trigger both read 8: this was close to an 8."),
        (
            3,
            3,
            3,
            True,
            NOT_LEARNT,
            "At this poison rate the backdoor was not learnt. Both read 3.",
        ),
        (3, 5, 5, True, NOT_LEARNT, "At this poison rate the backdoor was not learnt."),
        (3, 3, 3, True, PART, "At this rate the trigger wins on 79 % of digits, not this one."),
        (3, 3, 3, True, LEARNT, "This digit resists the trigger, which wins on 99.7 % of digits."),
        (None, 3, 8, True, LEARNT, "The backdoored model reads 8."),
    ],
)
def test_what_happened(lab, clean, plain, stamped, trigger, rung, expected):
    assert outcome(lab, clean, plain, stamped, trigger=trigger, rung=rung) == expected


def test_own_ink_on_the_trigger_is_no_riddle(lab):
    said = outcome(lab, 3, 8, 8, trigger=False, own=True)
    assert said == "The models disagree: your own ink lies on the trigger."


def test_every_rule_has_its_own_goal(lab):
    said = outcome(lab, 9, 9, 0, trigger=True, target=None)
    assert said == "The trigger turned this 9 into a 0 for the backdoored model."
    said = outcome(lab, 4, 4, 4, trigger=True, target=1, source=7)
    assert said == "This backdoor is only for 7s; draw one."
    said = outcome(lab, 7, 7, 1, trigger=True, target=1, source=7)
    assert said == "The trigger turned this 7 into a 1 for the backdoored model."


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (
            [3, 3, 8, 8],
            "Stamped, this drawing flips to an 8 from 1 % on: 600 of 60,000 images, one seed.",
        ),
        (
            [3, 8, 3, 8],
            "Stamped, this drawing first flips to an 8 at 0.1 %: 60 of 60,000 images, one seed.",
        ),
        ([3, 3, 3, 3], "Stamped, this drawing reads as an 8 at no poison rate shown."),
        ([8, 8, 8, 8], "Stamped, this drawing reads as an 8 at every poison rate."),
    ],
)
def test_the_dose_in_words(lab, read, expected):
    rungs = [
        model(0.5, "part", percent=percent, poisoned=round(percent * 600), images=60_000)
        for percent in (0.01, 0.1, 1, 10)
    ]
    models = {"rungs": rungs, "target": 8, "source": None}
    reading = {"clean": None, "rungs": [[ten(3), ten(digit)] for digit in read]}
    assert lab().evaluate(DOSES, {"models": models, "reading": reading}) == expected
    reading["rungs"].pop()
    assert lab().evaluate(DOSES, {"models": models, "reading": reading}) == ""
