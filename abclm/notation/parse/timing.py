"""The durations of a voice: its meter, its unit note length, tuplets, broken rhythm."""

from fractions import Fraction

from abclm.notation.parse.plain_notes import plain_notes
from abclm.notation.parse.reading import VoiceItems
from abclm.notation.parse.tuplets import read_tuplet
from abclm.notation.syntax.broken import broken_shares
from abclm.notation.syntax.exact import fraction, product
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tokens import Token
from abclm.notation.tune.music import Event, Tuplet, new_event

__all__ = ["Timing"]

_BROKEN = "broken-rhythm"


class Timing:
    """Follows everything that decides the durations of a voice.

    Attributes:
        meter, unit: the meter and the unit note length now in force.
        notes: the values of plain notes under this unit.
        tuplet: the open tuplet, or None.
        broken: the mark of a broken rhythm whose second note has not been read yet, or None.
    """

    def __init__(self, meter: Meter, unit: Fraction, items: VoiceItems) -> None:
        self.meter = meter
        self.use_unit(unit)
        self.tuplet: Tuplet | None = None
        self.broken: Token | None = None
        self._items = items
        self._place = 0  # in the tuplet, from 1
        self._second_share = fraction(1, 1)  # of the note after the last mark
        self._shared: int | None = None  # index of the second note of the last pair

    def use_unit(self, unit: Fraction) -> None:
        """Continue with another unit note length."""
        self.unit = unit
        self.notes = plain_notes(unit)

    def timed(self, length: Fraction) -> tuple[Fraction, Fraction, int]:
        """Return the notated length, the duration and the tuplet position of the next event.

        Args:
            length: its written length, in whole notes.
        """
        notated = length
        if self.broken is not None:
            self._shared = len(self._items.body.items)
            notated = product(length, self._second_share)
            self.broken = None
        tuplet = self.tuplet
        if tuplet is None:
            return notated, notated, 0
        self._place += 1
        place = self._place
        if place == tuplet.count:
            self.tuplet, self._place = None, 0
        return notated, product(notated, fraction(tuplet.times, tuplet.notes)), place

    def end_bar(self) -> None:
        """End what cannot continue across a bar line."""
        if self.broken is not None:
            self._items.problem(self.broken, _BROKEN, f"{self.broken.text} needs a note after it")
            self.broken = None
        self._end_tuplet()

    def open_tuplet(self, token: Token) -> None:
        """Begin a tuplet."""
        tuplet, fault = read_tuplet(token, self.meter)
        if fault:
            self._items.problem(token, "tuplet", fault)
        if tuplet is not None:
            self._end_tuplet()
            self.tuplet = tuplet
            self._items.add(tuplet)

    def _end_tuplet(self) -> None:
        if self.tuplet is not None:
            token, count = self.tuplet.token, self.tuplet.count
            missing = count - self._place
            message = f"{token.text} needs {count} notes: {missing} missing"
            self._items.problem(token, "tuplet", message)
        self.tuplet, self._place = None, 0

    def break_rhythm(self, token: Token) -> None:
        """Divide the time of the last event and the next as ``>`` and the like say."""
        if self._items.last is None or self.broken is not None:
            self._items.problem(token, _BROKEN, f"{token.text} needs a note before it")
            return
        share, second_share = broken_shares(token.text)
        if self._shared == self._items.last:
            share = self._share_again(token, share)
            if share <= 0:
                return
        self._items.change_last(lambda event: _lengthened(event, share))
        self.broken, self._second_share = token, second_share

    def _share_again(self, token: Token, share: Fraction) -> Fraction:
        """Return the factor for a note that ends one broken rhythm and begins another; 0 for none.

        In "C<D>E" the D gains a half from each side, so it lasts 2: it has 3/2 already, and the
        factor is 4/3.
        """
        whole = self._second_share + share - 1
        if whole <= 0:
            message = f"{token.text} leaves no time for the note before it"
            self._items.problem(token, _BROKEN, message)
            return fraction(0, 1)
        message = f"{token.text} and the broken rhythm before it share a note: programs differ"
        self._items.remark(token, _BROKEN, message)
        return whole / self._second_share


def _lengthened(event: Event, factor: Fraction) -> Event:
    token, pitches, rest, notated, duration, *others = event
    longer = product(notated, factor)
    lasting = longer if duration is notated else product(duration, factor)
    return new_event((token, pitches, rest, longer, lasting, *others))
