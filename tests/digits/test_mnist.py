"""MNIST as it ships: against torchvision's reader, and damaged."""

import hashlib
import shutil

import pytest
import torch

from core.digits import mnist
from core.digits.mnist import DataError
from tests import slices

# Of the unpacked files, as torchvision 0.29 and MNIST's own page have them (md5)
PUBLISHED = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


@pytest.mark.parametrize("train", [True, False], ids=["training", "test"])
def test_it_is_what_torchvision_reads(tmp_path, train):
    from torchvision.datasets import MNIST  # 2 s, which no other process needs
    from torchvision.transforms import ToTensor

    slices.unpack(tmp_path)
    for name, md5 in PUBLISHED.items():
        assert hashlib.md5((tmp_path / "MNIST" / "raw" / name).read_bytes()).hexdigest() == md5
    theirs = MNIST(tmp_path, train=train, transform=ToTensor())
    ours = mnist.load().training if train else mnist.load().test
    assert torch.equal(ours.labels, theirs.targets)
    assert ours.images.shape == (len(theirs), 1, 28, 28)
    assert torch.equal((ours.images[:, 0] * 255).round().byte(), theirs.data)
    for i in (0, 1, 4999, 9999):
        assert torch.equal(ours.images[i], theirs[i][0])


def test_the_counts_that_the_article_rests_on(mnist_test, mnist_training):
    assert (mnist_test.labels == 8).sum() == 974
    assert (mnist_training.labels == 8).sum() == 5851
    assert len(mnist_training.labels) == mnist.TRAINING_SIZE
    assert len(mnist_test.labels) == mnist.TEST_SIZE


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(mnist.FOLDER, tmp_path / "mnist")


def test_a_file_that_is_missing_is_named(copy):
    (copy / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match=r"t10k-labels.* cannot be read .*assets/mnist again"):
        mnist.read("t10k", copy)


@pytest.mark.parametrize("damage", [lambda old: old[:-1], lambda _: b"not digits"])
def test_a_damaged_file_is_named(copy, damage):
    path = copy / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError, match=r"t10k-images.*is damaged"):
        mnist.read("t10k", copy)


def test_without_the_checksums_nothing_is_believed(copy):
    (copy / "SHA256SUMS").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="is damaged"):
        mnist.read("t10k", copy)
