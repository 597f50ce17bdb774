"""From the tokens of a body to its items, voice by voice."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from abclm.notation.parse.reading import ReadBody
from abclm.notation.parse.voice_reader import READERS, VoiceReader
from abclm.notation.syntax.meter import Meter
from abclm.notation.syntax.tokens import FIELD_KINDS, Token, TokenKind
from abclm.notation.tune.music import new_event, voice_id

__all__ = ["BodyReader"]


class BodyReader:
    """Collects the items, the problems and the remarks of a body, token by token.

    Each voice has its own reader: its unit note length, meter, tuplet, chord, broken rhythm and
    slurs are independent of the other voices (ABC 2.1 section 7).

    Attributes:
        reading: what has been read.

    Args:
        meter: the meter in force where the body begins.
        unit: the unit note length in force there, in whole notes.
        symbols: the decorations that ``U:`` fields of the header assign to letters.
        names: the decorations defined by ``%%deco``.
        first_voice: the id of the voice that music before the first ``V:`` belongs to.
    """

    def __init__(
        self,
        meter: Meter,
        unit: Fraction,
        symbols: Mapping[str, str] | None = None,
        names: frozenset[str] = frozenset(),
        first_voice: str = "",
    ) -> None:
        self.meter = meter
        self.unit = unit
        self.reading = ReadBody(dict(symbols or {}), names)
        self._first = VoiceReader(meter, unit, self.reading)
        self._voices = {first_voice: self._first}
        self._common: tuple[Meter, Fraction] | None = None

    @property
    def has_voices(self) -> bool:
        """Whether there is more than one voice."""
        return len(self._voices) > 1

    def read(self, tokens: Iterable[Token]) -> None:
        """Read all ``tokens``; what is still open at the end becomes a problem."""
        voice = self._first
        items, note = self.reading.items, TokenKind.NOTE
        # Most tokens are plain notes, which come in runs.
        plain = voice.plain_notes
        in_run = False
        token = None
        for token in tokens:
            kind = token[0]
            if kind is note and plain is not None:
                values = plain[token[1]]
                if values is not None:
                    items.append(new_event((token,) + values))  # noqa: RUF005 - twice as quick
                    in_run = True
                    continue
            elif kind not in READERS:
                continue
            if in_run:
                voice.items.last = len(items) - 1
                in_run = False
            if kind in FIELD_KINDS:
                voice = self._voice_after(token, voice)
            READERS[kind](voice, token)
            plain = voice.plain_notes
        if in_run:
            voice.items.last = len(items) - 1
        self.reading.open_from = len(self.reading.problems)
        if token is not None:
            self._close()

    def _close(self) -> None:
        for voice in self._voices.values():
            voice.close()

    def _voice_after(self, field: Token, voice: VoiceReader) -> VoiceReader:
        """The voice that continues after ``field``: the named one after ``V:``, else ``voice``."""
        if field.field != "V":
            return voice
        name = voice_id(field.value)
        # Fields before the first voice hold for all voices.
        self._common = self._common or self._first.opening
        if name not in self._voices:
            self._voices[name] = VoiceReader(*self._common, self.reading)
        return self._voices[name]
