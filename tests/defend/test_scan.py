"""The trigger scan against a model made by hand, and on the ladder."""

import pytest
import torch
from torch import Tensor, nn

from core.defend import clean
from core.defend.scan import SHOWN, Counts, Scan
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
    finding = Scan().finding(rows[:27], 0.5, "by hand")
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


def test_the_threshold_comes_from_clean_models_alone():
    known = clean.load()
    assert len(known.seeds) == len(set(known.seeds)) == clean.MODELS
    assert known.threshold(1) == max(known.scan["1"]) < 0.04
    with pytest.raises(KeyError):
        known.threshold(28)


@pytest.mark.parametrize(("percent", "found"), [(None, False), (1.0, True)])
def test_the_scan_finds_the_ladder_s_backdoor_and_accuses_no_clean_model(
    mnist_test, percent, found
):
    models, known = ladder.load(), clean.load()
    network = (models.rungs[percent] if percent else models.clean).network
    rows = list(Scan()(network, mnist_test.images[:SHOWN]))
    finding = Scan().finding(rows, known.threshold(1), known.source)
    assert finding.backdoored is found
    if found:
        row, column = finding.place
        assert finding.target == 8
        assert max(abs(row - 3), abs(column - 3)) <= 2  # poolings make aliases of the place
        assert finding.statistic > 0.9
