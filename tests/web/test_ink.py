"""core/web/live/ink.js against core/digits/drawing.py, bit by bit."""

import base64
import io

import numpy as np
from PIL import Image

from core.digits.drawing import centre, from_canvas, from_strokes, to_bytes
from core.digits.samples import sample

CENTRE = """
async () => {
  const { centre, read } = await import("/live/ink.js");
  const urls = await (await fetch("/drawings")).json();
  const digits = [];
  for (const url of urls) {
    const image = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: image.width, height: image.height });
    canvas.getContext("2d").drawImage(image, 0, 0);
    digits.push([...centre(read(canvas))]);
  }
  return digits;
}
"""


def url(ink) -> str:
    file = io.BytesIO()
    Image.fromarray(ink).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def strokes(chance) -> list:
    """A sample digit as another hand would draw it: of another size, slant and place, uneven."""
    size, slant = chance.uniform(0.3, 1.1), chance.uniform(-0.3, 0.3)
    lean = np.array([[1, slant], [0, 1]]) * size
    move = chance.uniform(-30, 30, 2) + 140
    return [
        ((np.array(stroke) - 140) @ lean.T + move + chance.normal(0, 2, (len(stroke), 2))).tolist()
        for stroke in sample(int(chance.integers(10))).strokes
    ]


def drawings(images) -> list[np.ndarray]:
    """500 canvases: 300 of strokes, 100 of MNIST's digits enlarged, 100 odd ones."""
    chance = np.random.default_rng(0)
    made = [
        from_strokes(strokes(chance), side=280, width=chance.uniform(3, 30)) for _ in range(300)
    ]
    for image in images[:100, 0].numpy():
        times = int(chance.integers(1, 11))
        made.append(np.kron(to_bytes(image), np.ones((times, times), np.uint8)))
    for kind in range(100):
        ink = np.zeros((280, 280), np.uint8)
        top, left = chance.integers(0, 270, 2)
        height, width = chance.integers(1, 280, 2)
        box = ink[top : top + height, left : left + width]
        box[...] = chance.integers(0, 256, box.shape) if kind % 2 else chance.integers(1, 256)
        made.append(ink)
    return [*made, np.zeros((280, 280), np.uint8)]


def test_it_is_what_python_makes_of_the_same_canvas(lab, mnist_test):
    urls = [url(ink) for ink in drawings(mnist_test.images)]
    expected = np.array([to_bytes(centre(from_canvas(each))).ravel() for each in urls])
    found = np.array(lab(drawings=urls).evaluate(CENTRE))
    assert len(found) == 501
    assert np.argwhere((found != expected).any(axis=1)).ravel().tolist() == []
    assert not found[-1].any()
    assert found[:-1].any(axis=1).mean() > 0.99
