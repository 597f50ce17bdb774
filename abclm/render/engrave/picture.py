"""The picture of a tune as an SVG file."""

import re
from html import escape

from abclm.notation.syntax.source import unescape_text
from abclm.notation.tune.music import Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.engrave.mei_values import plain_text

__all__ = ["join_pages", "svg_file"]

_SIZE = re.compile(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)"')
_ROOT = re.compile(r"<svg [^>]*>")


def svg_file(tune: Tune, engraver: Engraver) -> str:
    """Return ``tune``, with its title, as the text of an SVG file that scales to its viewer.

    Raises:
        RenderError: the tune has no notes or could not be engraved.
    """
    picture = join_pages(engraver.engrave(tune, titled=True))
    title = escape(plain_text(unescape_text(tune.title))) or "untitled"
    labelled = _ROOT.sub(
        lambda match: (
            f'{match.group()[:-1]} role="img" aria-label="{title}">'
            f"<title>{title}</title>"
            '<rect width="100%" height="100%" style="fill:white;stroke:none"/>'
        ),
        picture,
        count=1,
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{labelled}\n'


def join_pages(pages: list[str]) -> str:
    """Join ``pages``, one below the other, into one picture."""
    if len(pages) == 1:
        return pages[0].strip()
    sizes = [_size(page) for page in pages]
    width = max(width for width, _ in sizes)
    height = sum(height for _, height in sizes)
    top = 0.0
    placed: list[str] = []
    for page, (own_width, own_height) in zip(pages, sizes, strict=True):
        at = f'<svg y="{top:g}" width="{own_width:g}" height="{own_height:g}" viewBox='
        placed.append(page.strip().replace("<svg viewBox=", at, 1))
        top += own_height
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" version="1.1" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(placed)}</svg>'
    )


def _size(page: str) -> tuple[float, float]:
    match = _SIZE.search(page)
    return (float(match.group(1)), float(match.group(2))) if match else (0.0, 0.0)
