"""What the pages of HTML are made of: templates, style sheets and scripts, each in its file."""

from importlib.resources import files
from string import Template

__all__ = ["read_asset", "stylesheet", "template"]


def read_asset(package: str, name: str) -> str:
    """The text of the file ``name`` in ``package``."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def stylesheet(package: str, name: str) -> str:
    """The style sheet ``name`` in ``package``, behind the colours that all pages have."""
    return read_asset(__package__, "palette.css") + read_asset(package, name)


def template(package: str, name: str) -> Template:
    """The page ``name`` in ``package``, with a ``$word`` for each thing to fill in."""
    return Template(read_asset(package, name))
