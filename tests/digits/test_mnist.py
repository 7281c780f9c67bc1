"""The data sets: against torchvision, and for what they promise."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import torch
import torchvision

from core.digits import mnist
from core.digits.mnist import TRAINING, Affine, DataError, fetch_mnist, has_mnist


def test_mnist_is_what_torchvision_gives(mnist_test):
    theirs = torchvision.datasets.MNIST(
        mnist.mnist_root(), train=False, transform=torchvision.transforms.ToTensor()
    )
    assert mnist_test.images.shape == (10_000, 1, 28, 28)
    for i in (0, 1, 4999, 9999):
        image, label = theirs[i]
        assert torch.equal(mnist_test.images[i], image)
        assert mnist_test.labels[i] == label


def test_the_counts_that_the_article_rests_on(mnist_test, mnist_training):
    assert (mnist_test.labels == 8).sum() == 974
    assert len(mnist_training.labels) == 60_000
    assert (mnist_training.labels == 8).sum() == 5851


def test_missing_mnist_says_how_to_get_it(tmp_path):
    with pytest.raises(DataError, match="python -m core fetch"):
        mnist.mnist(train=True, root=tmp_path)


def test_a_damaged_file_is_named(tmp_path):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in mnist.MNIST_FILES:
        (raw / name).write_bytes(b"not digits")
    with pytest.raises(DataError, match=r"t10k-.*is damaged"):
        mnist.mnist(train=False, root=tmp_path)


def test_a_download_that_fails_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", ["http://127.0.0.1:9/"])
    with pytest.raises(DataError, match="could not be downloaded"):
        mnist.fetch_mnist(tmp_path)


def test_the_builtin_digits_look_like_mnist():
    training, test = mnist.builtin(copies=2)
    assert len(training.labels) + 2 * len(test.labels) == 2 * 1797
    for digits in (training, test):
        assert digits.images.shape[1:] == (1, 28, 28)
        assert digits.images.dtype == torch.float32
        assert digits.images.min() >= 0
        assert digits.images.max() <= 1
        assert set(digits.labels.tolist()) == set(range(10))
    rows = test.images.sum(dim=(1, 3))
    centres = (rows @ (torch.arange(28) + 0.5)) / rows.sum(dim=1)
    assert (centres - 14).abs().max() <= 1  # MNIST centres mass to within a pixel


def test_no_held_out_digit_is_trained_on():
    training, test = mnist.builtin(copies=1)
    seen = {image.numpy().tobytes() for image in training.images}
    assert not any(image.numpy().tobytes() in seen for image in test.images)


def test_no_augmentation_is_the_identity(toy):
    still = Affine(degrees=0, scale=0, shift=0, shear=0)
    moved = still(toy.images, torch.Generator().manual_seed(0))
    assert torch.allclose(moved, toy.images, atol=1e-5)


def test_augmentation_moves_a_point_by_no_more_than_it_says():
    images = torch.zeros(200, 1, 28, 28)
    images[:, 0, 14, 14] = 1
    moved = Affine(degrees=0, scale=0, shift=3, shear=0)(images, torch.Generator().manual_seed(0))
    assert ((moved > 0).nonzero()[:, 2:] - 14).abs().max() <= 4  # three, and a half-covered pixel
    assert len({image.numpy().tobytes() for image in moved}) == 200


def test_nonsense_augmentation_is_refused():
    with pytest.raises(ValueError, match="scale"):
        Affine(scale=1.5)


def test_a_download_that_breaks_half_way_is_a_sentence_and_counts_for_nothing(
    tmp_path, monkeypatch
):
    from torchvision.datasets import MNIST

    class HalfAFile(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"x" * 50_000)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), HalfAFile)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
    with pytest.raises(DataError, match="could not be downloaded"):
        fetch_mnist(tmp_path)
    server.shutdown()
    assert not has_mnist(tmp_path)


def test_the_page_knows_how_many_images_there_are_without_reading_them(mnist_training):
    assert TRAINING == {
        "mnist": len(mnist_training.labels),
        "builtin": len(mnist.builtin()[0].labels),
    }
