"""core/web/live/network.js against PyTorch: every shipped model, with and without the trigger."""

import numpy as np
import pytest
import torch
from safetensors.torch import save

from core.attack.trigger import BLENDED, PIXEL, SQUARE
from core.runs import ladder
from core.show import home

CLOSE = 1e-3  # of a logit; float32 sums in another order differ by less than a tenth of that

READ = """
async (count) => {
  const { parse, read } = await import("/live/network.js");
  const bytes = async (name) => (await fetch(name)).arrayBuffer();
  const [images, stamped] = await Promise.all(["/images", "/stamped"].map(
    async (name) => new Float32Array(await bytes(name))));
  const logits = [];
  for (let i = 0; i < count; i++) {
    const model = parse(await bytes(`/model${i}`));
    for (let at = 0; at < images.length; at += 784) {
      const plain = read(model, images.subarray(at, at + 784));
      const near = read(model, stamped.subarray(at, at + 784), plain);
      logits.push(...plain.logits, ...near.logits);
    }
  }
  return logits;
}
"""


def numbers(images) -> bytes:
    return images.contiguous().numpy().astype("<f4").tobytes()


def logits(lab, models: list[bytes], images, stamped) -> np.ndarray:
    """(models, images, 2, 10): what the browser makes of images and of the stamped ones."""
    files = {f"model{i}": model for i, model in enumerate(models)}
    page = lab(images=numbers(images), stamped=numbers(stamped), **files)
    found = page.evaluate(READ, len(models))
    return np.reshape(found, (len(models), len(images), 2, 10))


def expected(networks, images, stamped) -> np.ndarray:
    with torch.inference_mode():
        both = [torch.stack([network(images), network(stamped)], 1) for network in networks]
    return torch.stack(both).numpy()


def test_every_model_of_the_ladder_reads_as_in_python(lab, mnist_test):
    images = mnist_test.images[:200]
    paths = [ladder.path(percent) for percent in (None, *ladder.PERCENTS)]
    shipped = ladder.load()
    networks = [run.network for run in (shipped.clean, *shipped.rungs.values())]
    found = logits(lab, [path.read_bytes() for path in paths], images, PIXEL(images))
    wanted = expected(networks, images, PIXEL(images))
    assert np.abs(found - wanted).max() < CLOSE
    assert np.array_equal(found.argmax(-1), wanted.argmax(-1))


@pytest.mark.parametrize("trigger", [PIXEL, SQUARE, BLENDED], ids=lambda each: each.name)
def test_what_a_change_does_not_reach_is_not_computed_anew(lab, network, mnist_test, trigger):
    """A reading beside a similar one is as good as a whole one, however much has changed."""
    network.mean.fill_(0.1307)
    network.std.fill_(0.3081)
    images = mnist_test.images[:20]
    stamped = (255 * trigger(images)).round() / 255
    found = logits(lab, [save(network.state_dict())], images, stamped)
    assert np.abs(found - expected([network], images, stamped)).max() < CLOSE


BROKEN = """
async () => {
  const { parse } = await import("/live/network.js");
  try { parse(await (await fetch("/model")).arrayBuffer()); } catch (error) { return `${error}`; }
}
"""


def test_weights_may_be_in_float16(lab, network, mnist_test):
    images, half = mnist_test.images[:20], home.halved(network)
    weights = network.state_dict()
    weights[home.HALVED] = weights[home.HALVED].half()
    found = logits(lab, [save(weights)], images, PIXEL(images))
    assert np.abs(found - expected([half], images, PIXEL(images))).max() < CLOSE


def test_another_network_is_refused(lab, network):
    weights = network.state_dict() | {"output.bias": torch.zeros(11)}
    said = lab(model=save(weights)).evaluate(BROKEN)
    assert said == "Error: expected output.bias to be F32 or F16 of 10, got F32 of 11"
    assert lab(model=b"nonsense").evaluate(BROKEN)
