"""One construct a test, heard through the MIDI file: what sounds from when to when, in quarters."""

from fractions import Fraction
from io import BytesIO

import pytest

from abclm.errors import RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.music import Tune
from abclm.render.midi.midi import midi_bytes
from abclm.render.midi.midi_notes import MidiNote, midi_notes
from abclm.render.sound.instruments import program_in
from abclm.render.sound.playback import Playback

HEADER = "X:1\nT:t\nM:4/4\nL:1/4\nK:C\n"


def tune(music: str, header: str = HEADER) -> Tune:
    (parsed,) = parse_tunebook(f"{header}{music}\n")
    return parsed.tune


def notes(music: str, header: str = HEADER, **choices: object) -> list[MidiNote]:
    return midi_notes(midi_bytes(tune(music, header), Playback(**choices)))  # type: ignore[arg-type]


def heard(music: str, header: str = HEADER, **choices: object) -> str:
    """Such as ``60 0-1, 64 1-3/2``."""
    return ", ".join(
        f"{note.pitch} {_quarters(note.start)}-{_quarters(note.end)}"
        for note in notes(music, header, **choices)
    )


def test_at_one_moment_a_note_stops_before_the_next_one_starts() -> None:
    """A player that hears the start first would stop the new note at once."""
    mido = pytest.importorskip("mido", reason="pretty_midi brings it")
    file = mido.MidiFile(file=BytesIO(midi_bytes(tune("CCEC|"))))
    sounds = [one for one in file.tracks[1] if one.type in {"note_on", "note_off"}]
    starts = [one.type == "note_on" and one.velocity > 0 for one in sounds]
    assert starts == [True, False] * 4


