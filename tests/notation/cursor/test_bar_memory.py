"""What is remembered of each bar: its position in the form, its text, its onsets and steps."""

from fractions import Fraction

import pytest
from hypothesis import given

from abclm.notation.cursor.bar_memory import PICKUP, BarMemory, BarPlace, RememberedBar
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan_reader import bar_stops
from abclm.notation.cursor.state import State
from abclm.notation.cursor.time import WHOLE
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.tables import STEPS
from abclm.notation.tune.bars import Bar, bars
from tests.notation.random_music import tunes

EIGHTH = WHOLE // 8
"""Ticks in an eighth."""
HEAD = "M:4/4\nL:1/8\nK:G\n"


def memory_after(body: str, head: str = HEAD) -> BarMemory:
    """Fed character by character, as a network's reader does."""
    cursor, memory = Cursor(), BarMemory()
    for character in head + body:
        after = cursor.feed(character) or cursor
        if cursor.state is not State.HEADER:
            memory = memory.after(character, cursor, after)
        cursor = after
    return memory


def places(body: str) -> dict[BarPlace, str]:
    """The text of each bar that is whole, by its place."""
    return {place: bar.text for place, bar in memory_after(body).done.items()}


def only_bar(text: str) -> RememberedBar:
    (bar,) = memory_after(f"{text}|").done.values()
    return bar


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("G8|A8|", {(0, 0, 0): "G8", (0, 1, 0): "A8"}),
        ("G8|A8||B8|]\n", {(0, 0, 0): "G8", (0, 1, 0): "A8", (1, 0, 0): "B8"}),
        ("|:G8|A8:|\n|:B8:|\n", {(0, 0, 0): "G8", (0, 1, 0): "A8", (1, 0, 0): "B8"}),
        ("G8|\nA8|", {(0, 0, 0): "G8", (0, 1, 0): "A8"}),
        # A bar that is too short or too long is a bar.
        ("G8|A6|B8|", {(0, 0, 0): "G8", (0, 1, 0): "A6", (0, 2, 0): "B8"}),
        ("G8|A9|B8|", {(0, 0, 0): "G8", (0, 1, 0): "A9", (0, 2, 0): "B8"}),
        ("G8|A6|B6|c8|", {(0, 0, 0): "G8", (0, 1, 0): "A6", (0, 2, 0): "B6", (0, 3, 0): "c8"}),
        ("G8::A8:|", {(0, 0, 0): "G8", (1, 0, 0): "A8"}),
        ("|:D2|G8|A6:|", {(0, PICKUP, 0): "D2", (0, 0, 0): "G8", (0, 1, 0): "A6"}),
        (
            "|:D2|G8|A6:|\n|:E2|B8|",
            {
                (0, PICKUP, 0): "D2",
                (0, 0, 0): "G8",
                (0, 1, 0): "A6",
                (1, PICKUP, 0): "E2",
                (1, 0, 0): "B8",
            },
        ),
        (
            "|:G8|1A8:|2B8||\nc8|",
            {(0, 0, 0): "G8", (0, 1, 0): "A8", (0, 1, 1): "B8", (1, 0, 0): "c8"},
        ),
        (
            "|:D2|G8|1A8|B6:|2c8|d6|]",
            {
                (0, PICKUP, 0): "D2",
                (0, 0, 0): "G8",
                (0, 1, 0): "A8",
                (0, 2, 0): "B6",
                (0, 1, 1): "c8",
                (0, 2, 1): "d6",
            },
        ),
    ],
)
def test_each_bar_has_its_place_in_the_form(body: str, expected: dict[BarPlace, str]) -> None:
    assert places(body) == expected


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("", (0, 0, 0)),
        ("|:", (0, 0, 0)),
        ("|:D2|", (0, 0, 0)),
        ("|:D2|G8|A6:|\n|:", (1, PICKUP, 0)),
        ("|:D2|G8|A6:|\n|:E2|", (1, 0, 0)),
        ("D2|:G8|A8:|\n|:", (1, 0, 0)),
        ("|:G8|1A8:|2", (0, 1, 1)),
        ("|:G8|1A8:|2B8||\n", (1, 0, 0)),
        ("G8|A", (0, 1, 0)),
    ],
)
def test_the_place_of_the_next_bar_is_known_before_it_is_written(
    body: str, place: BarPlace
) -> None:
    assert memory_after(body).place == place


def test_a_section_that_has_no_pickup_after_all_begins_with_its_first_bar() -> None:
    assert places("|:D2|G8|A6:|\n|:B8|")[1, 0, 0] == "B8"


def test_a_pickup_before_the_repeat_opens_belongs_to_no_section() -> None:
    assert places("D2|:G8|A8:|\n|:B8|")[0, PICKUP, 0] == "D2"
    assert memory_after("D2|:").pickup is False
    assert memory_after("|:D2|").pickup is True


