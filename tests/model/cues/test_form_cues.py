"""What the cues place, plan and line say at given places of small tunes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.model.cues.followers import PARTED, STATES
from abclm.model.cues.form_cues import PlanCue
from abclm.model.cues.reader import CueReader
from abclm.model.settings import CUES_OF_ONE, Cue
from abclm.model.text import Usual, model_text, music_start
from abclm.model.vocabulary import Vocabulary
from abclm.notation.cursor.plan import BarKind
from abclm.notation.syntax.tables import STEPS
from tests.notation.random_music import tunes

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = Vocabulary.from_text([LETTERS + LETTERS.upper() + "|:[](){}<>/,'^_=~- 0123456789\n"])
FORM: tuple[Cue, ...] = ("place", "plan", "line")
BARE: tuple[Cue, ...] = ("place", "line")
"""The cues of a network that reads no plan: its music begins after the key."""
HEAD = "M:4/4\nL:1/8\nK:D\n"
PLAN = "P:aba'c1/db^ec2\n"
"""With music in which a' is no relative of a: a plan is what is wanted, not what is there."""
MUSIC = "|:G8|B8|G4A4|d8:|\n|:e2f2g4|A4d4|f8|d8:|\n"
CHARACTERS = ("two", "four", "first")
NEW, COPY, VARIATION, SEQUENCE = BarKind.NEW, BarKind.COPY, BarKind.VARIATION, BarKind.SEQUENCE


def column(text: str, cues: tuple[Cue, ...] = FORM) -> dict[str, int]:
    """The columns of the cues after ``text``."""
    reader = CueReader(VOCABULARY, cues)
    return dict(
        zip(reader.columns, reader.track(VOCABULARY.encode(text))[-1].tolist(), strict=True)
    )


def characters(text: str, *names: str) -> tuple[str, ...]:
    """What columns of characters say after ``text``, with no plan in its header."""
    told = column(text, BARE)
    return tuple(VOCABULARY.decode([told[name]]) for name in names or CHARACTERS)


def planned(music: str, header: str = HEAD + PLAN) -> str:
    """What the bar has next that the plan names."""
    return VOCABULARY.decode([column(header + music)["planned"]])


def wanted(music: str, header: str = HEAD + PLAN) -> tuple[BarKind, int]:
    """What the plan asks of the current bar, and how many bars are left after it, up to 3."""
    kind, left = divmod(column(header + music)["kind"], 4)
    return BarKind(kind), left


def states(music: str, header: str = HEAD + PLAN) -> tuple[int, int]:
    """What the planned bar is to this one (1 varied, 2 moved, else 0), and how far both agree."""
    return divmod(column(header + music)["planned_state"], STATES)


def note_of(told: int) -> str:
    """The note of a column of steps, of which the lowest is 7 below middle C."""
    steps = {note: STEPS[note[0]] + 7 * (note.count("'") - note.count(",")) for note in NOTES}
    return {1 + step + 7: note for note, step in steps.items()}[told]


NOTES = [letter + "," for letter in "CDEFGAB"] + list("CDEFGABcdefgab")
NOTES += [letter + "'" for letter in "cdefgab"] + ["c''", "d''"]


def step(text: str, name: str = "step") -> str | None:
    told = column(text, BARE)[name]
    return note_of(told) if told else None


# The cue place


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # Two bars before, four, and the same of the first section.
        ("G8|", ("", "", "")),
        ("G8|A8|", ("G", "", "")),
        ("G8|A8|B8|", ("A", "", "")),
        ("G8|A8|B8|c8|", ("B", "G", "")),
        ("G8|A8|B8|c8|B", ("8", "", "")),
        ("G8|A8|B8|c8|G", ("", "8", "")),
        ("|:G8|A8:|\n|:", ("", "", "G")),
        ("|:G8|A8:|\n|:d8|", ("", "", "A")),
        ("|:G8|A8:|\n|:d8|e8|", ("d", "", "")),
        # A pickup is answered by the first section's, and is nobody's bar two before.
        ("|:D2|G8|A6:|\n|:", ("", "", "D")),
        ("|:D2|G8|", ("", "", "")),
        # A second ending by the first one; what is behind it is a new section.
        ("|:G8|1A8:|2", ("", "", "A")),
        ("|:G8|B8|c8|1A8:|2", ("B", "", "A")),
        ("|:G8|1A8:|2d8||\n", ("", "", "G")),
    ],
)
def test_related_bars_are_those_at_their_place_in_the_form(
    body: str, expected: tuple[str, ...]
) -> None:
    assert characters(HEAD + body) == expected


