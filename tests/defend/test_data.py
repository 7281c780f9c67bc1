"""In the training data: each method against numbers by hand, and all of them on the ladder."""

from base64 import b64decode
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from core.defend import clean, grader, whitening
from core.defend.bucket import Bucket, bucket
from core.defend.clustering import Clustering
from core.defend.data import HALF, SHOWN
from core.defend.evidence import clean_digits
from core.defend.finding import Grade
from core.defend.mixture import Mixture
from core.defend.spectral import Spectral, farthest
from core.defend.whitening import Whitened, Whitening
from core.digits.mnist import DataSet
from core.model.recipe import STURDY
from core.runs import ladder


class Head(nn.Module):
    """Reads as class 1 what is larger in the second of two units."""

    def output(self, hidden):
        return hidden


def of(points, others=((1.0, 0.0),), clean=((0.0, 0.0),)) -> Bucket:
    return Bucket(
        network=Head(),
        label=1,
        images=torch.zeros(len(points), 1, 28, 28),
        hidden=torch.tensor(points, dtype=torch.float32),
        clean=torch.tensor(clean, dtype=torch.float32),
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


def test_what_clean_digits_hardly_differ_in_is_what_poison_stands_out_in():
    """They are spread wide along the first axis; thirty of three hundred lie apart in the second,
    by less than that."""
    random = np.random.default_rng(0)
    spread = (10, 0.1)
    clean, rows = random.normal(0, spread, (500, 2)), random.normal(0, spread, (300, 2))
    poison = np.arange(300) < 30
    rows[poison] += (0, 3)
    bucket = of(rows.tolist(), clean=clean.tolist())
    found = Whitening(ridge=0)(bucket)
    assert found.far.tolist() == poison.tolist()
    assert found.ratio > 20
    assert Whitening(ridge=0)(of(rows[~poison].tolist(), clean=clean.tolist())).ratio < 1.5


def test_most_of_a_label_may_lie_apart():
    random = np.random.default_rng(0)
    clean, rows = random.normal(0, 1, (500, 2)), random.normal(0, 1, (300, 2))
    rows[:200, 1] -= 50
    found = Whitening()(of(rows.tolist(), clean=clean.tolist()))
    assert found.far.tolist() == [True] * 200 + [False] * 100


def test_the_suspect_is_the_label_that_lies_farthest_apart():
    far = torch.tensor([True, False])
    found = [Whitened(torch.zeros(2, 2), ratio, far) for ratio in (1.0, 5.0, 2.0)]
    suspect = whitening.suspect(found, torch.tensor([0, 1, 2, 1, 2, 0]))
    assert (suspect.statistic, suspect.target) == (5, 1)
    assert suspect.rows.nonzero()[:, 0].tolist() == [1]


@pytest.fixture(scope="module")
def data(mnist_training, mnist_test) -> DataSet:
    return DataSet("MNIST", mnist_training, mnist_test)


@pytest.mark.parametrize(("percent", "label"), [(0.5, 8), (1.0, 8), (10.0, 8), (1.0, 7)])
def test_the_articles_poison_is_found_row_by_row(data, percent, label):
    run = ladder.load().rungs[percent]
    *_, found = grader.inspect_graded(*grader.evidence(run, data), label)
    threshold = clean.load(STURDY.name).threshold("whitening")
    grades, poisoned = found.grades, label == 8
    assert (found.ratio > threshold) is poisoned
    assert grades["whitening"].recall.n == (round(60_000 * percent / 100) if poisoned else 0)
    if poisoned:
        assert grades["whitening"].precision.value >= 0.95
        assert grades["whitening"].recall.value >= 0.95
        assert found.apart == grades["whitening"].precision.n
        if percent < 10:  # as reference codes have it
            assert grades["spectral, not centred"].recall.value < 0.05
    if percent == 0.5:
        assert grades["clustering"].recall.value < 0.05  # as published
    elif percent == 1 and poisoned:
        assert grades["mixture"].recall.value > 0.95
        assert grades["loss"].recall.value < 0.5  # the backdoor is learnt
    assert len(found.smaller) == HALF
    if label == 7:  # 2-means accuses those with a crossbar, which starts left of the stem
        assert found.share < Clustering().share
        assert grades["clustering"].precision.hits == 0
        crossed = Image.open(BytesIO(b64decode(found.smaller[0])))
        sevens = data.training.images[data.training.labels == 7].mean(dim=0)[0] * 255
        bar = slice(13, 17), slice(9, 13)
        assert np.asarray(crossed)[bar].mean() > 2 * sevens[bar].mean()
    assert len(found.points) == len(found.far) == min(SHOWN, found.apart + found.rest)


def test_the_defender_has_clean_digits_that_no_threshold_comes_from(data):
    ours, others = clean_digits(data.test), clean_digits(data.test, calibrating=True)
    assert len(ours.labels) == len(others.labels) == 5000
    assert not any(
        (others.images == image).flatten(1).all(dim=1).any() for image in ours.images[:9]
    )


def test_a_label_that_hardly_a_row_bears_is_refused(data):
    run = ladder.load().clean
    few = grader.evidence(run, data)[0]
    few = replace(few, labels=torch.where(few.labels == 4, 5, few.labels))
    with pytest.raises(ValueError, match="expected more than 100 training images labelled 4"):
        bucket(few, 4)
