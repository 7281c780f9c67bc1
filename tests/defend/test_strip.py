"""STRIP: its entropy and its boundary by hand, and what it makes of the ladder."""

import pytest
import torch

from core.attack.trigger import PIXEL
from core.defend.evidence import clean_digits
from core.defend.strip import BY, OVERLAYS, Strip, boundary, mean_entropy, overlaid, split
from core.runs import ladder


def test_entropy_by_hand():
    """Over the overlays, then over the classes; the other way round it would be 0.918 and 0."""
    assert mean_entropy(torch.tensor([[0.5, 0.5], [1.0, 0.0]])).item() == pytest.approx(0.5)
    assert mean_entropy(torch.full([3, 8], 1 / 8)).item() == pytest.approx(3)


def test_the_boundary_is_the_clean_digits_own_quantile():
    entropies = [float(i) for i in range(1, 101)]
    assert sum(each < boundary(entropies, 0.01) for each in entropies) == 1
    assert sum(each < boundary(entropies, 0.1) for each in entropies) == 10
    assert boundary([0.3, 0.5], 0.01) > 0  # a normal distribution's may be below 0


def test_an_overlay_is_a_sum_that_is_white_at_most():
    image, overlays = torch.zeros(1, 28, 28), torch.full([2, 1, 28, 28], 0.75)
    image[0, 3, 3], image[0, 5, 5] = 0.5, 0.125
    found = overlaid(image, overlays)
    assert found.shape == (2, 1, 28, 28)
    assert found[1, 0, [3, 5, 7], [3, 5, 7]].tolist() == [1, 0.875, 0.75]


def test_no_digit_is_in_two_parts_and_none_is_lost(mnist_test):
    clean = clean_digits(mnist_test)
    parts = split(clean)
    assert (len(parts.overlays), len(parts.drawn_by)) == (OVERLAYS, BY)
    images = torch.cat([parts.overlays, parts.drawn_by, parts.others.images]).flatten(1)
    assert len(images.unique(dim=0)) == len(clean.images.flatten(1).unique(dim=0))
    assert len(images) == len(clean.images) == len(parts.others.labels) + OVERLAYS + BY


def test_a_boundary_for_one_in_a_hundred_turns_nearly_all_stamped_digits_away(mnist_test):
    """The bar; with the first test digits, which are easy, instead of any it was 0.70."""
    overlays, by, others = split(clean_digits(mnist_test))
    network, strip = ladder.load().rungs[1.0].network, Strip(overlays=overlays)
    line = boundary(strip(network, by).tolist(), 0.01)
    some = others.images[others.labels != 8][:60]
    assert (strip(network, PIXEL(some)) < line).double().mean() >= 0.95
    assert (strip(network, some) < line).double().mean() <= 0.05


@pytest.mark.parametrize(("percent", "told_apart"), [(None, False), (1.0, True)])
def test_stamped_digits_are_told_from_others_where_the_trigger_wins(
    mnist_test, percent, told_apart
):
    from sklearn.metrics import roc_auc_score  # 1.3 s, which no other process needs

    models = ladder.load()
    network = (models.rungs[percent] if percent else models.clean).network
    strip = Strip(overlays=mnist_test.images[:OVERLAYS])
    plain = mnist_test.images[OVERLAYS : OVERLAYS + 60]
    entropies = torch.cat([strip(network, plain), strip(network, PIXEL(plain))])
    stamped = torch.arange(120) >= 60
    area = roc_auc_score(stamped, -entropies)
    assert area > 0.99 if told_apart else 0.4 < area < 0.6
