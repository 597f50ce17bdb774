"""A tunebook as one self-contained HTML page: staves, a player and the ABC text."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from abclm.errors import RenderError
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.source import unescape_text
from abclm.notation.syntax.tables import MODES
from abclm.notation.tune.music import BodyField, Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.engrave.mei_values import plain_text
from abclm.render.engrave.picture import inline_picture
from abclm.render.page.assets import read_asset, stylesheet, template
from abclm.render.page.playlist import playlist_of

__all__ = ["Page", "build_page"]

_CONTENTS_FROM = 4
"""With fewer tunes, a list of contents is longer than what it saves."""
_MODE_NAMES = {suffix: mode for mode, (suffix, _) in reversed(MODES.items())}


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page.

    Attributes:
        text: the text of the page.
        problems: one line for each tune that could not be engraved; its ABC is still on the page.
    """

    text: str
    problems: tuple[str, ...]


def build_page(
    tunes: Sequence[Tune], title: str, engraver: Engraver, *, chords: bool = True
) -> Page:
    """Build a page with the title ``title`` and all ``tunes`` in order.

    With ``chords`` its player plays their chord symbols.
    All text from tunes is escaped, and the page's policy allows no script but its own.
    """
    glyphs: dict[str, str] = {}
    music: dict[str, object] = {}
    problems: list[str] = []
    articles: list[str] = []
    for number, tune in enumerate(tunes, 1):
        name = f"tune-{number}"
        try:
            pages = engraver.engrave(tune, name)
            picture = inline_picture(pages, name, glyphs)
        except RenderError as error:
            problems.append(str(error))
            picture = ""
        playlist = playlist_of(tune, name, chords=chords)
        if playlist.notes:
            music[name] = playlist.as_dict()
        articles.append(_article(tune, name, picture, plays=bool(playlist.notes)))
    script = read_asset(__package__, "page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    text = template(__package__, "page.html").substitute(
        title=_html(title),
        style=stylesheet(__package__, "page.css"),
        script=script,
        digest=digest,
        glyphs="".join(f'<g id="{name}">{shape}</g>' for name, shape in sorted(glyphs.items())),
        contents=_contents(tunes) if len(tunes) >= _CONTENTS_FROM else "",
        tunes="\n".join(articles),
        # "<" is escaped so that no title can close the element.
        music=json.dumps(music, separators=(",", ":")).replace("<", "\\u003c"),
    )
    return Page(text, tuple(problems))


def _html(text: str) -> str:
    return escape(plain_text(unescape_text(text)))


def _title(tune: Tune) -> str:
    return tune.title or f"Tune {tune.value('X') or ''}".strip()


def _contents(tunes: Sequence[Tune]) -> str:
    entries = [
        f'<li><a href="#tune-{number}">{_html(_title(tune))}</a>'
        f" <span>{_html((tune.value('R') or '').lower())}</span></li>"
        for number, tune in enumerate(tunes, 1)
    ]
    return '<nav aria-label="Tunes"><ol>\n' + "\n".join(entries) + "\n</ol></nav>\n"


def _article(tune: Tune, name: str, picture: str, *, plays: bool) -> str:
    title = _html(_title(tune))
    parts = [
        f'<article class="tune" id="{name}" aria-labelledby="{name}-title">',
        f'<header><div class="names"><h2 id="{name}-title">{title}</h2>',
        *(f'<p class="also">{_html(also)}</p>' for also in tune.values("T")[1:]),
        f'<p class="facts">{_html(_facts(tune))}</p></div>',
    ]
    if plays:
        parts.append(
            f'<button type="button" hidden data-tune="{name}" data-title="{title}" '
            f'aria-pressed="false" aria-label="Play {title}">&#9654; Play</button>'
        )
    parts.append("</header>")
    if picture:
        label = f'role="img" aria-label="Staves of {title}" tabindex="0"'
        parts.append(f'<div class="staves" {label}>{picture}</div>')
    else:
        parts.append('<p class="problem">This tune could not be engraved.</p>')
    words = _words(tune)
    if words:
        parts.append(f'<p class="words">{_html(words)}</p>')
    source = escape(plain_text(_source(tune)))
    parts.append(f"<details><summary>ABC</summary><pre><code>{source}</code></pre></details>")
    parts.append("</article>")
    return "\n".join(parts)


def _facts(tune: Tune) -> str:
    """Return rhythm, key, meter, composer and origin; fields that the tune lacks are omitted."""
    rhythm = (tune.value("R") or "").strip()
    facts = [
        rhythm[:1].upper() + rhythm[1:],
        _key_name(tune.key),
        str(tune.meter) if tune.meter.beats else "",
        tune.value("C") or "",
        tune.value("O") or "",
    ]
    return " · ".join(filter(None, facts))


def _key_name(key: Key | None) -> str:
    """Return the full name of a key: ``E dorian`` for ``Edor``."""
    if key is None or key.tonic == "none":
        return ""
    if key.tonic.upper() == "HP":
        return "Highland pipes"
    tonic = key.tonic.replace("#", "♯").replace("b", "♭")
    return f"{tonic} {_MODE_NAMES[key.mode]} {key.accidentals}".strip()


def _words(tune: Tune) -> str:
    """Return the words printed under a tune (``W:``)."""
    below = [item.value for item in tune.items if isinstance(item, BodyField) and item.name == "W"]
    return "\n".join([*tune.values("W"), *below])


def _source(tune: Tune) -> str:
    text = "".join(token.text for token in tune.tokens)
    return text.replace("\r\n", "\n").replace("\r", "\n")
