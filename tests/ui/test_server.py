"""What stands between the start of the server and its first answer."""

import subprocess
import sys

from tests import harness


def test_the_server_answers_before_pytorch_is_there():
    """PyTorch takes most of a cold start; meanwhile the browser can load the page."""
    program = "import sys, app; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=harness.ROOT, capture_output=True, text=True
    )
    assert done.stdout.split() == ["False"], done.stderr


def test_the_models_are_loaded_before_anybody_comes():
    program = (
        "from core.ui import models, server; server.warm(); print(models._ladder.cache_info())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=harness.ROOT, capture_output=True, text=True
    )
    assert "currsize=1" in done.stdout, done.stderr
