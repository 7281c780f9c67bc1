"""What the Measure page is about, as its views take it."""

from dataclasses import dataclass

from core.measure.comparison import Comparison
from core.measure.evaluation import Evaluation
from core.model.role import Pair
from core.model.scores import Definition
from core.runs.card import Card

DEFINITION = "asr"  # in the session and in the URL: by which definition ASR is shown
KEEP = {"persist_state": "session"}  # of a widget, when another view takes its place


@dataclass(frozen=True, kw_only=True)
class Subject:
    models: str  # a run's id or a rung's percent
    cards: Pair[Card]
    comparison: Comparison
    evaluation: Evaluation | None  # None where the digits have not been read here
    doubts: list[str]
    definition: Definition  # of ASR
