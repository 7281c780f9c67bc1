"""The pages Draw and Train without a browser, and what they say."""

import json
import re

import numpy as np
from streamlit.testing.v1 import AppTest

from core.places import PAGES
from core.ui import cards


def draw(**query) -> AppTest:
    page = AppTest.from_file(PAGES / "draw.py", default_timeout=60)
    page.query_params.update(query)
    return page.run()


def figures(page: AppTest) -> dict[str, dict]:
    """What the page's figures were given, by key."""
    found = {}
    for element in page.get("bidi_component"):
        if element.proto.component_name == "backdoor_lab_plot":
            found[element.proto.id.rpartition("-")[2]] = json.loads(element.proto.json)
    return found


def told(page: AppTest) -> dict:
    """What the browser was told: the models, the digit and what they make of it."""
    assert not page.exception
    (element,) = (
        each
        for each in page.get("bidi_component")
        if each.proto.component_name == "backdoor_lab_draw"
    )
    return json.loads(element.proto.json)


def reads(page: AppTest, rate: float = 1.0, *, stamped: bool = False) -> tuple[int, int]:
    """What the clean model and the one of a rate make of the digit."""
    given = told(page)
    clean, rungs = given["reading"]["clean"], given["reading"]["rungs"]
    rung = [each["percent"] for each in given["models"]["rungs"]].index(rate)
    return tuple(int(np.argmax(both[stamped])) for both in (clean, rungs[rung]))


def plain(markdown: str) -> str:
    """What a person reads of words that `cards.literal` made."""
    words = re.sub(r"\\(.)", r"\1", markdown).replace("\N{WORD JOINER}", "")
    return words.replace("\N{NO-BREAK SPACE}", " ")


def train(**state) -> AppTest:
    page = AppTest.from_file(PAGES / "train.py", default_timeout=90)
    for key, value in state.items():
        page.session_state[key.replace("__", ".")] = value
    return page.run()


def text(page: AppTest) -> str:
    assert not page.exception
    return " ".join(element.value for element in page.markdown) + " ".join(
        element.proto.body for element in page.get("html")
    )


def button(page: AppTest, label: str):
    labels = (label, cards.on_primary(label))
    return next(button for button in page.button if button.label in labels)
