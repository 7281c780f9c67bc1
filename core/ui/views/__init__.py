"""The views of the Measure page: each is one thing to look at."""

from collections.abc import Callable
from typing import NamedTuple

from core.ui.views import again, by_digit, images, numbers, poison_rate, take_away
from core.ui.views.subject import Subject


class View(NamedTuple):
    title: str
    show: Callable[[Subject], None]
    needs_evaluation: bool = False  # what each digit was read as, and not the scores alone


VIEWS = {  # as the URL names them
    "numbers": View("Numbers", numbers.show),
    "classes": View("By digit", by_digit.show, needs_evaluation=True),
    "images": View("Images", images.show, needs_evaluation=True),
    "rates": View("Poison rate", poison_rate.show),
    "article": View("The article", again.show),
    "files": View("Take away", take_away.show),
}
