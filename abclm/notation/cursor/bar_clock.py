"""Where in bar and section a tune is after each of its characters, while it is being written.

Reads what the canonical form can say (see `abclm.notation.write.writer`): other constructs are
passed over as far as possible, and no text is an error. A sound counts with the shortest reading of
what stands there: after ``G`` one unit note length is gone, after ``G2`` two.

A tune without a meter counts as one in common time: no model learns from such tunes, and one that
is told of no bars writes notes without end. A bar may last shorter there, and where it lasts longer
it counts as several.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from abclm.notation.syntax.meter import FREE, parse_meter, tuplet_times

__all__ = ["START", "BarClock"]

_WHOLE: Final = 16 * 40320
"""Ticks in a whole note: 16 times what the numbers from 1 to 9 divide."""
_GRAIN: Final = 96
_MOST: Final = 2 * _GRAIN
_LENGTH = re.compile(r"(\d{0,3})(/{0,5})(\d{0,3})")
_FRACTION = re.compile(r"(\d{1,2})/(\d{1,3})")
_SOUNDS = "ABCDEFGabcdefgzx"
_INSIDE = {"(": "tuplet", "[": "bracket", "{": "}", '"': '"', "!": "!"}
"""What an opening character begins: what takes no time is named by what ends it."""
_BROKEN: Final = {">": (24, 8), "<": (8, 24), ">>": (28, 4), "<<": (4, 28)}
"""What broken rhythm makes of the sound before and of the one after, in sixteenths."""


class BarClock(NamedTuple):
    """Where the tune is after a character. Immutable: a kept one stays valid.

    Attributes:
        inside: what the character is part of: ``header``, ``music``, ``tuplet`` (after an opening
            parenthesis), ``bracket`` (of which it is not yet known what it opens), ``field``,
            ``chord``, or the character that ends something which takes no time.
        last_field: the name of the header's last field, which is the key in a tune.
        text: of the header line, tuplet, bracket or field so far.
        unit, bar: ticks in a unit note length and in a bar.
        compound: whether the meter is.
        free: whether there is none.
        gone: ticks of the bar that the sounds before the last one have used.
        length: what is written behind the last sound; None if nothing can be.
        share: what broken rhythm makes of the last sound, in sixteenths.
        broken: the marks of broken rhythm behind the last sound.
        following: what it makes of the next one.
        tuplet: notes, times, and how many sounds are still missing in the open tuplet.
        in_tuplet: notes and times that the last sound counts with.
        bars: whole bars since the section began; a pickup is none.
        pickup: ticks of the section's pickup.
        repeated: whether a repeat is open.
        ending: 1 in a first ending, 2 where a second one is due, 3 in that, else 0.
        first_ending: `bars` where the first ending began, or -1.
        due: whether the section has to end here, since its last bar was short.
        sections: how many have ended.
        bars_before: bars of the one that ended last, a short last one included.
    """

    inside: str = "header"
    last_field: str = "K"
    text: str = ""
    unit: int = _WHOLE // 8
    bar: int = _WHOLE
    compound: bool = False
    free: bool = True
    gone: int = 0
    length: str | None = None
    share: int = 16
    broken: str = ""
    following: int = 16
    tuplet: tuple[int, int, int] = (1, 1, 0)
    in_tuplet: tuple[int, int] = (1, 1)
    bars: int = 0
    pickup: int = 0
    repeated: bool = False
    ending: int = 0
    first_ending: int = -1
    due: bool = False
    sections: int = 0
    bars_before: int = 0

    @property
    def used(self) -> int:
        """Ticks of the bar that the sounds so far take, the last one as it stands."""
        return self._timed()[1]

    @property
    def left(self) -> int | None:
        """96ths of a whole note left in the bar; below 0 if it is too long.

        None before the body begins.
        """
        if self.inside == "header":
            return None
        return _grains(self._left())

    @property
    def left_for_pickup(self) -> int | None:
        """96ths of a whole note left until the bar lacks what the section's pickup took.

        There the section could end. Below 0 behind it, None before the body begins.
        """
        if self.inside == "header":
            return None
        return _grains(self._left() - self.pickup)

    @property
    def could_end(self) -> bool:
        """Whether the section could end here: what is left of the bar is what the pickup took."""
        if self.gone or self.length is not None:
            return self._left() == self.pickup
        return self.due or bool(self.bars and not self.pickup)

    def after(self, character: str) -> "BarClock":
        """Where the tune is one character further on."""
        read = _READ.get(self.inside, BarClock._skipped)
        return read(self, character)

    def _header(self, character: str) -> "BarClock":
        if character != "\n":
            return self._replace(text=self.text + character)
        name, value = self.text[:2], self.text[2:].strip()
        done = self._replace(text="")
        if name == "M:":
            return done._metered(value)
        if name == "L:" and (match := _FRACTION.fullmatch(value)) and int(match[2]):
            return done._replace(unit=_WHOLE * int(match[1]) // int(match[2]))
        return done._replace(inside="music") if name[:1] == self.last_field else done

    def _music(self, character: str) -> "BarClock":
        read = _READ_MUSIC.get(character)
        return read(self, character) if read else self

    def _skipped(self, character: str) -> "BarClock":
        return self._replace(inside="music") if character == self.inside else self

    def _chord(self, character: str) -> "BarClock":
        return self._replace(inside="music") if character == "]" else self

    def _opened(self, character: str) -> "BarClock":
        return self._replace(inside=_INSIDE[character], text="")

    def _barred(self, character: str) -> "BarClock":
        """A character of a bar line: it ends a bar if sounds stand before it, else the section."""
        if not (self.gone or self.length is not None):
            if character == "|" and self.ending == 2:
                return self  # of the ``:|`` between two endings
            return self._begun_section(repeated=self.repeated or character == ":")
        more, last = self._timed()
        before = self.bars + more
        whole = last == self.bar or (self.free and before > 0 and last != self.bar - self.pickup)
        pickup = last if not before and last < self.bar else self.pickup
        done = self._replace(
            gone=0,
            length=None,
            broken="",
            following=16,
            tuplet=(1, 1, 0),
            in_tuplet=(1, 1),
            bars=before + whole,
            pickup=pickup,
            due=before > 0 and not whole,
        )
        if character == "|":
            return done
        if self.ending == 1:
            return done._replace(bars=0, repeated=False, ending=2, due=False)
        return done._begun_section(repeated=False)

    def _begun_section(self, *, repeated: bool) -> "BarClock":
        """A section begins; a pickup before its repeat opens is not its own."""
        begun = self._replace(bars=0, pickup=0, repeated=repeated, ending=0, due=False)
        if not self.bars:
            return begun
        return begun._replace(sections=self.sections + 1, bars_before=self.bars + self.due)

    def _closed(self, _character: str) -> "BarClock":
        """The second character of ``|]``."""
        begun = self.gone or self.length is not None
        return self if begun else self._begun_section(repeated=self.repeated)

    def _numbered(self, character: str) -> "BarClock":
        """A digit: of a length, or of an ending where a bar begins."""
        if self.gone or self.length is not None:
            return self._lengthened(character)
        if character == "1":
            return self._replace(first_ending=self.bars, ending=1, due=False)
        return self._replace(bars=max(self.bars, self.first_ending), ending=3, due=False)

    def _lengthened(self, character: str) -> "BarClock":
        if self.length is None or self.broken:
            return self
        return self._replace(length=self.length + character)

    def _sound(self, _character: str = "") -> "BarClock":
        """A sound begins: the one before is over."""
        notes, times, missing = self.tuplet
        gone = self.gone + self._last()
        more = gone // self.bar if self.free else 0
        return self._replace(
            gone=gone - more * self.bar,
            bars=self.bars + more,
            length="",
            share=self.following,
            broken="",
            following=16,
            tuplet=(notes, times, missing - 1) if missing > 1 else (1, 1, 0),
            in_tuplet=(notes, times),
            due=False,
        )

    def _left(self) -> int:
        """Ticks left in the bar."""
        return self.bar - self._timed()[1]

    def _timed(self) -> tuple[int, int]:
        """Whole bars within this one, where it may last longer, and ticks of what follows them."""
        time = self.gone + self._last()
        more = max(0, time - 1) // self.bar if self.free else 0
        return more, time - more * self.bar

    def _last(self) -> int:
        """Ticks of the last sound, as far as it is written."""
        match = _LENGTH.fullmatch(self.length) if self.length is not None else None
        if match is None:
            return 0
        above, slashes, below = match.groups()
        divisor = (int(below) if below else 2 ** len(slashes)) if slashes else 1
        notes, times = self.in_tuplet
        ticks = self.unit * (int(above) if above else 1) * self.share * times
        return ticks // (max(1, divisor) * 16 * notes)

    def _break(self, mark: str) -> "BarClock":
        if self.length is None or self.broken + mark not in _BROKEN:
            return self
        # The second mark of ``>>`` replaces what the first one did; in ``C<D>E`` both give to D.
        own = _BROKEN[self.broken][0] if self.broken else 16
        first, second = _BROKEN[self.broken + mark]
        return self._replace(
            share=max(0, self.share - own + first), broken=self.broken + mark, following=second
        )

    def _bracket(self, character: str) -> "BarClock":
        text = self.text + character
        if text.isdigit():
            return self._replace(inside="music", text="")._numbered(text)
        if text in {"|", "]"}:
            return self._replace(inside="music", text="")._barred(text)
        if len(text) == 1 and text.isalpha():
            return self._replace(text=text)
        if text.endswith(":"):
            return self._replace(inside="field", text=text)
        chord = self._replace(inside="chord", text="")._sound()
        return chord._replace(inside="music") if character == "]" else chord

    def _field(self, character: str) -> "BarClock":
        if character not in "]\n":
            return self._replace(text=self.text + character)
        done = self._replace(inside="music", text="")
        return done._metered(self.text[2:].strip()) if self.text[:2] == "M:" else done

    def _tuplet(self, character: str) -> "BarClock":
        if character.isdigit() or character == ":":
            return self._replace(text=self.text + character)
        return self._with_tuplet()._music(character)

    def _with_tuplet(self) -> "BarClock":
        """The tuplet that `text` describes opens: ``p``, ``p:q`` or ``p:q:r`` (ABC 2.1, 4.13)."""
        numbers = [int(part[:2]) if part else 0 for part in self.text.split(":")] + [0, 0]
        done = self._replace(inside="music", text="")
        notes = numbers[0]
        if not notes:
            return done
        times = numbers[1] or tuplet_times(notes, compound=self.compound)
        return done._replace(tuplet=(notes, times, numbers[2] or notes))

    def _metered(self, value: str) -> "BarClock":
        meter = parse_meter(value) or FREE
        if not meter.beats:
            return self._replace(bar=_WHOLE, compound=False, free=True)
        ticks = _WHOLE * meter.beats // meter.beat_unit
        return self._replace(bar=ticks, compound=meter.compound, free=False)


def _grains(ticks: int) -> int:
    return -1 if ticks < 0 else min(_MOST, (ticks * _GRAIN + _WHOLE // 2) // _WHOLE)


_Read = Callable[[BarClock, str], BarClock]

_READ: Final[dict[str, _Read]] = {
    "header": BarClock._header,
    "music": BarClock._music,
    "tuplet": BarClock._tuplet,
    "bracket": BarClock._bracket,
    "field": BarClock._field,
    "chord": BarClock._chord,
}

_READ_MUSIC: Final[dict[str, _Read]] = {
    **dict.fromkeys(_SOUNDS, BarClock._sound),
    **dict.fromkeys("0123456789", BarClock._numbered),
    "/": BarClock._lengthened,
    "]": BarClock._closed,
    **dict.fromkeys("<>", BarClock._break),
    **dict.fromkeys("|:", BarClock._barred),
    **dict.fromkeys(_INSIDE, BarClock._opened),
}

START: Final = BarClock()
"""Before the first character of a tune."""