@pytest.mark.parametrize(
    ("text", "starts", "steps"),
    [
        ("G2A2 B4", {0: "G2A2 B4", 2: "A2 B4", 4: "B4"}, {0: "G", 2: "A", 4: "B"}),
        ("G,2a'2 c''4", {0: "G,2", 2: "a'2", 4: "c''4"}, {0: "G,", 2: "a'", 4: "c''"}),
        ("z4^G4", {0: "z4", 4: "^G4"}, {4: "G"}),
        ("G3A B2-B2", {0: "G3", 3: "A", 4: "B2-", 6: "B2"}, {0: "G", 3: "A", 4: "B", 6: "B"}),
        ("[GBd]4 [^Fc,]4", {0: "[GBd]4", 4: "[^Fc,]4"}, {0: "d", 4: "C"}),
        ("{ga}G4 {^f}~_e4", {0: "{ga}G4", 4: "{^f}~_e4"}, {0: "G", 4: "e"}),
        ("G2A2 [K:D]d4", {0: "G2", 2: "A2", 4: "[K:D]d4"}, {0: "G", 2: "A", 4: "d"}),
        ("(3GABc6", {0: "(3G", Fraction(2, 3): "A", Fraction(4, 3): "B", 2: "c6"}, None),
        ("G>AB<c d4", {0: "G>", Fraction(3, 2): "A", 2: "B<", Fraction(5, 2): "c", 4: "d4"}, None),
    ],
)
def test_each_sound_is_remembered_by_its_moment_with_all_that_belongs_to_it(
    text: str, starts: dict[int | Fraction, str], steps: dict[int, str] | None
) -> None:
    bar = only_bar(text)
    assert bar.text == text
    assert bar.length == 8 * EIGHTH
    assert bar.starts.keys() == {moment * EIGHTH for moment in starts}
    for moment, beginning in starts.items():
        assert text[bar.starts[int(moment * EIGHTH)] :].startswith(beginning)
    if steps is not None:
        assert bar.steps == {moment * EIGHTH: step_of(note) for moment, note in steps.items()}


@pytest.mark.parametrize(
    ("body", "note"),
    [("G2A", "A"), ("G2a'", "a'"), ("G8|", "G"), ("G8|z4", "G"), ("G8|A8|\n", "A"), ("G8|B", "B")],
)
def test_the_last_note_is_known_across_the_bar_line(body: str, note: str) -> None:
    assert memory_after(body).step == step_of(note)


def test_before_the_first_note_there_is_no_last_one() -> None:
    assert memory_after("|:z4").step is None


def test_what_was_kept_of_an_earlier_moment_stays_as_it_was() -> None:
    cursor, memory, kept = Cursor(), BarMemory(), []
    text = HEAD + "|:D2|G2[GB]2 c'4|A6:|\n|:E2|B8|1c6:|2d6|]\n"
    for at, character in enumerate(text):
        after = cursor.feed(character) or cursor
        if cursor.state is not State.HEADER:
            memory = memory.after(character, cursor, after)
            kept.append((at, memory))
        cursor = after
    for at, early in kept:
        assert early == memory_after(text[len(HEAD) : at + 1])


@given(tunes())
def test_the_bars_are_those_of_the_parser(text: str) -> None:
    """Each lasts as long, begins on the same note, and its text is the tune's."""
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{text}")
    expected = bars(parsed.tune)
    memory, stops = bar_stops(text)
    assert [bar.length for bar in memory.done.values()] == [
        bar.duration * 8 * EIGHTH for bar in expected
    ]
    first_steps = [next(iter(bar.steps.values()), None) for bar in memory.done.values()]
    assert first_steps == [first_step(bar) for bar in expected]
    assert list(stops) == list(memory.done)
    for place, stop in stops.items():
        assert text[:stop].endswith(memory.done[place].text)
        assert text[stop] in "|:"


@given(tunes())
def test_sections_and_endings_are_numbered_as_the_parser_has_them(text: str) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{text}")
    section = 0
    found = list(memory_after(text, "").done)
    for place, bar in zip(found, bars(parsed.tune), strict=True):
        if bar.before.ending:
            assert place[2] == (bar.before.ending == (2,))
        assert place[0] == section
        full = bar.meter.bar
        assert full is not None
        starts = bar.before.opens
        assert (place[1] == PICKUP) == (starts and bar.duration < full)
        closes = bar.after.ends_section and not bar.after.ending
        section += closes and not (bar.after.opens and bar.duration < full and starts)


def first_step(bar: Bar) -> int | None:
    """The step of the first note of a parsed bar; of a chord, of the note written last."""
    events = [event for event in bar.events if event.pitches]
    if not events:
        return None
    pitch = events[0].pitches[-1]
    return STEPS[pitch.letter] + 7 * pitch.octave


def step_of(note: str) -> int:
    """``G`` is 4, ``c`` 7, ``B,`` -1."""
    return STEPS[note[0]] + 7 * (note.count("'") - note.count(","))
