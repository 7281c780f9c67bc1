"""What a browser is sent of an answer."""

import torch

from core.digits.drawing import centre
from core.digits.samples import sample
from core.model import network
from core.ui import live, models


def test_only_one_backdoored_model_is_asked_where_the_browser_asks_the_others():
    ladder, digit = models.ladder(), centre(sample(3).ink())
    every = live.read(ladder.clean, ladder.rungs, digit)
    one = live.read(ladder.clean, ladder.rungs, digit, only=6)
    assert one["digit"] == every["digit"]
    assert one["reading"]["clean"] == every["reading"]["clean"]
    for place, answer in enumerate(one["reading"]["rungs"]):
        assert answer == (every["reading"]["rungs"][6] if place == 6 else None)


def test_the_answers_are_the_networks():
    ladder, digit = models.ladder(), centre(sample(3).ink())
    reading = live.read(ladder.clean, ladder.rungs, digit)["reading"]
    runs = [ladder.clean, *ladder.rungs.values()]
    image = torch.from_numpy(digit)[None, None]
    images = torch.cat([image, runs[-1].card.attack.trigger(image)])
    for run, answer in zip(runs, [reading["clean"], *reading["rungs"]], strict=True):
        expected = network.predict([run.network], images)[0]
        assert torch.allclose(torch.tensor(answer), expected, atol=1e-6)


def test_nothing_is_read_where_nothing_is_drawn():
    ladder = models.ladder()
    assert live.read(ladder.clean, ladder.rungs, None) == {"digit": None, "reading": None}
