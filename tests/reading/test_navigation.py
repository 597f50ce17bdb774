"""Da capo, dal segno, fine and coda of MusicXML as decorations, each where it takes effect."""

import pytest

from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.reading.conversion import convert_bytes
from abclm.reading.xml_signs import sign_in_words
from tests.reading.xml_files import attributes, note, score

BAR = note("C4", 16)
D, E = note("D4", 16), note("E4", 16)


def direction(*kinds: str, sound: str = "") -> str:
    inner = "".join(f"<direction-type>{kind}</direction-type>" for kind in kinds)
    return f"<direction>{inner}{f'<sound {sound}/>' if sound else ''}</direction>"


def words(text: str, sound: str = "") -> str:
    return direction(f"<words>{text}</words>", sound=sound)


def converted(
    *measures: str, numbers: tuple[int, ...] = (), divisions: int = 4
) -> tuple[str, list[str]]:
    """The music and the remarks of a score of one part."""
    data = score([attributes(divisions) + measures[0], *measures[1:]])
    for number in numbers:
        data = data.replace(b"<measure>", b'<measure number="%d">' % number, 1)
    result = convert_bytes(data, "file.musicxml")
    assert not validate(result.abc)
    return result.abc.split("\nK:C\n")[1], [remark.text for remark in result.remarks]


def played(music: str) -> list[int]:
    tune = parse_tunebook(f"X:1\nT:a\nM:4/4\nL:1/8\nK:C\n{music}")[0].tune
    return [sounding.pitches[0] for sounding in perform(tune)[0].notes]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("D.C. al Fine", "D.C.alfine"),
        ("da Capo\n al Coda", "D.C.alcoda"),
        ("D. S.", "D.S."),
        ("Menuetto da capo senza Ritornello.", "D.C."),
        ("M.D.C.", "D.C."),
        ("Fine.", "fine"),
        ("To Coda", "dacoda"),
        ("To", "dacoda"),
        ("Da Capo ma senza replicarlo, poi segue la Coda", ""),
        ("con fine", ""),
        ("", ""),
    ],
)
def test_words_that_are_signs(text: str, sign: str) -> None:
    assert sign_in_words(text) == sign


def test_da_capo_al_fine_is_played() -> None:
    music, remarks = converted(
        BAR, D + words("Fine", 'fine="yes"'), E + words("D.C. al Fine", 'dacapo="yes"')
    )
    assert music == "C8 | D8 !fine! | E8 !D.C.alfine! |]\n"
    assert played(music) == [60, 62, 64, 60, 62]
    assert not remarks


def test_dal_segno_al_coda_is_played() -> None:
    music, _ = converted(
        BAR,
        direction("<segno/>", sound='segno="1"') + D + direction("<words>To</words>", "<coda/>"),
        E + words("D.S. al Coda"),
        direction("<coda/>", sound='coda="1"') + BAR,
    )
    assert music == "C8 | !segno!D8 !dacoda! | E8 !D.S.alcoda! | !coda!C8 |]\n"
    assert played(music) == [60, 62, 64, 62, 60]


def test_a_segno_in_a_bar_line() -> None:
    music, _ = converted(
        BAR,
        "<barline location='left'><segno/></barline>" + D,
        E + words("D.S."),
    )
    assert music == "C8 | !segno!D8 | E8 !D.S.! |]\n"


def test_a_segno_at_the_end_of_a_measure_begins_the_next() -> None:
    music, _ = converted(BAR + direction("<segno/>"), D, E + words("D.S."))
    assert music == "C8 | !segno!D8 | E8 !D.S.! |]\n"


def test_what_only_a_player_is_told() -> None:
    music, _ = converted(BAR + '<sound fine="yes"/>', D + '<sound dacapo="yes"/>')
    assert music == "C8 !fine! | D8 !D.C.! |]\n"


def test_a_sign_stands_at_the_first_note_of_a_tuplet_after_its_graces() -> None:
    third = (
        "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes>"
        "</time-modification>"
    )
    grace = note("B3", 0, before="<grace/>")
    triplet = "".join(note("C4", 8, third) for _ in range(3))
    music, _ = converted(
        direction("<segno/>") + grace + triplet + note("D4", 24), E + words("D.S."), divisions=12
    )
    assert music.startswith("(3{B,}!segno!")


def test_words_with_more_in_them_stay_words() -> None:
    music, _ = converted(words("Fine del primo atto") + BAR, D)
    assert music == '"^Fine del primo atto"C8 | D8 |]\n'


def test_a_da_capo_that_other_music_follows_becomes_words() -> None:
    music, remarks = converted(BAR, D + words("D.C."), E, BAR)
    assert music == 'C8 | "^D.C."D8 | E8 | C8 |]\n'
    assert remarks == ["the D.C. in measure 2 is written as words: other music follows it"]


def test_a_da_capo_goes_back_to_the_beginning_of_its_movement() -> None:
    music, remarks = converted(
        BAR, D, E, BAR + words("Fine"), D + words("D.C. al Fine"), numbers=(1, 2, 3, 1, 2)
    )
    assert music == "C8 | D8 | E8 | !segno!C8 !fine! |\nD8 !D.S.alfine! |]\n"
    assert played(music) == [60, 62, 64, 60, 62, 60]
    assert remarks == [
        "the D.C. al Fine in measure 5 goes back to measure 4: written as a dal segno"
    ]


def test_a_minuet_ends_before_its_trio() -> None:
    music, remarks = converted(BAR, words("Trio.") + D, E + words("Menuetto da capo"))
    assert music == 'C8 !fine! | "^Trio."D8 | E8 !D.C.! |]\n'
    assert remarks == ["a fine is written in measure 1, where none is"]


def test_words_before_the_last_measure_belong_to_its_end() -> None:
    music, _ = converted(BAR, D + words("M. D. C."), E)
    assert music == "C8 | D8 | E8 !D.C.! |]\n"


def test_the_signs_of_several_voices_stand_in_the_first() -> None:
    bars = [BAR + words("Fine"), D + words("D.C.")]
    data = score([attributes() + bars[0], bars[1]], [attributes() + bars[0], bars[1]])
    text = convert_bytes(data, "file.musicxml").abc
    assert not validate(text)
    assert "[V:1] C8 !fine! | D8 !D.C.! |]\n[V:2] C8 | D8 |]\n" in text
