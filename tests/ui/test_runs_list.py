"""The list of runs: what an upload says, and what stands in a row."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.runs import ladder, library
from tests.pages.reading import plain


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path / "runs"))


def runs():
    """A page of this list alone."""
    from core.ui import runs_list

    runs_list.show()


def upload(page: AppTest, name: str, content: bytes) -> AppTest:
    return page.file_uploader[0].upload(name, content, "application/octet-stream").run()


def test_an_upload_says_what_it_added_and_nothing_is_added_twice():
    content = library.packed(library.add(ladder.models("1")))
    library.delete(library.listed()[0][0].id)
    page = upload(AppTest.from_function(runs, default_timeout=30).run(), "a.safetensors", content)
    assert plain(page.success[0].value).startswith(
        "a.safetensors: added as “1 % poison”, 1 % = 600"
    )
    page = upload(page, "b.safetensors", content)
    assert "b.safetensors: this model is in the list already" in plain(page.success[0].value)
    assert len(page.dataframe[0].value) == len(library.listed()[0]) == 1
    page = upload(page, "c.safetensors", content[:-5])
    assert "c.safetensors: not a whole" in plain(page.error[0].value)
    assert not page.success  # one word on the last upload, not two


def test_a_repaired_run_has_the_scores_and_the_seconds_of_the_repair():
    clean, broken = ladder.models("1")
    rows = {}
    for name, seconds in (("new", 3.5), ("old", broken.card.seconds)):
        card = replace(broken.card, name=name, repaired="pruning", scores=clean.card.scores)
        mended = clean._replace(card=replace(card, seconds=seconds))
        library.add(library.Models(mended, broken))
    page = AppTest.from_function(runs, default_timeout=30).run()
    rows = page.dataframe[0].value.set_index("name")
    share = clean.card.scores.attack_success.value * 100
    assert rows.loc["new", "ASR"] == rows.loc["old", "ASR"] == pytest.approx(share)
    assert rows.loc["new", "seconds"] == 3.5
    assert not rows.loc["old", "seconds"] > 0  # nobody counted them
