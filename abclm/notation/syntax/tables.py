"""The facts of the ABC standard 2.1 as tables, each kept once, for the rest of `notation`."""

from fractions import Fraction
from typing import Final

__all__ = [
    "BAR_END_SIGNS",
    "BEAT_GROUPS",
    "BODY_FIELDS",
    "CANONICAL_FIELD_ORDER",
    "DECORATION_LETTERS",
    "DECORATION_NAMES",
    "DRUMS",
    "FIELD_NAMES",
    "FILE_HEADER_FIELDS",
    "MODES",
    "NATURAL_SEMITONES",
    "NAVIGATION_SIGNS",
    "ORNAMENTS",
    "RHYTHMS",
    "RHYTHM_METERS",
    "SHARP_ORDER",
    "STEPS",
    "TUPLET_TIMES",
    "UNIT_NOTE_LENGTHS",
]

FIELD_NAMES: Final = {
    "A": "area",
    "B": "book",
    "C": "composer",
    "D": "discography",
    "F": "file url",
    "G": "group",
    "H": "history",
    "I": "instruction",
    "K": "key",
    "L": "unit note length",
    "M": "meter",
    "N": "notes",
    "O": "origin",
    "P": "parts",
    "Q": "tempo",
    "R": "rhythm",
    "S": "source",
    "T": "title",
    "U": "user defined",
    "V": "voice",
    "W": "words",
    "X": "reference number",
    "Z": "transcription",
    "m": "macro",
    "r": "remark",
    "s": "symbol line",
    "w": "words",
    "+": "field continuation",
}
"""ABC 2.1 section 3: every field with its name."""

FILE_HEADER_FIELDS: Final = frozenset("ABCDFGHILMNORSUZmr")
"""Fields allowed before the first tune; any other field there starts a tune."""

BODY_FIELDS: Final = frozenset("IKLMmNPQRrsTUVWw+")
"""Fields allowed within the music."""

CANONICAL_FIELD_ORDER: Final = "XTCOASHNGDFBZURIVPMLQK"
"""X and T first and K last, as the standard requires; the canonical form has R, M, L before K."""

TUPLET_TIMES: Final = {2: 3, 3: 2, 4: 3, 5: None, 6: 2, 7: None, 8: 3, 9: None}
"""ABC 2.1 section 4.13: p notes in the time of q; None is 3 in compound meter, else 2."""

MODES: Final = {
    "major": ("", 0),
    "ionian": ("", 0),
    "minor": ("m", -3),
    "aeolian": ("m", -3),
    "mixolydian": ("mix", -1),
    "dorian": ("dor", -2),
    "phrygian": ("phr", -4),
    "lydian": ("lyd", 1),
    "locrian": ("loc", -5),
}
"""Mode name to (canonical suffix, fifths by which the signature differs from major)."""

SHARP_ORDER: Final = "FCGDAEB"
STEPS: Final = {letter: step for step, letter in enumerate("CDEFGABcdefgab")}
"""Staff steps above middle C by letter: ``C`` is 0, ``c`` is 7."""
NATURAL_SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

ORNAMENTS: Final = "~TH"
"""The decorations that the models of tunes read and write: a roll, a trill and a fermata."""

UNIT_NOTE_LENGTHS: Final = (Fraction(1, 8), Fraction(1, 16))
"""The unit note lengths used in the canonical form of a corpus."""

BEAT_GROUPS: Final = {
    (4, 4): Fraction(1, 2),
    (2, 2): Fraction(1, 2),
    (3, 2): Fraction(1, 2),
    (4, 2): Fraction(1, 2),
    (6, 4): Fraction(3, 4),
    (9, 4): Fraction(3, 4),
    (3, 8): Fraction(3, 8),
    (6, 8): Fraction(3, 8),
    (9, 8): Fraction(3, 8),
    (12, 8): Fraction(3, 8),
    (15, 8): Fraction(3, 8),
    (6, 16): Fraction(3, 16),
    (9, 16): Fraction(3, 16),
    (12, 16): Fraction(3, 16),
}
"""The length of a beam group by meter; a quarter note in every other meter."""

