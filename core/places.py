"""Where things are on the disk: the repository's own folders, wherever the app is started from."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
ASSETS, PAGES = ROOT / "assets", ROOT / "pages"


def home() -> Path:
    """The folder of this machine's runs: what `BACKDOOR_LAB_HOME` names, else `.data/runs`."""
    return Path(os.environ.get("BACKDOOR_LAB_HOME") or ROOT / ".data" / "runs")
