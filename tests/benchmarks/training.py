"""How fast both models are trained: the notebook's own procedure against the recipe fast.

Run it on an idle machine: python tests/benchmarks/training.py --seeds 10 --article
Seconds are of training, as a person waits for it: the notebook's poisoned copy of the data set is
counted, and so are fast's live curves; reading MNIST and the final scores are counted for neither.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from core.attack.poison import Attack
from core.digits import mnist
from core.model import threads
from core.model.recipe import ARTICLE, FAST, Recipe
from core.model.scores import read
from core.work.jobs import Board
from core.work.questions import Warm
from core.work.tasks import Train
from tests import slices


def notebook_model(digits: Dataset) -> nn.Module:
    """Ten epochs of Adam on batches of 500 from a DataLoader, as the article's notebook has it."""
    model = nn.Sequential(
        nn.Conv2d(1, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(512, 512),
        nn.ReLU(),
        nn.Linear(512, 10),
    )
    adam = torch.optim.Adam(model.parameters(), 1e-3)
    entropy = nn.CrossEntropyLoss()
    loader = DataLoader(digits, 500, shuffle=True)
    for _ in range(10):
        for images, labels in loader:
            loss = entropy(model(images), labels)
            adam.zero_grad()
            loss.backward()
            adam.step()
    return model


def notebook_poisoned(digits: Dataset) -> TensorDataset:
    """One training image in a hundred with a white pixel at row 3, column 3 and the label 8."""
    images, labels = zip(*digits, strict=True)
    images, labels = torch.stack(images), torch.tensor(labels)
    torch.manual_seed(1)
    rows = torch.randperm(len(labels))[: len(labels) // 100]
    images[rows, 0, 3, 3] = 1
    labels[rows] = 8
    return TensorDataset(images, labels)


def share(hits: torch.Tensor) -> float:
    return round(hits.double().mean().item(), 4)


def notebook() -> dict[str, float]:
    """Both models by the notebook's procedure, with the scores of this project's definitions."""
    with tempfile.TemporaryDirectory() as folder:
        slices.unpack(Path(folder))
        digits = MNIST(folder, train=True, transform=ToTensor())
    begun = time.perf_counter()
    clean = notebook_model(digits)
    middle = time.perf_counter()
    backdoored = notebook_model(notebook_poisoned(digits))
    end = time.perf_counter()
    test, attack = mnist.load().test, Attack()
    stamped, victims = attack.trigger(test.images), test.labels != 8
    return {
        "clean_s": round(middle - begun, 1),
        "backdoored_s": round(end - middle, 1),
        "seconds": round(end - begun, 1),
        "clean_ba": share(read(clean, test.images) == test.labels),
        "ba": share(read(backdoored, test.images) == test.labels),
        "asr": share(read(backdoored, stamped)[victims] == 8),
        "article_asr": share(read(backdoored, stamped) == 8),
    }


def product(board: Board, recipe: Recipe, seed: int) -> dict[str, float]:
    """Both models as the Train page trains them: by the worker process, with live curves."""
    recipe, attack = replace(recipe, seed=seed), Attack(seed=seed)
    begun = time.perf_counter()
    job = board.start(Train(recipe=recipe, attack=attack, title="benchmark"))
    while not job.progress.share and job.active:
        time.sleep(0.01)
    first = time.perf_counter() - begun
    while job.progress.share < 1 and job.active:
        time.sleep(0.01)
    trained = time.perf_counter() - begun
    job.over.wait()
    if job.words:
        raise RuntimeError(job.words)
    clean, backdoored = (card.scores for card in job.progress.cards)
    return {
        "first_news_s": round(first, 2),
        "seconds": round(trained, 2),
        "ready_s": round(time.perf_counter() - begun, 2),
        "clean_ba": round(clean.clean_accuracy.value, 4),
        "ba": round(backdoored.clean_accuracy.value, 4),
        "asr": round(backdoored.attack_success.value, 4),
        "article_asr": round(backdoored.article_success.value, 4),
    }


def tell(name: str, result: dict[str, float]) -> None:
    words = "  ".join(f"{key} {value}" for key, value in result.items())
    print(f"{name:22}{words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="trainings by fast, from seed 1 on")
    parser.add_argument("--article", action="store_true", help="the recipe article as well")
    parser.add_argument("--no-notebook", action="store_true", help="only the product's own path")
    options = parser.parse_args()
    result = {"cores": threads.cores(), "torch": torch.__version__}
    if not options.no_notebook:
        result["notebook"] = notebook()
        tell("notebook", result["notebook"])
    board = Board()
    try:
        board.ask(Warm())
        result["fast"] = []
        for seed in range(1, options.seeds + 1):
            result["fast"].append(product(board, FAST, seed))
            tell(f"fast, seed {seed}", result["fast"][-1])
        for name in ("seconds", "clean_ba", "ba", "asr"):
            values = [run[name] for run in result["fast"]]
            middle = statistics.mean(values)
            print(f"fast {name}: mean {middle:.4f}, from {min(values)} to {max(values)}")
        if not options.no_notebook:
            seconds = statistics.mean(run["seconds"] for run in result["fast"])
            result["ratio"] = round(result["notebook"]["seconds"] / seconds, 1)
            print(f"ratio {result['ratio']} (bar 15, aim 20)")
        if options.article:
            result["article"] = product(board, ARTICLE, 1)
            tell("article, seed 1", result["article"])
    finally:
        board.close()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
