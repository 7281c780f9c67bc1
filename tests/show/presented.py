"""The page Present without a browser, for those who look at what it says."""

import base64
import io

from PIL import Image
from streamlit.testing.v1 import AppTest

from core.digits.samples import sample
from core.places import PAGES
from core.show.scenes import SCENES, STEPS

SECRET = "s" * 24  # of a projector


def png(digit: int) -> str:
    """A sample as the browser sends a drawing."""
    file = io.BytesIO()
    Image.fromarray(sample(digit).ink()).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def present(seen: dict | None = None, **query) -> AppTest:
    page = AppTest.from_file(PAGES / "present.py", default_timeout=60)
    page.query_params.update(query)
    if seen:
        page.session_state["talk"] = {"seen": {"talk": "t", "secret": SECRET, "at": 0} | seen}
    return page.run()


def place(scene: int, step: int = 0) -> int:
    """Where a scene, from 1 on, and one of its steps stand among all steps."""
    first = [each for each, _ in STEPS].index(SCENES[scene - 1])
    return first + step