def test_a_related_bar_is_followed_as_long_as_the_present_one_is_the_same() -> None:
    text = HEAD + "GABc d4|e8|GAB"
    assert characters(text, "two") == ("c",)
    found = [column(text[:end], BARE)["two_state"] for end in range(len(text) - 3, len(text) + 1)]
    assert found == [3, 10, 11, 12]
    start = column(HEAD, BARE)
    assert start["two_state"] == start["first_state"] == 0


def test_once_they_differ_nothing_of_a_related_bar_is_told() -> None:
    for written in ("d", "dA", "dABc", "GAd", "GAdc", "G2", "G2Bc", "z"):
        told = column(HEAD + "GABc d4|e8|" + written, BARE)
        assert (told["two"], told["two_state"]) == (0, PARTED)
    told = column(HEAD + "G8|A8|d", BARE)
    assert (told["first"], told["first_state"]) == (0, 0)


@pytest.mark.parametrize(
    ("body", "same"),
    [("G8|A8|G8|", 1), ("G8|A8|c8|", 0), ("G8|A8|", 2), ("|:G8|A8|B8|1", 0), ("|:G8|A8|G8|1", 1)],
)
def test_at_a_bars_start_is_told_whether_the_bar_before_was_as_its_own_relative(
    body: str, same: int
) -> None:
    """Of the one two before: bar 3 against bar 1, so that bar 4 may be as bar 2."""
    assert column(HEAD + body, BARE)["two_state"] == 1 + same


# The cue plan, in the music


@pytest.mark.parametrize(
    ("music", "kind", "left"),
    [
        ("", NEW, 3),
        ("|:G8|", NEW, 2),
        ("|:G8|B8|", VARIATION, 1),
        ("|:G8|B8|G4A4|", NEW, 0),
        ("|:G8|B8|G4A4|d8:|\n|:", NEW, 3),
        ("|:G8|B8|G4A4|d8:|\n|:e2f2g4|", SEQUENCE, 2),
        (MUSIC[:-4], COPY, 0),
        (MUSIC, BarKind.ANY, 0),
    ],
)
def test_the_plan_says_what_it_wants_of_the_bar(music: str, kind: BarKind, left: int) -> None:
    assert wanted(music) == (kind, left)


def test_a_pickup_a_second_ending_and_more_bars_than_planned_may_be_anything() -> None:
    header, pickup = HEAD + "P:ab1\n", HEAD + "P:ab1/cd1\n"
    assert wanted("|:G8|1A8:|2", header) == (BarKind.ANY, 0)
    assert wanted("G8|A8|", header) == (BarKind.ANY, 0)
    assert wanted("|:D2|G8|A6:|\n|:", pickup) == (BarKind.ANY, 2)
    assert wanted("|:D2|G8|A6:|\n|:D2|", pickup) == (NEW, 1)
    assert column(pickup + "|:D2|G8|A6:|\n|:")["end"] == 0


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("|:G8|B", ""),
        ("|:G8|B8|", "G"),
        ("|:G8|B8|G", "8"),
        ("|:G8|B8|c", "8"),
        ("|:G8|B8|G4", ""),
        ("|:G8|B8|G4A4|", ""),
        ("|:G8|B8|G4A4|d8:|\n|:e2f2g4|", "B"),
        (MUSIC[:-4], "8"),
        (MUSIC[:-5], "d"),
        (MUSIC, ""),
    ],
)
def test_the_bar_that_the_plan_names_is_followed(music: str, expected: str) -> None:
    assert planned(music) == expected


@pytest.mark.parametrize(
    ("music", "trust", "state"),
    [
        ("|:G8|B", 0, 0),
        ("|:G8|B8|", 1, 3),
        ("|:G8|B8|G", 1, 10),
        ("|:G8|B8|c", 1, 14),
        ("|:G8|B8|G4", 1, 15),
        ("|:G8|B8|G4A4|d8:|\n|:e2f2g4|", 2, 3),
        (MUSIC[:-5], 0, 3),
        (MUSIC[:-4], 0, 10),
    ],
)
def test_how_far_the_planned_bar_agrees_is_told_by_what_it_is_to_this_one(
    music: str, trust: int, state: int
) -> None:
    assert states(music) == (trust, state)


