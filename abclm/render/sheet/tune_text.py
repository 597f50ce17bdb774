"""The text of a tune that is printed: titles, rhythm, composer, words, ABC."""

from abclm.notation.syntax.source import unescape_text
from abclm.notation.tune.music import BodyField, Tune
from abclm.render.engrave.mei_values import plain_text

__all__ = ["authors_of", "name_of", "number_of", "rhythm_of", "source_of", "titles_of", "words_of"]


def titles_of(tune: Tune) -> tuple[str, ...]:
    """Return the titles of a tune, at least one."""
    titles = [_plain(title) for title in tune.values("T")]
    return tuple(filter(None, titles)) or (f"Tune {tune.value('X') or ''}".strip(),)


def rhythm_of(tune: Tune) -> str:
    """Return the rhythm of a tune (``R:``); empty if it has none."""
    return _plain(tune.value("R") or "")


def authors_of(tune: Tune) -> str:
    """Return composer and origin (``C:``, ``O:``); empty if it has neither."""
    return ", ".join(filter(None, map(_plain, [*tune.values("C"), *tune.values("O")])))


def number_of(tune: Tune) -> str:
    """Return the number beside the title (``X:``), at most eight characters."""
    return _plain(tune.value("X") or "")[:8]


def name_of(tune: Tune) -> str:
    """Return the name of a tune in messages."""
    return f"X:{tune.value('X') or '?'} {titles_of(tune)[0]}"


def words_of(tune: Tune) -> list[str]:
    """Return the lines of words below a tune (``W:``)."""
    below = [item.value for item in tune.items if isinstance(item, BodyField) and item.name == "W"]
    return [_plain(words) for words in [*tune.values("W"), *below]]


def source_of(tune: Tune) -> list[str]:
    """Return the lines of its ABC text."""
    text = "".join(token.text for token in tune.tokens)
    return [plain_text(line).replace("\t", "    ") for line in text.strip().splitlines()]


def _plain(text: str) -> str:
    return " ".join(plain_text(unescape_text(text)).split())
