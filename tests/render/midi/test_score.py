"""The score as music21 holds it: spelling, signatures, tempo, voices, rests."""

from typing import Any

import pytest

from abclm.errors import InputError, RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.render.midi.score import build_score
from abclm.render.sound.playback import Playback

HEADER = "X:1\nT:The Tune\nM:4/4\nL:1/4\nK:C\n"


def part(music: str, header: str = HEADER, **choices: object) -> Any:
    (parsed,) = parse_tunebook(f"{header}{music}\n")
    return build_score(parsed.tune, Playback(**choices)).parts[0]  # type: ignore[arg-type]


def spelled(music: str, header: str = HEADER) -> str:
    return " ".join(note.nameWithOctave for note in part(music, header).notes)


@pytest.mark.parametrize(
    ("music", "key", "names"),
    [
        ("C c C,", "C", "C4 C5 C3"),
        ("^F _G =F F", "C", "F#4 G-4 F4 F4"),
        ("^^F __B", "C", "F##4 B--4"),
        ("^f F|F", "C", "F#5 F#4 F4"),
        ("F C", "D", "F#4 C#4"),
        ("B E A", "Eb", "B-4 E-4 A-4"),
        ("B _c", "Gb", "B-4 C-5"),
        ("F C", "Edor", "F#4 C#4"),
        ("F C G", "Hp", "F#4 C#4 G4"),
        ("B E", "D exp _B", "B-4 E4"),
        ("F B", "C clef=bass", "F4 B4"),
        ("C E", "C octave=-1", "C3 E3"),
        ("C E", "C transpose=2", "D4 F#4"),
        ("C E", "C treble-8", "C3 E3"),
    ],
)
def test_notes_are_spelled_as_written(music: str, key: str, names: str) -> None:
    assert spelled(music, HEADER.replace("K:C", f"K:{key}")) == names


def test_the_lowest_and_highest_pitches_stay_within_midi() -> None:
    found = part("C,,,,,,,, c''''''''").notes
    assert [note.pitch.midi for note in found] == [0, 127]


def signs(found: Any, kind: str) -> list[tuple[float, str]]:
    shown = {"KeySignature": "sharps", "TimeSignature": "ratioString"}
    return [(sign.offset, str(getattr(sign, shown[kind])))
            for sign in found.getElementsByClass(kind)]  # fmt: skip


@pytest.mark.parametrize(
    ("music", "keys", "meters"),
    [
        ("C4|", [(0, "0")], [(0, "4/4")]),
        ("C4|[K:D]C4|", [(0, "0"), (4, "2")], [(0, "4/4")]),
        ("C2[K:D]C2|", [(0, "0"), (2, "2")], [(0, "4/4")]),
        ("C4|\nM:3/4\nK:Gm\nC3|", [(0, "0"), (4, "-2")], [(0, "4/4"), (4, "3/4")]),
        ("|:C4|[K:D]C4:|", [(0, "0"), (4, "2"), (8, "0"), (12, "2")], [(0, "4/4")]),
        ("[K:D]|C4|", [(0, "2")], [(0, "4/4")]),
    ],
)
def test_keys_and_meters_change_where_they_are_written(
    music: str, keys: list[tuple[float, str]], meters: list[tuple[float, str]]
) -> None:
    found = part(music)
    assert signs(found, "KeySignature") == keys
    assert signs(found, "TimeSignature") == meters


def test_a_section_played_again_is_in_its_own_key() -> None:
    header = HEADER.replace("K:C", "P:ABA\nK:C")
    assert spelled("P:A\nF4|\nP:B\n[K:D]F4|\n", header) == "F4 F#4 F4"


def tempos(found: Any) -> list[tuple[float, float]]:
    return [
        (mark.offset, mark.getQuarterBPM()) for mark in found.getElementsByClass("MetronomeMark")
    ]


