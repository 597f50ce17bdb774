from fractions import Fraction

import pytest

from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.tempo import tempo_of
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.meter import parse_meter, parse_unit
from abclm.notation.syntax.source import decode_source, unescape_text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("D Mixolydian", "Dmix"),
        ("DMix", "Dmix"),
        ("Glydian", "Glyd"),
        ("A minor", "Am"),
        ("Am", "Am"),
        ("AM", "Am"),
        ("A MAJ", "A"),
        ("A Major", "A"),
        ("Bb", "Bb"),
        ("F#m", "F#m"),
        ("E Dorian clef=treble", "Edor"),
        ("D _b ^c", "D _b ^c"),
        ("D exp _b", "D exp _b"),
        ("Hp", "Hp"),
        ("none", "none"),
        ("", "none"),
    ],
)
def test_a_key_has_one_spelling(text: str, canonical: str) -> None:
    assert str(parse_key(text)) == canonical


@pytest.mark.parametrize("text", ["Bn", "H", "G#", "Abloc", "xyz"])
def test_what_is_no_key_is_none(text: str) -> None:
    assert parse_key(text) is None


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("D", {"F": 1, "C": 1}),
        ("Edor", {"F": 1, "C": 1}),
        ("Gm", {"B": -1, "E": -1}),
        ("F#loc", {"F": 1}),
        ("D exp _b", {"B": -1}),
        ("Hp", {"C": 1, "F": 1, "G": 0}),
        ("C", {}),
    ],
)
def test_a_key_alters(text: str, signature: dict[str, int]) -> None:
    key = parse_key(text)
    assert key is not None
    alterations = key.alterations
    assert alterations == signature


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("C", "4/4"),
        ("C|", "C|"),
        ("2/2", "C|"),
        ("6/8", "6/8"),
        ("(2+3)/8", "5/8"),
        ("none", "none"),
    ],
)
def test_a_meter_has_one_spelling(text: str, canonical: str) -> None:
    assert str(parse_meter(text)) == canonical


@pytest.mark.parametrize("text", ["banana", "4/0", "0/4", "1/0", "99999999/8", "-3/4"])
def test_what_is_no_meter_is_none(text: str) -> None:
    assert parse_meter(text) is None


def test_units() -> None:
    assert parse_unit("1/8") == Fraction(1, 8)
    assert parse_unit("1") == 1
    assert parse_unit("1/0") is parse_unit("x") is parse_unit("0/8") is None


@pytest.mark.parametrize(
    ("field", "quarters"),
    [
        ("Q:1/4=100", 100),
        ("Q:3/8=80", 120),
        ('Q:1/4=90 "Andantino"', 90),
        ("Q:120", 60),
        ("Q:1/0=9", 208),
        ("Q:1/4=0", 10),
        ('Q:"Lively"', 208),
        ("R:jig", 172.5),
    ],
)
def test_a_tempo_is_read_or_usual_for_the_rhythm(field: str, quarters: float) -> None:
    rhythm = "" if field.startswith("R") else "R:reel\n"
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{rhythm}{field}\nM:C|\nL:1/8\nK:C\nA8|\n")
    assert tempo_of(parsed.tune).quarters_per_minute == quarters


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é".encode(), "é"),
        ("é".encode("cp1252"), "é"),
        ("é".encode("utf-8-sig"), "é"),
        ("\ufeffé".encode("utf-16-le"), "é"),
        (b"", ""),
    ],
)
def test_text_is_read_in_the_encoding_it_has(data: bytes, text: str) -> None:
    assert decode_source(data) == text


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InputError, match="not a text file"):
        decode_source(b"MThd\x00\x00\x00\x06")


def test_accents_written_with_a_backslash() -> None:
    assert unescape_text(r"Cait\'in \~na \aa \%") == "Caitín ña å %"
