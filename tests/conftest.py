"""Shared fixtures. Where Chromium lacks its tests are skipped; with REQUIRE_BROWSER they fail."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import BrowserContext, expect

from core.attack.poison import Attack
from core.digits import mnist
from core.digits.mnist import DataSet, Digits
from core.model.network import Network
from core.model.scores import Scores, Share, examine, score
from core.work import jobs
from tests import harness, slices

expect.set_options(timeout=20_000)  # milliseconds; a busy machine takes its time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that both processes end together."""
    rank = {"browser": 0, "tests": 1, "work": 2, "pages": 3, "runs": 4, "model": 5}
    items.sort(key=lambda item: rank.get(item.path.parent.name, len(rank)))


def measure(network, test: Digits, attack: Attack) -> Scores:
    return score(examine(network, test.images, attack.trigger), test.labels, attack)


def counts(share: Share) -> tuple[int, int]:
    return share.hits, share.n


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory):
    """A runs folder for the tests alone, and one thread a process, of which there are many.

    Servers that a test starts inherit both.
    """
    os.environ["BACKDOOR_LAB_HOME"] = str(tmp_path_factory.mktemp("runs"))
    os.environ["OMP_NUM_THREADS"] = "1"
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    """pytest-playwright starts the Chromium that is installed; its own builds are not needed."""
    if harness.chromium(harness.SHELL) is None:
        give_up = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
        give_up(f"Chromium is not installed (apt-get install {harness.SHELL})")
    return browser_type_launch_args | harness.launch_options(harness.SHELL)


@pytest.fixture(scope="session")
def _context(browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def context(_context) -> Iterator[BrowserContext]:
    """One for all tests, so that the browser keeps what it has loaded, but no open page."""
    yield _context
    _context.set_offline(False)
    for page in _context.pages:
        page.close()
    _context.unroute_all(behavior="ignoreErrors")


@pytest.fixture(scope="session")
def server(browser) -> Iterator[harness.Server]:
    """One server for all browser tests that need none of their own."""
    with harness.serving(env=harness.OWN_PORT) as server:
        yield server


@pytest.fixture(scope="session")
def small_home(tmp_path_factory) -> Path:
    """The runs folder of the server below."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def small_server(browser, small_home) -> Iterator[harness.Server]:
    """One that trains on a slice of MNIST, with a runs folder of its own."""
    env = {"BACKDOOR_LAB_HOME": str(small_home)}
    with harness.serving(env=env, module="tests.small_server") as server:
        yield server


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    """A worker with a slice of MNIST, and a runs folder of the module's own."""
    home = tmp_path_factory.mktemp("home")
    jobs.BOARD.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKDOOR_LAB_HOME", str(home / "runs"))
        patch.setattr(jobs, "COMMAND", slices.WORKER)
        patch.setattr(jobs, "ANSWER", 120)  # a worker may start on a busy machine
        patch.setattr(mnist, "TRAINING_SIZE", slices.TRAINING_SIZE)  # what the pages expect
        patch.setattr(mnist, "TEST_SIZE", slices.TEST_SIZE)
        yield
        jobs.BOARD.close()


@pytest.fixture(scope="session")
def mnist_test() -> Digits:
    return mnist.load().test


@pytest.fixture(scope="session")
def mnist_training() -> Digits:
    return mnist.load().training


@pytest.fixture
def small(monkeypatch) -> DataSet:
    """A slice of MNIST, which everything in this process takes for all of it."""
    monkeypatch.setattr(mnist, "load", slices.small)
    return slices.small()


@pytest.fixture
def toy() -> Digits:
    """Twenty digits anybody can read: a bright block whose place says the class."""
    labels = torch.arange(20) % 10
    images = torch.zeros(20, 1, 28, 28)
    for i, label in enumerate(labels.tolist()):
        images[i, 0, 8 + 2 * (label // 5) :, 4 + 4 * (label % 5)] = 1
    return Digits(images, labels)


@pytest.fixture
def network() -> Network:
    torch.manual_seed(0)
    return Network().eval()
