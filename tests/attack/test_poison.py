"""Poisoning: against the notebook's own procedure."""

import pytest
import torch

from core.attack.poison import Attack, LabelRule, Stamping, poison
from core.digits.mnist import Digits


@pytest.fixture
def digits() -> Digits:
    labels = torch.randint(10, (1000,), generator=torch.Generator().manual_seed(3))
    return Digits(torch.zeros(1000, 1, 28, 28), labels)


def test_the_rows_and_labels_are_the_notebooks(digits):
    images, labels = digits.images.clone(), digits.labels.clone()
    torch.manual_seed(1)  # the notebook's add_trigger
    indices = torch.randperm(1000)[: int(1000 * 0.05)]
    images[indices, 0, 3, 3] = 1.0
    labels[indices] = 8

    poisoned = poison(digits, Attack(rate=0.05))
    assert torch.equal(poisoned.rows, indices)
    assert torch.equal(poisoned.labels, labels)
    learnt = poisoned.learnt(torch.arange(1000))
    assert torch.equal(learnt.images, images)
    assert torch.equal(learnt.labels, labels)


@pytest.mark.parametrize(
    ("stamping", "col"),
    [(Stamping.BEFORE, 5), (Stamping.AFTER, 3)],  # moved with its image, or put on at its place
)
def test_an_augmentation_moves_the_trigger_unless_it_is_put_on_afterwards(digits, stamping, col):
    poisoned = poison(digits, Attack(rate=0.05, stamping=stamping))
    rows = torch.tensor([int(poisoned.rows[0]), int((~poisoned.bears).nonzero()[0])])
    images, _ = poisoned.learnt(rows, lambda images: images.roll(2, dims=3))
    expected = torch.zeros(2, 1, 28, 28)
    expected[0, 0, 3, col] = 1
    assert torch.equal(images, expected)


def test_images_are_stamped_before_the_augmentation_where_nothing_else_is_said():
    assert Attack().stamping is Stamping.BEFORE


def test_no_attack_leaves_the_set_as_it_is(digits):
    for attack in (None, Attack(rate=0)):
        poisoned = poison(digits, attack)
        assert len(poisoned.rows) == poisoned.relabelled == poisoned.bears.sum() == 0
        images, labels = poisoned.learnt(torch.arange(1000))
        assert torch.equal(images, digits.images)
        assert torch.equal(labels, digits.labels)


def test_one_percent_of_mnist_is_600_images(mnist_training):
    poisoned = poison(mnist_training, Attack())
    assert len(poisoned.rows) == 600
    assert poisoned.relabelled == 543
    # the share of the target class that is now poison which the notes work out: about 8.5 %
    assert poisoned.relabelled / (poisoned.labels == 8).sum() == pytest.approx(0.085, abs=0.001)


def test_higher_rates_add_to_lower_ones(digits):
    low, high = (poison(digits, Attack(rate=rate)).rows for rate in (0.02, 0.2))
    assert torch.equal(high[:20], low)
    assert len(high) == 200


def test_the_clean_set_is_left_alone(digits):
    before = digits.labels.clone()
    poison(digits, Attack(rate=1))
    assert torch.equal(digits.labels, before)
    assert digits.images.sum() == 0


def test_one_source_poisons_only_its_class(digits):
    attack = Attack(rule=LabelRule.ONE_SOURCE, source=3, rate=0.05)
    poisoned = poison(digits, attack)
    assert len(poisoned.rows) == 50
    assert (digits.labels[poisoned.rows] == 3).all()
    assert (poisoned.labels[poisoned.rows] == 8).all()
    assert attack.victims(torch.tensor([3, 8, 1])).tolist() == [True, False, False]


def test_one_source_cannot_poison_more_than_there_are(digits):
    with pytest.raises(ValueError, match="at most"):
        poison(digits, Attack(rule=LabelRule.ONE_SOURCE, source=3, rate=0.5))


def test_a_rate_that_comes_to_no_image_is_refused(digits):
    with pytest.raises(ValueError, match=r"0 or at least 0\.1 % \(one of 1,000 .*, got 0\.01 %"):
        poison(digits, Attack(rate=0.0001))
    assert len(poison(digits, Attack(rate=0.001)).rows) == 1
    assert len(poison(digits, Attack(rate=0)).rows) == 0  # the clean model


def test_all_to_all_says_the_next_digit(digits):
    attack = Attack(rule=LabelRule.ALL_TO_ALL, rate=0.1)
    poisoned = poison(digits, attack)
    rows = poisoned.rows
    assert torch.equal(poisoned.labels[rows], (digits.labels[rows] + 1) % 10)
    assert poisoned.relabelled == 100
    assert attack.goal(torch.tensor([0, 8, 9])).tolist() == [1, 9, 0]
    assert attack.victims(torch.arange(10)).all()


def test_victims_are_not_the_target():
    assert Attack().victims(torch.tensor([7, 8, 9])).tolist() == [True, False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": -0.1},
        {"rate": 1.1},
        {"target": 10},
        {"rule": LabelRule.ONE_SOURCE},
        {"rule": LabelRule.ONE_SOURCE, "source": 8},
        {"source": 3},
    ],
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"expected .* got"):
        Attack(**wrong)


def test_attacks_are_json_both_ways():
    attack = Attack(rule=LabelRule.ONE_SOURCE, source=3, rate=0.05)
    assert Attack.from_json(attack.to_json()) == attack
