from fractions import Fraction
from time import process_time
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.music import Tune
from abclm.render.engrave.mei import write_mei
from abclm.render.engrave.mei_values import clef_of, note_values
from abclm.render.page.playlist import playlist_of

HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\n"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def tune_of(body: str, header: str = HEADER) -> Tune:
    return parse_tunebook(f"{header}{body}\n")[0].tune


def mei_of(body: str, header: str = HEADER) -> Element:
    """The document, its elements without their name space."""
    root = fromstring(write_mei(tune_of(body, header)))
    for element in root.iter():
        element.tag = element.tag.partition("}")[2]
    return root


def shape(element: Element) -> str:
    """Nesting in brackets, notes by their letters: ``beam(A tuplet(B c d))``."""
    if element.tag == "note":
        return element.get("pname", "")
    return f"{element.tag}({' '.join(map(shape, element))})"


def layers(body: str, header: str = HEADER) -> list[str]:
    return [shape(layer)[6:-1] for layer in mei_of(body, header).iter("layer")]


@pytest.mark.parametrize(
    ("length", "values"),
    [
        (Fraction(1, 8), [("8", 0)]),
        (Fraction(3, 8), [("4", 1)]),
        (Fraction(7, 8), [("2", 2)]),
        (Fraction(5, 8), [("2", 0), ("8", 0)]),
        (Fraction(2), [("breve", 0)]),
        (Fraction(0), [("256", 0)]),
    ],
)
def test_lengths_become_note_values(length: Fraction, values: list[tuple[str, int]]) -> None:
    assert note_values(length) == values


@pytest.mark.parametrize(("key", "signature"), [("D", "2s"), ("Bb", "2f"), ("C", "0"), ("HP", "0")])
def test_the_signature_is_that_of_the_key_and_bagpipes_show_none(key: str, signature: str) -> None:
    root = mei_of("A8|", HEADER.replace("K:G", f"K:{key}"))
    assert {one.get("sig") for one in root.iter("keySig")} == {signature}


def test_a_length_beyond_reason_ends() -> None:
    assert len(note_values(Fraction(10**6))) < 10
    assert len(note_values(Fraction(1, 3))) < 10


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("GABc defg|", ["beam(g a b c) beam(d e f g)"]),
        ("GABcdefg|", ["beam(g a b c) beam(d e f g)"]),  # no blank at all: by the meter
        ("G A B c d2 ef|", ["g a b c d beam(e f)"]),
        ("GA2B c4|", ["g a b c"]),
        ("(3GAB (3c2d2e2 z2|", ["tuplet(beam(g a b)) tuplet(c d e) rest()"]),
        ("(3G A B c2 z4|", ["tuplet(g a b) c rest()"]),
        ("G(3ABc d z4|", ["beam(g tuplet(a b c)) d rest()"]),
        ("[GBd]4 {ga}b4|", ["chord(g b d) beam(g a) b"]),
        ("G4 x4|", ["g space()"]),
        ("Z|Z4|X|", ["mRest()", "multiRest()", "mSpace()"]),
        ("G4 A4 & B8|", ["g a", "b"]),
    ],
)
def test_bars_are_written_as_layers(body: str, expected: list[str]) -> None:
    assert layers(body) == expected


def test_repeats_are_explicit_and_endings_labelled() -> None:
    root = mei_of("G8|A8|1 B8:|2 c8||d8:|")
    lines = [(one.get("left"), one.get("right")) for one in root.iter("measure")]
    assert lines == [
        ("rptstart", "single"),
        (None, "single"),
        (None, "rptend"),
        (None, "dbl"),
        ("rptstart", "rptend"),
    ]
    assert [ending.get("label") for ending in root.iter("ending")] == ["1.", "2."]
    assert [len(list(ending.iter("measure"))) for ending in root.iter("ending")] == [1, 1]


def test_lines_of_the_source_break_the_systems() -> None:
    root = mei_of("G8|A8|\nB8|c8|\nd8|]")
    (section,) = root.iter("section")
    tags = [one.tag for one in section]
    assert tags == ["measure", "measure", "sb", "measure", "measure", "sb", "measure"]


def spans(root: Element, kind: str) -> list[tuple[str, str]]:
    names = {one.get(XML_ID): one.get("pname", "chord") for one in root.iter()}
    return [
        (names[one.get("startid", "")[1:]], names[one.get("endid", "")[1:]])
        for one in root.iter(kind)
    ]


def test_ties_slurs_and_what_only_looks_like_a_tie() -> None:
    root = mei_of("(GA) B2-B2 c2-|c4 d4-|e8|")
    assert spans(root, "tie") == [("b", "b"), ("c", "c")]
    assert spans(root, "slur") == [("g", "a"), ("d", "e")]


def test_a_tie_stands_in_the_bar_where_it_starts() -> None:
    root = mei_of("G8-|G8|")
    assert [len(measure.findall("tie")) for measure in root.iter("measure")] == [1, 0]


def test_a_note_of_two_values_is_tied_to_itself() -> None:
    root = mei_of("G5 A3|")
    assert layers("G5 A3|") == ["g g a"]
    assert spans(root, "tie") == [("g", "g")]


