#!/usr/bin/env bash
# Pillow clips a 16-bit grey PNG where it converts it to "L", but scales one of the same values in
# grey with alpha, or in RGB.
#
# Expected: the five levels 0, 1/4, 1/2, 3/4 and 1 of white come out as 0, 64, 128, 192, 255,
# whatever the colour type of the PNG.
# Version: Pillow 13.0.0 (numpy 2.4.6, Python 3.11, Linux x86-64).
# Behaviour: a 16-bit grey PNG opens as "I;16", and convert("L") makes 255 of all above 255, so that
# a scan in 16 bits becomes white. Grey with alpha opens as RGBA and RGB as RGB, both scaled to 8 bits.
# Output seen:
#   Pillow 13.0.0
#   grey            I;16  [0, 255, 255, 255, 255]
#   grey and alpha  RGBA  [0, 64, 128, 192, 255]
#   RGB             RGB   [0, 64, 128, 192, 255]
# Exits with 1 where the output is another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pillow==13.0.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct
import sys
import zlib

import numpy as np
import PIL
from PIL import Image

LEVELS = np.array([[0, 0x4000, 0x8000, 0xC000, 0xFFFF]], np.uint16)
OPAQUE = np.full_like(LEVELS, 0xFFFF)
SCALED, CLIPPED = [0, 64, 128, 192, 255], [0, 255, 255, 255, 255]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(channels, colour_type):
    """Return a PNG of 16 bits a channel, as the specification has it."""
    pixels = np.stack(channels, axis=-1).astype(">u2")
    height, width = LEVELS.shape
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


print("Pillow", PIL.__version__)
same = True
for name, data, expected in (
    ("grey", png([LEVELS], 0), CLIPPED),
    ("grey and alpha", png([LEVELS, OPAQUE], 4), SCALED),
    ("RGB", png([LEVELS] * 3, 2), SCALED),
):
    with Image.open(io.BytesIO(data)) as image:
        found = np.asarray(image.convert("L")).ravel().tolist()
        print(f"{name:14}  {image.mode:4}  {found}")
    same &= found == expected
sys.exit(not same)
PYTHON
