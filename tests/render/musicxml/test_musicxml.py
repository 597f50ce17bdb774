"""Scores read back: by our own reader, bar by bar as they sound, and by music21."""

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from abclm.errors import RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.notation.tune.music import Tune
from abclm.reading.conversion import convert_bytes
from abclm.render.mark import MARK
from abclm.render.musicxml.musicxml import musicxml_text, mxl_bytes

TUNES = sorted((Path(__file__).parents[2] / "tunes" / "valid").glob("*.abc"))


def tunes(text: str) -> list[Tune]:
    return [parsed.tune for parsed in parse_tunebook(text)]


def tune(music: str, header: str = "M:4/4\nL:1/4\nK:C\n") -> Tune:
    (parsed,) = tunes(f"X:1\nT:One & <two>\n{header}{music}\n")
    return parsed


def written(music: str, header: str = "M:4/4\nL:1/4\nK:C\n") -> ET.Element:
    return ET.fromstring(musicxml_text(tune(music, header)))


def read_back(written_tune: Tune) -> str:
    return convert_bytes(musicxml_text(written_tune).encode(), "one.musicxml").abc


def heard(one: Tune) -> list[list[tuple[Fraction, Fraction, int]]]:
    """The onset, duration and pitch of all notes, for each voice."""
    return [
        sorted((note.onset, note.duration, pitch) for note in voice.notes for pitch in note.pitches)
        for voice in perform(one)
    ]


@pytest.mark.parametrize("path", TUNES, ids=lambda path: path.stem)
def test_what_is_written_is_read_back_as_the_same_notes(path: Path) -> None:
    for one in tunes(path.read_text(encoding="utf-8")):
        (back,) = tunes(read_back(one))
        assert heard(back) == heard(one)


@pytest.mark.parametrize(
    "music",
    [
        "(3CDE (3:2:2F2G|(5CDEFG z2|A>B c<d A>>>B e|",
        "C-|C- C4- C|^F-|F F =F F|[CEG]-[CE]2-C|^c- c c' c|",
        "|:C4|1D4:|2E4||F4::G4|1,3 A4:|2,4 B4|]",
        "C|:D4|E3:|F|G3|]",
        "Z2|z4|x2 C2|C5 D3|A7/2 B/|",
        "{c}d {/ef}g {[ce]}A2|C4|",
        "[M:3/4]C3|[K:D]F3|[M:6/8][L:1/8]F3 [K:Eb]B3|[M:C|]E8|",
        "^^C __D =E _F|C D E F|",
    ],
)
def test_what_is_difficult_is_read_back_as_the_same_notes(music: str) -> None:
    one = tune(music)
    (back,) = tunes(read_back(one))
    assert heard(back) == heard(one)


def test_voices_are_parts_with_clefs_names_and_programs() -> None:
    header = (
        'M:4/4\nL:1/4\nV:1 name="High" clef=treble-8\n%%MIDI program 73\n'
        'V:2 name="Low" clef=bass octave=-1\nV:3 transpose=-2\nK:F\n'
    )
    one = tune("[V:1]CDEF|B4|\n[V:2]C4|\n[V:3]C2 B2|Z|\n", header)
    root = ET.fromstring(musicxml_text(one))
    assert [part.findtext("part-name") for part in root.iter("score-part")] == ["High", "Low", "3"]
    assert [part.get("id") for part in root.findall("part")] == ["P1", "P2", "P3"]
    assert root.findtext(".//midi-program") == "74"
    assert [clef.findtext("sign") for clef in root.iter("clef")] == ["G", "F", "G"]
    assert root.findtext(".//clef-octave-change") == "-1"
    assert root.findtext(".//transpose/chromatic") == "-2"
    (back,) = tunes(read_back(one))
    assert heard(back) == heard(one)


def test_a_pickup_is_measure_0_and_not_counted() -> None:
    measures = list(written("C|:D4|E3:|F|G3|]").iter("measure"))
    assert [one.get("number") for one in measures] == ["0", "1", "2", "X3", "3"]
    assert [one.get("implicit") for one in measures] == ["yes", "no", "no", "yes", "no"]


def test_repeats_and_endings_are_signs() -> None:
    root = written("|::C4|1,3 D4::|2 E4|]")
    repeats = [(one.get("direction"), one.get("times")) for one in root.iter("repeat")]
    assert repeats == [("forward", None), ("backward", "3")]
    endings = [(one.get("number"), one.get("type")) for one in root.iter("ending")]
    assert endings == [("1,3", "start"), ("1,3", "stop"), ("2", "start"), ("2", "stop")]


def test_measures_hold_what_their_notes_last() -> None:
    root = written("CDEF|(3CDE F2|G4|")
    divisions = int(root.findtext(".//divisions") or "")
    for measure in root.iter("measure"):
        assert sum(int(one.text or "") for one in measure.iter("duration")) == 4 * divisions


