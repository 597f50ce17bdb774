"""The assets of HTML pages: templates, style sheets and scripts, each in its own file."""

from collections.abc import Iterable
from importlib.resources import files
from string import Template

__all__ = ["read_asset", "read_script", "stylesheet", "template"]


def read_asset(package: str, name: str) -> str:
    """Return the text of the file ``name`` in ``package``."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def read_script(package: str, names: Iterable[str]) -> str:
    """Return scripts of ``package`` as one function, which runs at once.

    They share their names with each other and with nothing else. Indentation and lines of comment
    are left out.
    """
    lines = [line.strip() for name in names for line in read_asset(package, name).splitlines()]
    code = "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))
    return f'"use strict";\n(async () => {{\n{code}}})();\n'


def stylesheet(package: str, name: str) -> str:
    """Return the style sheet ``name`` in ``package``, after the colours that all pages share."""
    return read_asset(__package__, "palette.css") + read_asset(package, name)


def template(package: str, name: str) -> Template:
    """Return the page ``name`` in ``package``, with a ``$word`` for each value to fill in."""
    return Template(read_asset(package, name))
