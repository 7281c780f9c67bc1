"""A board of jobs for the tests of it."""

import pytest

from core.work import jobs
from core.work.jobs import Board
from core.work.questions import Warm
from tests import slices


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """A board of its own, with a runs folder of its own; its worker is never hurried."""
    patch = pytest.MonkeyPatch()
    patch.setenv("BACKDOOR_LAB_HOME", str(tmp_path_factory.mktemp("home")))
    patch.setattr(jobs, "COMMAND", slices.WORKER)
    patch.setattr(jobs, "PATIENCE", 600)
    board = Board()
    board.ask(Warm())
    yield board
    board.close()
    patch.undo()


@pytest.fixture
def another():
    """A board whose worker a test chooses."""
    board = Board()
    yield board
    board.close()
