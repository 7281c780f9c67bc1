"""The worker's line: every message comes out as it went in, and damage is said in a sentence."""

import math

import pytest

from core.attack.poison import Attack, LabelRule
from core.attack.trigger import BLENDED
from core.model.recipe import RECIPES
from core.model.role import Pair, Role
from core.runs import ladder
from core.runs.run import News, Point
from core.work import messages
from core.work.questions import Count, Estimate, Images, Preview, Warm
from core.work.tasks import Progress, SaveAgain, Train, TrainMany

ATTACK = Attack(trigger=BLENDED, rule=LabelRule.ONE_SOURCE, source=3, rate=0.02)
STURDY = RECIPES["sturdy"]
CLEAN, BACKDOORED = (run.card for run in ladder.models("1"))
POINT = Point(seen=5, loss=0.5, clean_accuracy=0.25, attack_success=1)


@pytest.mark.parametrize(
    "message",
    [
        messages.Cancel(job="a"),
        *(
            messages.Start(job="a", work=work)
            for work in (
                Train(recipe=STURDY, attack=ATTACK, title="Müller\n“run”"),
                TrainMany(recipe=STURDY, attack=Attack(), rates=(0, 0.5), seeds=2),
                SaveAgain(token="b"),
            )
        ),
        *(
            messages.Ask(number=7, question=question)
            for question in (
                Warm(),
                Preview(attack=ATTACK),
                Estimate(recipe=STURDY, busy=True),
                Count(models="0.1", part=9),
                Images(rows=(1, 2), trigger=BLENDED),
                Images(rows=(), trigger=None),
            )
        ),
    ],
    ids=lambda message: type(message).__name__,
)
def test_what_the_app_says_reaches_the_worker(message):
    line = messages.line(message)
    assert line.count(b"\n") == 1
    assert messages.read_in_worker(line) == message


@pytest.mark.parametrize(
    "message",
    [
        *(
            messages.Note(job="a", progress=progress)
            for progress in (
                Progress(),
                Progress().after(News(Role.CLEAN, seen=5, total=10, point=POINT)),
                Progress(cards=Pair(CLEAN, BACKDOORED), run="id"),
                Progress(cards=Pair(None, BACKDOORED), unsaved="b"),
                Progress(swept=(CLEAN, BACKDOORED)),
            )
        ),
        messages.End(job="a", state=messages.State.DONE),
        messages.End(job="a", state=messages.State.FAILED, words="no room"),
        messages.Answer(number=7, value={"share": 0.5, "tiles": [1, None]}),
        messages.Refusal(number=7, words="no"),
        messages.HangUp(words="enough"),
    ],
    ids=lambda message: type(message).__name__,
)
def test_what_the_worker_says_reaches_the_app(message):
    assert messages.read_in_app(messages.line(message)) == message


def test_a_loss_that_is_no_number_any_more_is_none():
    point = Point(seen=5, loss=math.nan, clean_accuracy=0.1, attack_success=math.inf)
    progress = Progress().after(News(Role.CLEAN, seen=5, total=10, point=point))
    arrived = messages.read_in_app(
        messages.line(messages.Note(job="a", progress=progress))
    ).progress
    assert arrived.points[Role.CLEAN] == (Point(5, None, 0.1, None),)


@pytest.mark.parametrize(
    "line",
    [
        b"Warning: something stray\n",
        b"\n",
        b"\xff\xfe\n",
        b"[]\n",
        b'{"job":"a"}\n',
        b'{"type":"Stop","job":"a"}\n',
        b'{"type":"Cancel"}\n',
        b'{"type":"Note","job":"a","progress":{"points":{"purple":[]}}}\n',
        messages.line(messages.Cancel(job="a"))[:-4],
    ],
)
def test_a_damaged_line_is_a_sentence(line):
    for read in (messages.read_in_worker, messages.read_in_app):
        with pytest.raises(messages.DamagedLineError, match=r"^expected a message, got '"):
            read(line)


def test_a_value_that_cannot_be_is_refused_at_the_door():
    line = messages.line(messages.Ask(number=1, question=Preview(attack=Attack(rate=0.25))))
    with pytest.raises(
        messages.DamagedLineError, match=r"expected a poison rate in \[0, 1\], got 7"
    ):
        messages.read_in_worker(line.replace(b"0.25", b"7"))
