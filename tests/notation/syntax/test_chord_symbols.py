import pytest

from abclm.notation.syntax.chord_symbols import QUALITIES, is_no_chord, parse_chord_symbol

NAMES = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]


@pytest.mark.parametrize(
    ("text", "tones"),
    [
        ("G", "G B D"),
        ("Am7", "A C E G"),
        ("D7/F#", "D F# A C"),
        ("C°", "C Eb F#"),
        ("B♭maj7", "Bb D F A"),
        ("F#m7b5", "F# A C E"),
        ("Bø", "B D F A"),
        ("C+", "C E Ab"),
        ("Gsus", "G C D"),
        ("D7sus4", "D A C G"),
        ("Cadd9", "C E G D"),
        ("C6/9", "C E G A D"),
        ("G7b9", "G B D F Ab"),
        ("C7(b9,#11)", "C E G Bb C# F#"),
        ("Em(maj7)", "E G B Eb"),
        ("A5", "A E"),
        ("Ano3", "A E"),
        ("(Am)", "A C E"),
        ("G(Em)", "G B D"),
    ],
)
def test_a_chord_symbol_names_its_notes_from_the_root(text: str, tones: str) -> None:
    chord = parse_chord_symbol(text)
    assert chord is not None
    assert [NAMES[tone] for tone in chord.tones] == tones.split()


@pytest.mark.parametrize(
    ("text", "bass"), [("G", "G"), ("D7/F#", "F#"), ("Am/g", "G"), ("C/C", "C")]
)
def test_the_bass_is_the_root_or_what_follows_the_stroke(text: str, bass: str) -> None:
    chord = parse_chord_symbol(text)
    assert chord is not None
    assert NAMES[chord.lowest] == bass


@pytest.mark.parametrize(
    "text",
    ["^G", "_Am", "<D", "@2,3 C", "D.C.", "Fine", "Coda", "DS", "B1st", "", "G" * 40, "N.C."],
)
def test_other_text_is_not_a_chord_symbol(text: str) -> None:
    assert parse_chord_symbol(text) is None


def test_no_chord_is_silence() -> None:
    assert is_no_chord("N.C.")
    assert not is_no_chord("C")


def test_no_spelling_has_two_qualities() -> None:
    spellings = [spelling for quality in QUALITIES.values() for spelling in quality.spellings]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize("name", QUALITIES)
def test_the_usual_spelling_of_a_quality_is_read_as_that_quality(name: str) -> None:
    chord = parse_chord_symbol(f"Eb{QUALITIES[name].spellings[0]}")
    assert chord is not None
    assert (chord.root, chord.quality, chord.degrees) == ("Eb", name, ())
