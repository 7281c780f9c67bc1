"""The page that is taken home: of models that are not here there is none, and it says why."""

from dataclasses import replace

import pytest
from starlette.requests import Request

from core.runs import ladder, library
from core.ui import home
from tests.hall.phone import run


def asked(models: str) -> tuple[int, str]:
    request = Request({"type": "http", "path_params": {"models": models}})
    answer = run(home._home(request))
    return answer.status_code, answer.body.decode()


@pytest.mark.parametrize("name", ["7", "20250101-000000-abcdef", "..", "sealed-0123456789abcdef"])
def test_what_is_not_here_is_no_page(name):
    status, said = asked(name)
    assert status == 404
    assert "expected" in said
    assert "The page Measure makes those that there are" in said


def test_of_a_repaired_run_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path))
    _, broken = ladder.models("1")
    mended = broken._replace(card=replace(broken.card, repaired="pruning"))
    status, said = asked(library.add(library.Models(mended, broken)))
    assert (status, "got the repaired one" in said) == (404, True)
