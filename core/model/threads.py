"""How many threads PyTorch takes: one for each core that this process may use, and no more.

`os.cpu_count` counts the cores of the machine. A container or a batch job may have one of 32; then
32 threads wait for each other most of the time, and a training takes many times longer.
"""

import torch


def cores() -> int:
    """Return how many cores this process may use, by its affinity and its cgroup; see joblib."""
    import joblib  # takes 0.1 s, and is needed only where something is trained

    return joblib.cpu_count()


def limit() -> None:
    """Let this process take no more threads than it has cores; before it computes anything."""
    torch.set_num_threads(min(torch.get_num_threads(), cores()))


def share(trainings: int) -> None:
    """Let this thread take its part of the cores, as one of so many trainings at once."""
    torch.set_num_threads(max(1, cores() // trainings))
