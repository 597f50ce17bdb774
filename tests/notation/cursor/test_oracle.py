"""The cursor and the parser, which reads whole tunes, agree at every bar line."""

from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from hypothesis import given, settings

from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.state import State
from abclm.notation.cursor.time import WHOLE
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.tune.numbering import number_bars
from tests.notation.legal_abc import Legal, legal_tunes


class ReadBar(NamedTuple):
    """A bar at the bar line after it: its length and full length in whole notes, its section."""

    duration: Fraction
    full: Fraction | None
    section: int


def bars_of_cursor(text: str) -> dict[str, list[ReadBar]]:
    """The bars of each voice as the cursor counts them."""
    found: dict[str, list[ReadBar]] = defaultdict(list)
    cursor = Cursor()
    for character in text:
        after = cursor.feed(character)
        assert after is not None, f"{character!r} behind {cursor}"
        if cursor.time.begun and after.state is State.BAR_LINE:
            time = cursor.time
            full = None if time.free else Fraction(time.bar, WHOLE)
            found[cursor.voice].append(
                ReadBar(Fraction(time.used, WHOLE), full, cursor.form.sections)
            )
        cursor = after
    return found


def bars_of_parser(text: str) -> dict[str, list[ReadBar]]:
    """The bars of each voice as the parser has them."""
    (parsed,) = parse_tunebook(text)
    return {
        voice.id if any(item for item in parsed.tune.body_fields if item.field == "V") else "": [
            ReadBar(bar.duration, bar.meter.bar, number.section)
            for bar, number in zip(found, number_bars(found), strict=True)
        ]
        for voice in parsed.tune.voices
        for found in [bars(voice.tune)]
    }


@given(legal_tunes())
@settings(max_examples=150)
def test_cursor_and_parser_agree_at_every_bar_line(legal: Legal) -> None:
    """Over all meters, tuplets, broken rhythms, endings, overlays and voices."""
    assert bars_of_cursor(legal.text) == bars_of_parser(legal.text)
