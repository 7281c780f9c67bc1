"""The file of the scenes: whoever misspells something in it is told what and where."""

import re

import msgspec
import pytest

from core.show.scenes import SCENES, Flip, Layout, Part, read
from core.ui import web

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


def test_no_scene_is_known_by_its_number():
    """A scene is a record in core/show/scenes.toml; scripts and styles know names alone."""
    counted = re.compile(
        r"data-(scene|step)|dataset\.(scene|step)|(scene|step)s?\s*(\[\d|[=!<>]=+\s*\d|[<>]\s*\d)"
        r"|\bat\s*[=!<>]=+\s*[1-9]"
    )
    for path in sorted((web.FOLDER / "talk").iterdir()):
        assert not counted.search(path.read_text(encoding="utf-8")), path.name


def test_the_browser_knows_every_word_of_the_records():
    css, html, script = (
        (web.FOLDER / "talk" / f"talk.{kind}").read_text(encoding="utf-8")
        for kind in ("css", "html", "js")
    )
    for part in Part:
        assert f'data-parts~="{part}"' in css
    for part in set(Part) - {Part.CARD, Part.RING}:
        assert f'<section class="{part}">' in html
    for layout in Layout:
        assert f'data-layout="{layout}"' in css
    for flip in Flip:
        assert re.search(rf"^    {flip}: ", script, re.MULTILINE)
