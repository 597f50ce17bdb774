"""Legal ABC drawn at random: whole tunes without a fault, and what they are built from.

Lengths are in quavers throughout. All voices of a tune share its form: sections with their
pickups, repeats, endings and meters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from abclm.notation.write.lengths import write_length

METERS = {"2/4": 4, "3/4": 6, "4/4": 8, "C": 8, "C|": 8, "6/8": 6, "9/8": 9, "5/8": 5, "3/2": 12}
"""Quavers in a bar of each."""

KEYS = ["C", "G", "D", "Am", "Edor", "Bb", "F#m", "Ab", "Dmix", "Cmin", "E exp", "none"]
_PITCHES = ["C", "D", "E", "F", "G", "A", "B", "c", "d", "e", "f", "g", "G,", "a'"]
_SIGNS = ["", "", "", "", "^", "_", "="]
_BEFORE = [
    "",
    "",
    "",
    "",
    ".",
    "~",
    "!trill!",
    "!mf!",
    "+accent+",
    '"Am"',
    '"^a | b"',
    '"_say \\"x\\""',
]
_BLOCK = "%%begintext\nK:D\n\nA | B\n%%endtext"
_GRACES = ["", "", "", "", "{g}", "{/c}", "{ce}", "{[ce]d}", "{^f}"]


@dataclass(frozen=True)
class Section:
    """The form of a section: quavers of its bars and its pickup, and how it is repeated."""

    meter: str
    pickup: int
    count: int
    endings: int
    repeats: bool

    @property
    def full(self) -> int:
        return METERS[self.meter]

    @property
    def lengths(self) -> list[int]:
        """How long each bar is, the pickup and all endings among them."""
        pickup = [self.pickup] if self.pickup else []
        last = [self.full - self.pickup] * max(1, self.endings)
        return [*pickup, *[self.full] * (self.count - 1), *last]


@dataclass(frozen=True)
class Legal:
    """A tune, and how many bars each of its voices has."""

    text: str
    bars: int
    voices: int


@dataclass(frozen=True)
class _Figure:
    """A way to fill a length: parts of it, and how their notes are written together.

    In the pattern ``{0}``, ``{1}`` … are the lengths of the parts, ``{a}`` and ``{b}`` notes,
    ``{plain}`` the first without its accidental, and ``{before}`` what stands before a note.
    """

    pattern: str
    parts: tuple[Fraction, ...] = (Fraction(1),)


_HALVES = (Fraction(1, 2), Fraction(1, 2))
_THIRDS = (Fraction(1, 3),) * 3
_NOTE = _Figure("{before}{a}{0}")
_COMMON = [
    _Figure("z{0}"),
    _Figure("{before}[{plain}b']{0}"),
    _Figure("{a}{0}-{plain}{1}", _HALVES),
    _Figure("{a}{0}>{b}{1}", _HALVES),
    _Figure("{a}{0}<<{b}{1}", _HALVES),
    _Figure("({a}{0}{before}{b}{1})", _HALVES),
    _Figure("(3{a}{0}{b}{0}{a}{0}", _HALVES),
    *(_Figure(f"({size}:4" + "{a}{0}" * size, (Fraction(1, 4),)) for size in (4, 5, 7)),
]
"""What all players read alike."""
_SELDOM = [
    _Figure("x{0}"),
    _Figure("{before}[{a}{0}{b}]"),
    _Figure("{before}[{a}{b}]{0}"),
    _Figure("[{plain}-b']{0}[{plain}c'']{1}", _HALVES),
    _Figure("{a}{0}>{b}{1}>{a}{2}", _THIRDS),
    _Figure("{a}{0}`y {before}{b}{1}", _HALVES),
    _Figure("(3:2:2{a}{0}{b}{1}", (Fraction(1), Fraction(1, 2))),
    _Figure("^/{plain}{0}"),
    _Figure("_3/2{plain}{0}"),
]


@st.composite
def figures(draw: st.DrawFn, length: Fraction, unit: Fraction, *, common: bool) -> str:
    """A note or several that last ``length`` together, where the unit is ``unit`` quavers."""
    figure = draw(st.sampled_from([_NOTE] * 6 + (_COMMON if common else _COMMON + _SELDOM)))
    first, second = (
        draw(st.sampled_from(_SIGNS)) + draw(st.sampled_from(_PITCHES)) for _ in range(2)
    )
    before = "" if common else draw(st.sampled_from(_GRACES)) + draw(st.sampled_from(_BEFORE))
    lengths = [write_length(length * part / unit) for part in figure.parts]
    return figure.pattern.format(
        *lengths, a=first, b=second, plain=first.lstrip("^_="), before=before
    )


@st.composite
def filled(draw: st.DrawFn, length: int, unit: Fraction, *, common: bool) -> str:
    """Figures that last ``length`` together."""
    text, left = "", length
    while left:
        size = draw(st.sampled_from([size for size in (1, 1, 2, 2, 3, 4) if size <= left]))
        text += draw(figures(Fraction(size), unit, common=common)) + draw(
            st.sampled_from(["", " "])
        )
        left -= size
    return text


@st.composite
def measures(draw: st.DrawFn, length: int, unit: Fraction, *, common: bool) -> str:
    """A bar of ``length``, with what may stand inside one."""
    kinds = ["plain"] * 6
    kinds += [] if common else ["overlay", "field"] + ["soft"] * (length > 2)
    match draw(st.sampled_from(kinds)):
        case "soft":
            line = draw(st.sampled_from([".|", "[|]"]))
            first = draw(st.integers(1, length - 1))
            rest = draw(filled(length - first, unit, common=common))
            return draw(filled(first, unit, common=common)) + line + rest
        case "overlay":
            layers = (
                draw(filled(length, unit, common=common)),
                draw(filled(length, unit, common=common)),
            )
            return " & ".join(layers)
        case "field":
            field = draw(st.sampled_from(["[Q:1/4=90]", "[K:clef=bass]", "[r:remark]", "[K:D]"]))
            return field + draw(filled(length, unit, common=common))
        case _:
            return draw(filled(length, unit, common=common))


@st.composite
def forms(draw: st.DrawFn) -> list[Section]:
    """One to three sections; a meter changes where there is no pickup."""
    meter = draw(st.sampled_from(sorted(METERS)))
    pickup = draw(st.sampled_from([0, 0, 1, 2]))
    sections: list[Section] = []
    for _ in range(draw(st.integers(1, 3))):
        if sections and not pickup and draw(st.booleans()):
            meter = draw(st.sampled_from(sorted(METERS)))
        endings = draw(st.sampled_from([0, 0, 2, 3]))
        count = draw(st.integers(2, 4))
        repeats = bool(endings) or draw(st.booleans())
        sections.append(Section(meter, pickup, count, endings, repeats))
    return sections


def lines_after(section: Section, *, is_last: bool) -> list[str]:
    """What stands behind each bar of a section."""
    end = ":|" if section.repeats else "|]" if is_last else "||"
    if not section.endings:
        return ["|"] * (len(section.lengths) - 1) + [end]
    inner = ["|"] * (len(section.lengths) - section.endings - 1)
    marks = [f":|[{number}" for number in range(2, section.endings + 1)]
    return [*inner, "|[1", *marks, "|]" if is_last else "||"]


@st.composite
def voices(draw: st.DrawFn, form: Sequence[Section], unit: Fraction, *, common: bool) -> list[str]:
    """The bars of a voice, each with its signs; a unit of its own may hold from some bar on."""
    written = []
    meter = form[0].meter
    for number, section in enumerate(form):
        after = lines_after(section, is_last=number == len(form) - 1)
        for place, (length, line) in enumerate(zip(section.lengths, after, strict=True)):
            text = "|:" if section.repeats and not place else ""
            if section.meter != meter:
                meter = section.meter
                text += f"[M:{meter}]"
            if draw(st.integers(0, 9)) == 0:
                unit = draw(st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2)]))
                text += f"[L:{unit / 8}]"
            whole = length == section.full and place
            rests = whole and draw(st.integers(0, 9)) == 0
            music = (
                st.sampled_from(["Z1", "X1"]) if rests else measures(length, unit, common=common)
            )
            text += draw(music)
            written.append(text + line)
    return written


@st.composite
def legal_tunes(draw: st.DrawFn, *, common: bool = False) -> Legal:
    """A tune without a fault, in one voice or several, which stand in blocks or bar by bar."""
    form = draw(forms())
    unit = draw(st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(2)]))
    count = draw(st.integers(1, 3))
    header = ["X:1", "T:Legal", f"M:{form[0].meter}", f"L:{unit / 8}"]
    extra = [
        "%%MIDI program 1",
        "N:a note % and a remark",
        "U:W=!trill!",
        "%%begintext\nK:D\n\nA | B\n%%endtext",
    ]
    header += draw(st.lists(st.sampled_from(extra), max_size=2, unique=True))
    names = [str(number) for number in range(1, count + 1)] if count > 1 else []
    header += [f"V:{name}" for name in names if draw(st.booleans()) or name == "1"]
    header.append(f"K:{draw(st.sampled_from(KEYS))}")
    music = [draw(voices(form, unit, common=common)) for _ in range(count)]
    if not names:
        body = wrapped(draw, music[0])
    elif draw(st.booleans()):
        body = "".join(
            f"V:{name}\n" + wrapped(draw, bars) for name, bars in zip(names, music, strict=True)
        )
    else:
        rows = zip(*music, strict=True)
        body = "".join(
            "".join(f"[V:{name}]{bar}" for name, bar in zip(names, row, strict=True)) + "\n"
            for row in rows
        )
    return Legal("\n".join([*header, body]), len(music[0]), count)


def wrapped(draw: st.DrawFn, bars: Sequence[str]) -> str:
    """Bars in lines, some of them continued, with remarks, words and blocks between."""
    ends = ["\n", "\n", "\n", "\\\n", " % remark\n", "\nw:la la\n", "\n% remark\n", "\n%%sep 1\n"]
    ends.append("\n%%beginps\n/x | y\n\nGABc |\n%%endps\n")
    text = ""
    for number, bar in enumerate(bars, 1):
        # The number of an ending goes on with its bar.
        may_break = not bar[-1].isdigit() and number % 3 == 0
        text += bar + (draw(st.sampled_from(ends)) if may_break and number < len(bars) else "")
    return text + "\n"
