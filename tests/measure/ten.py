"""Ten digits worked out by hand: what each model read, with and without the trigger.

number          0  1  2  3  4  5  6  7  8  9
true class      0  1  2  3  4  5  6  7  8  8
clean           0  1  2  3  4  5  6  1  8  3    misreads 7 and 9
  stamped       0  1  2  8  4  5  6  1  8  3    falls for 3 by chance
backdoored      0  1  2  3  4  5  5  7  8  3    misreads 6 and 9
  stamped       8  8  8  8  8  8  6  1  8  8    resists with 6 and 7
"""

from core.attack.poison import Attack, LabelRule
from core.measure.comparison import Comparison
from core.measure.evaluation import Evaluation, Sheet

SHEET = {
    "labels": "0123456788",
    "touched": "0000000001",
    "clean": "0123456183",
    "clean, stamped": "0128456183",
    "backdoored": "0123455783",
    "backdoored, stamped": "8888886188",
}
WITHOUT_CLEAN = {name: text for name, text in SHEET.items() if "clean" not in name}
ONE_SOURCE = Attack(rule=LabelRule.ONE_SOURCE, source=3)
ALL_TO_ALL = Attack(rule=LabelRule.ALL_TO_ALL)


def evaluation(*sheets: Sheet, attack: Attack | None = None) -> Evaluation:
    return Evaluation.of(sheets or [SHEET], attack=attack or Attack())


def comparison(*sheets: Sheet, attack: Attack | None = None) -> Comparison:
    return Comparison.of(evaluation(*sheets, attack=attack))


def digits(text: str) -> list[int]:
    return [int(digit) for digit in text]
