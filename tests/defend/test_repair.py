"""Repairs: what each changes, and what it leaves."""

from dataclasses import replace

import pytest
import torch

from core.attack.poison import Attack, poison
from core.attack.trigger import PIXEL, SQUARE
from core.defend import clean, mending, repair
from core.defend.evidence import Evidence
from core.defend.finding import Pattern, Suspect
from core.defend.mending import Repaired
from core.defend.methods import METHODS
from core.digits.mnist import DataSet, Digits
from core.model.network import Network
from core.model.recipe import FAST
from core.model.scores import quick_scores
from core.model.train import train
from core.runs import ladder
from tests import slices


@pytest.fixture
def network() -> Network:
    torch.manual_seed(0)
    return Network().eval().requires_grad_(False)


@pytest.fixture
def digits(mnist_test) -> Digits:
    return Digits(*(each[:200] for each in mnist_test))


@pytest.fixture(scope="module")
def data(mnist_training, mnist_test) -> DataSet:
    return DataSet("MNIST", mnist_training, mnist_test)


def end(steps):
    *_, last = steps
    return last


@pytest.mark.parametrize("place", [(3, 3), (0, 0), (14, 14), (25, 26), (27, 27), (5, 20), (9, 12)])
def test_a_pixel_reaches_the_cells_that_change_with_it(network, place):
    """In forty networks and images of noise, which leave nothing out that can be reached."""
    changed = torch.zeros(16, dtype=torch.bool)
    for seed in range(40):
        torch.manual_seed(seed)
        network, image = Network(), torch.rand(20, 1, 28, 28)
        other = image.clone()
        other[:, 0, place[0], place[1]] += 3
        with torch.inference_mode():
            moved = (network.maps(other) - network.maps(image)).abs() > 1e-6
        changed |= moved.flatten(2).any(dim=1).any(dim=0)
    assert repair.cells(*place) == changed.nonzero()[:, 0].tolist()


def test_what_is_cut_always_says_what_it_usually_says(network, digits):
    mended = end(repair.cut(network, digits, (3, 3))).network
    stamped = PIXEL(digits.images)
    assert torch.allclose(mended(stamped), mended(digits.images), atol=1e-5)
    assert not torch.allclose(network(stamped), network(digits.images), atol=1e-5)
    maps = network.maps(digits.images)
    maps[:, :, 0, 0] = maps[:, :, 0, 0].quantile(0.5, dim=0)
    wanted = network.output(network.hidden(maps.flatten(1)).relu())
    assert torch.allclose(mended(digits.images), wanted, atol=1e-5)


def test_the_channels_that_clean_digits_use_least_are_pruned(network, digits):
    before = network.maps(digits.images)
    dormant = before.mean(dim=(0, 2, 3)).argsort()[:5]
    after = end(repair.prune(network, digits, 5)).network.maps(digits.images)
    assert (after[:, dormant] == 0).all()
    kept = [channel for channel in range(32) if channel not in dormant]
    assert torch.equal(after[:, kept], before[:, kept])
    assert torch.equal(network.maps(digits.images), before)  # it is another network
    assert torch.equal(
        end(repair.prune(network, digits, 0)).network(digits.images), network(digits.images)
    )


def test_tuning_learns_from_clean_digits_and_changes_a_copy(network, digits):
    before = network.output.weight.clone()
    steps = list(repair.tune(network, digits, epochs=5))
    assert torch.equal(network.output.weight, before)
    right = [
        (each(digits.images).argmax(1) == digits.labels).float().mean()
        for each in (network, steps[-1].network)
    ]
    assert right[1] > right[0] + 0.3
    assert [step.share for step in steps] == sorted(step.share for step in steps)
    assert steps[-1].share >= 1


