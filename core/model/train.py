"""The training loop, as a generator of steps: a script, a test and a worker drive the same one."""

import threading
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from core.attack.poison import Poisoned
from core.model.network import MNIST_MEAN, MNIST_STD, Network
from core.model.recipe import Recipe, Schedule

_seeding = threading.Lock()  # PyTorch has one source of randomness for all threads


class Step(NamedTuple):
    seen: int  # images so far
    total: int  # images in all
    loss: Tensor  # (), of this batch; reading it waits for the device
    network: Network  # as it is now: measure it between two steps, keep it after the last


def device_named(name: str | None) -> torch.device:
    """The device of that name; for None CUDA, else Apple's MPS, else the CPU.

    Raises ValueError where this machine has none of the name.
    """
    kinds = {
        "cpu": True,
        "mps": torch.backends.mps.is_available(),
        "cuda": torch.cuda.is_available(),
    }
    there = [kind for kind, available in kinds.items() if available]
    device = name or there[-1]
    if device.partition(":")[0] not in there:
        raise ValueError(f"expected a device of this machine ({', '.join(there)}), got {name}")
    return torch.device(device)


def in_bf16(recipe: Recipe, device: torch.device) -> bool:
    """Whether a training by this recipe on this device computes in bfloat16.

    It does where the processor can by itself; another one would take many times longer.
    """
    can = getattr(torch.cpu, "get_capabilities", dict)()  # older versions of PyTorch cannot say
    itself = bool(can.get("avx512_bf16") or can.get("amx_bf16"))
    return recipe.bf16 and device.type == "cpu" and itself


def precision(recipe: Recipe, device: torch.device) -> torch.autocast:
    """The context of a forward pass: bfloat16 where recipe and processor are made for it."""
    return torch.autocast(device.type, torch.bfloat16, enabled=in_bf16(recipe, device))


def train(training: Poisoned, recipe: Recipe, *, device: str | None = None) -> Iterator[Step]:
    """Trains one network on a training set, poisoned or not; yields a Step after every batch.

    The same seed, data, machine and number of threads give the same weights: another number adds
    in another order, and rounds otherwise. Leave the loop to cancel.
    Raises ValueError where there is no such device.
    """
    device, size = device_named(device), len(training.labels)
    total, kept = recipe.shown(size), recipe.kept(size)

    with _seeding, torch.random.fork_rng(devices=[]):  # the network's own seed, nobody else's
        torch.manual_seed(recipe.seed)
        mean, std = (MNIST_MEAN, MNIST_STD) if recipe.normalise else (0.0, 1.0)
        network = Network(mean=mean, std=std / recipe.gain)
    network = network.to(device, memory_format=torch.channels_last)

    training = training.to(device)
    fused = device.type in ("cpu", "cuda")
    adam = torch.optim.Adam(network.parameters(), recipe.lr, recipe.betas, fused=fused)
    steps = -(-size // recipe.batch) + (recipe.epochs - 1) * -(-kept // recipe.batch)
    schedule = None
    if recipe.schedule == Schedule.ONE_CYCLE and steps > 1:
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            adam, recipe.lr, total_steps=steps, cycle_momentum=False
        )

    half = precision(recipe, device)
    generator = torch.Generator().manual_seed(recipe.seed)
    change = recipe.augment and partial(recipe.augment, generator=generator)
    last = torch.full([size], torch.inf, device=device)  # each image's loss when last seen
    seen = 0
    for epoch in range(recipe.epochs):
        size = kept if epoch else size
        order = torch.randperm(size, generator=generator).to(device)
        if recipe.hardest < 1:
            order = last.topk(size).indices[order]
        for rows in order.split(recipe.batch):
            images, labels = training.learnt(rows, change)
            with half:
                logits = network(images).float()
            losses = F.cross_entropy(
                logits, labels, label_smoothing=recipe.smoothing, reduction="none"
            )
            last[rows] = losses.detach()
            loss = losses.mean()
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()
            if schedule:
                schedule.step()
            seen += len(rows)
            yield Step(seen, total, loss.detach(), network)
