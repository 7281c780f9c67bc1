"""HTML of our own, from the templates in core/web/templates: every word in it is shown as text."""

import re
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from core.model.role import Guest, Role
from core.places import ROOT
from core.show.palette import TRIGGER

WEB = ROOT / "core" / "web"
PHONE = ("phone.html", "phone.css")  # one page, all inline, and its scripts
SHARED = ("listen.js", "storage.js", "hand.js", "awake.js")  # modules that other pages import
SCRIPTS = (*SHARED, "phone/mine.js", "phone/pad.js", "phone/say.js", "phone/phone.js")
JOINTS = re.compile(r"^import .*\n|^export ", re.MULTILINE)  # scripts of one page need none
HOME = "backdoor-lab.html"  # the file that is taken home
TAKEN_HOME = {  # how it is sent: as it is, so that no middleware packs it for each who asks
    "Content-Disposition": f'attachment; filename="{HOME}"',
    "Content-Encoding": "identity",
}
SHEETS = ("style.css", "draw/draw.css", "live/dose.css")


def _unbroken(words: str) -> Markup:
    """Escaped, and no line ends between a number and its percent sign."""
    return Markup(escape(words).replace(" %", Markup("&nbsp;%")))


_templates = Environment(
    loader=FileSystemLoader(WEB / "templates", encoding="utf-8"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["unbroken"] = _unbroken


def render(template: str, **values: Any) -> str:
    """The HTML of a template with these values; raises where it asks for one that is not given."""
    return _templates.get_template(f"{template}.html").render(values)


@cache
def style_sheet() -> str:
    """The style sheet of all templates, and the colours of `palette` and `Role`, for a page."""
    names = " ".join(f"--bl-{name}: {colour};" for name, colour in colours().items())
    sheets = [(WEB / name).read_text(encoding="utf-8") for name in SHEETS]
    return "\n".join([f":root {{ {names} }}", *sheets])


def page_of_its_own(
    *, data: str, modules: dict[str, str], entry: str, talk: str, css: str, facts: list[str]
) -> str:
    """A talk in one page. data: JSON. modules: see bundle.py. talk, css: of the component."""
    names = " ".join(f"--bl-{name}: {colour};" for name, colour in colours().items())
    return render(
        "home",
        data=Markup(data.replace("<", "\\u003c")),
        modules=modules,
        entry=entry,
        talk=Markup(talk),
        css=Markup(f":root {{ {names} }}\n{css}"),
        facts=facts,
    )


def colours() -> dict[str, str]:
    """Of all models and the trigger, by name."""
    return {each.value: each.colour for each in (*Role, *Guest)} | {"trigger": TRIGGER}


@cache
def phone() -> str:
    """All that a phone in the hall loads, in one page."""
    page, css = ((WEB / "phone" / name).read_text("utf-8") for name in PHONE)
    scripts = [JOINTS.sub("", (WEB / name).read_text("utf-8")) for name in SCRIPTS]
    names = " ".join(f"--{name}: {colour};" for name, colour in colours().items())
    css = css.replace("{{ colours }}", names)
    return _templates.from_string(page).render(css=Markup(css), scripts=map(Markup, scripts))
