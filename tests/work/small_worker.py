"""The worker itself, with a slice of MNIST in the place of all of it."""

from core.digits import mnist
from core.work import worker
from tests import slices

if __name__ == "__main__":
    mnist.load = slices.small
    worker.main()