@pytest.mark.parametrize(
    ("music", "degree"),
    [
        ("", 0),
        ("|:G8|", 0),
        ("|:G8|B8|", 1),
        ("|:G8|B8|G4A4|", 1),
        ("|:G8|B8|G4A4|d8", 1),
        ("|:G8|B8|G4A4|d8:|\n|:", 0),
        (MUSIC[:-5], 2),
        (MUSIC[:-4], 2),
        (MUSIC, 0),
    ],
)
def test_in_the_last_two_bars_of_a_section_is_told_on_which_degree_it_ends(
    music: str, degree: int
) -> None:
    assert column(HEAD + PLAN + music)["end"] == degree


@pytest.mark.parametrize(
    ("plan", "music", "note", "run"),
    [
        ("aa^1", "|:G2B2d4|", None, 0),
        ("aa^1", "|:G2B2d4|A", None, 0),
        ("aa^1", "|:G2B2d4|A2", "c", 1),
        ("aa^1", "|:G2B2d4|A2c2", "e", 2),
        ("aa^1", "|:G2B2d4|A2d2", "f", 1),
        # Of a variation, a copy and a new bar none.
        ("aa'1", "|:G2B2d4|A2", None, 0),
        ("aa1", "|:G2B2d4|A2", None, 0),
        ("ab1", "|:G2B2d4|A2", None, 0),
    ],
)
def test_of_a_moved_bar_the_note_is_told_that_would_follow(
    plan: str, music: str, note: str | None, run: int
) -> None:
    told = column(f"{HEAD}P:{plan}\n{music}")
    assert (note_of(told["moved"]) if told["moved"] else None, told["moved_run"]) == (note, run)


@pytest.mark.parametrize("header", ["P:a^b\n", "P:\n", "P:3\n", "P:a1b\n"])
def test_a_plan_that_cannot_be_read_is_none(header: str) -> None:
    assert set(column(HEAD + header + "|:G8|A8|", ("plan",)).values()) == {0}


def test_without_the_cue_plan_the_music_begins_after_the_key() -> None:
    assert characters(HEAD + "G8|A8|G", "two") == ("8",)
    told = column(HEAD + PLAN + "|:G8|B8|", ("plan",))
    assert told.keys() == PlanCue.columns.keys()


# The cue plan, while the plan itself is written


@pytest.mark.parametrize(
    ("text", "bars", "first_bars", "named"),
    [
        ("P:", 0, 0, ("", "", "")),
        ("P:a", 1, 0, ("", "", "")),
        ("P:ab", 2, 0, ("", "a", "")),
        ("P:aba'c", 4, 0, ("a", "a", "")),
        ("P:aba'c1/", 0, 4, ("", "", "a")),
        ("P:aba'c1/d", 1, 4, ("", "", "b")),
        ("P:aba'c1/db^e", 3, 4, ("", "b", "c")),
        ("P:aba'c1/db^ec", 4, 4, ("d", "e", "")),
        ("P:ab/cd/", 0, 2, ("", "", "a")),
    ],
)
def test_in_the_plan_is_told_where_the_section_is_and_what_related_bars_are_named(
    text: str, bars: int, first_bars: int, named: tuple[str, ...]
) -> None:
    """The bars four and two before, and that of the first section at the same place."""
    told = column(HEAD + text)
    assert (told["kind"], told["step"]) == (bars, first_bars)
    assert tuple(VOCABULARY.decode([told[name]]) for name in ("four", "two", "first")) == named


def test_in_the_plan_a_related_bars_marks_are_told_by_the_length_of_its_name() -> None:
    told = column(HEAD + "P:aa''a^b1/c")
    assert [told[f"{name}_state"] for name in ("two", "four", "first")] == [0, 0, 3]
    told = column(HEAD + "P:aa''a^b")
    assert [told[f"{name}_state"] for name in ("two", "four", "first")] == [2, 1, 0]


# The cue line


@pytest.mark.parametrize(
    ("body", "last", "before"),
    [
        ("", None, None),
        ("G", "G", None),
        ("GA", "A", "G"),
        ("GA,", "A,", "G"),
        ("Gc'", "c'", "G"),
        ("G2A6|", "A", "G"),
        ("G2A6|\nB", "B", "A"),
        ("G2z2A", "A", "G"),
        ("G2{f}A", "A", "G"),
        ("G2[Bd]", "d", "G"),
    ],
)
def test_the_last_two_notes_are_told_as_steps(
    body: str, last: str | None, before: str | None
) -> None:
    assert (step(HEAD + body), step(HEAD + body, "step_before")) == (last, before)


def test_notes_beyond_the_range_count_as_its_ends() -> None:
    assert step(HEAD + "C,,,") == "C,"
    assert step(HEAD + "c''''") == "d''"


