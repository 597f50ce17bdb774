"""Tunes in another key: every pitch moves by the interval, and nothing but pitches changes."""

import random
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.parse.tunebook import split_tunes
from abclm.notation.play.sounding import perform
from abclm.notation.syntax.source import decode_source
from abclm.notation.write.moves import BySemitones, Direction, ToKey, read_target
from abclm.notation.write.transpose import transpose

VALID = sorted((Path(__file__).parents[2] / "tunes" / "valid").glob("*.abc"))


def moved(music: str, key: str, target: str, direction: Direction = Direction.NEAREST) -> str:
    """The body of ``music`` in ``key`` moved to ``target``."""
    text = transpose(f"X:1\nT:t\nL:1/8\nK:{key}\n{music}\n", read_target(target, direction))
    return text.split("\n", 4)[4].removesuffix("\n")


def test_drums_stay_where_they_are() -> None:
    """Their notes are instruments; keys and chord symbols move with the other voices."""
    text = "X:1\nT:t\nL:1/8\nV:1\nV:2 clef=perc\nK:G\n[V:1]GABc|]\n[V:2]C^D2E|]\n"
    found = transpose(text, read_target("A"))
    assert found == text.replace("K:G", "K:A").replace("GABc", "ABcd")


def heard(text: str, semitones: int = 0) -> list[list[tuple[list[int], list[int]]]]:
    """The pitches and grace notes of every voice of the first tune, so much higher."""
    return [
        [
            ([p + semitones for p in note.pitches], [p + semitones for p in note.graces])
            for note in voice.notes
        ]
        for voice in perform(parse_tunebook(text)[0].tune)
    ]


@pytest.mark.parametrize(
    ("music", "key", "target", "expected"),
    [
        ("DFA d^cd|", "D", "G", "GBd g^fg|"),
        ("DFAd|", "D", "C", "CEGc|"),
        ("GABc d2|", "G", "Eb", "EFGA B2|"),
        ("B,CDE,, b'|", "C", "D", "CDEF,, c''|"),
        ("^F2 F =F|", "C", "D", "^G2 G =G|"),
        ("^f-|f f|", "C", "D", "^g-|g g|"),
        ("_B{^c=d}[Fa]3/2 z2 x|", "F", "G", "=c{^d=e}[Gb]3/2 z2 x|"),
        ("[_B=E]|", "C", "A", "[=G^C]|"),
        ('"Am7"A "D/F#"d "^Fine"A "(Gsus4)"G "A tempo"A|', "A", "G",
         '"Gm7"G "C/E"c "^Fine"G "(Fsus4)"F "A tempo"G|'),
        ("A|[K:Em]e|\nK:A\nA|", "A", "G", "G|[K:Dm]d|\nK:G\nG|"),
        (".A !trill!e  ~c3 (3ABc % A comment\nw: A B c\n", "A", "G",
         ".G !trill!d  ~B3 (3GAB % A comment\nw: A B c\n"),
        ("[K:D =c clef=treble]c|", "D", "E", "[K:E =d clef=treble]d|"),
    ],
)  # fmt: skip
def test_notes_keys_and_chord_symbols_move(
    music: str, key: str, target: str, expected: str
) -> None:
    assert moved(music, key, target) == expected


def test_a_note_that_would_need_three_sharps_takes_another_letter() -> None:
    assert moved("^^F F f|f", "C", "C#") == "^G G g|f"


def test_a_key_change_beyond_seven_accidentals_takes_another_letter() -> None:
    assert moved("A|[K:E]e|", "A", "Ab") == "A|[K:Eb]e|"
    assert moved("B|[K:A]A|", "B", "C#") == "c|[K:B]B|"
    assert moved("C|[K:B]B|", "C", "C#") == "C|[K:C]c|"


@pytest.mark.parametrize(
    ("target", "direction", "expected"),
    [
        ("G", Direction.NEAREST, "G"),
        ("G", Direction.DOWN, "G,"),
        ("A", Direction.NEAREST, "A,"),
        ("A", Direction.UP, "A"),
        ("D", Direction.NEAREST, "D"),
        ("D", Direction.UP, "d"),
        ("D", Direction.DOWN, "D,"),
        ("Ab", Direction.NEAREST, "A"),
        ("C#", Direction.DOWN, "C"),
    ],
)
def test_the_nearest_tonic_or_the_next_one_above_or_below(
    target: str, direction: Direction, expected: str
) -> None:
    assert moved("D", "D", target, direction) == expected


def test_each_voice_has_its_own_key_and_accidentals() -> None:
    body = "V:1\n[K:D]^g g|\nV:2\ng [V:1]g|[V:2]g|"
    assert moved(body, "C", "D") == "V:1\n[K:E]^a a|\nV:2\na [V:1]a|[V:2]a|"


