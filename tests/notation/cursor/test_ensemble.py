"""The voices of a text of rows, each read by a cursor of its own."""

import pytest

from abclm.notation.cursor.ensemble import MOST_VOICES, Ensemble, score_places
from abclm.notation.cursor.state import State

HEADER = "M:4/4\nL:1/4\nV:2\nK:G\n"


def read(text: str) -> Ensemble:
    here = Ensemble()
    for character in text:
        fed = here.feed(character)
        assert fed is not None, f"{character!r} in {text!r}"
        here = fed[0]
    return here


@pytest.mark.parametrize(
    ("count", "places"),
    [(1, (0,)), (2, (0, 1)), (3, (0, 2, 1)), (4, (0, 3, 1, 2)), (6, (0, 5, 1, 2, 3, 4))],
)
def test_the_outer_voices_are_written_first(count: int, places: tuple[int, ...]) -> None:
    assert score_places(count) == places
    assert sorted(places) == list(range(count))


def test_the_header_says_how_many_voices_there_are() -> None:
    here = read(HEADER[:-1])
    assert here.rows is None
    assert here.at == 0
    assert len(read(HEADER).voices) == 2


@pytest.mark.parametrize(("value", "count"), [("4", 4), ("0", 1), ("99", MOST_VOICES), ("x", 1)])
def test_odd_numbers_of_voices_are_bounded(value: str, count: int) -> None:
    assert len(read(f"M:4/4\nL:1/4\nV:{value}\nK:G\n").voices) == count


def test_the_music_is_in_normal_form_whatever_the_header_says() -> None:
    # The tonic is on G: in G major the F is sharp though the header names D minor, or C.
    assert read("M:4/4\nL:1/4\nV:2\nK:C\nF").voices[0].sound.bar[0].pitches == (66,)
    assert read("M:4/4\nL:1/4\nV:2\nK:Dm\nB").voices[0].sound.bar[0].pitches == (70,)
    assert read("M:4/4\nL:1/4\nV:2\nK:none\nF").voices[0].sound.bar[0].pitches == (65,)


def test_voices_have_their_own_time_and_sound() -> None:
    here = read(HEADER + "|:GABc|G,2")
    first, second = here.voices
    assert here.at == 1
    assert first.cursor.state is State.BAR_LINE
    assert [attack.pitches for attack in first.sound.bar] == [(67,), (69,), (71,), (72,)]
    assert first.sound.ended
    assert [attack.pitches for attack in second.sound.bar] == [(55,)]
    assert first.cursor.form.repeated is second.cursor.form.repeated is True


def test_steps_say_what_each_voice_has_read() -> None:
    here = read(HEADER + "|:G4")
    fed = here.feed("|")
    assert fed is not None
    _, steps = fed
    assert [(step.voice, step.character) for step in steps] == [(0, "|"), (1, "|"), (1, ":")]
    assert steps[0].cursor.form.lines == 1


def test_what_no_voice_can_have_is_refused() -> None:
    assert read(HEADER + "[GB").feed("\n") is None


def test_a_piece_ends_every_voice() -> None:
    here = read(HEADER + "G4]G,4\n")
    assert all(voice.cursor.may_end for voice in here.voices)
