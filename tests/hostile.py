"""A run from somebody who hopes that its words are taken for Markdown or HTML."""

from dataclasses import replace

from core.runs import file, ladder, library
from core.runs.card import Card

WORDS = ("name", "trigger", "recipe", "data", "device", "version")


def picture(place: str, port: int) -> str:
    """Two pictures on this machine: whoever interprets the words asks for them."""
    address = f"//127.0.0.1:{port}/{place}"
    return f"![](http:{address}) <img src={address}>"


def card(port: int) -> Card:
    """Every word of it is a picture."""
    honest = ladder.models("1").backdoored.card
    trigger = replace(honest.attack.trigger, name=picture("trigger", port))
    attack = replace(honest.attack, trigger=trigger)
    return replace(
        honest,
        name=picture("name", port),
        recipe=replace(honest.recipe, name=picture("recipe", port)),
        attack=attack,
        measured_under=attack,
        data=picture("data", port),
        device=picture("device", port),
        versions={picture("version", port): picture("version", port)},
    )


def content(port: int, folder) -> bytes:
    """A file of a run with this card, as it is uploaded."""
    path = folder / "hostile.safetensors"
    file.save(ladder.models("1").backdoored._replace(card=card(port)), path)
    return path.read_bytes()


def adopt(port: int, folder) -> str:
    """Uploads it to the runs of this machine; returns its id."""
    return library.adopt(content(port, folder), "hostile.safetensors").id
