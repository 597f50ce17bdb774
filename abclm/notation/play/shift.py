"""The transposition of a voice: ``transpose=``, ``octave=`` and octave clefs."""

import re
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["Shift"]

_NAMES: Final = re.compile(r'\b(?:name|nm|subname|sname|snm)\s*=\s*(?:"[^"]*"|\S+)')
_TRANSPOSE: Final = re.compile(r"\btranspose\s*=\s*([+-]?\d{1,2})\b")
_OCTAVE: Final = re.compile(r"\boctave\s*=\s*([+-]?\d)\b")
_CLEF: Final = re.compile(r"\b(treble|bass|alto|tenor|perc|none)\d?(?:([+-])(8|15))?(?![A-Za-z\d])")


@dataclass(frozen=True, slots=True)
class Shift:
    """The transposition set by the properties of a voice so far (ABC 2.1 section 4.6).

    Attributes:
        transpose: semitones.
        octave: octaves.
        clef: semitones set by the clef: -12 for ``treble-8``, 24 for ``treble+15``.
        percussion: whether the clef is a percussion clef.
    """

    transpose: int = 0
    octave: int = 0
    clef: int = 0
    percussion: bool = False

    @property
    def semitones(self) -> int:
        """The whole transposition in semitones."""
        return self.transpose + 12 * self.octave + self.clef

    def after(self, properties: str) -> "Shift":
        """Return the shift after ``properties``; what they do not mention is unchanged."""
        said = _NAMES.sub("", properties)
        shift = self
        # The last one counts: a voice field in the body overrides the header.
        for clef in _CLEF.finditer(said):
            octaves = {None: 0, "8": 1, "15": 2}[clef[3]]
            semitones = 12 * octaves * (-1 if clef[2] == "-" else 1)
            shift = replace(shift, clef=semitones, percussion=clef[1] == "perc")
        for transpose in _TRANSPOSE.finditer(said):
            shift = replace(shift, transpose=int(transpose[1]))
        for octave in _OCTAVE.finditer(said):
            shift = replace(shift, octave=int(octave[1]))
        return shift
