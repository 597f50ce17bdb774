"""What a network is told of the voices, on bars whose ids are worked out by hand."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.model.cues.reader import CueReader
from abclm.model.cues.voice_cues import VOICE_CUES, voice_ids
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary
from abclm.notation.cursor.ensemble import Ensemble
from abclm.notation.cursor.time import WHOLE

HEADER = "M:4/4\nL:1/4\nV:4\nK:A\n"
QUARTER = WHOLE // 4


def after(body: str, header: str = HEADER) -> Ensemble:
    here = Ensemble()
    for character in header + body:
        fed = here.feed(character)
        assert fed is not None
        here = fed[0]
    return here


def columns(cue: str, body: str, used: int = 0, header: str = HEADER) -> dict[str, int]:
    return dict(zip(VOICE_CUES[cue], voice_ids(cue, after(body, header), used), strict=True))


@pytest.mark.parametrize("cue", VOICE_CUES)
def test_in_the_header_all_ids_are_0(cue: str) -> None:
    assert voice_ids(cue, Ensemble(), 0) == (0,) * len(VOICE_CUES[cue])


def test_each_number_of_voices_has_an_id_for_each_of_them() -> None:
    seen = []
    for count in (2, 3, 4, 5, 6):
        header = HEADER.replace("V:4", f"V:{count}")
        for at in range(count):
            body = "G4" + "|G4" * (at - 1) + "|" if at else ""
            seen.append(columns("voices", body, header=header)["voice"])
    # 1 is one voice alone.
    assert seen == list(range(2, 22))


def test_the_key_is_that_of_the_header() -> None:
    major = columns("voices", "")
    minor = columns("voices", "", header=HEADER.replace("K:A", "K:Am"))
    assert minor["key_tonic"] == major["key_tonic"]
    assert minor["key_mode"] != major["key_mode"]


def test_the_last_pitch_of_a_voice_and_its_move() -> None:
    assert columns("voices", "")["pitch"] == columns("voices", "")["move"] == 0
    one = columns("voices", "G")
    # The tonic, G, is in the middle of three octaves on either side; nothing led to it.
    assert (one["pitch"], one["move"]) == (1 + 36, 0)
    two = columns("voices", "Gc")
    assert (two["pitch"], two["move"]) == (1 + 36 + 5, 1 + 12 + 5)
    assert columns("voices", "gG,,")["move"] == 1 + 12 - 12
    # A voice goes on where it was in the last row, over a rest.
    assert columns("voices", "G4|D4|D4|D4\nz")["pitch"] == 1 + 36


def test_the_clock_counts_sixteenths_that_are_left() -> None:
    assert columns("clock", "")["left"] == 2 + 16
    assert columns("clock", "G", QUARTER)["left"] == 2 + 12
    assert columns("clock", "G4", WHOLE)["left"] == 2
    assert columns("clock", "G4", WHOLE + 1)["left"] == 1


def test_what_the_others_sound_is_told_of_voices_already_written() -> None:
    first = columns("sounding", "")
    assert {first[name] for name in ("melody", "bass", "inner", "next", "over", "under")} == {0}
    bass = columns("sounding", "B2d2|")
    # B is four semitones above the tonic, and begins here; d in half a bar, eight sixteenths.
    assert (bass["melody"], bass["bass"], bass["inner"]) == (2 + 2 * 4 + 1, 0, 0)
    assert bass["next"] == 1 + 8
    held = columns("sounding", "B2d2|G,", QUARTER)
    assert (held["melody"], held["next"]) == (2 + 2 * 4, 1 + 4)
    alto = columns("sounding", "B2d2|G,4|")
    assert alto["bass"] == 2 + 1
    tenor = columns("sounding", "B2d2|G,4|D4|")
    assert (tenor["bass"], tenor["inner"]) == (2 + 1, 2 + 2 * 7 + 1)


def test_a_rest_is_told_from_a_voice_that_is_still_to_come() -> None:
    assert columns("sounding", "z4|")["melody"] == 1


def test_of_two_voices_none_is_the_bass_of_the_other() -> None:
    found = columns("sounding", "B4|", header=HEADER.replace("V:4", "V:2"))
    assert found["bass"] == 0
    assert found["melody"] > 0


def test_intervals_to_the_voices_above_and_below() -> None:
    # The alto was on D; the soprano sounds G, a fourth above it, the bass G,.
    found = columns("sounding", "B4|G,4|D4|B,4\nG4|G,4|")
    assert (found["over"], found["under"]) == (1 + 19 + 5, 1 + 19 + 7)


def test_moves_of_melody_and_bass() -> None:
    found = columns("sounding", "B4|G,4|D4|B,4\nG4|C4|")
    assert (found["melody_move"], found["bass_move"]) == (1 + 12 - 4, 1 + 12 + 5)
    # Half a bar later they hold.
    later = columns("sounding", "B4|G,4|D4|B,4\nG4|C4|D2", 2 * QUARTER)
    assert later["melody_move"] == later["bass_move"] == 0


def test_chords_are_sets_of_pitch_classes() -> None:
    one = columns("sounding", "B4|G,4|D4|")
    other = columns("sounding", "d4|G,4|B,4|")
    assert one["chord"] == other["chord"] != 0
    assert columns("sounding", "B4|G,4|")["chord"] != one["chord"]
    # A row begins after the chord with which the last one ended.
    assert columns("sounding", "G4|G,4|D4|B,4\n")["chord_before"] == one["chord"]
    # Of five pitch classes four are known.
    assert columns("sounding", "[GABcd]4|")["chord"] < VOICE_CUES["sounding"]["chord"]


def test_the_phrase_and_the_next_fermata() -> None:
    # Nothing is written yet: the phrase has lasted no time.
    assert list(columns("phrase", "").values()) == [1, 0, 0, 0, 0]
    assert columns("phrase", "GABc", 3 * QUARTER)["phrase_at"] == 4
    # A phrase of three quarters ended with a fermata, a third above the tonic.
    assert list(columns("phrase", "GAHBc", 4 * QUARTER).values()) == [2, 3, 3, 5, 0]
    pauses = [columns("phrase", "GAHBc|G,", beat * QUARTER)["pause"] for beat in range(4)]
    assert pauses == [3, 2, 1, 0]


ALPHABET = "ABCDEFGabcdefg^_=',-/|:;]\n [z1234<>{}(H"
VOCABULARY = Vocabulary.from_text([ALPHABET + HEADER + "56"])


@given(st.integers(1, 6), st.text(ALPHABET, max_size=60))
def test_ids_are_inside_their_columns_whatever_is_read(voices: int, body: str) -> None:
    cues: Final = ("voices", "clock", "sounding", "phrase")
    reader = CueReader(VOCABULARY, cues)
    reading = reader.start()
    sizes = list(CueReader.sizes(VOCABULARY.size, cues).values())
    for index in VOCABULARY.encode(HEADER.replace("V:4", f"V:{voices}") + body):
        reading = reader.after(reading, int(index))
        assert len(reading.cues) == len(sizes)
        assert all(0 <= one < size for one, size in zip(reading.cues, sizes, strict=True))
    assert reader.after(reading, END_OF_TUNE) == reader.start()
