"""Streamlit, with an app whose worker knows a slice of MNIST alone: trainings take a second."""

from streamlit.web import cli

from core.digits import mnist
from core.work import jobs
from tests import slices

if __name__ == "__main__":
    jobs.COMMAND = slices.WORKER
    mnist.TRAINING_SIZE, mnist.TEST_SIZE = slices.TRAINING_SIZE, slices.TEST_SIZE
    cli.main()