@pytest.mark.parametrize(
    ("key", "mode", "tonic"),
    [
        ("C", 1, 1),
        ("G", 1, 8),
        ("Bb", 1, 11),
        ("F#m", 2, 7),
        ("Edor", 3, 5),
        ("Amix", 4, 10),
        ("Elyd", 5, 5),
        ("Cb", 1, 12),
        ("HP", 1, 0),
        ("none", 1, 0),
        ("?", 0, 0),
    ],
)
def test_mode_and_tonic_are_those_that_the_tune_is_played_in(
    key: str, mode: int, tonic: int
) -> None:
    vocabulary = Vocabulary.from_text([*VOCABULARY.characters, "?#"])
    reader = CueReader(vocabulary, FORM)
    for body in ("", "P:a", "P:a\nGA"):
        told = reader.track(vocabulary.encode(f"M:4/4\nK:{key}\n{body}"))[-1].tolist()
        found = dict(zip(reader.columns, told, strict=True))
        assert (found["mode"], found["tonic"]) == (mode, tonic)


@pytest.mark.parametrize(
    ("rhythm", "same_as"),
    [("R:reel\n", "R:reel\n"), ("R:lancers\n", "R:cotillion\n"), ("", "")],
)
def test_the_rhythm_is_told_to_the_end_of_the_tune(rhythm: str, same_as: str) -> None:
    told = [
        column(f"{head}M:4/4\nK:D\n{rest}")["rhythm"]
        for head in (rhythm, same_as)
        for rest in ("", "P:a", "P:ab1\nGABc|G4", "P:ab1\nGABc|G8||\n")
    ]
    assert len(set(told)) == 1
    assert (told[0] > 0) == bool(rhythm)


def test_each_rhythm_is_told_from_the_others() -> None:
    names = ("reel", "jig", "strathspey", "march", "lancers", "slip jig", "hornpipe")
    told = {column(f"R:{rhythm}\nM:4/4\nK:D\n")["rhythm"] for rhythm in names}
    assert len(told) == len(names)


@pytest.mark.parametrize(
    ("body", "told"), [("", 9), ("G", 8), ("G3/2", 7), ("G8", 1), ("G9", 0), ("G8|", 9)]
)
def test_what_is_left_of_the_bar_is_told_in_eighths(body: str, told: int) -> None:
    assert column(HEAD + body, ("line",))["beats_left"] == told


# All of them


@st.composite
def model_texts(draw: st.DrawFn) -> str:
    """Tunes as a network that plans reads them, with their own plan."""
    text = draw(tunes(st.sampled_from(["G", "D", "Am", "Edor"])))
    return model_text(text, Usual(), planned=True)


READER = CueReader(VOCABULARY, CUES_OF_ONE)


@given(model_texts(), st.data())
def test_a_cue_never_looks_ahead(text: str, data: st.DataObject) -> None:
    """The cues after the start of a tune are the same however the tune continues."""
    at = data.draw(st.integers(0, len(text)))
    other = data.draw(st.text(VOCABULARY.characters, max_size=30))
    whole = READER.track(VOCABULARY.encode(text))
    changed = READER.track(VOCABULARY.encode(text[:at] + other))
    assert np.array_equal(whole[: at + 1], changed[: at + 1])


@pytest.mark.slow
@given(model_texts())
def test_a_planned_copy_is_told_character_by_character(text: str) -> None:
    """In a tune with its own plan: wherever a bar is a copy, what it has next is known."""
    ids = VOCABULARY.encode(text)
    told = READER.track(ids)
    places = {name: place for place, name in enumerate(READER.columns)}
    for at in range(music_start(text), len(text)):
        kind, state = told[at, places["kind"]] // 4, told[at, places["planned_state"]]
        if kind != BarKind.COPY or text[at] in "|:\n":
            continue
        if text[at].isdigit() and text[at - 1] == "|":
            continue  # the number of an ending
        assert state < 13
        assert VOCABULARY.decode([int(told[at, places["planned"]])]) == text[at]


@given(model_texts(), st.text(VOCABULARY.characters, max_size=60), st.data())
def test_any_text_has_cues_in_their_range(text: str, other: str, data: st.DataObject) -> None:
    mixed = text[: data.draw(st.integers(0, len(text)))] + other
    told = READER.track(VOCABULARY.encode(mixed))
    assert (told >= 0).all()
    assert (told < np.array(list(READER.columns.values()))).all()
