from fractions import Fraction

import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.tempo import Tempo, parse_tempo, tempo_of
from abclm.notation.syntax.tables import RHYTHMS

EIGHTH = Fraction(1, 8)


@pytest.mark.parametrize(
    ("value", "beat", "per_minute"),
    [
        ("1/4=120", "1/4", 120),
        (" 1/4 = 120 ", "1/4", 120),
        ("3/8=66.5", "3/8", 66.5),
        ("1/4 3/8 1/4 3/8=40", "5/4", 40),
        ("1/4 3/8 1/4=40", "7/8", 40),
        ('"Allegro" 1/4=120', "1/4", 120),
        ('3/8=50 "Slowly"', "3/8", 50),
        ('"Allegro"', "1/4", 132),
        ("Allegro", "1/4", 132),
        ('"Allegretto con brio"', "1/4", 112),
        ('"Very slow"', "1/4", 50),
        ("120", "1/8", 120),
        ("C=100", "1/8", 100),
        ("C3=40", "3/8", 40),
        ("C3/2=40", "3/16", 40),
        ("1/4=120-130", "1/4", 120),
    ],
)
def test_every_form_of_a_tempo_is_read(value: str, beat: str, per_minute: float) -> None:
    assert parse_tempo(value, EIGHTH) == Tempo(Fraction(beat), per_minute)


@pytest.mark.parametrize(
    "value", ["", '"Lively"', "1/0=90", "C0=90", "fast!", "=", '"', "1/4=", "C"]
)
def test_what_names_no_tempo_is_none(value: str) -> None:
    assert parse_tempo(value, EIGHTH) is None


@pytest.mark.parametrize(("value", "quarters"), [("1/4=0", 10), ("1/4=9999", 600), ("1/4=90", 90)])
def test_a_tempo_is_kept_within_what_can_be_played(value: str, quarters: float) -> None:
    tempo = parse_tempo(value, EIGHTH)
    assert tempo is not None
    assert tempo.quarters_per_minute == quarters


def tempo(header: str) -> float:
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{header}L:1/8\nK:C\nA|\n")
    return tempo_of(parsed.tune).quarters_per_minute


@pytest.mark.parametrize(
    ("header", "quarters"),
    [
        ("M:4/4\n", 120),
        ("M:6/8\n", 165),
        ("M:6/8\nR:Jig\n", 172.5),
        ("M:6/8\nR:single jig\n", 210),
        ("M:C|\nR:reel, irish\n", 208),
        ("M:C|\nR:reel\nQ:1/4=90\n", 90),
        ("M:C|\nR:reel\nQ:nonsense\n", 208),
        ("M:4/4\nQ:1/4=90\nQ:1/4=100\n", 100),
        ("M:4/4\nR:unheard of\n", 120),
    ],
)
def test_a_tune_goes_as_it_says_or_as_is_usual(header: str, quarters: float) -> None:
    assert tempo(header) == quarters


@pytest.mark.parametrize(
    ("header", "body", "quarters"),
    [
        ("M:2/4\nR:reel\nL:1/16\n", "G2BG dGBG|ABcd e2d2|", 104),
        ("M:2/4\nR:reel\nL:1/8\n", "G2BG|dGBG|", 208),
        ("M:2/4\nR:polka\nL:1/16\n", "G2BG d2B2|", 130),
    ],
)
def test_a_reel_written_in_sixteenths_is_no_faster(header: str, body: str, quarters: int) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{header}K:C\n{body}\n")
    assert tempo_of(parsed.tune).quarters_per_minute == quarters


def test_every_rhythm_we_know_has_a_usual_tempo() -> None:
    plain = tempo("M:5/4\n")
    by_meter = {rhythm for rhythm in RHYTHMS.values() if tempo(f"M:5/4\nR:{rhythm}\n") == plain}
    # A strathspey goes by crotchets at the same pace as a tune that names no rhythm.
    assert by_meter == {"strathspey"}