DECORATION_LETTERS: Final = {
    ".": "staccato",
    "~": "roll",
    "H": "fermata",
    "J": "slide",
    "L": "accent",
    "M": "lowermordent",
    "O": "coda",
    "P": "uppermordent",
    "R": "roll",
    "S": "segno",
    "T": "trill",
    "u": "upbow",
    "v": "downbow",
}
"""ABC 2.1 section 4.14, with J and R as widely used programs read them."""

_BAR_END_SIGNS: Final = """
    D.C. D.C.alcoda D.C.alfine D.S. D.S.alcoda D.S.alfine dacapo dacoda fine
"""
BAR_END_SIGNS: Final = frozenset(_BAR_END_SIGNS.split())
"""Decorations that take effect at the end of their bar."""

NAVIGATION_SIGNS: Final = BAR_END_SIGNS | {"segno", "coda"}
"""Decorations that control the order of playing."""

_DECORATION_NAMES: Final = """
    trill trill( trill) lowermordent uppermordent mordent pralltriller roll turn turnx
    invertedturn invertedturnx arpeggio > accent emphasis fermata invertedfermata tenuto 0 1
    2 3 4 5 + plus snap slide wedge upbow downbow open thumb breath pppp ppp pp p mp mf f ff
    fff ffff sf sfz crescendo( <( crescendo) <) diminuendo( >( diminuendo) >) segno coda
    shortphrase mediumphrase longphrase staccato marcato ^ editorial courtesy slur / // ///
    ped ped-up 8va( 8va) 8vb( 8vb)
"""
DECORATION_NAMES: Final = BAR_END_SIGNS | frozenset(_DECORATION_NAMES.split())
"""The ``!name!`` decorations of ABC 2.1 section 4.14 and those in common use."""

RHYTHMS: Final = {
    "air": "air",
    "slow air": "air",
    "barndance": "barndance",
    "clog": "clog",
    "double jig": "jig",
    "fling": "fling",
    "highland fling": "fling",
    "gavotte": "gavotte",
    "hornpipe": "hornpipe",
    "hop jig": "slip jig",
    "jig": "jig",
    "march": "march",
    "mazurka": "mazurka",
    "minuet": "minuet",
    "polka": "polka",
    "reel": "reel",
    "schottische": "schottische",
    "set dance": "set dance",
    "single jig": "slide",
    "slide": "slide",
    "slip jig": "slip jig",
    "slipjig": "slip jig",
    "strathspey": "strathspey",
    "walkaround": "walkaround",
    "waltz": "waltz",
}
"""Rhythms as spelled in tunebooks, in lower case, to the canonical name."""

RHYTHM_METERS: Final = {
    "barndance": ("4/4", "C|"),
    "clog": ("C|", "4/4", "2/4"),
    "fling": ("C|", "4/4"),
    "gavotte": ("4/4", "C|", "2/4"),
    "hornpipe": ("C|", "4/4", "2/4"),
    "jig": ("6/8",),
    "march": ("4/4", "6/8", "2/4", "C|"),
    "mazurka": ("3/4",),
    "minuet": ("3/4", "3/8"),
    "polka": ("2/4",),
    "reel": ("C|", "4/4"),
    "schottische": ("4/4", "C|"),
    "slide": ("12/8", "6/8"),
    "slip jig": ("9/8",),
    "strathspey": ("4/4", "C|"),
    "walkaround": ("2/4", "4/4", "C|"),
    "waltz": ("3/4",),
}
"""The meters a dance is written in, the usual one first; other rhythms may have any."""

_DRUMS: Final = """
    acoustic-bass-drum bass-drum-1 side-stick acoustic-snare hand-clap electric-snare
    low-floor-tom closed-hi-hat high-floor-tom pedal-hi-hat low-tom open-hi-hat low-mid-tom
    hi-mid-tom crash-cymbal-1 high-tom ride-cymbal-1 chinese-cymbal ride-bell tambourine
    splash-cymbal cowbell crash-cymbal-2 vibraslap ride-cymbal-2 hi-bongo low-bongo
    mute-hi-conga open-hi-conga low-conga high-timbale low-timbale high-agogo low-agogo
    cabasa maracas short-whistle long-whistle short-guiro long-guiro claves hi-wood-block
    low-wood-block mute-cuica open-cuica mute-triangle open-triangle
"""
DRUMS: Final = {name: number for number, name in enumerate(_DRUMS.split(), 35)}
"""The percussion of General MIDI level 1: note numbers by the names used in ``%%percmap``."""
