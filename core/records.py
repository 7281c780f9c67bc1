"""Records: options and results that go to JSON and come back, with every field checked."""

import reprlib
from dataclasses import fields, is_dataclass
from typing import Any, Self

import msgspec

LONGEST_NAME = 80  # characters
LONGEST_REASON = 200  # characters of a message, which may quote what was read


class Record:
    """A frozen dataclass with a way to JSON and back.

    Anybody may have written the JSON, so types are strict, and it has the fields of the class, no
    more and no fewer: what a newer program added is not ignored, what is missing gets no default.
    """

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, words and numbers."""
        return msgspec.json.decode(msgspec.json.encode(self))

    @classmethod
    def from_json(cls, record: Any) -> Self:
        """Raises ValueError, "expected ..., got ..." with the field's name, for anything else."""
        try:
            made = msgspec.convert(record, cls)
        except msgspec.ValidationError as error:
            raise ValueError(_in_our_words(str(error))) from None
        _check_fields(record, made, cls.__name__.lower())
        return made


def _in_our_words(message: str) -> str:
    """From msgspec's "Expected `int`, got `str` - at `$.attack.target`"."""
    words, _, field = message.replace("`", "").partition(" - at $")
    words = words.replace("Expected", "expected")
    if words.startswith("Invalid enum value "):
        value = words.removeprefix("Invalid enum value ").strip("'")
        words = f"expected a choice that there is, got {reprlib.repr(value)}"
    elif words.startswith("Object missing required field "):
        words = f"expected {words.removeprefix('Object missing required ')}, got none"
    elif words == "Number out of range":
        words = "expected a smaller number, got one out of range"
    words = words[:LONGEST_REASON]
    return f"{words}, in {field.lstrip('.')}" if field else words


def _check_fields(record: Any, made: Any, name: str) -> None:
    """Raises ValueError where a record has other fields than the dataclass made of it."""
    if not is_dataclass(made):
        return
    known = {field.name for field in fields(made)}
    if unknown := sorted(record.keys() - known):
        raise ValueError(f"expected no field {reprlib.repr(unknown[0])}, got one, in {name}")
    if missing := sorted(known - record.keys()):
        raise ValueError(f"expected field {missing[0]}, got none, in {name}")
    for field in known:
        _check_fields(record[field], getattr(made, field), field)


def check_name(name: str, of: str) -> None:
    """Raises ValueError for what cannot stand in a line of text as the name `of` something."""
    if not 0 < len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise ValueError(
            f"expected a name of 1 to {LONGEST_NAME} printable characters for {of}, got "
            + (repr(name) if len(name) <= LONGEST_NAME else f"{len(name):,}: {name[:20]!r} …")
        )