def _quarters(time: float | None) -> Fraction | None:
    return None if time is None else Fraction(time).limit_denominator(480)


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        pytest.param("C D2 E/", "60 0-1, 62 1-3, 64 3-7/2", id="lengths"),
        pytest.param("C/4 D// E3/2", "60 0-1/4, 62 1/4-1/2, 64 1/2-2", id="fractions"),
        pytest.param("C, c c'", "48 0-1, 72 1-2, 84 2-3", id="octaves"),
        pytest.param("C z D x2 E", "60 0-1, 62 2-3, 64 5-6", id="rests"),
        pytest.param("C4|Z2|D4", "60 0-4, 62 12-16", id="bar rests"),
        pytest.param("(3CDE F", "60 0-2/3, 62 2/3-4/3, 64 4/3-2, 65 2-3", id="triplet"),
        pytest.param("(2CD E", "60 0-3/2, 62 3/2-3, 64 3-4", id="duplet"),
        pytest.param("(3:2:2C2D E", "60 0-4/3, 62 4/3-2, 64 2-3", id="tuplet of uneven notes"),
        pytest.param("C>D E<F", "60 0-3/2, 62 3/2-2, 64 2-5/2, 65 5/2-4", id="broken rhythm"),
        pytest.param("C>>D", "60 0-7/4, 62 7/4-2", id="double broken rhythm"),
        pytest.param("(3C>DE", "60 0-1, 62 1-4/3, 64 4/3-2", id="broken rhythm in a triplet"),
        pytest.param("[CE]2 G", "60 0-2, 64 0-2, 67 2-3", id="chord"),
        pytest.param("[C2E2]2 G", "60 0-4, 64 0-4, 67 4-5", id="chord with both lengths"),
        pytest.param("C0 D", "62 0-1", id="a note of no length is silent"),
    ],
)
def test_lengths(music: str, expected: str) -> None:
    assert heard(music) == expected


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        pytest.param("C-C D", "60 0-2, 62 2-3", id="tie"),
        pytest.param("D3 C-|C2", "62 0-3, 60 3-6", id="tie over a bar line"),
        pytest.param("C-C-C", "60 0-3", id="two ties"),
        pytest.param("C-D", "60 0-1, 62 1-2", id="between two pitches a tie is a slur"),
        pytest.param("C-c", "60 0-1, 72 1-2", id="an octave apart is another pitch"),
        pytest.param("^C-|C C|", "61 0-2, 60 2-3", id="an accidental is held with its note"),
        pytest.param("^C-|=C|", "61 0-1, 60 1-2", id="unless another is written"),
        pytest.param("^C-|^C C|", "61 0-2, 61 2-3", id="or the same, which then holds"),
        pytest.param("[CE]-[CE]", "60 0-2, 64 0-2", id="chord to chord"),
        pytest.param("[CE]-[CF]", "60 0-2, 64 0-1, 65 1-2", id="only what both chords have"),
        pytest.param("[CE]-C", "60 0-2, 64 0-1", id="chord to note"),
        pytest.param("C-[CE]", "60 0-2, 64 1-2", id="note to chord"),
        pytest.param("[CE]-[CF]-[CE]", "60 0-3, 64 0-1, 65 1-2, 64 2-3", id="held through two"),
        pytest.param("C-z C", "60 0-1, 60 2-3", id="not over a rest"),
        pytest.param("|:C4-:|C4|", "60 0-12", id="into the repeat and out of it"),
        pytest.param("|:C3D|1E3C-:|2C4|", "60 0-3, 62 3-4, 64 4-7, 60 7-11, 62 11-12, 60 12-16",
                     id="into where the player goes"),
    ],
)  # fmt: skip
def test_ties(music: str, expected: str) -> None:
    assert heard(music) == expected


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        pytest.param("{d}C2", "74 0-1/8, 60 1/8-2", id="one"),
        pytest.param("{de}C2", "74 0-1/8, 76 1/8-1/4, 60 1/4-2", id="two"),
        pytest.param("{/d}C2", "74 0-1/8, 60 1/8-2", id="slashed"),
        pytest.param("{d2}C2", "74 0-1/8, 60 1/8-2", id="its own length counts for nothing"),
        pytest.param("{dede}C/", "74 0-1/16, 76 1/16-1/8, 74 1/8-3/16, 76 3/16-1/4, 60 1/4-1/2",
                     id="half of a short note at most"),
        pytest.param("{C}C2", "60 0-1/8, 60 1/8-2", id="of the same pitch"),
        pytest.param("C>{d}E", "60 0-3/2, 74 3/2-13/8, 64 13/8-2", id="amid broken rhythm"),
        pytest.param("(3C{d}DE", "60 0-2/3, 74 2/3-19/24, 62 19/24-4/3, 64 4/3-2",
                     id="in a triplet"),
        pytest.param("{d}[CE]2", "74 0-1/8, 60 1/8-2, 64 1/8-2", id="before a chord"),
    ],
)  # fmt: skip
def test_grace_notes_take_their_time_from_the_note_after_them(music: str, expected: str) -> None:
    assert heard(music) == expected


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        pytest.param("C2 E2 & G4|A4|", "60 0-2, 67 0-4, 64 2-4, 69 4-8", id="two at once"),
        pytest.param("C2 E2 & G|A4|", "60 0-2, 67 0-1, 64 2-4, 69 4-8", id="a short second one"),
        pytest.param("C2 & C4|", "60 0-4", id="in unison the longer is heard"),
        pytest.param("C4 & z2 C2|D4", "60 0-2, 60 2-4, 62 4-8", id="struck again while it sounds"),
        pytest.param("^C4 & C4|", "61 0-4, 60 0-4", id="each with its own accidentals"),
    ],
)
def test_overlays(music: str, expected: str) -> None:
    assert sorted(heard(music).split(", ")) == sorted(expected.split(", "))


def test_every_voice_has_its_track_and_channel() -> None:
    music = "V:1\nC4|D4|\nV:2\nC,4|D,4|\n"
    found = [(note.track, note.channel, note.pitch, note.start) for note in notes(music)]
    assert sorted(found) == [(1, 0, 60, 0), (1, 0, 62, 4), (2, 1, 48, 0), (2, 1, 50, 4)]


