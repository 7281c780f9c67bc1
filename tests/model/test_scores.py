"""Scores: against ten images counted by hand."""

import numpy
import pytest
import scipy.stats
import torch
from statsmodels.stats import contingency_tables, proportion
from torch import nn

from core.attack.poison import Attack, LabelRule
from core.attack.trigger import PIXEL
from core.digits.mnist import Digits
from core.model.network import ask, predict
from core.model.scores import Difference, Reading, Scores, Share, by_class, confusion
from tests.conftest import counts, measure


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
    assert counts(scores.clean_accuracy) == (8, 10)
    # of the eight that are not 8, six are read as 8: two true eights do not count
    assert counts(scores.attack_success) == (6, 8)
    # the article counts them: eight of ten
    assert counts(scores.article_success) == (8, 10)
    # of those eight, number 6 is still read right; number 7 is read as 1
    assert counts(scores.robust_accuracy) == (1, 8)


def test_one_source_counts_its_class_alone(ten):
    attack = Attack(rule=LabelRule.ONE_SOURCE, source=6)
    assert counts(measure(Scripted(PLAIN, STAMPED), ten, attack).attack_success) == (0, 1)


def test_all_to_all_counts_every_digit(ten):
    #            0->1 1->2 2->3 3->4 4->5 5->6 6->7 7->8 8->9 8->9: seven of ten say the next
    stamped = [1, 2, 3, 4, 5, 6, 7, 7, 8, 8]
    scores = measure(Scripted(PLAIN, stamped), ten, Attack(rule=LabelRule.ALL_TO_ALL))
    assert counts(scores.attack_success) == (7, 10)
    assert counts(scores.robust_accuracy) == (3, 10)


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


def test_the_difference_of_two_models_by_hand():
    # Of ten digits the second model gains two (numbers 7 and 9) and loses one (number 0).
    # Bonett and Price: up = 3/12, down = 2/12, difference 1/12 = 0.083333,
    # half width 1.959964 * sqrt((5/12 - 1/144) / 12) = 1.959964 * 0.184783 = 0.362169
    first = torch.tensor([1, 1, 1, 1, 1, 1, 1, 0, 1, 0]).bool()
    second = torch.tensor([0, 1, 1, 1, 1, 1, 1, 1, 1, 1]).bool()
    found = Difference.of(first, second)
    assert (found.gained, found.lost, found.n) == (2, 1, 10)
    assert found.value == pytest.approx(0.1)
    assert found.low == pytest.approx(0.083333 - 0.362169, abs=1e-5)
    assert found.high == pytest.approx(0.083333 + 0.362169, abs=1e-5)
    assert found.within_noise
    assert Difference.from_json(found.to_json()) == found


@pytest.mark.parametrize(("gained", "lost"), [(23, 24), (20, 60), (3, 40), (45, 12), (150, 90)])
def test_the_difference_agrees_with_mcnemar_and_a_paired_bootstrap(gained, lost):
    first, second = torch.ones(2, 10_000).bool()
    first[:gained] = second[gained : gained + lost] = False
    change = second.numpy().astype(int) - first.numpy()
    found = Difference.of(first, second)
    assert (found.gained, found.lost, found.n) == (gained, lost, 10_000)
    table = [[0, lost], [gained, 0]]
    assert found.within_noise == (contingency_tables.mcnemar(table, exact=True).pvalue > 0.05)
    drawn = scipy.stats.bootstrap(
        [change], numpy.mean, n_resamples=2000, batch=100, method="percentile", rng=0
    ).confidence_interval
    assert found.low == pytest.approx(drawn.low, abs=4e-4)
    assert found.high == pytest.approx(drawn.high, abs=4e-4)


def test_models_that_agree_on_everything_may_still_differ_a_little():
    found = Difference.of(torch.ones(10_000).bool(), torch.ones(10_000).bool())
    assert found.value == 0
    assert 0.0002 < found.high == -found.low < 0.0005  # about three in 10,000


def test_of_no_digits_any_difference_is_possible():
    none = torch.zeros(0).bool()
    found = Difference.of(none, none)
    assert (found.low, found.high) == (-1, 1)


@pytest.mark.parametrize("wrong", [{"n": 2}, {"gained": -1}, {"low": 0.5, "high": 0.4}])
def test_a_difference_that_cannot_be_is_refused(wrong):
    good = Difference.of(torch.ones(3).bool(), torch.zeros(3).bool()).to_json()
    with pytest.raises(ValueError, match="expected counts of n"):
        Difference.from_json(good | wrong)


def test_shares_and_confusions_agree_with_statsmodels_and_scikit_learn():
    from sklearn import metrics  # 1.3 s, which no other process needs

    chance = torch.Generator().manual_seed(0)
    labels = torch.randint(10, [500], generator=chance)
    wrong = torch.rand(500, generator=chance) < 0.2
    found = torch.where(wrong, torch.randint(10, [500], generator=chance), labels)
    counts = confusion(labels, found)
    assert (counts.numpy() == metrics.confusion_matrix(labels, found, labels=range(10))).all()
    right = Share.of(found == labels)
    assert right.value == metrics.accuracy_score(labels, found)
    wilson = proportion.proportion_confint(right.hits, right.n, method="wilson")
    assert (right.low, right.high) == pytest.approx(wilson)
    each = by_class(Reading(found, found), labels, Attack())
    recall = metrics.recall_score(labels, found, average=None)
    assert [scores.clean_accuracy.value for scores in each] == pytest.approx(recall.tolist())


def test_each_class_by_itself(ten):
    found = by_class(Reading(torch.tensor(PLAIN), torch.tensor(STAMPED)), ten.labels, Attack())
    assert [counts(scores.clean_accuracy) for scores in found[6:9]] == [(1, 1), (0, 1), (1, 2)]
    assert [counts(scores.attack_success) for scores in found[5:9]] == [
        (1, 1),
        (0, 1),
        (0, 1),
        (0, 0),
    ]
    assert counts(found[8].article_success) == (2, 2)  # true eights, counted by the article alone
