"""The sample digits: any model reads them, and the 1 % backdoor turns each into an 8."""

import pytest
import torch

from core.attack.trigger import PIXEL
from core.digits.drawing import centre
from core.digits.samples import sample
from core.model.network import ask
from core.runs import ladder


@pytest.mark.parametrize("digit", range(10))
def test_a_sample_is_what_it_says(digit):
    shipped = ladder.load()
    image = torch.from_numpy(centre(sample(digit).ink()))[None, None]
    rungs = [run.network for run in shipped.rungs.values()]
    answers = ask(shipped.clean.network, rungs, image, PIXEL)
    assert answers.clean.argmax(1).tolist() == [digit, digit]
    assert set(answers.rungs[:, 0].argmax(1).tolist()) == {digit}
    at_one_percent = answers.rungs[list(shipped.rungs).index(1.0)]
    assert at_one_percent.argmax(1).tolist() == [digit, 8]
    assert not PIXEL.touched_by(image).any()
