"""The file of the scenes: whoever misspells something in it is told what and where."""

import msgspec
import pytest

from core.show.scenes import SCENES, read

SCENE = """
[[scenes]]
title = "One."
parts = ["pad"]
layout = "whole"
notes = "**Say** it."
steps = [{ words = "Draw.", flip = "next" }]
"""


def test_scenes_stand_in_the_order_of_the_file():
    one, two = read(SCENE + SCENE.replace("One.", "Two."))
    assert (one.title, two.title) == ("One.", "Two.")
    assert (one.steps[0].flip, one.steps[0].pixel) == ("next", False)
    assert len(SCENES) == 10


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ('"pad"', '"padd"', "'padd' - at `$[...][0].parts[0]`"),
        ("flip", "flipp", "unknown field `flipp` - at `$[...][0].steps[0]`"),
        ("notes", "note", "unknown field `note`"),
        ('title = "One."\n', "", "missing required field `title`"),
    ],
)
def test_a_slip_is_named(right, wrong, words):
    with pytest.raises(msgspec.ValidationError) as error:
        read(SCENE.replace(right, wrong, 1))
    assert words in str(error.value)
