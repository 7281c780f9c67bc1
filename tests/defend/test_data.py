"""In the training data: each method against numbers by hand, and all of them on the ladder."""

import numpy as np
import pytest
import torch
from torch import nn

from core.defend import clean, mixture
from core.defend.bucket import CLEAN, Bucket, bucket
from core.defend.clustering import Clustering
from core.defend.finding import Grade
from core.defend.grader import inspect_run
from core.defend.mixture import Mixture
from core.defend.spectral import Spectral, farthest
from core.digits.mnist import DataSet
from core.model.recipe import STURDY
from core.runs import ladder


class Head(nn.Module):
    """Reads as class 1 what is larger in the second of two units."""

    def output(self, hidden):
        return hidden


def of(points, others=((1.0, 0.0),)) -> Bucket:
    return Bucket(
        network=Head(),
        label=1,
        hidden=torch.tensor(points, dtype=torch.float32),
        others=torch.tensor(others),
    )


def test_what_a_part_has_more_of_is_carried_over():
    bucket = of([(0.0, 0.0), (0.0, 0.0), (0.0, 3.0)], others=[(1.0, 0.0), (4.0, 0.0)])
    assert bucket.transplanted(torch.tensor([False, False, True])) == 0.5  # (1, 3) but not (4, 3)
    assert bucket.transplanted(torch.tensor([True, True, False])) == 0
    assert bucket.transplanted(torch.tensor([True, True, True])) == 0  # there is no rest


def test_spectral_scores_by_hand():
    """Rows (0, 10) three times and (0, 2): the mean is (0, 8)."""
    rows = torch.tensor([[0.0, 10.0]] * 3 + [[0.0, 2.0]])
    scores = Spectral()(rows)
    assert scores.tolist() == pytest.approx([4, 4, 4, 36])
    assert farthest(scores, 1).tolist()[3]
    assert Spectral()(rows + 7).tolist() == pytest.approx(scores.tolist())
    assert Spectral(centred=False)(rows).sqrt().tolist() == pytest.approx([10, 10, 10, 2])


def test_a_mixture_finds_the_lump_that_halves_do_not():
    """Three hundred points on a wide hill, thirty of which lie in one place on its slope."""
    random, lump = np.random.default_rng(0), np.arange(300) >= 270
    points = random.normal(0, 4, (300, 2))
    points[lump] = random.normal((7, 0), 0.2, (30, 2))
    bucket = of(np.zeros((300, 2)).tolist())
    bucket.__dict__["points"] = points
    halves = Clustering()(bucket).smaller.numpy()
    assert (halves != lump).sum() > 60
    part = Mixture().cut(bucket, 2).part.numpy() == 1
    wrong = (part != lump).sum()
    assert min(wrong, 300 - wrong) <= 3


def test_grades_by_hand():
    found, bears = torch.tensor([True, True, False, False]), torch.tensor([True, False, True, True])
    precision, recall = Grade.of(found, bears)
    assert (precision.hits, precision.n, recall.hits, recall.n) == (1, 2, 1, 3)


@pytest.fixture(scope="module")
def threshold() -> float:
    return clean.load(STURDY.name).mixture_threshold


@pytest.mark.parametrize("percent", [0.5, 1.0])
def test_the_articles_poison_is_found_row_by_row(mnist_training, mnist_test, threshold, percent):
    run = ladder.load().rungs[percent]
    data = DataSet("MNIST", mnist_training, mnist_test)
    grades = inspect_run(run, data, 8, threshold).grades
    assert grades["mixture"].precision.value >= 0.95
    assert grades["mixture"].recall.value >= 0.95
    assert grades["mixture"].recall.n == 600 * percent
    assert grades["spectral, not centred"].recall.value < 0.05  # as the reference codes have it
    if percent == 0.5:
        assert grades["clustering"].recall.value < 0.05  # as published
    else:
        assert grades["spectral"].recall.value > 0.9


@pytest.mark.parametrize("label", [7, 8])
def test_a_clean_class_is_not_accused(mnist_training, mnist_test, threshold, label):
    """Nor the sevens with a crossbar, which 2-means accuses."""
    network = ladder.load().clean.network
    images = mnist_training.images[mnist_training.labels == label]
    rows = bucket(network, images, mnist_test.images[-CLEAN:], label)
    cut = Mixture()(rows)
    assert not mixture.rows(cut, threshold).any()
