"""Words of an uploaded card are text, on every page: none is Markdown, HTML or a link."""

import json
import re
from collections.abc import Iterator

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from core.places import PAGES
from core.runs import library, sweep
from core.ui import evaluations, models
from tests import hostile
from tests.pages.reading import plain

pytestmark = pytest.mark.usefixtures("worker")

PORT = 9  # nobody's
# What Streamlit, or core/web/draw, shows as it is: no Markdown, no HTML
PLAIN = {"selectbox.options", "selectbox.raw_value"}
PLAIN |= {"text_input.default", "text_input.value", "code.code_text"}
PLAIN |= {"component.models.rungs.measured"}
MARKDOWN = re.compile(r"(?<!\\)(\[|\]|<)")
VIEWS = ("numbers", "classes", "images", "rates", "article", "files")


@pytest.fixture(scope="module")
def run(worker, tmp_path_factory) -> str:
    """The id of a hostile run; a hostile sweep lies beside it."""
    for cache in (evaluations._evaluations, evaluations._sheets):
        cache.clear()
    sweep.add(sweep.path_in(library.home()), [hostile.card(PORT)])
    return hostile.adopt(PORT, tmp_path_factory.mktemp("upload"))


def strings(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Every string in a record, with the name of what holds it."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from strings(part, f"{place}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from strings(part, place)
    elif isinstance(value, str):
        yield place, value


def shown(page: AppTest) -> Iterator[tuple[str, str]]:
    """Every string that the page sends to the browser."""
    _, *elements = page._tree  # the first is the tree itself
    for element in filter(lambda each: each.proto, elements):
        record = MessageToDict(element.proto, preserving_proto_field_name=True)
        for place, text in strings(record, element.type):
            if place == "bidi_component.json":
                yield from strings(json.loads(text), "component")
            else:
                yield place, text


def check(page: AppTest) -> set[str]:
    """Which of the card's words the page shows; fails where one is interpreted."""
    assert not page.exception
    seen = set()
    for place, text in shown(page):
        words = {word for word in hostile.WORDS if f"127.0.0.1:{PORT}/{word}" in plain(text)}
        if not words:
            continue
        seen |= words
        if place in PLAIN:
            continue
        if place == "html.body" or place.startswith("component"):
            assert "<img src=//" not in text, place
        else:
            assert not MARKDOWN.search(text), place
    return seen


def test_draw(run):
    page = AppTest.from_file(PAGES / "draw.py", default_timeout=60)
    page.query_params.update(run=run, sample="3", trigger="1")
    assert check(page.run()) == {"name", "trigger", "recipe", "data"}


def test_train(run):
    models._listed.cache_clear()
    page = AppTest.from_file(PAGES / "train.py", default_timeout=90).run()
    assert not page.exception
    (rows,) = (each.value for each in page.dataframe)
    assert hostile.picture("name", PORT) in rows["name"].tolist()
    check(page)


@pytest.mark.parametrize("view", VIEWS)
def test_measure(run, view):
    page = AppTest.from_file(PAGES / "measure.py", default_timeout=90)
    page.query_params.update(models=run, view=view)
    assert {"name", "data"} <= check(page.run().run())


def test_the_curve_of_a_sweep(run):
    page = AppTest.from_file(PAGES / "measure.py", default_timeout=90)
    page.query_params.update(models=run, view="rates")
    page.run().run()
    from core.ui import curves  # its canvas can be imported where a page has run

    page.pills(key="measure.curves").set_value(list(curves.by_name())).run()
    assert {"trigger", "recipe", "data"} <= check(page)


def test_the_name_of_a_picture_and_why_it_was_refused():
    page = AppTest.from_file(PAGES / "draw.py", default_timeout=60).run()
    file = f"{hostile.picture('name', PORT)}.png"
    page.file_uploader[0].upload(file, b"no picture", "image/png").run()
    assert check(page) == {"name"}
    (complaint,) = (each.value for each in page.error)
    assert plain(complaint).startswith(file)
