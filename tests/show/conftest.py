"""What tests of the talk share."""

import pytest

from core.ui import models, talks
from core.ui import talk as window


@pytest.fixture
def fresh():
    """As on a server that has just started."""
    models._ladder.cache_clear()
    window._live.cache_clear()
    talks.TALKS = talks.Talks()
    yield
    models._ladder.cache_clear()
