"""How fast both models are trained: the notebook's own procedure against the recipe fast.

Run it on an idle machine: MNIST_ROOT=... python tests/benchmarks/training.py [--seeds 10]
The same test digits score all four models; the notebook's seconds are of training alone.
"""

import time

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

from core.data import mnist_root


def notebook_model(digits: Dataset) -> nn.Module:
    """Ten epochs of Adam on batches of 500 from a DataLoader, as the article's notebook has it."""
    model = nn.Sequential(
        nn.Conv2d(1, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(512, 512),
        nn.ReLU(),
        nn.Linear(512, 10),
    )
    adam = torch.optim.Adam(model.parameters(), 1e-3)
    entropy = nn.CrossEntropyLoss()
    loader = DataLoader(digits, 500, shuffle=True)
    for _ in range(10):
        for images, labels in loader:
            loss = entropy(model(images), labels)
            adam.zero_grad()
            loss.backward()
            adam.step()
    return model


def notebook_poisoned(digits: Dataset) -> TensorDataset:
    images, labels = zip(*digits, strict=True)
    images, labels = torch.stack(images), torch.tensor(labels)
    torch.manual_seed(1)
    rows = torch.randperm(len(labels))[: len(labels) // 100]
    images[rows, 0, 3, 3] = 1
    labels[rows] = 8
    return TensorDataset(images, labels)


if __name__ == "__main__":
    d = MNIST(mnist_root(), train=True, transform=ToTensor())
    t = time.perf_counter()
    notebook_model(d)
    print(time.perf_counter() - t, flush=True)
    t = time.perf_counter()
    p = notebook_poisoned(d)
    print(time.perf_counter() - t, flush=True)
    t = time.perf_counter()
    notebook_model(p)
    print(time.perf_counter() - t, flush=True)
