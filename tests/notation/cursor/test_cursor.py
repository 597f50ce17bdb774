"""Where a tune is, character by character: time and form."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.state import State
from abclm.notation.cursor.time import WHOLE
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.write.writer import write_tune
from tests.notation.random_music import COMPOUND, METERS, SIMPLE, pieces

BOOKS = sorted((Path(__file__).parents[2] / "tunes" / "valid").glob("*.abc"))


def bar_lengths(text: str) -> list[Fraction]:
    """How long each bar of a tune lasts by the cursor, in whole notes."""
    lengths, cursor = [], Cursor()
    for character in text:
        after = cursor.feed(character) or cursor
        if cursor.time.begun and not after.time.begun:
            lengths.append(Fraction(cursor.time.used, WHOLE))
        cursor = after
    return lengths


def cursor_after(body: str, meter: str = "4/4", unit: str = "1/8") -> Cursor:
    cursor = Cursor()
    for character in f"T:t\nM:{meter}\nL:{unit}\nK:G\n{body}":
        cursor = cursor.feed(character) or cursor
    return cursor


def ninety_sixths(ticks: int) -> int:
    """Of a whole note; -1 for all that is too long."""
    return -1 if ticks < 0 else ticks * 96 // WHOLE


def left(cursor: Cursor) -> int:
    return ninety_sixths(cursor.time.left)


def left_of_section(cursor: Cursor) -> int:
    """What is left of the bar, were it the section's last one."""
    return ninety_sixths(cursor.time.left - cursor.form.pickup)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", 96),
        ("G", 84),
        ("G2", 72),
        ("G/", 90),
        ("G//", 93),
        ("G2///", 93),
        ("G3/2", 78),
        ("G/4", 93),
        ("^G,2 =a'", 60),
        ("z4", 48),
        ("G>", 78),
        ("G>A", 72),
        ("G>A B", 60),
        ("G<A>B", 60),
        ("G>A>B", 60),
        ("G>>A>B", 60),
        ("G<A", 72),
        ("G2>A2", 48),
        ("G>>A", 72),
        ("G>>", 75),
        ("(3", 96),
        ("(3G", 88),
        ("(3GAB c", 60),
        ("(3G/A/B/", 84),
        ("(3:2:2G2A", 72),
        ("(5GABcd", 72),
        ("[GBd]2", 72),
        ("[GB", 84),
        ("{ga}G2", 72),
        ('"Am"G2', 72),
        ("!trill!G2", 72),
        ("~G2 TA HB .c", 36),
        ("G2-G2", 48),
        ("G8", 0),
        ("G9", -1),
        ("G8|", 96),
        ("G2|A", 84),
        ("G8|1 A2", 72),
        ("G8:|2A2", 72),
        ("G8|[1 A2", 72),
        ("[K:D]G2", 72),
        ("[M:6/8]G2", 48),
        ("G8|[M:3/4]A2|", 72),
    ],
)
def test_what_is_left_of_a_bar(body: str, expected: int) -> None:
    assert left(cursor_after(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", 96),
        ("G2", 72),
        ("G2|", 72),
        ("G2|A4", 24),
        ("G2|A6", 0),
        ("G2|A7", -1),
        ("G2|A8|", 72),
        ("G2|A8|B6||", 96),
        ("|:G2|A8|1 B6", 0),
        ("|:G2|A8|1 B6:|2", 72),
        ("G8|A6", 24),
        ("[M:none]G", 84),
    ],
)
def test_what_is_left_until_a_section_could_end(body: str, expected: int) -> None:
    assert left_of_section(cursor_after(body)) == expected


@pytest.mark.parametrize(
    ("meter", "expected"),
    [("C", 96), ("C|", 96), ("6/8", 72), ("12/8", 144)],
)
def test_a_bar_is_as_long_as_its_meter(meter: str, expected: int) -> None:
    assert left(cursor_after("", meter)) == expected


