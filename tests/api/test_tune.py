"""A tune: its fields, its problems, another key, and files of every kind."""

from pathlib import Path

import pytest

import abclm
from abclm.errors import InputError, OutputError

REEL = "X:5\nT:A tune\nR:reel\nM:4/4\nL:1/8\nK:Edor\nE2BE dEBE|E2BE AFDF|]\n"


def test_it_says_what_its_header_does() -> None:
    tune = abclm.Tune(REEL)
    assert (tune.number, tune.title, tune.rhythm) == (5, "A tune", "reel")
    assert (tune.meter, tune.key) == ("4/4", "Edor")
    assert str(tune) == REEL
    assert not tune.problems(strict=True)
    assert tune.bits_per_note is None


def test_equal_texts_are_equal_tunes() -> None:
    assert abclm.Tune(REEL) == abclm.Tune(REEL, id=3)
    assert abclm.Tune(REEL) != abclm.Tune(REEL.replace("E2BE", "E3B"))


def test_problems_have_their_place() -> None:
    [problem] = abclm.Tune(REEL.replace("dEBE", "dEBEE")).problems()
    assert (problem.line, problem.rule) == (7, "bar-length")


def test_it_moves_to_another_key() -> None:
    assert abclm.Tune(REEL).transpose("A").abc.endswith("K:Ador\nA2eA gAeA|A2eA dBGB|]\n")
    assert (
        abclm.Tune(REEL).transpose("A", down=True).abc.endswith("A,2EA, GA,EA,|A,2EA, DB,G,B,|]\n")
    )
    assert abclm.Tune(REEL).transpose(semitones=2).key == "F#dor"
    with pytest.raises(InputError, match="give a key or a distance"):
        abclm.Tune(REEL).transpose()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("tune.abc", b"X:5\n"),
        ("tune.mid", b"MThd"),
        ("tune.MIDI", b"MThd"),
        ("tune.svg", b"<?xml"),
        ("tune.html", b"<!doctype html>"),
        ("tune.wav", b"RIFF"),
        ("tune.musicxml", b"<?xml"),
        ("tune.mxl", b"PK"),
    ],
)
def test_the_name_of_a_file_says_what_it_becomes(name: str, start: bytes) -> None:
    abclm.Tune(REEL).save(name)
    assert Path(name).read_bytes().lower().startswith(start.lower())


def test_a_picture_may_be_the_piano_roll_and_chord_symbols_may_be_silent() -> None:
    tune = abclm.Tune('X:1\nM:4/4\nL:1/4\nK:C\n"C"C4|\n')
    tune.save("roll.svg", roll=True)
    assert "Piano roll" in Path("roll.svg").read_text(encoding="utf-8")
    tune.save("tune.mid")
    played = Path("tune.mid").stat().st_size
    tune.save("tune.mid", chords=False)
    assert Path("tune.mid").stat().st_size < played
    tune.save("tune.musicxml", mark=False)
    assert "<software>" not in Path("tune.musicxml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["tune.png", "tune", "tune.json"])
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(OutputError, match=r"ends in \.abc, \.mid, .*, \.musicxml or \.mxl"):
        abclm.Tune(REEL).save(name)
    assert not Path(name).exists()


def test_a_file_of_another_kind_stays() -> None:
    Path("tune.mid").write_text(REEL, encoding="utf-8")
    with pytest.raises(OutputError, match="holds ABC"):
        abclm.Tune(REEL).save("tune.mid")
    assert Path("tune.mid").read_text(encoding="utf-8") == REEL


def test_a_notebook_shows_staves_and_a_player() -> None:
    shown = abclm.Tune(REEL)._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "&lt;svg" in shown
    assert 'title="A tune"' in shown


def test_without_verovio_it_shows_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    shown = abclm.Tune(REEL.replace("A tune", "<b>"))._repr_html_()
    assert shown.startswith("<pre>X:5\nT:&lt;b&gt;")


def test_a_text_of_several_tunes_is_refused_when_it_is_used() -> None:
    with pytest.raises(InputError, match="holds 2 tunes"):
        _ = abclm.Tune(REEL + "\n" + REEL.replace("X:5", "X:6")).title


def test_it_has_a_number_and_plain_line_ends() -> None:
    assert abclm.Tune("T:a\r\nK:G\r\nGAB").abc == "X:1\nT:a\nK:G\nGAB\n"
