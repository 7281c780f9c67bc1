"""The trigger scan against a model made by hand, and on the ladder."""

import pytest
import torch
from torch import Tensor, nn

from core.defend import clean, shipped
from core.defend.scan import SHOWN, Counts, Scan
from core.model.recipe import STURDY
from core.model.role import Role
from core.runs import ladder


class ByHand(nn.Module):
    """Says 8 where the pixel at row 3, column 3 is white, else what its first pixel says."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, images: Tensor) -> Tensor:
        logits = torch.zeros(len(images), 10)
        kinds = (images[:, 0, 27, 27] * 10).round().long().clamp(max=9)
        logits[range(len(images)), kinds] = 1
        logits[:, 8] += 2 * (images[:, 0, 3, 3] > 0.5)
        return logits


def digits(*kinds: int) -> Tensor:
    """Images that ByHand reads as these."""
    images = torch.zeros(len(kinds), 1, 28, 28)
    images[:, 0, 27, 27] = torch.tensor(kinds) / 10
    return images


def test_one_place_turns_everything_into_an_8():
    images = digits(0, 1, 1, 8)
    rows = list(Scan()(ByHand(), images))
    shares = torch.cat([counts.shares() for counts in rows]).view(28, 28, 10)
    assert shares[3, 3, 8] == 1  # of the three that are no 8
    shares[3, 3, 8] = 0
    shares[27, 27] = 0  # where it reads the digit from
    assert shares.max() == 0
    assert rows[3].before.tolist() == [1, 2, 0, 0, 0, 0, 0, 0, 1, 0]
    assert rows[3].after[3].nonzero().tolist() == [[0, 8], [1, 8], [8, 8]]
    turned = [counts.turned() for counts in rows[:27]]
    assert (turned[3].share[3], turned[3].digit[3]) == (1, 8)
    finding = Scan().finding(turned, 0.5, "by hand")
    assert (finding.backdoored, finding.target, finding.place) == (True, 8, (3, 3))
    assert finding.statistic == 1


def test_a_square_turns_them_wherever_it_lies_on_the_pixel():
    rows = list(Scan(side=3)(ByHand(), digits(0, 1)))
    assert len(rows) == 26
    shares = torch.cat([counts.shares() for counts in rows]).view(26, 26, 10)[:25, :25, 8]
    assert shares.nonzero().tolist() == [[row, col] for row in (1, 2, 3) for col in (1, 2, 3)]


def test_of_nothing_nothing_turns():
    counts = Counts(torch.zeros(10, dtype=torch.int64), torch.zeros(1, 10, 10, dtype=torch.int64))
    assert counts.shares().tolist() == [[0.0] * 10]


@pytest.mark.parametrize("recipe", clean.MODELS)
def test_the_threshold_comes_from_clean_models_alone(recipe):
    known = clean.load(recipe)
    assert len(known.seeds) == len(set(known.seeds)) == clean.MODELS[recipe]
    assert known.threshold(1) == max(known.scan["1"]) < 0.04
    assert known.mixture_threshold == max(known.mixture) < 0.5
    with pytest.raises(KeyError):
        known.threshold(28)


def test_what_no_clean_model_was_trained_by_gets_no_low_threshold():
    highest = max(clean.load(name).mixture_threshold for name in clean.MODELS)
    assert clean.load("article").mixture_threshold == highest


def test_what_ships_is_what_a_scan_finds(mnist_test):
    made, models = shipped.load(), ladder.load()
    assert made.scan("a run", Role.BACKDOORED, 1) is None
    for side in clean.SIDES:
        for percent in ladder.PERCENTS:
            rows = made.scan(f"{percent:g}", Role.BACKDOORED, side)
            assert len(rows) == Scan(side=side).places
    counts = Scan().row(models.rungs[0.5].network, mnist_test.images[:SHOWN], 3)
    again, before = counts.turned(), made.scan("0.5", Role.BACKDOORED, 1)[3]
    assert again.share == pytest.approx(before.share, abs=0.03)  # another processor's sums
    assert again.digit[3] == before.digit[3] == 8
    assert made.scan("0.5", Role.CLEAN, 1) == made.scan("10", Role.CLEAN, 1)


@pytest.mark.parametrize(("percent", "found"), [(None, False), (1.0, True)])
def test_the_scan_finds_the_ladder_s_backdoor_and_accuses_no_clean_model(
    mnist_test, percent, found
):
    models, known = ladder.load(), clean.load(STURDY.name)
    network = (models.rungs[percent] if percent else models.clean).network
    rows = [counts.turned() for counts in Scan()(network, mnist_test.images[:SHOWN])]
    finding = Scan().finding(rows, known.threshold(1), known.source)
    assert finding.backdoored is found
    if found:
        row, column = finding.place
        assert finding.target == 8
        assert max(abs(row - 3), abs(column - 3)) <= 2  # poolings make aliases of the place
        assert finding.statistic > 0.9
