"""What a tune must keep to: each rule a small function from a tune and its bars to its problems.

A rule names itself in the problems it makes; `RULES` is all of them, and `STRICT_RULES` those that
are asked for with ``--strict`` only.
"""

from abclm.notation.rules.base import Rule
from abclm.notation.rules.header import field_order, field_values, header_lines, missing_fields
from abclm.notation.rules.lengths import bar_lengths, pickups
from abclm.notation.rules.notes import length_limits, octaves
from abclm.notation.rules.repeats import endings, repeats

__all__ = ["RULES", "STRICT_RULES", "Rule"]

RULES: tuple[Rule, ...] = (
    missing_fields,
    field_values,
    field_order,
    header_lines,
    bar_lengths,
    repeats,
    endings,
    octaves,
    length_limits,
)

STRICT_RULES: tuple[Rule, ...] = (pickups,)