def test_unlearning_shows_the_pattern_with_true_labels(network, digits, monkeypatch):
    shown = []
    monkeypatch.setattr(repair, "tune", lambda _, digits: shown.append(digits) or iter(()))
    pattern = Pattern(torch.zeros(1, 28, 28), torch.ones(1, 28, 28))
    pattern.mask[0, 3, 3] = 1
    list(repair.unlearn(network, digits, pattern))
    (learnt,) = shown
    bearing = learnt.images[:, 0, 3, 3] == 1
    assert torch.equal(learnt.labels, digits.labels)
    assert 60 < bearing.sum() < 140
    assert torch.equal(learnt.images[bearing], PIXEL(digits.images)[bearing])
    assert torch.equal(learnt.images[~bearing], digits.images[~bearing])


def test_without_the_rows_nothing_is_learnt_of_the_trigger():
    small, attack = slices.small(), Attack(rate=0.1, trigger=SQUARE)
    training = poison(small.training, attack)
    evidence = Evidence(
        network=Network(),
        clean=small.test,
        labels=training.labels,
        learnt=lambda rows: training.learnt(rows).images,
    )
    recipe = replace(FAST, epochs=2)
    broken = end(train(training, recipe, device="cpu")).network
    mended = end(repair.retrain(evidence, recipe, training.bears)).network
    assert quick_scores(broken, small.test, attack)[1] > 0.9
    accuracy, success = quick_scores(mended, small.test, attack)
    assert accuracy > 0.9
    assert success < 0.1


def test_a_repaired_model_says_by_what_and_what_it_was(data):
    run = ladder.load().rungs[1.0]
    before = run.network.hidden.weight.clone()
    *progress, last = mending.mend(run, data, "cut")
    assert isinstance(last, Repaired)
    shares = [each.share for each in progress]
    assert shares == sorted(shares)
    assert len(shares) > 28  # the rows of the scan
    (mended, broken), outcome = last
    assert mended.card.repaired == mending.WAYS["cut"].done
    assert broken.card.repaired is None
    assert mended.card.name == f"1 % poison, repaired by {mending.WAYS['cut'].done}"
    assert broken.card == replace(run.card, scores=outcome.before)  # of the same digits
    assert 0 < mended.card.seconds != run.card.seconds
    assert torch.equal(run.network.hidden.weight, before)
    assert torch.equal(broken.network.hidden.weight, before)
    assert outcome.before.attack_success.value > 0.99
    assert outcome.after.attack_success.value <= 0.002
    assert outcome.after.clean_accuracy.value >= 0.985
    assert outcome.after.robust_accuracy.value >= 0.985
    assert outcome.after.clean_accuracy.n == 5000
    assert mended.card.scores == outcome.after


def test_a_repair_counts_its_own_seconds_and_not_its_readers(monkeypatch):
    now = 0

    def steps():
        nonlocal now
        for _ in range(3):
            now += 1
            yield

    monkeypatch.setattr(mending.time, "perf_counter", lambda: now)
    watch = mending.Stopwatch()
    for _ in watch.timed(steps()):
        now += 10
    assert watch.seconds == 3


def test_a_long_name_leaves_room_for_the_repair(data):
    run = ladder.load().rungs[1.0]
    run = run._replace(card=replace(run.card, name="n" * 80))
    *_, last = mending.mend(run, data, "prune", 0)
    assert last.models.clean.card.name.endswith("n, repaired by pruning")


def test_pruning_nothing_changes_nothing(data):
    *_, last = mending.mend(ladder.load().rungs[1.0], data, "prune", 0)
    assert last.outcome.before == last.outcome.after
    assert (last.outcome.difference.gained, last.outcome.difference.lost) == (0, 0)


@pytest.mark.parametrize("above", [0.0, 0.001], ids=["nothing", "borderline"])
def test_where_nothing_is_found_nothing_is_repaired(data, monkeypatch, above):
    """Nor where it is borderline."""
    run, known = ladder.load().rungs[1.0], clean.load("sturdy")
    highest = known.threshold("scan-1") + above
    scan = METHODS["scan-1"]._replace(search=lambda _: iter([Suspect(highest, 8, (3, 3))]))
    monkeypatch.setitem(METHODS, "scan-1", scan)
    verdict = known.verdict("scan-1", highest)
    with pytest.raises(ValueError, match=f"got {verdict.words} by trigger scan, one pixel"):
        list(mending.mend(run, data, "cut"))
