"""Where things are on the disk: the repository's own folders, wherever the app is started from."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
ASSETS, PAGES = ROOT / "assets", ROOT / "pages"
# plotly.js without maps and 3-D, a third of the whole. Kept compressed.
PLOTLY = ASSETS / "plotly-cartesian-4.1.1.min.js.gz"


def home() -> Path:
    """The folder of this machine's runs: what `BACKDOOR_LAB_HOME` names, else `.data/runs`."""
    return Path(os.environ.get("BACKDOOR_LAB_HOME") or ROOT / ".data" / "runs")
