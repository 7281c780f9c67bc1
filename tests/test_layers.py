"""The plan of the house: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Every module may import from the lines above its own.
LAYERS = [
    ["drawing"],
    ["data", "samples", "picture"],
    ["trigger", "network"],
    ["recipe", "poison"],
    ["train", "measure", "predict"],
    ["run"],
    ["exam", "pair", "store", "verdict", "article"],
    ["report", "runs", "ladder", "curve"],
    ["figures", "doubts", "sweep"],
    ["takeaway", "talk"],
    ["worker"],
    ["jobs"],
    ["ui", "__main__"],
]
LAYER = {module: depth for depth, row in enumerate(LAYERS) for module in row}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "core").glob("*.py")), ids=lambda path: path.stem)
def test_imports_go_one_way(path):
    if path.stem == "__init__":
        return
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("core.")}
    modules = {name for name in ours if name in LAYER}
    assert all(LAYER[name] < LAYER[path.stem] for name in modules), modules
    assert not any(name.startswith("streamlit") for name in imports(path))


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_a_page_defines_no_classes_and_stays_short(path):
    tree = ast.parse(path.read_text())
    assert not any(isinstance(node, ast.ClassDef) for node in ast.walk(tree))
    assert len(path.read_text().splitlines()) <= 160
