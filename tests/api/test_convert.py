"""`abclm.convert`."""

from pathlib import Path

import pytest

import abclm
from abclm.errors import InputError
from tests.reading.xml_files import attributes, note, score

BAR = note("C4", 16)


def test_a_file_becomes_a_tune(tmp_path: Path) -> None:
    path = tmp_path / "a.musicxml"
    path.write_bytes(score(["implicit" + attributes() + note("G4", 4), BAR, BAR]))
    said: list[str] = []
    tune = abclm.convert(path, say=said.append)
    assert (tune.title, tune.key, tune.meter) == ("a", "C", "4/4")
    assert tune.abc.endswith("G | C4 | C4 |]\n")
    assert tune.problems() == []
    assert [line.partition(": ")[0] for line in said] == [str(path)]


def test_what_cannot_be_read_raises(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a/>")
    with pytest.raises(InputError, match=r"a\.xml: is not MusicXML"):
        abclm.convert(path)
    with pytest.raises(InputError, match="cannot be read"):
        abclm.convert(tmp_path / "missing.mid")