@pytest.mark.parametrize("meter", ["none", "", "free", "?", "4/0"])
def test_without_a_meter_bars_count_as_common_time(meter: str) -> None:
    for body in ("(5GABcd", "G2|A8|B6||c2|d3"):
        one, other = cursor_after(body, meter), cursor_after(body, "4/4")
        assert one.time.free
        assert (one.time.left, one.form.bars) == (other.time.left, other.form.bars)


@pytest.mark.parametrize(
    ("body", "expected", "gone_by"),
    [
        ("G8", 0, 0),
        ("G8A", 84, 1),
        ("G12", 48, 0),
        ("G12|", 96, 2),
        ("G8A4|", 96, 2),
        ("G8|A4|", 96, 2),
        ("G8|A16B", 84, 3),
        ("G8|A8|[M:4/4]B12", -1, 2),
    ],
)
def test_without_a_meter_a_bar_may_be_shorter_and_a_longer_one_is_several(
    body: str, expected: int, gone_by: int
) -> None:
    cursor = cursor_after(body, "none")
    assert (left(cursor), cursor.form.bars) == (expected, gone_by)


def test_tuplets_follow_the_meter() -> None:
    assert left(cursor_after("(5GABcd", "6/8")) == 72 - 36
    assert left(cursor_after("(2GA", "6/8")) == 72 - 36


@pytest.mark.parametrize("meter", sorted(METERS))
def test_a_five_lasts_the_same_for_the_cursor_and_the_parser(meter: str) -> None:
    """ABC 2.1 section 4.13: only in compound meter is it in the time of three."""
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:{meter}\nL:1/8\nK:G\n(5CDEFG|\n")
    (bar,) = bars(parsed.tune)
    assert bar.duration * 8 == (3 if meter in COMPOUND else 2)
    assert Fraction(cursor_after("(5CDEFG", meter).time.used, WHOLE) == bar.duration


@pytest.mark.parametrize(
    ("meter", "compound"),
    [*((meter, False) for meter in (*SIMPLE, "3/8")), *((meter, True) for meter in COMPOUND)],
)
def test_the_cursor_knows_which_meters_are_compound(meter: str, compound: bool) -> None:
    assert cursor_after("", meter).time.meter.compound is compound


@given(
    st.sampled_from(sorted(METERS)),
    st.sampled_from(["1/8", "1/16", "1/4"]),
    st.lists(st.lists(pieces(), min_size=1, max_size=6), min_size=1, max_size=5),
    st.sampled_from(["", "[M:6/8]", "[M:6/4]", "[M:3/4]"]),
)
def test_cursor_and_parser_agree_at_every_bar_line(
    meter: str, unit: str, body: list[list[str]], change: str
) -> None:
    music = f"|{change}".join(map("".join, body)) + "|"
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:{meter}\nL:{unit}\nK:G\n{music}\n")
    expected = [bar.duration for bar in bars(parsed.tune)]
    assert bar_lengths(f"M:{meter}\nL:{unit}\nK:G\n{music}\n") == expected
    assert bar_lengths(write_tune(parsed.tune)) == expected


@pytest.mark.parametrize(
    ("body", "eighths"),
    [("", 0), ("G", 1), ("G3/2A/", 2), ("G8", 8), ("G8A", 9), ("G8|", 0), ("G2|A4", 4)],
)
def test_what_is_used_of_a_bar_is_what_its_sounds_last(body: str, eighths: int) -> None:
    assert cursor_after(body).time.used == eighths * WHOLE // 8


@pytest.mark.parametrize(
    ("last_field", "text", "in_music"),
    [
        ("K", "M:4/4\nK:G\n", True),
        ("P", "M:4/4\nK:G\n", False),
        ("P", "M:4/4\nK:G\nP:ab1", False),
        ("P", "M:4/4\nK:G\nP:ab1\n", True),
    ],
)
def test_the_music_begins_after_the_last_field(last_field: str, text: str, in_music: bool) -> None:
    cursor = Cursor(last_field=last_field).through(text)
    assert cursor is not None
    assert cursor.in_music is in_music
    assert cursor.time.bar == WHOLE


def test_a_header_is_no_music() -> None:
    cursor = Cursor()
    for character in "T:GABc|\nM:6/8\nK:":
        cursor = cursor.feed(character) or cursor
        assert cursor.state is State.HEADER
        assert not cursor.time.begun


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("|:D2|G8|A8:|", [0, 0, 1, 0]),
        ("G8|A8||B8|]", [1, 0, 0]),
        ("G8|A8|1 B8:|2 c8|]", [1, 2, 0, 0]),
        ("G8|A8|[1 B8:|[2 c8||d8|", [1, 2, 0, 0, 1]),
        ("G8::A8|B8:|", [0, 1, 0]),
    ],
)
def test_the_bars_of_a_section_are_counted(body: str, counts: list[int]) -> None:
    """After each bar line as a whole."""
    ends = [match.end() for match in re.finditer(r"[|:]+\]?", body)]
    assert [cursor_after(body[:end]).form.bars for end in ends] == counts


