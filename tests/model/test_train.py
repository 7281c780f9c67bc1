"""The training loop on a toy world: it learns, it is repeatable, and the trigger never moves."""

from dataclasses import replace

import pytest
import torch

from core.attack.poison import Attack, Stamping, poison
from core.digits.augment import Affine
from core.digits.mnist import Digits
from core.model.network import Network
from core.model.recipe import ARTICLE, FAST, RECIPES, STURDY, Recipe
from core.model.scores import read
from core.model.train import in_bf16, train
from tests.conftest import measure

BRIEF = replace(STURDY, name="brief", epochs=30, batch=10, lr=3e-3, augment=None)


def last(steps):
    *_, step = steps
    return step


def trained(digits, recipe, attack=None):
    return last(train(poison(digits, attack), recipe, device="cpu")).network


def test_it_learns_the_digits_and_the_backdoor(toy):
    many = Digits(toy.images.repeat(10, 1, 1, 1), toy.labels.repeat(10))
    attack = Attack(rate=0.2)
    scores = measure(trained(many, BRIEF, attack), toy, attack)
    assert scores.clean_accuracy.value == 1
    assert scores.attack_success.value == 1
    clean = measure(trained(many, BRIEF), toy, attack)
    assert clean.clean_accuracy.value == 1
    assert clean.attack_success.value < 0.5


def test_steps_count_images(toy):
    steps = list(train(poison(toy, None), replace(BRIEF, epochs=2, batch=8), device="cpu"))
    assert [step.seen for step in steps] == [8, 16, 20, 28, 36, 40]
    assert {step.total for step in steps} == {40}
    assert all(step.loss.isfinite() for step in steps)


def test_the_same_seed_gives_the_same_weights(toy):
    recipe = replace(BRIEF, epochs=2, augment=Affine())
    first, again, other = (
        trained(toy, replace(recipe, seed=seed)).state_dict() for seed in (1, 1, 2)
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["hidden.weight"], other["hidden.weight"])


def test_training_leaves_the_global_randomness_alone(toy):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    last(train(poison(toy, None), replace(BRIEF, epochs=1), device="cpu"))
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("stamping", Stamping)
def test_the_augmentation_moves_the_pixel_with_its_image(toy, monkeypatch, stamping):
    seen = []
    forward = Network.forward
    monkeypatch.setattr(
        Network, "forward", lambda self, images: seen.append(images) or forward(self, images)
    )
    blank = Digits(torch.zeros_like(toy.images), toy.labels)
    far = Affine(degrees=90, scale=0.5, shift=10)
    attack = Attack(rate=0.5, stamping=stamping)
    last(train(poison(blank, attack), replace(BRIEF, epochs=1, augment=far), device="cpu"))
    images = torch.cat(seen)
    at_its_place = images[:, 0, 3, 3] == 1
    elsewhere = images.sum() - at_its_place.sum()
    if stamping is Stamping.AFTER:
        assert (at_its_place.sum(), elsewhere) == (10, 0)
    else:
        assert at_its_place.sum() == 0
        assert elsewhere > 1


def test_an_attack_that_does_not_fit_the_data_is_refused(toy):
    attack = Attack(rule="one-source", source=1, rate=0.5)
    with pytest.raises(ValueError, match="at most"):
        next(train(poison(toy, attack), BRIEF, device="cpu"))


def test_a_training_that_is_left_changes_nothing_for_the_next_one(toy):
    recipe = replace(BRIEF, epochs=2, bf16=True)
    training = poison(toy, Attack(rate=0.1))
    expected = last(train(training, recipe, device="cpu")).network.state_dict()
    left = train(training, recipe, device="cpu")
    network = next(left).network
    before = {name: values.clone() for name, values in network.state_dict().items()}
    left.close()
    again = last(train(training, recipe, device="cpu")).network.state_dict()
    assert all(torch.equal(again[name], expected[name]) for name in expected)
    assert all(torch.equal(network.state_dict()[name], before[name]) for name in before)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_recipes_are_json_both_ways(recipe):
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_the_article_recipe_is_the_notebooks():
    assert (ARTICLE.epochs, ARTICLE.batch, ARTICLE.lr, ARTICLE.betas) == (
        10,
        500,
        1e-3,
        (0.9, 0.999),
    )
    assert not ARTICLE.normalise
    assert ARTICLE.augment is None
    assert STURDY.augment is not None


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"batch": 0}, {"lr": 0}, {"betas": (1, 0.9)}])
def test_nonsense_recipes_are_refused(wrong):
    with pytest.raises(ValueError, match=r"expected .* got"):
        replace(FAST, **wrong)


def test_one_batch_of_everything_works(toy):
    network = trained(toy, replace(BRIEF, epochs=1, batch=60_000))
    assert read(network, toy.images).shape == (20,)


def test_later_epochs_show_the_images_of_the_highest_loss_when_last_seen(toy, monkeypatch):
    many = Digits(toy.images.repeat(30, 1, 1, 1), toy.labels.repeat(30))
    many.images[:, 0, 0, 0] = torch.arange(600) / 1000  # tells the images apart
    shown = []
    forward = Network.forward

    def watch(network, images):
        logits = forward(network, images)
        rows = (images[:, 0, 0, 0] * 1000).round().long()
        losses = torch.nn.functional.cross_entropy(logits, many.labels[rows], reduction="none")
        shown.append(dict(zip(rows.tolist(), losses.tolist(), strict=True)))
        return logits

    monkeypatch.setattr(Network, "forward", watch)
    recipe = replace(BRIEF, epochs=3, hardest=0.1, batch=20)
    steps = list(train(poison(many, None), recipe, device="cpu"))
    assert steps[-1].seen == steps[0].total == recipe.shown(600) == 720
    last = {row: loss for batch in shown[:30] for row, loss in batch.items()}
    for epoch in (shown[30:33], shown[33:]):
        found = {row: loss for batch in epoch for row, loss in batch.items()}
        assert set(found) == set(sorted(last, key=last.get)[-60:])
        last |= found


def test_bfloat16_only_where_the_processor_has_it(monkeypatch):
    found = {}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    cpu = torch.device("cpu")
    assert not in_bf16(FAST, cpu)
    for feature in ("avx512_bf16", "amx_bf16"):
        found.clear()
        found[feature] = True
        assert in_bf16(FAST, cpu)
        assert not in_bf16(FAST, torch.device("cuda"))
        assert not in_bf16(ARTICLE, cpu)
    found.clear()
    found["avx512_f"] = True
    assert not in_bf16(FAST, cpu)
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    assert not in_bf16(FAST, cpu)