def test_drums_and_program_below_a_voice_are_its_own() -> None:
    header = (
        "X:1\nT:t\nM:4/4\nL:1/4\n%%MIDI program 1\nV:1\n%%MIDI program 73\n"
        "V:2\nV:3\n%%MIDI channel 10\nK:C\n"
    )
    music = "[V:1]C4|\n[V:2]E4|\n[V:3]G4|\n"
    found = {(note.pitch, note.channel) for note in notes(music, header)}
    assert found == {(60, 0), (64, 1), (67, 9)}
    programs = [program_in(tune(music, header), voice) for voice in "123"]
    assert programs == [73, 1, 1]


def test_a_chord_stays_in_the_channel_of_its_voice() -> None:
    found = {(note.track, note.channel) for note in notes("V:1\n[CE]4|\nV:2\n[GB]4|\n")}
    assert found == {(1, 0), (2, 1)}


def test_voices_inline_and_line_by_line_go_on_where_they_stopped() -> None:
    music = "[V:a]C4|\n[V:b]E4|\n[V:a]D4|\n[V:b]F4|\n"
    assert heard(music) == "60 0-4, 64 0-4, 62 4-8, 65 4-8"


def test_no_voice_takes_the_channel_of_the_drums() -> None:
    music = "".join(f"V:{number}\nC4|\n" for number in range(12))
    assert sorted({note.channel for note in notes(music)}) == [*range(9), 10, 11, 12]


def test_what_two_voices_hold_alike_sounds_in_both() -> None:
    found = notes("V:1\nC4|\nV:2\nC2 C2|\n")
    assert sorted((note.track, note.start, note.end) for note in found) == [
        (1, 0, 4),
        (2, 0, 2),
        (2, 2, 4),
    ]


SWUNG = "X:1\nT:t\nR:hornpipe\nM:C|\nL:1/8\nK:C\n"


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        pytest.param("CDEF", "60 0-2/3, 62 2/3-1, 64 1-5/3, 65 5/3-2", id="even pairs"),
        pytest.param("C>D", "60 0-3/4, 62 3/4-1", id="what is written uneven stays"),
        pytest.param("C2D2", "60 0-1, 62 1-2", id="and what is longer"),
        pytest.param("(3CDE", "60 0-1/3, 62 1/3-2/3, 64 2/3-1", id="and triplets"),
        pytest.param("C3DEF", "60 0-3/2, 62 3/2-2, 64 2-8/3, 65 8/3-3", id="pairs on the beat"),
        pytest.param("D|C8|", "62 0-1/2, 60 1/2-9/2", id="a pickup alone"),
        pytest.param("DE|C8|", "62 0-2/3, 64 2/3-1, 60 1-5", id="a pickup of two"),
    ],
)
def test_swing(music: str, expected: str) -> None:
    assert heard(music, SWUNG, swing=True) == expected


def test_in_two_four_semiquavers_swing() -> None:
    header = SWUNG.replace("C|", "2/4").replace("1/8", "1/16")
    assert heard("CDEF", header, swing=True) == "60 0-1/3, 62 1/3-1/2, 64 1/2-5/6, 65 5/6-1"


@pytest.mark.parametrize(("rhythm", "swung"), [("hornpipe", True), ("Schottische", True),
                                               ("reel", False), ("strathspey", False)])  # fmt: skip
def test_only_hornpipes_and_schottisches_swing(rhythm: str, swung: bool) -> None:
    header = SWUNG.replace("hornpipe", rhythm)
    assert (heard("CD", header, swing=True) != heard("CD", header)) is swung


def test_nothing_swings_unasked() -> None:
    assert heard("CD", SWUNG) == "60 0-1/2, 62 1/2-1"


