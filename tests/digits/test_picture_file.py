"""Files of pictures: every format and depth is read, none takes much memory."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from core.digits.drawing import centre
from core.digits.picture import PictureError, from_picture
from core.digits.samples import sample
from core.model.scores import read
from core.places import ROOT
from core.runs import ladder

THREE = np.uint8(255 - sample(3).ink())  # dark on white
MEMORY = 150  # MB that a picture may take for a moment
SHRUNK = 40  # MB that one takes while it is read, once it is shrunk


def saved(pixels: np.ndarray | Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(file, kind, **options)
    return file.getvalue()


def said(data: bytes) -> int:
    """What the clean model reads."""
    digit = torch.from_numpy(centre(from_picture(data)))[None, None]
    return read(ladder.load().clean.network, digit).item()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF"])
def test_every_format_is_read(kind):
    assert said(saved(THREE, kind)) == 3


WIDE = np.uint16(THREE)
DEEP = {
    "16 bits": saved(WIDE * 257),
    "light on dark": saved((255 - WIDE) * 257),
    "12 bits": saved(WIDE * 16),
    "white is transparent": saved(WIDE * 257, transparency=65535),
    "a TIFF of 16 bits": saved(WIDE * 257, "TIFF"),
    "a TIFF of 32 bits": saved(np.int32(WIDE) * 257, "TIFF"),
    "a TIFF of floats": saved(np.float32(THREE) / 255, "TIFF"),
}


@pytest.mark.parametrize("data", DEEP.values(), ids=DEEP)
def test_more_than_eight_bits_are_scaled(data):
    assert said(data) == 3
    difference = centre(from_picture(data)) - centre(from_picture(saved(THREE)))
    assert np.abs(difference).max() < 0.02


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_a_picture_on_its_side_is_turned_upright(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    assert said(saved(np.ascontiguousarray(np.rot90(THREE)), kind, exif=exif)) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC photo.*as JPEG"),
        (saved(Image.new("RGBA", (4990, 4990))), "at most 18.75 megapixels, got 24.9"),
        (saved(THREE, "TIFF", save_all=True, append_images=[Image.new("L", (9, 9))]), "pages"),
        (saved(THREE, "GIF", save_all=True, append_images=[Image.new("L", (280, 280))]), "still"),
        (saved(THREE, "TIFF")[:9000], "damaged"),
    ],
    ids=["HEIC", "too many pixels", "pages", "animation", "cut short"],
)
def test_what_is_not_read_is_refused_in_a_sentence(data, words):
    with pytest.raises(PictureError, match=words) as caught:
        from_picture(data)
    assert str(caught.value).startswith("expected")


CHILD = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from core.digits.picture import from_picture

def memory(name):
    line, = (l for l in Path("/proc/self/status").read_text().splitlines() if l.startswith(name))
    return int(line.split()[1]) / 1000  # MB

small, large = (Path(name).read_bytes() for name in sys.argv[1:3])
from_picture(small)
before = memory("VmRSS")
with ThreadPoolExecutor(4) as threads:
    list(threads.map(from_picture, [large] * int(sys.argv[3])))
print(memory("VmHWM") - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak")
@pytest.mark.parametrize(
    ("kind", "mode", "side", "options", "visitors"),
    [
        ("PNG", "RGBA", 4320, {}, 1),
        ("JPEG", "RGB", 4890, {"progressive": True, "subsampling": 0}, 1),
        ("WEBP", "RGB", 2990, {"quality": 10, "method": 0}, 4),
        ("TIFF", "RGBA", 2990, {"compression": "tiff_lzw", "tiffinfo": {0x0112: 6}}, 1),
    ],
    ids=["png", "jpeg", "four webp at once", "tiff"],
)
def test_the_largest_pictures_take_little_memory(tmp_path, kind, mode, side, options, visitors):
    image = Image.new(mode, (side, side), "white")
    line = [(side // 2, side // 4), (side // 2, 3 * side // 4)]
    ImageDraw.Draw(image).line(line, fill="black", width=side // 20)
    (tmp_path / "small").write_bytes(saved(THREE))
    (tmp_path / "large").write_bytes(saved(image, kind, **options))
    del image
    found = subprocess.run(
        [sys.executable, "-c", CHILD, tmp_path / "small", tmp_path / "large", str(visitors)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(found.stdout) <= MEMORY + SHRUNK * (visitors - 1)
