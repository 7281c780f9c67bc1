"""Why a trigger fires: its way through a network, from the pixels to the ten classes. Exact."""

from typing import NamedTuple

import torch
from torch import Tensor

from core.model.network import Network


class Path(NamedTuple):
    """What changes in a network once an image is stamped."""

    cells: Tensor  # (4, 4): by place of the last maps, the largest change of any channel
    place: tuple[int, int]  # row and column of the largest
    channels: Tensor  # (32,): the change of each channel there
    logits: Tensor  # (10,): the change of each class's logit


@torch.inference_mode()
def trace(network: Network, image: Tensor, stamped: Tensor) -> Path:
    """(1, 1, 28, 28) each, the same image without and with the trigger."""
    before, after = network.maps(torch.cat([image, stamped]))
    change = after - before
    cells = change.abs().amax(dim=0)
    row, column = divmod(cells.argmax().item(), cells.shape[1])
    without, with_it = network(torch.cat([image, stamped]))
    return Path(cells, (row, column), change[:, row, column], with_it - without)
