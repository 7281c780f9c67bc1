"""Install the lower bounds of the requirements in a fresh environment, run the fast tests there.

    python tests/lower_bounds.py [WORDS FOR PYTEST]

Run it whenever requirements change; it takes some minutes, so CI does not. PyTorch and torchvision,
which are large and come as a pair, are as pip chooses them.
"""

import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]
FREE = {"torch", "torchvision"}
BOUND = re.compile(r"(?P<name>[\w.-]+)(?P<extras>\[[\w,]+\])?\s*[>~]=\s*(?P<version>[\d.]+)")
FAST = ["--ignore=tests/browser", "--ignore=tests/web"]  # what needs no browser


def pinned(lines: Iterable[str]) -> list[str]:
    """Return the requirements, each held to its lower bound.

    Raises ValueError for one that has none.
    """
    pins = []
    for line in filter(None, (line.partition("#")[0].strip() for line in lines)):
        bound = BOUND.match(line)
        if bound is None:
            raise ValueError(f"expected a requirement with a lower bound, got {line}")
        name, extras, version = bound["name"], bound["extras"] or "", bound["version"]
        pins.append(line if name in FREE else f"{name}{extras}=={version}")
    return pins


def main() -> None:
    lines = [line for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        tests = sys.argv[1:] or FAST
        for arguments in (["pip", "install", "-q", *pinned(lines)], ["pytest", *tests]):
            done = subprocess.run([python, "-m", *arguments], cwd=ROOT)
            if done.returncode:
                sys.exit(done.returncode)


if __name__ == "__main__":
    main()