@pytest.mark.parametrize("music", ["CC|{C}C{CC}C|[CE]-[CE]C|", "{de}C/{de}D/ z {g}c", "A0{g}A4"])
def test_every_note_stops_and_none_before_it_starts(music: str) -> None:
    for note in notes(music):
        assert note.end is not None
        assert note.end > note.start


def test_the_same_tune_makes_the_same_bytes() -> None:
    one = tune("|:{d}C>D [EG](3efg:|")
    assert midi_bytes(one) == midi_bytes(one)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("X:7\nT:t\nK:C\nz4|\n", "tune X:7 has no notes"),
        ("X:7\nT:t\nK:C\n", "tune X:7 has no notes"),
        ("X:1\nT:t\nL:1/1\nK:C\nA999999|\n", "tune X:1 lasts 999,999 whole notes; at most 20,000"),
        (
            "X:1\nT:t\nK:C\n" + ("A" * 100 + "|\n") * 300,
            "tune X:1 plays 30,000 notes; at most 20,000",
        ),
    ],
)
def test_what_cannot_be_rendered_is_said_in_one_line(text: str, message: str) -> None:
    (parsed,) = parse_tunebook(text)
    with pytest.raises(RenderError, match=message):
        midi_bytes(parsed.tune)


def test_a_repeat_more_costs_its_share_of_time() -> None:
    """Linear: the file, and so the work, grows as the repeats do."""
    sizes = [len(midi_bytes(tune("|:CDEF:|" * count))) for count in (20, 40, 80)]
    assert sizes[2] - sizes[1] == pytest.approx(2 * (sizes[1] - sizes[0]), rel=0.02)


def test_ten_nested_repeats_are_played_in_proportion() -> None:
    assert len(notes("|:C4" * 10 + ":|" * 10)) < 40


@pytest.mark.parametrize(
    ("header", "event"),
    [
        pytest.param("T:Kitty\n", b"\xff\x03\x05Kitty", id="title"),
        pytest.param("Q:1/4=120\n", b"\xff\x51\x03\x07\xa1\x20", id="tempo"),
        pytest.param("M:6/8\n", b"\xff\x58\x04\x06\x03", id="meter"),
        pytest.param("K:Edor\n", b"\xff\x59\x02\x02", id="two sharps"),
        pytest.param("K:Gm\n", b"\xff\x59\x02\xfe\x01", id="two flats in minor"),
    ],
)
def test_the_first_track_says_what_holds(header: str, event: bytes) -> None:
    key = "" if "K:" in header else "K:C\n"
    assert event in midi_bytes(tune("A|", f"X:1\n{header}{key}"))


def test_chord_symbols_are_played_softly_on_a_channel_of_their_own() -> None:
    sounding = notes('"C"C4|"G7"G4|"C"c4|')
    chords = [note for note in sounding if note.channel == 1]
    assert {note.track for note in chords} == {2}
    assert [note.pitch for note in chords][:4] == [36, 52, 55, 60]
    assert all(note.end is not None and note.start < note.end <= 12 for note in sounding)
    data = midi_bytes(tune('"C"C4|'))
    assert b"\xc1\x18" in data  # program 24, a guitar
    assert b"\x91\x24\x32" in data  # the bass, at velocity 50
    assert b"\x90\x3c\x5a" in data


def test_chord_symbols_can_be_left_out() -> None:
    assert len(notes('"C"C4|', chords=False)) == 1
    plain = midi_bytes(tune("C4|"))
    assert midi_bytes(tune('"C"C4|'), Playback(chords=False)) == plain


def test_chords_take_the_program_of_the_tune_and_need_a_free_channel() -> None:
    assert b"\xc1\x00" in midi_bytes(tune('%%MIDI chordprog 0\n"C"C4|'))
    music = "".join(f"V:{number}\nC4|\n" for number in range(1, 15))
    assert len(notes(music.replace("C4", '"C"C4', 1))) == 14 + 2 + 2 * 3
    assert len(notes(f'{music}V:15\n"C"C4|\n')) == 15