@pytest.mark.parametrize(
    ("body", "repeated", "ending", "could_end"),
    [
        ("", False, 0, False),
        ("|:", True, 0, False),
        ("|:D2|G8|A6", True, 0, True),
        ("|:D2|G8|A8", True, 0, False),
        ("|:D2|G8|A6:|", False, 0, False),
        ("|:G8:|\nA8", False, 0, True),
        ("|:G8::A8", True, 0, True),
        ("|:D2|G8|1 A6", True, 1, True),
        ("|:D2|G8|1 A6:|", False, 2, False),
        ("|:D2|G8|1 A6:|2 B4", False, 3, False),
        ("|:D2|G8|1 A6:|2 B6", False, 3, True),
        ("|:D2|G8|1 A6:|2 B8", False, 3, False),
        ("|:D2|G8|1 A6:|2 B6||\nA8", False, 0, True),
        ("D2|:G8|A6", True, 0, False),
        ("D2|:G8|A8", True, 0, True),
        ("D2|G8|A8|", False, 0, False),
        ("D2|G8|A6|", False, 0, True),
        ("G8|A8|", False, 0, True),
        ("G8|A8|]", False, 0, False),
    ],
)
def test_what_is_open_and_where_the_section_could_end(
    body: str, repeated: bool, ending: int, could_end: bool
) -> None:
    time, form = cursor_after(body).time, cursor_after(body).form
    assert (form.repeated, form.ending, form.could_end(begun=time.begun, left=time.left)) == (
        repeated,
        ending,
        could_end,
    )


@pytest.mark.parametrize(
    ("body", "due"),
    [
        ("D2|", False),
        ("D2|G8|", False),
        ("D2|G8|A6", False),
        ("D2|G8|A6|", True),
        ("D2|G8|A6|\n", True),
        ("D2|G8|A6||", False),
        ("D2|G8|A6|]", False),
        ("D2|G8|A6:|", False),
        ("D2|G8|A6|1 ", False),
        ("D2|G8|A6|B", False),
        ("G8|A8|", False),
    ],
)
def test_after_a_short_bar_the_section_is_due_to_end(body: str, due: bool) -> None:
    assert cursor_after(body).form.due is due


def test_a_second_ending_counts_from_where_the_first_began() -> None:
    assert cursor_after("G8|A8|1 B8|c8:|2 ").form.bars == 2
    assert cursor_after("G8|A8|1 B8|c8:|2 d8|").form.bars == 3


@pytest.mark.parametrize(
    ("body", "borrowed"),
    [("D2|", 24), ("D2|G8|", 24), ("|:D2|G8|A6:|\n|:B|", 24), ("G8|", 0), ("G8|D2||", 0)],
)
def test_the_first_pickup_is_what_all_sections_borrow(body: str, borrowed: int) -> None:
    form = cursor_after(body).form
    assert form.borrowed is not None
    assert ninety_sixths(form.borrowed) == borrowed


