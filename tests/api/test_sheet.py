from pathlib import Path

import pytest

import abclm
from abclm.api.sheets import Sheet, SheetOptions
from abclm.errors import OutputError

BOOK = "X:1\nT:One\nM:2/4\nL:1/8\nK:G\nGABc|d4|]\n\nX:2\nT:Two\nM:2/4\nL:1/8\nK:G\nGABc|d4|]\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    for package in ("verovio", "reportlab", "pypdfium2"):
        pytest.importorskip(package, reason=f"{package} is not installed")
    path = tmp_path / "book.abc"
    path.write_text(BOOK, encoding="utf-8")
    return abclm.sheet(abclm.read(path), "2,1", SheetOptions(paper="A5", index=True))


def test_a_sheet_is_saved_as_what_its_name_says(sheet: Sheet, tmp_path: Path) -> None:
    assert len(sheet) == 2
    assert sheet.save(tmp_path / "s.pdf") == [tmp_path / "s.pdf"]
    assert [path.name for path in sheet.save(tmp_path / "s.svg")] == ["s-1.svg", "s-2.svg"]
    assert [path.name for path in sheet.save(str(tmp_path / "s.png"))] == ["s-1.png", "s-2.png"]
    with pytest.raises(OutputError, match=r"give a name that ends in \.pdf, \.svg or \.png"):
        sheet.save(tmp_path / "s.mid")


def test_all_pages_are_named_before_one_is_written(sheet: Sheet, tmp_path: Path) -> None:
    (tmp_path / "s-2.svg").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        sheet.save(tmp_path / "s.svg")
    assert not (tmp_path / "s-1.svg").exists()
