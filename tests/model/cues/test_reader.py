"""The features that the network receives besides the last character."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import InputError
from abclm.model.cues.reader import CueReader
from abclm.model.settings import Cue, NetworkSettings
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary

VOCABULARY = Vocabulary.from_text(["ABCDEFGabcdefg|:[]()<>/,'1234689 \nRTMLKPD"])
CUES: tuple[Cue, ...] = ("echo", "bar", "section", "syntax")
COMPASS: tuple[Cue, ...] = ("compass",)
READER = CueReader(VOCABULARY, CUES)
HEAD = "T:A\nM:4/4\nL:1/8\nK:G\n"


def echoes(text: str) -> list[tuple[str, int]]:
    """The character that each echo names, or nothing, and the group of its length."""
    told = CueReader(VOCABULARY, ("echo",)).track(VOCABULARY.encode(text))
    return [(VOCABULARY.decode([each]), span) for each, span in told.tolist()]


def test_the_echo_is_what_followed_the_last_time() -> None:
    text = "GABcd|GABce"
    found = echoes(text)
    # Four characters must have come again before it says anything.
    assert [character for character, _ in found] == [""] * 10 + ["d", ""]
    assert found[10] == ("d", 1)


def test_the_echo_is_of_the_place_last_met() -> None:
    assert echoes("GABcd|GABce|GABc")[-1][0] == "e"


def test_a_longer_match_is_told_apart() -> None:
    bar = "GABc dedB|"
    spans = [span for _, span in echoes(bar * 4)]
    assert spans[: len(bar) + 4] == [0] * (len(bar) + 4)
    assert spans[len(bar) + 4 :] == sorted(spans[len(bar) + 4 :])
    assert spans[-1] == 5


def test_an_echo_continues_alongside_or_looks_anew() -> None:
    # After "X…c" has gone on otherwise, the last four characters find another place.
    text = "GABcdddd|eeefffff|GABcdddefff"
    assert echoes(text)[-1] == ("f", 1)


@given(st.text("AB|", max_size=60))
def test_the_echo_equals_its_definition(text: str) -> None:
    """By brute force: the nearest earlier match of the last four, or a match that continues."""
    at = -1
    for place, (character, _) in enumerate(echoes(text)):
        if place:
            so_far = text[:place]
            if at >= 0 and text[at] == so_far[-1]:
                at += 1
            else:
                starts = [
                    start
                    for start in range(place - 4)
                    if so_far[start : start + 4] == so_far[-4:] and place > 4
                ]
                at = starts[-1] + 4 if starts else -1
        assert character == (text[at] if at >= 0 else "")


def test_bar_and_section_follow_the_clock() -> None:
    told = READER.track(VOCABULARY.encode(HEAD + "G4 A4|B2"))[:, 2:5].tolist()
    # Nothing in the header; then 96ths of a whole note from 2 on, and bars and forms from 1 on.
    assert told[: len(HEAD)] == [[0, 0, 0]] * len(HEAD)
    bars, sections, forms = zip(*told[len(HEAD) :], strict=True)
    assert bars == (98, 86, 50, 50, 38, 2, 98, 86, 74)
    assert sections == (1,) * 6 + (2,) * 3
    assert forms == (1,) * 5 + (9,) * 2 + (5,) * 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("G8", 2),
        ("G9", 1),  # as long as this a bar can still be: G9/8
        ("G6A3", 1),
        ("G8A", 2),  # as long as this no more
        ("G9A2", 2),
        ("G9A|", 98),
    ],
)
def test_a_bar_that_is_too_long_for_good_counts_as_full(body: str, told: int) -> None:
    assert READER.track(VOCABULARY.encode(HEAD + body))[-1, 2] == told


@pytest.mark.parametrize(("bars", "told"), [(31, 31), (32, 32), (33, 25), (40, 32), (41, 25)])
def test_a_long_section_continues_as_its_last_eight_bars_would(bars: int, told: int) -> None:
    track = READER.track(VOCABULARY.encode(HEAD + "G8|" * bars + "|"))
    assert track[-2, 3] == 1 + told
    assert track[-1, 6] == told


BEGUN, GOES_ON, COULD_END, HAS_TO = 0, 4, 8, 12
"""Of a section, without a repeat or an ending; 1 more in a first ending, 2 where a second one is
due, 3 in that."""
REPEATED = 16


@pytest.mark.parametrize(
    ("body", "bars", "form"),
    [
        ("|:", 0, REPEATED + BEGUN),
        ("|:D2", 0, REPEATED + BEGUN),
        ("|:D2|G4", 0, REPEATED + GOES_ON),
        ("|:D2|G8|", 1, REPEATED + GOES_ON),
        ("|:D2|G8|G6", 1, REPEATED + COULD_END),
        ("|:D2|G8|G8", 1, REPEATED + GOES_ON),
        ("|:D2|G8|G6|", 1, REPEATED + HAS_TO),
        ("|:D2|G8|G6||", 0, REPEATED + BEGUN),
        ("|:D2|G8|G6|]", 0, REPEATED + BEGUN),
        ("|:D2|G8|G6|1", 1, REPEATED + GOES_ON + 1),
        ("|:D2|G8|G6:|", 0, BEGUN),
        ("|:G8|", 1, REPEATED + COULD_END),
        ("|:G8|1G8", 1, REPEATED + COULD_END + 1),
        ("|:G8|1G8:|", 0, BEGUN + 2),
        ("|:G8|1G8:|2", 1, COULD_END + 3),
        ("|:G8|1G8:|2G8", 1, COULD_END + 3),
    ],
)
def test_the_section_tells_what_is_open_and_whether_it_could_end(
    body: str, bars: int, form: int
) -> None:
    told = READER.track(VOCABULARY.encode(HEAD + body))[-1, 3:5]
    assert told.tolist() == [1 + bars, 1 + form]


@pytest.mark.parametrize(
    ("body", "sections", "before"),
    [
        ("", 0, 0),
        ("|:", 0, 0),
        ("G8|A8|", 0, 0),
        ("G8|A8||", 1, 2),
        ("G8|A8|]", 1, 2),
        ("|:G8|A8:|", 1, 2),
        ("|:G8|A8:|\n|:B8|", 1, 2),
        ("|:G8|A8:|\n|:B8:|", 2, 1),
        ("|:G8|A8::B8|", 1, 2),
        ("G2|A8|B6||", 1, 2),
        ("|:G8|1A8:|", 0, 0),
        ("|:G8|1A8:|2B8", 0, 0),
        ("|:G8|1A8:|2B8||", 1, 2),
        ("G8||" * 9, 7, 1),
    ],
)
def test_the_section_tells_how_many_went_before(body: str, sections: int, before: int) -> None:
    told = READER.track(VOCABULARY.encode(HEAD + body))[-1, 5:7]
    assert told.tolist() == [1 + sections, before]


@pytest.mark.parametrize(
    ("body", "told"),
    [("", 50), ("G", 50), ("G6", 26), ("G8", 2), ("G9", 1), ("G2|A4", 26), ("G2|A6", 2)],
)
def test_the_section_tells_what_is_left_until_it_could_end(body: str, told: int) -> None:
    assert READER.track(VOCABULARY.encode(HEAD + body))[-1, 7] == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", [0, 0, 0]),
        ("C", [8, 8, 0]),
        ("G,,", [1, 1, 0]),
        ("c'''", [28, 28, 0]),
        ("(3GBd[Bd][K:C]{C,}g", [12, 19, 0]),
        ("^c^f", [15, 18, 2]),
    ],
)
def test_the_compass_is_of_the_notes(body: str, told: list[int]) -> None:
    vocabulary = Vocabulary.from_text([HEAD, "ABCDEFGabcdefg^,'[]{}:()3K"])
    reader = CueReader(vocabulary, COMPASS)
    assert reader.track(vocabulary.encode(HEAD + body))[-1].tolist() == told


SYNTAX = CueReader(VOCABULARY, ("syntax",))


def syntax(text: str) -> list[int]:
    ids: list[int] = SYNTAX.track(VOCABULARY.encode(text))[-1].tolist()
    return ids


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("R", "R:a"),
        ("T:A\nM", "T:A\nM:6"),
        ("T:A\nP:", "T:A\nR:"),
        (HEAD + "G", HEAD + "G2"),
        (HEAD + "G/", HEAD + "G//"),
        (HEAD + "G/", HEAD + "G3/"),
        (HEAD + "G", HEAD + "G>"),
        (HEAD + "G>", HEAD + "G>>"),
        (HEAD + "[GB", HEAD + "[GB]"),
        (HEAD + "(3G", HEAD + "(3GB"),
        (HEAD + "G", HEAD + "G|"),
    ],
)
def test_what_is_begun_is_told_apart(one: str, other: str) -> None:
    assert syntax(one) != syntax(other)


@pytest.mark.parametrize(
    ("one", "other"), [("G2", "B3"), ("|:G3/", "B2|A9/"), ("T:A\nT:B", "T:CD")]
)
def test_what_can_go_on_alike_is_told_alike(one: str, other: str) -> None:
    head = "" if one.startswith("T:") else HEAD
    assert syntax(head + one) == syntax(head + other)


def test_the_notes_that_a_tuplet_wants_are_counted() -> None:
    assert [syntax(HEAD + text)[1] for text in ("(3G", "(3GA", "(3GAB", "(3GAB c")] == [2, 1, 0, 0]


def test_the_end_of_a_tune_forgets_it() -> None:
    reading = READER.start()
    for index in VOCABULARY.encode(HEAD + "GABc dedB|GABc"):
        reading = READER.after(reading, int(index))
    assert reading.cues != READER.start().cues
    assert READER.after(reading, END_OF_TUNE) == READER.start()


@given(
    st.text(VOCABULARY.characters, max_size=80), st.sampled_from([CUES, ("section",), COMPASS, ()])
)
def test_any_text_has_cues_in_their_range(text: str, cues: tuple[Cue, ...]) -> None:
    reader = CueReader(VOCABULARY, cues)
    told = reader.track(VOCABULARY.encode(HEAD + text))
    sizes = list(CueReader.sizes(VOCABULARY.size, cues).values())
    assert told.shape == (len(HEAD) + len(text) + 1, len(sizes))
    assert (told >= 0).all()
    assert (told < np.array(sizes, np.int32).reshape(1, -1)).all()


@pytest.mark.parametrize("cues", [("echo", "echo"), ("colour",)])
def test_unknown_cues_are_refused(cues: tuple[Any, ...]) -> None:
    with pytest.raises(InputError, match="cues must"):
        NetworkSettings(5, cues=cues)
