"""What is asked of pip."""

import pytest

from tests import lower_bounds


def test_every_requirement_says_from_which_version_on():
    lines = [line for file in lower_bounds.FILES for line in file.read_text("utf-8").splitlines()]
    pins = lower_bounds.pinned(lines)
    assert len(pins) > 20
    assert len({pin.partition("=")[0] for pin in pins}) == len(pins)  # each is asked for once


def test_requirements_are_held_to_their_lower_bounds():
    lines = ["torch>=2.9", "streamlit>=1.67,<2  # st.App", "", "ruff~=0.17.6", "dask[one]>=2026.1"]
    held = ["torch>=2.9", "streamlit==1.67", "ruff==0.17.6", "dask[one]==2026.1"]
    assert lower_bounds.pinned(lines) == held
    with pytest.raises(ValueError, match="expected a requirement with a lower bound, got numpy"):
        lower_bounds.pinned(["numpy"])
