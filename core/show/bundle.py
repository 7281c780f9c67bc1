"""Modules of core/web as functions of one classic script, which imports nothing.

A page that is opened from the disk may not. Our modules keep to a few forms of import and export,
so that each becomes a function that gives what it exports; any other form is refused.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from core.show.html import WEB

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";$', re.MULTILINE)
LATER = re.compile(r'import\("(\.[^"]+)"\)')
NAMED = re.compile(r"^export (const|class) (\w+)", re.MULTILINE)
DEFAULT = re.compile(r"^export default ", re.MULTILINE)
LEFT = re.compile(r"^(import|export)\b|\bimport\(", re.MULTILINE)


def modules(entry: str) -> dict[str, str]:
    """The bodies of the functions, by the modules' names in core/web.

    Raises ValueError where a module has a form of import or export that is not known.
    """
    bodies, todo = {}, [entry]
    while todo:
        name = todo.pop()
        if name not in bodies:
            source = (WEB / name).read_text(encoding="utf-8")
            todo += imported(name, source)
            bodies[name] = _body(name, source).replace("</", "<\\/")
    return bodies


def imported(name: str, source: str) -> Iterator[str]:
    """The modules that one asks for, at once or later."""
    for _, path in IMPORT.findall(source):
        yield _resolved(name, path)
    for path in LATER.findall(source):
        yield _resolved(name, path)


def _resolved(name: str, path: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / path).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _body(name: str, source: str) -> str:
    names = [each for _, each in NAMED.findall(source)]
    body = IMPORT.sub(lambda m: f'const {{{m[1]}}} = moduleOf("{_resolved(name, m[2])}");', source)
    body = LATER.sub(lambda m: f'Promise.resolve(moduleOf("{_resolved(name, m[1])}"))', body)
    body = NAMED.sub(r"\1 \2", body)
    if DEFAULT.search(body):
        body = DEFAULT.sub("const standard = ", body)
        names.append("default: standard")
    if found := LEFT.search(body):
        raise ValueError(f"{name}: expected imports and exports that are known, got {found[0]}")
    return f"{body}\nreturn {{ {', '.join(names)} }};"