def test_accidentals_show_where_they_are_written() -> None:
    root = written("F ^G G =F|F =G|", "M:4/4\nL:1/4\nK:D\n")
    notes = [
        (one.findtext("pitch/step"), one.findtext("pitch/alter"), one.findtext("accidental"))
        for one in root.iter("note")
    ]
    assert notes == [
        ("F", "1", None),
        ("G", "1", "sharp"),
        ("G", "1", None),
        ("F", "0", "natural"),
        ("F", "1", None),
        ("G", "0", "natural"),
    ]


def test_marks_become_those_of_musicxml() -> None:
    music = '(!p!.C ~D) Tu!fermata!E !<(!F|!<)!"^fast"G !segno!A !D.C.!c !3!d|'
    root = written(music)
    found = {element.tag for element in root.iter()}
    assert {"staccato", "turn", "trill-mark", "up-bow", "fermata", "p", "segno"} <= found
    assert {"wedge", "slur", "words", "fingering"} <= found
    assert root.find(".//sound[@dacapo='yes']") is not None


def test_chord_symbols_are_harmony() -> None:
    root = written('"Am7/G"C2 "N.C."D2|"F#dim"C2 "Bb7b9"C2|')
    kinds = [one.text for one in root.iter("kind")]
    assert kinds == ["minor-seventh", "none", "diminished", "dominant"]
    assert root.findtext(".//bass-step") == "G"
    assert root.findtext(".//degree-alter") == "-1"
    assert '"Am7/G"C4 "N.C."D4' in read_back(tune('"Am7/G"C2 "N.C."D2|'))


def test_lyrics_are_syllables_with_their_verse() -> None:
    root = written("CDEF|\nw:la-la * end\nw:two\n")
    lyrics = [
        (one.get("number"), one.findtext("syllabic"), one.findtext("text"))
        for one in root.iter("lyric")
    ]
    assert lyrics == [
        ("1", "begin", "la"),
        ("2", "single", "two"),
        ("1", "end", "la"),
        ("1", "single", "end"),
    ]


def test_tempo_key_and_meter_are_written() -> None:
    header = 'M:C|\nL:1/8\nQ:"Lively" 1/2=80\nR:reel\nS:a book\nC:Anon.\nK:Edor\n'
    root = written("E8|", header)
    assert root.findtext(".//words") == "Lively"
    assert root.findtext(".//per-minute") == "80"
    assert root.findtext(".//key/fifths") == "2"
    assert root.findtext(".//key/mode") == "dorian"
    time = root.find(".//time")
    assert time is not None
    assert time.get("symbol") == "cut"
    assert root.findtext("identification/creator[@type='composer']") == "Anon."
    assert root.findtext("identification/source") == "a book"
    assert root.findtext(".//miscellaneous-field[@name='rhythm']") == "reel"


def test_notes_are_beamed_as_in_the_text() -> None:
    root = written("C/D/ E/F/ G/A/4B/4 c|")
    beams = [[beam.text for beam in note.findall("beam")] for note in root.iter("note")]
    pair = [["begin"], ["end"]]
    assert beams == [*pair, *pair, ["begin"], ["continue", "begin"], ["end", "end"], []]


def test_overlays_are_voices_of_one_measure() -> None:
    root = written("C4 & E2 G2|C4|")
    assert [note.findtext("voice") for note in root.iter("note")] == ["1", "2", "2", None]


def test_the_file_says_who_wrote_it_unless_asked_not_to() -> None:
    assert written("C4|").findtext("identification/encoding/software") == MARK
    plain = musicxml_text(tune("C4|"), mark=False)
    assert "abclm" not in plain
    assert "music21" not in plain.lower()


def test_the_same_tune_gives_the_same_bytes_also_compressed() -> None:
    one = tune('[V:1]"G"C4|\n[V:2](EF)G2|\n', "M:4/4\nL:1/4\nV:1\nV:2\nK:C\n")
    assert mxl_bytes(one) == mxl_bytes(one)
    (back,) = tunes(convert_bytes(mxl_bytes(one), "one.mxl").abc)
    assert heard(back) == heard(one)


def test_music21_reads_the_same_notes() -> None:
    music21 = pytest.importorskip("music21")
    one = tune("|:(3CDE [EG]2 {c}B|_B B c2:|")
    score = music21.converter.parseData(musicxml_text(one), format="musicxml")
    found = [
        (note.quarterLength, [pitch.midi for pitch in note.pitches])
        for note in score.recurse().notes
    ]
    third = Fraction(2, 3)
    assert [(length, pitches) for length, pitches in found if length] == [
        *((third, [pitch]) for pitch in (60, 62, 64)),
        (2.0, [64, 67]),
        (1.0, [71]),
        (1.0, [70]),
        (1.0, [70]),
        (2.0, [72]),
    ]
    assert score.recurse().getElementsByClass("Measure")[0].duration.quarterLength == 5


def test_a_tune_without_notes_is_refused() -> None:
    with pytest.raises(RenderError, match="no notes"):
        musicxml_text(tune("z4|"))