def test_what_is_opened_and_never_closed_is_left_out() -> None:
    assert spans(mei_of("(G4 !<(!A4|"), "slur") == []


def test_decorations_chord_symbols_and_annotations() -> None:
    root = mei_of('"Em"~G2 "^above"TA2 "_below"HB2 .uc2|!p!G2 !D.C.!A2 !segno!B2 !5!c2|')
    for tag in ("harm", "turn", "trill", "fermata", "dynam", "repeatMark", "fing"):
        assert len(list(root.iter(tag))) == 1, tag
    assert [(one.text, one.get("place")) for one in root.iter("dir")] == [
        ("above", "above"),
        ("below", "below"),
        ("D.C.", "above"),
    ]
    assert [one.get("artic") for one in root.iter("artic")] == ["stacc", "upbow"]


def test_only_an_acciaccatura_is_struck_through() -> None:
    notes = mei_of("{g}A {/c}B {/de}f2|").iter("note")
    graces = {note.get("pname"): note.get("grace") for note in notes if note.get("grace")}
    assert graces == {"g": "acc", "c": "unacc", "d": "unacc", "e": "unacc"}


def test_accidentals_octaves_and_keys() -> None:
    root = mei_of("^G,_B=c'^^d __e4|", "X:1\nT:t\nM:4/4\nL:1/8\nK:Hp\n")
    notes = [(one.get("accid"), one.get("oct")) for one in root.iter("note")]
    assert notes == [("s", "3"), ("f", "4"), ("n", "6"), ("x", "5"), ("ff", "5")]
    accidentals = [(one.get("pname"), one.get("accid")) for one in root.iter("keyAccid")]
    assert accidentals == [("f", "s"), ("c", "s"), ("g", "n")]
    assert [one.get("sig") for one in mei_of("G8|").iter("keySig")] == ["1s"]


def test_a_change_of_key_and_meter_stands_before_its_bar() -> None:
    root = mei_of("G8|\nK:D\nM:6/8\nA6|[M:none]B9|")
    changes = next(iter(root.iter("section"))).findall("scoreDef")
    assert [[child.tag for child in one.iter()][3:] for one in changes] == [
        ["keySig", "meterSig"],
        ["meterSig"],
    ]


def test_voices_are_staves_with_their_clefs() -> None:
    header = "X:1\nT:t\nM:4/4\nL:1/8\nV:1 name=Fiddle\nV:2 clef=bass\nK:G\n"
    root = mei_of("V:1\nG8|A8|B8|\nV:2\nG,8|A,8|", header)
    assert [one.get("shape") for one in root.iter("clef")] == ["G", "F"]
    assert [one.text for one in root.iter("label")] == ["Fiddle", "2"]
    assert [len(list(one.iter("staff"))) for one in root.iter("measure")] == [2, 2, 2]
    assert len(list(root.iter("mSpace"))) == 1


def test_clefs_may_sound_an_octave_lower() -> None:
    assert clef_of("G clef=treble-8")["dis.place"] == "below"


def test_words_stand_under_their_notes() -> None:
    root = mei_of("G2A2 B2c2|d4 z4|\nw:One two-three_|four\nw:Eins* zwei")
    words = [
        [(verse.get("n"), "".join(verse.itertext())) for verse in note.iter("verse")]
        for note in root.iter("note")
    ]
    assert words == [
        [("1", "One"), ("2", "Eins")],
        [("1", "two")],
        [("1", "three"), ("2", "zwei")],
        [],
        [("1", "four")],
    ]


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    assert "\x07" not in write_mei(tune_of("G8|", HEADER.replace("T:t", "T:a\x07<b>")))


def test_a_tune_without_notes_is_an_error() -> None:
    with pytest.raises(RenderError, match="has no notes"):
        write_mei(tune_of(""))


@given(st.text(alphabet="ABcdez^_=,'/23456(){}[]|:-<>~.!\"&\n VKM1wXZ", max_size=60))
def test_any_body_is_written_or_one_error(body: str) -> None:
    for parsed in parse_tunebook(f"{HEADER}{body}\n"):
        playlist_of(parsed.tune)
        try:
            text = write_mei(parsed.tune)
        except RenderError:
            assert not parsed.tune.events
        else:
            ids = [element.get(XML_ID) for element in fromstring(text).iter()]
            named = [name for name in ids if name]
            assert len(named) == len(set(named))


def test_writing_takes_as_long_as_there_are_voices() -> None:
    def seconds(voices: int) -> float:
        tune = tune_of("".join(f"V:{number}\nGABc dedB|\n" for number in range(voices)))
        start = process_time()
        write_mei(tune)
        return process_time() - start

    few, many = (min(seconds(voices) for _ in range(3)) for voices in (40, 320))
    assert many < 20 * few  # 8 times as many voices; it was 60 times as long


def test_more_bars_than_can_be_engraved_are_one_line() -> None:
    voices = "".join(f"V:{number}\nA|\n" for number in range(300))
    with pytest.raises(RenderError, match=r"301 voices of up to 100 bars, more than the 20,000"):
        write_mei(tune_of(f"{voices}V:long\n" + "A|" * 100))
