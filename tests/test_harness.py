"""What the benchmarks are measured in."""

import shutil

import pytest

from tests import harness


@pytest.fixture
def installed(monkeypatch):
    """The programs of this machine, by name."""
    names = []
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in names else None)
    return names


def test_benchmarks_take_the_whole_browser_or_else_the_one_without_windows(installed):
    installed[:] = [harness.SHELL]
    assert harness.chromium() == f"/bin/{harness.SHELL}"
    installed.append("chromium")
    assert harness.chromium() == "/bin/chromium"


def test_without_any_browser_a_benchmark_says_so(installed):
    with pytest.raises(RuntimeError, match="expected a Chromium"):
        harness.launch(None)