def test_before_the_first_bar_has_ended_nothing_is_known_of_a_pickup() -> None:
    assert cursor_after("D2").form.borrowed is None


def test_a_meter_that_cannot_be_read_leaves_the_bars_free() -> None:
    assert cursor_after("G8|[M:3/4]G6|[M:what]").time.free


def test_notes_before_the_first_voice_are_of_no_other_voice() -> None:
    assert left(cursor_after("GA[V:2]cd")) == 72
    assert cursor_after("G8|A8|[V:2]c8|").form.lines == 1
    # What stands before it without notes holds for every voice.
    assert left(cursor_after("[M:3/4][V:2]cd")) == 48


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_every_whole_bar_of_a_canonical_tune_ends_with_nothing_left(path: Path) -> None:
    """Judged by the parser, which reads a tune as a whole."""
    for parsed in parse_tunebook(path.read_text(encoding="utf-8")):
        if parsed.tune.key is None or parsed.tune.values("V"):
            continue
        text = write_tune(parsed.tune)
        (again,) = parse_tunebook(text)
        whole = sum(bar.duration == bar.meter.bar for bar in bars(again.tune))
        full, cursor = 0, Cursor()
        for character in text:
            after = cursor.feed(character) or cursor
            full += cursor.time.begun and cursor.time.left == 0 and not after.time.begun
            cursor = after
        assert full == whole


@given(st.text("GAbc2348/<>()[]{}|:\"!KM\n '^", max_size=60))
def test_no_text_is_an_error(body: str) -> None:
    cursor = cursor_after(body)
    assert cursor.time.used >= 0
    assert cursor.form.bars >= 0


@pytest.mark.parametrize(
    ("body", "eighths"),
    [
        ("[G2B]", 2),
        ("[G2B]3", 6),
        ("G>>>A", 2),
        ("Z", 8),
        ("G4&A2", 2),
        ("G2.|A2", 4),
        ("G2[|]A2", 4),
        ("G2y3A2", 4),
        ('"say \\"G8\\""G2', 2),
        ("!trill!G2%A4\n", 2),
        ("%%begintext\nG8|\n%%endtext\nG2", 2),
        ("G2\nM:3/4\nA2", 4),
        ("G2[L:1/4]A", 4),
        ("^3/2G2", 2),
    ],
)
def test_what_is_used_where_the_canonical_form_has_no_words_for_it(body: str, eighths: int) -> None:
    assert cursor_after(body).time.used == eighths * WHOLE // 8


def test_each_voice_has_a_bar_a_key_and_a_section_of_its_own() -> None:
    cursor = cursor_after("[V:1]G8|A4[V:2][K:D]B2[V:1]c2")
    assert (cursor.voice, cursor.time.used, cursor.form.bars) == ("1", 6 * WHOLE // 8, 1)
    assert str(cursor.pitches.key) == "G"
    other = cursor.through("[V:2]")
    assert other is not None
    assert (other.time.used, other.form.bars, str(other.pitches.key)) == (2 * WHOLE // 8, 0, "D")


@pytest.mark.parametrize("body", ["[GB\n", "{ga\n", '"Am\n', "!trill\n"])
def test_no_line_can_end_inside_a_group(body: str) -> None:
    cursor = cursor_after(body[:-1])
    assert cursor.feed("\n") is None


def test_a_third_ending_belongs_to_the_same_section() -> None:
    assert cursor_after("|:G8|1A8:|2B8:|[3c8").form.sections == 0
    assert cursor_after("|:G8|1A8:|2B8:|\nc8").form.sections == 1


def test_a_kept_cursor_stays_as_it_is() -> None:
    cursor = cursor_after("|:G2A")
    kept = cursor._asdict()
    for text in ("2 B4|", ":|", "[K:D]"):
        cursor.through(text)
    assert cursor._asdict() == kept
