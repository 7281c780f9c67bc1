"""The walls of the house: who may import whom, read from every import of the tree."""

import ast
import re
from pathlib import Path

import pytest

from core.places import ROOT

# A room may import from the rooms before it, and from its own.
ROOMS = (
    "digits",
    "attack",
    "model",
    "runs",
    "measure",
    "defend",
    "show",
    "work",
    "hall",
    "commands",
    "ui",
)
TOLD = {
    "grader",
    "mending",
    "table",
}  # in defend: who knows the truth that findings are held against
SHARED = {"places", "records"}  # what every room may know
OUTSIDE = {"app.py", "pages", "core/ui"}  # where Streamlit may be imported
SOURCES = [
    ROOT / "app.py",
    *sorted((ROOT / "core").rglob("*.py")),
    *sorted((ROOT / "pages").rglob("*.py")),
]


def imports(source: str) -> set[str]:
    """The modules that a Python source imports, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import hides where it goes"
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return modules


def room(path: Path) -> str:
    """The room of a file; "" for what stands in none: `core` itself, the launcher, the pages."""
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "core" and len(parts) > 2 else ""


def rooms_of(modules: set[str]) -> set[str]:
    return {module.split(".")[1] for module in modules if module.startswith("core.")}


def wrong(path: Path, source: str) -> list[str]:
    """What of a file's imports goes through a wall."""
    modules = imports(source)
    name, place = path.relative_to(ROOT).as_posix(), room(path)
    known = {*ROOMS, *SHARED}
    complaints = [f"unknown room {each}" for each in sorted(rooms_of(modules) - known)]
    if name.startswith("core/") and place not in known and path.stem not in known:
        if path.stem not in ("__init__", "__main__"):
            complaints.append(f"{name} stands in no room")
    if place in ROOMS:
        allowed = {*ROOMS[: ROOMS.index(place) + 1], *SHARED}
        complaints += [f"imports to the right: {each}" for each in rooms_of(modules) - allowed]
    if path.stem in SHARED and rooms_of(modules):
        complaints.append("what every room may know imports no room")
    if path.stem == "__main__" and "ui" in rooms_of(modules):
        complaints.append("the command line needs no pages")
    if place == "ui" and "commands" in rooms_of(modules):
        complaints.append("the pages need no command line")
    if any(module.split(".")[0] == "streamlit" for module in modules):
        if not any(name == place or name.startswith(f"{place}/") for place in OUTSIDE):
            complaints.append("Streamlit outside of core/ui, pages and app.py")
    if place == "defend" and path.stem not in TOLD and "attack" in rooms_of(modules):
        complaints.append("a defence that is told the attack")
    return complaints


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_import_goes_through_a_wall(path):
    assert wrong(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("core/digits/mnist.py", "from core.model import train"),
        ("core/model/train.py", "import core.runs.card"),
        ("core/model/train.py", "def f():\n    from core import runs"),
        ("core/show/words.py", "import streamlit as st"),
        ("core/show/words.py", "from core.nowhere import thing"),
        ("core/lost.py", "import torch"),
        ("core/places.py", "from core.digits import mnist"),
        ("core/__main__.py", "from core.ui import server"),
        ("core/defend/strip.py", "from core.attack.trigger import Trigger"),
        ("core/ui/door.py", "from core.commands import training"),
    ],
)
def test_the_walls_are_seen(name, source):
    assert wrong(ROOT / name, source)


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_a_page_defines_no_classes_and_stays_short(path):
    source = path.read_text(encoding="utf-8")
    assert not any(isinstance(node, ast.ClassDef) for node in ast.walk(ast.parse(source)))
    assert len(source.splitlines()) <= 100


@pytest.mark.parametrize(
    "path",
    [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_a_file_can_be_read_at_one_go(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


# What JavaScript or a style sheet looks like; both have files of their own in core/web.
SCRIPT = re.compile(
    r"[\w)] =>|\bfunction\s*\w*\(|addEventListener|<script|\b(document|window)\.\w+\("
)
STYLE = re.compile(r"[\w.#\]-]\s*\{[^{}]*[a-z-]+\s*:[^{};]+;", re.S)


def strings(source: str) -> list[str]:
    tree = ast.walk(ast.parse(source))
    return [
        node.value for node in tree if isinstance(node, ast.Constant) and type(node.value) is str
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_script_and_no_style_in_python(path):
    texts = strings(path.read_text(encoding="utf-8"))
    assert [text for text in texts if SCRIPT.search(text) or STYLE.search(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "export default ({ data }) => write(data);",
        "element.addEventListener('click', act)",
        "<script>act()</script>",
        ".wall { display: grid; gap: 8px; }",
        "b { font-weight: 700;\n  color: red }",
    ],
)
def test_script_and_style_are_seen(text):
    assert SCRIPT.search(text) or STYLE.search(text)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "core" / "web").rglob("*.js")), ids=lambda p: p.stem
)
def test_a_script_stays_short(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(
    "path", sorted((ROOT / "core" / "web").rglob("*.js")), ids=lambda p: p.stem
)
def test_a_script_makes_no_code_of_words(path):
    assert not re.search(
        r"\beval\b|new Function|https?://(?!www\.w3\.org)", path.read_text("utf-8")
    )
