"""A tunebook as one self-contained HTML page: staves, a player and the ABC text."""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from abclm.errors import RenderError
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.source import unescape_text
from abclm.notation.syntax.tables import MODES
from abclm.notation.tune.music import BodyField, Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.engrave.mei_values import plain_text
from abclm.render.page.assets import read_script, stylesheet, template
from abclm.render.page.compact import compact_picture
from abclm.render.page.playlist import playlist_of
from abclm.render.page.timbres import TIMBRES, timbre_of_program
from abclm.render.sound.instruments import program_of
from abclm.render.sound.playback import AS_WRITTEN, Playback

__all__ = ["Page", "PageOptions", "build_page"]

_CONTENTS_FROM = 4
"""With fewer tunes, a list of contents is longer than what it saves."""
_SHOWN_TO: Final = 12
"""The most tunes whose staves stand on the page as they are, for readers without a script."""
_PHONE: Final[Mapping[str, Any]] = {
    "breaks": "encoded",
    "minLastJustification": 0.4,
    "pageWidth": 1040,
}
"""The layout for a phone: two bars of a reel in a line."""
_MISSING: Final = (
    '<noscript><p class="problem">The staves of this page are drawn by its script, '
    "which is turned off. The ABC of each tune is below its title.</p></noscript>"
)
_SCRIPTS: Final = tuple(
    f"script_{name}.js"
    for name in (
        *("book", "staves", "choice", "sound", "playing"),
        *("view", "bars", "sets", "controls", "start"),
    )
)
"""The parts of the page's script, in order; they share their names."""
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


@dataclass(frozen=True, slots=True)
class PageOptions:
    """How a page plays, and what it carries.

    Attributes:
        playback: swing, tempo, chords and instrument.
        samples: recorded timbres, from `abclm.render.page.samples`.
        version: of a page that a server shows: the page asks for it, and reloads when it changes.
    """

    playback: Playback = AS_WRITTEN
    samples: Mapping[str, object] = field(default_factory=dict)
    version: str = ""


def build_page(
    tunes: Sequence[Tune],
    title: str,
    engraver: Engraver,
    options: PageOptions = PageOptions(),
) -> Page:
    """Build a page with the title ``title`` and all ``tunes`` in order.

    The staves of a short book stand on the page; those of a long one are compressed, and drawn
    when they come into view. All text from tunes is escaped, and the page's policy allows no script
    but its own.
    """
    glyphs: dict[str, str] = {}
    music: dict[str, object] = {}
    pictures: dict[str, tuple[str, str]] = {}
    problems: list[str] = []
    articles: list[str] = []
    shown = len(tunes) <= _SHOWN_TO
    for number, tune in enumerate(tunes, 1):
        name = f"tune-{number}"
        try:
            wide, narrow = _pictures(tune, f"t{number}", engraver, glyphs)
            pictures[name] = ("" if shown else wide, narrow)
        except RenderError as error:
            problems.append(str(error))
            wide = ""
        playlist = playlist_of(tune, f"t{number}", options.playback)
        if playlist.notes:
            music[name] = playlist.as_dict()
        staves = wide if shown or not wide else " "
        articles.append(_article(tune, name, staves, plays=bool(playlist.notes)))
    book = {"music": music, "pictures": pictures, "samples": options.samples}
    script = read_script(__package__, _SCRIPTS)
    if options.version:
        script += read_script(__package__, ["live.js"])
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    text = template(__package__, "page.html").substitute(
        title=_html(title),
        style=stylesheet(__package__, "page.css"),
        script=script,
        digest=digest,
        connect=" connect-src 'self';" if options.version else "",
        version=options.version,
        glyphs="".join(
            shape.replace("<g ", f'<g id="{name}" ', 1) for name, shape in sorted(glyphs.items())
        ),
        # The title of a single tune stands above its staves.
        heading="unseen" if len(tunes) == 1 and _html(title) == _html(_title(tunes[0])) else "book",
        timbres=_timbres(options.playback.instrument),
        contents=_contents(tunes) if len(tunes) >= _CONTENTS_FROM else "",
        missing="" if shown else _MISSING,
        tunes="\n".join(articles),
        book=_packed(book),
    )
    return Page(text, tuple(problems))


def _pictures(
    tune: Tune, prefix: str, engraver: Engraver, glyphs: dict[str, str]
) -> tuple[str, str]:
    """Return the staves for a wide column and, two bars a line, for a phone."""
    wide = compact_picture(engraver.engrave(tune, prefix), prefix, glyphs)
    pages = engraver.engrave_as(tune, _PHONE, prefix, bars_in_line=2)
    return wide, compact_picture(pages, prefix, glyphs)


def _packed(book: Mapping[str, object]) -> str:
    """Return ``book`` as JSON, compressed and in base64, the same bytes for the same book."""
    text = json.dumps(book, separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")


def _timbres(instrument: str | None) -> str:
    """Return the choices of the instrument; the listener's own is the first that is shown."""
    own = "" if instrument is None else timbre_of_program(program_of(instrument))
    rows = {"": "As the tune says", **TIMBRES}
    return "".join(
        f'<option value="{value}"{" selected" if value == own else ""}>{name}</option>'
        for value, name in rows.items()
    )


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
            f'<div class="own" hidden><button type="button" class="set" data-set="{name}" '
            f'aria-label="Add {title} to the set">+ Set</button>'
            f'<button type="button" class="play" data-tune="{name}" data-title="{title}" '
            f'aria-pressed="false" aria-label="Play {title}">&#9654; Play</button></div>'
        )
    parts.append("</header>")
    if picture:
        label = f'role="img" aria-label="Staves of {title}" tabindex="0"'
        parts.append(f'<div class="staves" data-staves="{name}" {label}>{picture.strip()}</div>')
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