@pytest.mark.parametrize(
    ("field", "music", "marks"),
    [
        ("Q:1/4=90", "C4|", [(0, 90)]),
        ("Q:3/8=90", "C4|", [(0, 135)]),
        ("Q:1/4=90", "C4|[Q:1/4=120]C4|", [(0, 90), (4, 120)]),
        ("Q:1/4=90", "C2[Q:1/2=90]C2|", [(0, 90), (2, 180)]),
        ("Q:1/4=90", "|:C4|[Q:1/4=60]C4:|", [(0, 90), (4, 60), (8, 90), (12, 60)]),
        ("R:reel", "C4|", [(0, 208)]),
        ("R:Hornpipe", "C4|", [(0, 160)]),
        ("R:double jig", "C4|", [(0, 172.5)]),
    ],
)
def test_tempo_marks(field: str, music: str, marks: list[tuple[float, float]]) -> None:
    found = tempos(part(music, HEADER.replace("K:", f"{field}\nK:")))
    assert [onset for onset, _ in found] == [onset for onset, _ in marks]
    assert [quarters for _, quarters in found] == pytest.approx([each for _, each in marks])


def test_a_chosen_tempo_counts_the_beats_of_the_tune_and_holds_throughout() -> None:
    header = HEADER.replace("K:", "R:reel\nK:")
    assert tempos(part("C4|[Q:1/4=60]C4|", header, tempo=90)) == [(0, 180)]


@pytest.mark.parametrize("tempo", [0, -5, 9.5, 1000])
def test_a_tempo_beyond_reason_is_refused(tempo: float) -> None:
    with pytest.raises(InputError, match="must be from 10 to 600"):
        Playback(tempo=tempo)


def test_free_meter_has_no_time_signature() -> None:
    assert not part("C4|", HEADER.replace("4/4", "none")).getElementsByClass("TimeSignature")


def test_the_mode_is_kept() -> None:
    (found,) = part("C4|", HEADER.replace("K:C", "K:Edor")).getElementsByClass("Key")
    assert (found.tonic.name, found.mode) == ("E", "dorian")


def test_rests_are_in_the_score() -> None:
    found = [
        (rest.offset, rest.quarterLength) for rest in part("C z2 D z|").getElementsByClass("Rest")
    ]
    assert found == [(1, 2)]


def test_the_score_has_title_voices_and_player() -> None:
    header = HEADER.replace("K:C", 'V:1 name="First fiddle"\nV:2\nK:C')
    (parsed,) = parse_tunebook(f"{header}V:1\nC4|\nV:2\nE4|\n")
    score = build_score(parsed.tune, Playback(instrument="Flute"))
    assert score.metadata.title == "The Tune"
    assert [one.partName for one in score.parts] == ["First fiddle", "2"]
    assert [one.getInstrument().midiProgram for one in score.parts] == [73, 73]


def test_fields_before_the_first_voice_hold_for_all() -> None:
    (parsed,) = parse_tunebook(f"{HEADER}K:D\nV:1\nF4|\nV:2\nC4|\n")
    score = build_score(parsed.tune)
    assert [note.name for one in score.parts for note in one.notes] == ["F#", "C#"]


@pytest.mark.parametrize(("name", "program"), [("fiddle", 110), ("Tin Whistle", 78),
                                               ("uilleann-pipes", 109), ("PIANO", 0)])  # fmt: skip
def test_instruments_go_by_name(name: str, program: int) -> None:
    assert part("C4|", instrument=name).getInstrument().midiProgram == program


def test_an_unknown_instrument_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no instrument 'kazoo'; there are: accordion, .*whistle"):
        Playback(instrument="kazoo")


@pytest.mark.parametrize(
    ("directive", "instrument", "program"),
    [
        ("%%MIDI program 73\n", None, 73),
        ("%%MIDI program 1 21 % accordion\n", None, 21),
        ("%%MIDI program 73\n", "piano", 0),
        ("%%MIDI program 999\n", None, 40),
        ("%%MIDI transpose 2\n", None, 40),
        ("", None, 40),
    ],
)
def test_the_tune_names_an_instrument_where_the_listener_does_not(
    directive: str, instrument: str | None, program: int
) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{directive}K:C\nC4|\n")
    score = build_score(parsed.tune, Playback(instrument=instrument))
    assert score.parts[0].getInstrument().midiProgram == program


def test_more_voices_than_midi_has_room_for_are_refused() -> None:
    voices = "".join(f"V:{number}\nC4|\n" for number in range(65))
    (parsed,) = parse_tunebook(f"X:7\nT:t\nK:C\n{voices}")
    with pytest.raises(RenderError, match="X:7 has 65 voices; at most 64 can be"):
        build_score(parsed.tune)