def test_semitones_lead_to_the_key_with_the_fewest_accidentals() -> None:
    for key, semitones, expected in (("B", 2, "Db"), ("G", 1, "Ab"), ("F#m", 1, "Gm"),
                                     ("D", 12, "D"), ("Bdor", 3, "Ddor")):  # fmt: skip
        text = transpose(f"X:1\nT:t\nK:{key}\nB|\n", BySemitones(semitones))
        assert f"K:{expected}\n" in text, key


def test_a_tune_without_key_moves_by_semitones_only() -> None:
    assert transpose("X:1\nT:t\nK:none\nB c|\n", BySemitones(2)).endswith("\n^c d|\n")
    with pytest.raises(InputError, match="X:1 has no key"):
        transpose("X:1\nT:t\nK:none\nB c|\n", read_target("G"))


def test_of_a_book_all_tunes_move_or_the_one_that_is_named() -> None:
    book = "free text A\n\nX:1\nT:A\nK:D\nD|\n\nX:2\nT:B\nK:Em\nE|\n"
    assert transpose(book, read_target("A")) == book.replace("D\nD", "A\nA,").replace(
        "Em\nE", "Am\nA"
    )
    assert transpose(book, read_target("A"), [2]) == book.replace("Em\nE", "Am\nA")
    with pytest.raises(InputError, match="no X:3; there are: 1, 2"):
        transpose(book, read_target("A"), [3])


@pytest.mark.parametrize(
    ("key", "target", "message"),
    [
        ("Am", "Gmaj", r"^X:1 is in Am, and G is another mode: ask for G$"),
        ("D", "Edor", r"^X:1 is in D, and Edor is another mode: ask for E$"),
        ("D", "G#", r"^X:1 is in D: G# has no signature: ask for Ab$"),
        ("D", "H", "^'H' is not a key to move to"),
        ("HP", "G", "^X:1 is for bagpipes"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(key: str, target: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        moved("A", key, target)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
@pytest.mark.parametrize("semitones", [-12, -5, -1, 2, 3, 7])
def test_there_and_back_is_the_same_text(path: Path, semitones: int) -> None:
    text = path.read_text(encoding="utf-8")
    there = transpose(text, BySemitones(semitones))
    assert transpose(there, BySemitones(-semitones)) == text


ACCIDENTALS = st.sampled_from(["", "", "", "^", "=", "_", "^^", "__"])


def notes(letters: str) -> st.SearchStrategy[str]:
    lengths = st.sampled_from(["", "", "2", "/", " "])
    return st.builds("{}{}{}".format, ACCIDENTALS, st.sampled_from(letters), lengths)


PIECES = st.one_of(
    notes("CDEFGABcdefgab"),
    notes("CDEFGABcdefgab"),
    st.sampled_from(["{^g}g", "{_A}B", '"Bb"', "(3", ">", "z"]),
    st.builds("[{}{}]".format, notes("CDEF"), notes("GABg")),
    # Two notes that are tied: a slur written as a tie could become one where a note is spelt anew.
    st.builds(
        "{0}{1}-{2}{1}".format,
        ACCIDENTALS,
        st.sampled_from("CDEFGABcdefgab"),
        st.sampled_from(["", "|", " | "]),
    ),
    st.sampled_from(["|", "|", "||", ":|", "|1", "&", "[K:Bb]", "[K:F#m]", "[K:Am ^g]"]),
    st.sampled_from(["[V:1]", "[V:2]"]),
)
KEYS = st.sampled_from(["C", "G", "Eb", "B", "C#", "Cb", "F#m", "Edor", "D =c", "none", "D exp _b"])


@given(KEYS, st.lists(PIECES, max_size=20), st.integers(-14, 14))
def test_every_pitch_moves_by_the_interval(key: str, pieces: list[str], semitones: int) -> None:
    text = f"X:1\nT:t\nM:none\nL:1/8\nK:{key}\n{''.join(pieces)}|\n"
    try:
        there = transpose(text, BySemitones(semitones))
    except InputError:
        assume(condition=False)
    assert heard(there) == heard(text, semitones)


@given(st.text(max_size=60), st.sampled_from([BySemitones(3), ToKey("F")]))
def test_any_text_moves_or_is_one_error(text: str, move: BySemitones | ToKey) -> None:
    with suppress(InputError):
        transpose("X:1\nK:G\n" + text, move)


def real_tunes(count: int) -> list[str]:
    spec = find_spec("music21")
    assert spec is not None
    assert spec.origin is not None
    paths = sorted(Path(spec.origin).parent.glob("corpus/*/*.abc"))
    rng = random.Random(4)
    texts = (decode_source(path.read_bytes()) for path in rng.sample(paths, count))
    return ["".join(token.text for token in split_tunes(text)[0].tokens) for text in texts]


def test_real_tunes_sound_the_same_in_another_key() -> None:
    rng = random.Random(5)
    for text in real_tunes(60):
        semitones = rng.choice([-7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7])
        there = transpose(text, BySemitones(semitones))
        assert heard(there) == heard(text, semitones), text
        assert transpose(there, BySemitones(-semitones)) == text
