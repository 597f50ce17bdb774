"""Keys: the meaning of a ``K:`` value, and its canonical spelling."""

import re
from dataclasses import dataclass
from functools import lru_cache

from abclm.notation.syntax.accidentals import ALTERATIONS
from abclm.notation.syntax.tables import MODES, SHARP_ORDER

__all__ = ["Key", "parse_key", "split_key"]

_TONIC = re.compile(r"([A-Ga-g])([#b♯♭]?)\s*([A-Za-z]*)\s*(.*)", re.DOTALL)
_ACCIDENTAL = re.compile(r"(\^\^|\^|__|_|=)([A-Ga-g])")
_BAGPIPES = ("HP", "Hp")
_BAGPIPE_SIGNATURE = (("C", 1), ("F", 1), ("G", 0))
_VOICE_WORDS = re.compile(
    r"clef|transpose|octave|stafflines|middle|treble|bass|alto|tenor|perc"
    r"|(?:score|sound|shift|staffscale|map|cue|instrument|style|stems?|name)="
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key: tonic, mode suffix, and the accidentals of its signature.

    Attributes:
        tonic: the letter with ``#`` or ``b``; ``HP`` or ``Hp`` for bagpipes; or ``none``.
        mode: canonical suffix: empty for major, ``m``, ``mix``, ``dor``, ``phr``, ``lyd``, ``loc``.
        accidentals: explicit accidentals after the mode, as written, joined by spaces.
        signature: pairs of letter and semitones, such as ``("F", 1)``, as it sounds: F# and C# for
            bagpipes, though ``K:HP`` prints none.
    """

    tonic: str
    mode: str
    accidentals: str
    signature: tuple[tuple[str, int], ...]

    @property
    def alterations(self) -> dict[str, int]:
        """The signature as a dictionary, semitones by letter."""
        return dict(self.signature)

    def __str__(self) -> str:
        """The canonical spelling, such as ``Edor``, ``Am``, ``G``."""
        return self.tonic + self.mode + (f" {self.accidentals}" if self.accidentals else "")


@lru_cache(maxsize=512)
def parse_key(text: str) -> Key | None:
    """Return the key of a ``K:`` value (ABC 2.1 section 3.1.14), or None if it names none.

    ``D Mixolydian``, ``DMix`` and ``Dmix`` are one key; clefs and voice properties are ignored.
    A value with only those, such as ``clef=bass``, names no key: the previous one stays in force.
    """
    named, properties = split_key(text.strip())
    value = named.strip()
    if not value and properties:
        return None
    if value in ("", "none"):
        return Key("none", "", "", ())
    for name in _BAGPIPES:
        if value.startswith(name):
            return Key(name, "", "", _BAGPIPE_SIGNATURE)
    match = _TONIC.fullmatch(value)
    if not match:
        return None
    letter, accidental, word, rest = match.groups()
    mode = _mode(word)
    if mode is None:
        return None
    tonic = letter.upper() + accidental.replace("♯", "#").replace("♭", "b")
    explicit = word == "exp" or rest.startswith("exp")
    return _build(tonic, mode, rest.removeprefix("exp").strip(), explicit=explicit)


def split_key(value: str) -> tuple[str, str]:
    """Split a ``K:`` value into the key and the clef and voice properties after it."""
    match = _VOICE_WORDS.search(value)
    return (value[: match.start()], value[match.start() :]) if match else (value, "")


def _mode(word: str) -> tuple[str, int] | None:
    lowered = word.lower()
    if lowered == "exp":
        return ("", 0)
    if lowered in ("", "m"):
        # "EM" is minor too: the standard ignores case in modes, and so does abc2midi. The three
        # tunes in Ryan's Mammoth Collection with such a key are minor by their notes.
        return ("m", -3) if lowered else ("", 0)
    for name, mode in MODES.items():
        # Only the first three letters count (ABC 2.1); "Glydian" and "Dmixm" occur.
        if lowered[:3] == name[:3]:
            return mode
    return None


def _build(tonic: str, mode: tuple[str, int], rest: str, *, explicit: bool) -> Key | None:
    fifths = _fifths(tonic) + mode[1]
    if abs(fifths) > 7:
        return None
    signature: dict[str, int] = {}
    if not explicit:
        signature = dict.fromkeys(SHARP_ORDER[:fifths], 1) if fifths > 0 else {}
        signature |= dict.fromkeys(SHARP_ORDER[fifths:], -1) if fifths < 0 else {}
    written = _ACCIDENTAL.findall(rest)
    for sign, letter in written:
        signature[letter.upper()] = ALTERATIONS[sign]
    accidentals = " ".join(sign + letter for sign, letter in written)
    if explicit:
        accidentals = f"exp {accidentals}".strip()
    return Key(tonic, mode[0], accidentals, tuple(sorted(signature.items())))


def _fifths(tonic: str) -> int:
    """The major key signature of ``tonic``: the number of sharps, negative for flats."""
    fifths = "FCGDAEB".index(tonic[0]) - 1
    return fifths + 7 * (tonic[1:] == "#") - 7 * (tonic[1:] == "b")
