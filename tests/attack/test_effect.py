"""Of a trigger that changes hardly an image nothing can be learnt: it is refused, or warned of."""

import pytest
import torch

from core.attack import effect
from core.attack.poison import Attack
from core.attack.trigger import NAMED, Trigger, painted
from core.digits.mnist import DataSet, Digits
from core.model.recipe import FAST
from core.runs.run import learn

BLACK = painted([(3, 3, 0)])


@pytest.mark.parametrize("trigger", NAMED.values(), ids=NAMED)
def test_every_trigger_that_has_a_name_changes_every_digit(trigger, mnist_training):
    assert effect.check(trigger, mnist_training.images) == 1
    assert effect.warning(1) == ""


def test_black_on_black_is_refused_with_what_it_changes(mnist_training):
    inked = int((mnist_training.images[:, 0, 3, 3] > 0).sum())
    assert inked == 8
    with pytest.raises(ValueError, match=r"at least 1 % .* got one that changes 8 of 60,000"):
        effect.check(BLACK, mnist_training.images)


def test_what_changes_some_is_warned_of(mnist_training):
    share = effect.check(painted([(14, 14, 0)]), mnist_training.images)
    assert 0.66 < share < 0.67
    assert "66.2 %" in effect.warning(share)


def test_less_than_a_step_of_grey_is_no_change():
    images = torch.full((4, 1, 28, 28), 0.5)
    images[0] = 0.5 + 1 / 255
    faint = Trigger(name="faint", cells=((3, 3, 0.5),), opacity=1.0)
    assert effect.changed(faint, images) == 0.25


def test_nothing_is_trained_with_it(toy):
    data, attack = DataSet("toy", toy, toy), Attack(trigger=BLACK, rate=0.1)
    with pytest.raises(ValueError, match="changes 0 of 20"):
        next(learn(data, FAST, attack, name="black", device="cpu"))
    assert next(learn(data, FAST, None, name="clean", measured_under=attack, device="cpu"))


def test_images_of_which_none_is_left_alone_need_no_word():
    digits = Digits(torch.zeros(200, 1, 28, 28), torch.zeros(200))
    digits.images[0, 0, 3, 3] = 1
    assert effect.warning(effect.check(NAMED["pixel"], digits.images)) == ""
