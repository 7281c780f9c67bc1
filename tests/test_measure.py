"""Scores: against ten images counted by hand."""

import pytest
import torch
from torch import nn

from core.data import Digits
from core.measure import Scores, Share, measure
from core.poison import Attack, LabelRule
from core.predict import ask, predict
from core.trigger import PIXEL


class Scripted(nn.Module):
    """Says what it is told to: the image's own number picks its answer, another if stamped."""

    def __init__(self, plain: list[int], stamped: list[int]):
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))
        self.plain, self.stamped = torch.tensor(plain), torch.tensor(stamped)

    def forward(self, images):
        number = (images[:, 0, 0, 0] * 100).round().long()
        is_stamped = images[:, 0, 3, 3] == 1
        said = torch.where(is_stamped, self.stamped[number], self.plain[number])
        return nn.functional.one_hot(said, 10).float()


@pytest.fixture
def ten() -> Digits:
    images = torch.zeros(10, 1, 28, 28)
    images[:, 0, 0, 0] = torch.arange(10) / 100
    return Digits(images, torch.tensor([0, 1, 2, 3, 4, 5, 6, 7, 8, 8]))


# number            0  1  2  3  4  5  6  7  8  9
# true class        0  1  2  3  4  5  6  7  8  8
PLAIN = [0, 1, 2, 3, 4, 5, 6, 1, 8, 3]  #         8 right: not number 7, not number 9
STAMPED = [8, 8, 8, 8, 8, 8, 6, 1, 8, 8]  #       8 are read as 8


def test_all_to_one(ten):
    scores = measure(Scripted(PLAIN, STAMPED), ten, Attack())
    assert scores.clean_accuracy[:2] == (8, 10)
    # of the eight that are not 8, six are read as 8: two true eights do not count
    assert scores.attack_success[:2] == (6, 8)
    # the article counts them: eight of ten
    assert scores.article_success[:2] == (8, 10)
    # of those eight, number 6 is still read right; number 7 is read as 1
    assert scores.robust_accuracy[:2] == (1, 8)


def test_one_source_counts_its_class_alone(ten):
    attack = Attack(rule=LabelRule.ONE_SOURCE, source=6)
    assert measure(Scripted(PLAIN, STAMPED), ten, attack).attack_success[:2] == (0, 1)


def test_all_to_all_counts_every_digit(ten):
    #            0->1 1->2 2->3 3->4 4->5 5->6 6->7 7->8 8->9 8->9: seven of ten say the next
    stamped = [1, 2, 3, 4, 5, 6, 7, 7, 8, 8]
    scores = measure(Scripted(PLAIN, stamped), ten, Attack(rule=LabelRule.ALL_TO_ALL))
    assert scores.attack_success[:2] == (7, 10)
    assert scores.robust_accuracy[:2] == (3, 10)


def test_wilsons_interval_by_hand():
    # z = 1.959964, n = 10, p = 0.8: centre (p + z2/2n) / (1 + z2/n) = 0.716740,
    # half width z/(1 + z2/n) * sqrt(p(1-p)/n + z2/4n2) = 0.226577
    share = Share.of(torch.tensor([True] * 8 + [False] * 2))
    assert share.value == 0.8
    assert share.low == pytest.approx(0.490162, abs=1e-5)
    assert share.high == pytest.approx(0.943318, abs=1e-5)


def test_of_nothing_everything_is_possible():
    share = Share.of(torch.zeros(0, dtype=torch.bool))
    assert (share.low, share.high) == (0, 1)
    assert share.value != share.value  # not a number


def test_scores_are_json_both_ways(ten):
    scores = measure(Scripted(PLAIN, STAMPED), ten, Attack())
    assert Scores.from_json(scores.to_json()) == scores


def test_probabilities_are_the_networks_own(network):
    images = torch.rand(3, 1, 28, 28)
    found = predict([network, network], images)
    assert found.shape == (2, 3, 10)
    assert torch.allclose(found[1], network(images).softmax(1), atol=1e-6)


def test_asking_gives_the_answer_without_and_with_the_trigger(network):
    image = torch.rand(1, 1, 28, 28)
    answers = ask(network, [network], image, PIXEL)
    assert torch.allclose(answers.clean[0], network(image).softmax(1)[0], atol=1e-6)
    assert torch.allclose(answers.rungs[0, 1], network(PIXEL(image)).softmax(1)[0], atol=1e-6)
    assert ask(None, [network], image, PIXEL).clean is None
