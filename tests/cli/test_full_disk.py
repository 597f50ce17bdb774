"""A disk that is full: one line, the book as it was, and what was made or typed kept elsewhere."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

BOOK = b"X:1\nT:One\nM:2/4\nL:1/8\nK:G Major\nBAGA|d2d2|B2A2|G4|]\n" + b"% \xe9\n" * 10_000
MODEL = ("--checkpoint", "spelling", "--seed", "1")


@pytest.fixture
def book(folder: Path, spelling: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book that has more than half of its disk; there is room for a history elsewhere."""
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))
    monkeypatch.setenv("VISUAL", "sed -i s/T:One/T:Uno/")
    path = small_disk / "book.abc"
    path.write_bytes(BOOK)
    return path


@pytest.mark.parametrize(
    ("args", "kept"),
    [
        (("generate", *MODEL, "-o", "BOOK"), "what was written is in the history: abclm show 2"),
        (("keep", "1", "Title", "-o", "BOOK"), ""),
        (("validate", "--fix", "BOOK"), ""),
        (("transpose", "BOOK", "--key", "A", "--in-place"), ""),
        (
            ("redo", "BOOK", "--bars", "3-4", "--pick", "1", *MODEL, "--in-place"),
            "what was written is in the history: abclm show 2",
        ),
        (("edit", "BOOK"), "what you typed is in "),
    ],
)
def test_nothing_is_lost(
    run: Run, folder: Path, book: Path, args: tuple[str, ...], kept: str
) -> None:
    assert run("generate", *MODEL).exit_code == 0
    done = run(*(str(book) if arg == "BOOK" else arg for arg in args))
    assert done.exit_code == 2
    assert "cannot be written: no space left on device" in done.stderr
    assert kept in done.stderr
    assert done.stderr.count("\n") == 1
    assert book.read_bytes() == BOOK
    assert list(book.parent.iterdir()) == [book]
    if kept.endswith(" is in "):
        typed = Path(done.stderr.strip().rpartition(kept)[2])
        assert typed.parent == folder / "data" / "kept"
        assert "T:Uno" in typed.read_text(encoding="utf-8")
