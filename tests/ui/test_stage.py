"""How a job ended is said as it is."""

import pytest

from core.attack.poison import Attack
from core.model.recipe import FAST
from core.ui import stage
from core.work.jobs import Job
from core.work.messages import State
from core.work.tasks import Progress, SaveAgain, Train, TrainMany

LONG = Train(recipe=FAST, attack=Attack(), title="long")
TOKEN, SWEEP = "t", TrainMany(recipe=FAST, attack=Attack(), rates=(0.1, 0.2), seeds=2)


@pytest.mark.parametrize(
    ("work", "state", "progress", "words"),
    [
        (LONG, State.CANCELLED, Progress(), "Cancelled; nothing of it was kept."),
        (
            LONG,
            State.CANCELLED,
            Progress(run="20260101-000000-abcdef"),
            "Cancelled while it was being saved, so it was kept, as 20260101-000000-abcdef.",
        ),
        (
            SaveAgain(token=TOKEN),
            State.CANCELLED,
            Progress(unsaved=TOKEN),
            "Cancelled; the models still wait to be saved.",
        ),
        (
            SWEEP,
            State.CANCELLED,
            Progress(),
            "Cancelled; the models that were ready need not be trained again.",
        ),
        (LONG, State.FAILED, Progress(), "It failed: no room."),
        (SWEEP, State.DONE, Progress(), "0 of 4 models trained."),
    ],
)
def test_how_a_job_ended_is_said_as_it_is(work, state, progress, words):
    job = Job(id="a", work=work, state=state, words="no room", progress=progress)
    assert stage.sentence(job) == words
