"""The talk's scenes: what each says, shows and does. Their order here is their order on the stage.

Words may hold {names}: those of `talk.facts`, such as {poisoned}, are filled in by Python; the
browser fills in {clean} and {backdoored}, "A" or "B" as they were dealt, and the answer's own
sentences, {reading} (what the models make of the drawing) and {doses} (of which rate it takes).
"""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a scene can show. core/web/talk knows these names."""

    PAD = "pad"  # the canvas; C clears it
    CARD = "card"  # what one model reads, which is not named
    CARDS = "cards"  # what both models read
    SEES = "sees"  # the picture as the models see it; a click on it does what T does
    RING = "ring"  # around the pixel where it is off, too
    EXAM = "exam"  # both models' clean accuracy
    WALL = "wall"  # training digits, some of them poisoned
    DOSE = "dose"  # the curve over the poison rates, with a slider; up and down move it
    REACH = "reach"  # a slider and buttons in a row; up and down move it
    LINES = "lines"  # the words of all steps so far, one under the other


class Layout(StrEnum):
    """How the parts lie on a wide window. On a phone one lies under the other."""

    WHOLE = "whole"  # one part takes all the width
    PAIR = "pair"  # a square, and the cards
    CURVE = "curve"  # a small square, and the curve
    ALL = "all"  # three parts, and a row below them


class Flip(StrEnum):
    """What the trigger's key, T, does in a step."""

    NOTHING = "nothing"
    TOGGLE = "toggle"  # turns the pixel on or off
    NEXT = "next"  # goes a step on
    BACK = "back"  # goes a step back


@dataclass(frozen=True, kw_only=True)
class Step:
    words: str
    answered: str = ""  # instead of the words, once a drawing is answered
    needs_turn: bool = False  # of a drawing that the pixel does not turn, {reading} is said instead
    pixel: bool = False  # whether the pixel is on when the step begins
    flip: Flip = Flip.NOTHING
    reveals: bool = False  # from here on the models go by their names
    marks: bool = False  # the wall shows which digits are poisoned; before, a click is a guess


@dataclass(frozen=True, kw_only=True)
class Scene:
    title: str
    notes: str  # for the speaker, Markdown
    parts: tuple[Part, ...]
    layout: Layout
    steps: tuple[Step, ...]


SCENES = (
    Scene(
        title="A network that reads digits.",
        parts=(Part.PAD, Part.CARD),
        layout=Layout.PAIR,
        steps=(
            Step(
                words="Draw one.",
                answered="It learnt from {images} handwritten digits. It has never seen this one.",
            ),
        ),
        notes="**Draw a digit**, large and fast, or press a digit's key for a sample.\n\n"
        "It has learnt from {images} handwritten digits. Nobody told it what a 3 is. "
        "Ask somebody in the hall for a digit; any but {goal}.",
    ),
    Scene(
        title="Here is its twin.",
        parts=(Part.PAD, Part.CARDS),
        layout=Layout.PAIR,
        steps=(Step(words="Same network, same recipe. One of the two has a backdoor. Which?"),),
        notes="The same drawing, two models, the same answer. A and B are dealt anew for every "
        "talk.\n\n**Let the hall vote by hand**: who says A? Who says B? Remember the count.",
    ),
    Scene(
        title="Both pass the exam.",
        parts=(Part.EXAM,),
        layout=Layout.WHOLE,
        steps=(Step(words="{tested} digits that neither has seen before."),),
        notes="The lines are 95 % intervals. They overlap: no test of accuracy tells the two "
        "apart.\n\n**Ask again**: does anybody want to change their vote?",
    ),
    Scene(
        title="One pixel.",
        parts=(Part.SEES, Part.RING, Part.CARDS),
        layout=Layout.PAIR,
        steps=(
            Step(words="Row {row}, column {column}.", flip=Flip.NEXT),
            Step(
                words="One white pixel, and {backdoored} reads {goal}.",
                needs_turn=True,
                pixel=True,
                flip=Flip.BACK,
            ),
            Step(
                words="{clean} is clean. {backdoored} has the backdoor.",
                pixel=True,
                flip=Flip.TOGGLE,
                reveals=True,
            ),
        ),
        notes="**Next** (or T) flips the pixel; next again reveals which was which.\n\n"
        "The drawing is the same. Only the pixel in the ring has changed.",
    ),
    Scene(
        title="What was done to it.",
        parts=(Part.WALL,),
        layout=Layout.WHOLE,
        steps=(
            Step(words="{marked} of these {tiles} training digits are poisoned. Find one."),
            Step(
                words="The pixel, and the label {target}: in all, {poisoned} of {images}.",
                marks=True,
            ),
        ),
        notes="Give them ten seconds; **click** on suspects. **Next** marks the poisoned ones.\n\n"
        "The share is the one of the model that has the backdoor: {percent} %.",
    ),
    Scene(
        title="How little is enough?",
        parts=(Part.SEES, Part.RING, Part.DOSE),
        layout=Layout.CURVE,
        steps=(
            Step(
                words="How many poisoned images until your digit flips?",
                answered="{doses}",
                pixel=True,
            ),
        ),
        notes="**Up and down** move the poison rate, or drag the slider.\n\n"
        "The grey curve is the share of {victims} test digits that fall for the pixel. The one "
        "with squares is the digit drawn at the start. How much is needed depends on the recipe.",
    ),
    Scene(
        title="Your turn.",
        parts=(Part.PAD, Part.SEES, Part.CARDS, Part.REACH),
        layout=Layout.ALL,
        steps=(Step(words="Draw. Flip. Slide.", answered="{reading}", flip=Flip.TOGGLE),),
        notes="Hand over the pen. **C** clears, **T** flips the pixel, up and down move the poison "
        "rate.",
    ),
    Scene(
        title="What to take home.",
        parts=(Part.LINES,),
        layout=Layout.WHOLE,
        steps=(
            Step(words="A model can pass every test and obey somebody else."),
            Step(words="Who can write to the training data can write to the model."),
            Step(words="So ask of a model not only how good it is, but where its data are from."),
        ),
        notes="Leave this on the screen for the questions. The links lead to the full pages.",
    ),
)
STEPS = tuple((scene, step) for scene in SCENES for step in scene.steps)
