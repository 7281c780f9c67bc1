"""core/web/live/doubt.js: what it catches of drawings that are no digit, and how many it wrongs."""

from collections import Counter

import numpy as np
import pytest
import torch

from core.digits.drawing import PEN, centre, from_strokes, thin, to_bytes
from core.digits.samples import sample
from core.runs import ladder
from tests.digits.hands import OTHERS, SIDE, drawn

DOUBT = """
async ({ usual }) => {
  const { doubt } = await import("/live/doubt.js");
  const bytes = async (name) => (await fetch(name)).arrayBuffer();
  const digits = new Uint8Array(await bytes("/digits"));
  const logits = new Float32Array(await bytes("/logits"));
  return [...Array(digits.length / 784).keys()].map((i) =>
    doubt(digits.subarray(784 * i, 784 * (i + 1)), logits.subarray(10 * i, 10 * (i + 1)), usual));
}
"""
INK, SEVERAL = "Too little ink for a digit.", "Several digits? The models read one."
UNLIKE = "Unlike the digits that they learnt from."
LETTERS = {
    "A": [[(0, 1), (0.5, 0), (1, 1)], [(0.2, 0.6), (0.8, 0.6)]],
    "E": [[(1, 0), (0, 0), (0, 1), (1, 1)], [(0, 0.5), (0.8, 0.5)]],
    "F": [[(1, 0), (0, 0), (0, 1)], [(0, 0.5), (0.7, 0.5)]],
    "H": [[(0, 0), (0, 1)], [(1, 0), (1, 1)], [(0, 0.5), (1, 0.5)]],
    "K": [[(0, 0), (0, 1)], [(0.9, 0), (0, 0.5), (0.9, 1)]],
    "M": [[(0, 1), (0, 0), (0.5, 0.6), (1, 0), (1, 1)]],
    "N": [[(0, 1), (0, 0), (1, 1), (1, 0)]],
    "R": [[(0, 1), (0, 0), (0.7, 0), (0.9, 0.25), (0.7, 0.5), (0, 0.5)], [(0.4, 0.5), (1, 1)]],
    "T": [[(0, 0), (1, 0)], [(0.5, 0), (0.5, 1)]],
    "U": [[(0, 0), (0, 0.7), (0.25, 1), (0.75, 1), (1, 0.7), (1, 0)]],
    "W": [[(0, 0), (0.25, 1), (0.5, 0.3), (0.75, 1), (1, 0)]],
    "X": [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
    "P": [[(0, 1), (0, 0), (0.8, 0), (1, 0.25), (0.8, 0.5), (0, 0.5)]],
    "L": [[(0, 0), (0, 1), (0.8, 1)]],
}


def inked(strokes) -> np.ndarray:
    """A drawing on the pad, as the models get it."""
    return centre(thin(from_strokes(strokes, side=SIDE, width=PEN)))


def dot(chance, _) -> np.ndarray:
    at = chance.uniform(20, 260, 2)
    return inked([[at.tolist(), (at + chance.uniform(0, 4, 2)).tolist()]])


def scribble(chance, i) -> np.ndarray:
    """A random walk or a zigzag."""
    steps = int(chance.integers(12, 40))
    path = np.cumsum(chance.normal(0, 1, (steps, 2)), axis=0)
    if i % 2:
        zigzag = np.stack([np.linspace(0, 1, steps), np.arange(steps) % 2], axis=1)
        angle = chance.uniform(0, 6)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        path = (zigzag + chance.normal(0, 0.1, zigzag.shape)) @ turn
    path -= path.min(axis=0)
    return inked([(path / path.max() * chance.uniform(120, 230) + 25).tolist()])


def letter(chance, i) -> np.ndarray:
    strokes = list(LETTERS.values())[i % len(LETTERS)]
    placed = [[(x * 110 + 85, y * 190 + 45) for x, y in stroke] for stroke in strokes]
    return inked(drawn(placed, chance.uniform(0.5, 0.95), chance))


def pair(chance, _) -> np.ndarray:
    """Two digits beside each other."""
    both = []
    for middle in (75, 205):
        height = chance.uniform(95, 115)
        for stroke in sample(int(chance.integers(10))).strokes:
            x, y = (np.array(stroke).T - 140) / 140
            both.append(np.stack([x * 75 + middle, y * height + 140], axis=1).tolist())
    return inked(both)


def digit(chance, i) -> np.ndarray:
    variants = [sample(i % 10).strokes, *OTHERS[i % 10]]
    return inked(drawn(variants[i // 10 % len(variants)], chance.uniform(0.25, 1), chance))


@pytest.fixture(scope="module")
def clean() -> ladder.Ladder:
    return ladder.load()


def doubts(lab, models, digits: torch.Tensor) -> Counter:
    """How many of (N, 1, 28, 28) are met with which sentence."""
    with torch.inference_mode():
        logits = torch.cat([models.clean.network(part) for part in digits.split(250)])
    page = lab(digits=to_bytes(digits.numpy()).tobytes(), logits=logits.numpy().tobytes())
    return Counter(page.evaluate(DOUBT, {"usual": models.usual.to_json()}))


def test_of_the_test_digits_about_one_in_a_hundred_is_doubted(lab, clean, mnist_test):
    doubted = doubts(lab, clean, mnist_test.images)
    print(doubted)
    assert doubted[INK] == 0
    assert doubted[""] >= 0.985 * len(mnist_test.labels)


@pytest.mark.parametrize(
    ("draw", "words", "caught"),
    [
        (dot, {INK}, 1),
        (scribble, {UNLIKE, SEVERAL}, 0.5),
        (letter, {UNLIKE}, 0.5),
        (pair, {SEVERAL}, 0.98),
        (digit, {""}, 0.99),
    ],
)
def test_what_is_no_digit_is_doubted_and_what_is_one_is_not(lab, clean, draw, words, caught):
    chance, n = np.random.default_rng(3), 280
    drawings = np.stack([draw(chance, i) for i in range(n)])
    doubted = doubts(lab, clean, torch.from_numpy(drawings)[:, None])
    print(draw.__name__, doubted)
    assert sum(doubted[each] for each in words) >= caught * n


def test_without_what_is_usual_only_the_ink_is_looked_at(lab):
    chance = np.random.default_rng(0)
    drawings = [dot(chance, 0), pair(chance, 0), letter(chance, 5)]
    page = lab(
        digits=b"".join(to_bytes(each).tobytes() for each in drawings),
        logits=np.zeros(30, np.float32).tobytes(),
    )
    assert page.evaluate(DOUBT, {"usual": None}) == [INK, SEVERAL, ""]
