"""How long a search still takes."""

from core.ui.searches import time_left


def test_the_time_left_is_at_the_pace_so_far():
    assert time_left(4.0, 8, 24) == "about 12 s left"
    assert time_left(0.1, 8, 1) == "about 1 s left"
    assert time_left(4.0, 1, 75) == "about 5 min left"
    assert time_left(4.0, 0, 24) == "just begun"
