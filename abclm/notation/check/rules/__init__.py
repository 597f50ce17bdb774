"""The rules for tunes: each is a small function from a tune and its bars to its problems.

A rule names itself in the problems it yields. `TUNE_RULES` check a tune as a whole, `VOICE_RULES`
and `USUAL_RULES` one voice at a time; under ``--strict``, `STRICT_RULES` replace `USUAL_RULES`. Two
are called separately: `alignment` compares voices, and wrong ties may be a transcriber's way of
writing slurs.
"""

from abclm.notation.check.rules.base import TuneRule, VoiceRule
from abclm.notation.check.rules.header import (
    blocks,
    field_order,
    field_values,
    header_lines,
    missing_fields,
)
from abclm.notation.check.rules.lengths import bar_lengths
from abclm.notation.check.rules.notes import note_limits
from abclm.notation.check.rules.pickups import evident_pickups, pickups
from abclm.notation.check.rules.repeats import endings, repeats

__all__ = ["STRICT_RULES", "TUNE_RULES", "USUAL_RULES", "VOICE_RULES", "TuneRule", "VoiceRule"]

TUNE_RULES: tuple[TuneRule, ...] = (missing_fields, field_values, field_order, header_lines, blocks)

VOICE_RULES: tuple[VoiceRule, ...] = (bar_lengths, repeats, endings, note_limits)

USUAL_RULES: tuple[VoiceRule, ...] = (evident_pickups,)

STRICT_RULES: tuple[VoiceRule, ...] = (pickups,)
