"""Every way to write a book, in every encoding of it: what is not meant to change does not."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from abclm.notation.syntax.source import Source
from tests.cli.conftest import Run

MODEL = ("--checkpoint", "spelling", "--seed", "1")
ODD = "\udce9"
"""A byte that is not UTF-8, as `Source` has it."""


@dataclass(frozen=True)
class Form:
    """How a book is encoded; ``odd`` stands at the end of lines that no command changes."""

    name: str
    encoding: str = "utf-8"
    mark: bytes = b""
    odd: str = "é"
    first: str = "% a book"
    ends: tuple[str, ...] = ("\n",)
    ended: bool = True

    def encode(self, text: str) -> bytes:
        wide = self.encoding.startswith(("utf-16", "utf-32"))
        return text.encode(self.encoding, "strict" if wide else "surrogateescape")


FORMS = (
    Form("UTF-8"),
    Form("UTF-8 with its mark", mark=b"\xef\xbb\xbf"),
    Form("UTF-16 LE", "utf-16-le", b"\xff\xfe"),
    Form("UTF-16 BE", "utf-16-be", b"\xfe\xff"),
    Form("UTF-32 LE", "utf-32-le", b"\xff\xfe\0\0"),
    Form("Latin-1", "cp1252"),
    Form("undefined in Windows-1252", "cp1252", odd="é\udc81"),
    Form("a stray byte in UTF-8", odd="éé" + ODD),
    Form("a stray byte behind the mark", mark=b"\xef\xbb\xbf", odd=ODD),
    Form("declared Latin-1", "iso8859-1", first="%%abc-charset iso-8859-1"),
    Form("declared Latin-2", "iso8859-2", odd="ő", first="I:abc-charset iso-8859-2"),
    Form("declared UTF-8", odd=ODD * 3, first="%%abc-charset utf-8"),
    Form("CRLF", ends=("\r\n",)),
    Form("CR", ends=("\r",)),
    Form("mixed line ends", ends=("\r\n", "\n", "\n")),
    Form("no line end at the end", ended=False),
)

LINES = (
    "{first}",
    "% {odd}",
    "",
    "X:1",
    "T:One {odd}",
    "M:2/4",
    "L:1/8",
    "K:G Major",
    "BAGA|d2d2|B2A2|G4|]",
    "% {odd}",
    "",
    "X:2",
    "T:Two {odd}",
    "M:2/4",
    "L:1/8",
    "K:G",
    "% {odd}",
    "GABc|d2",
    "",
    "free text {odd}",
    "",
    "X:3",
    "T:Three {odd}",
    "M:2/4",
    "L:1/8",
    "K:D",
    "% {odd}",
    "D4|D4|]",
)


@dataclass(frozen=True)
class Way:
    """A command that writes ``book.abc``, or ``out.abc`` from it, and the lines it may change."""

    name: str
    args: tuple[str, ...]
    lines: tuple[int, int]
    output: str = "book.abc"
    editing: str = ""


END = (len(LINES), len(LINES))
WAYS = (
    Way("generate", ("generate", *MODEL, "-o", "book.abc"), END),
    Way("more", ("more", "1", "-n", "1", "--seed", "2", "-o", "book.abc"), END),
    Way("tweak", ("tweak", "1", "--key", "A", "-o", "book.abc"), END),
    Way("keep", ("keep", "1", "Caf\u00e9", "-o", "book.abc"), END),
    Way("validate", ("validate", "--fix", "book.abc"), (7, 18)),
    Way(
        "transpose", ("transpose", "book.abc", "--tune", "3", "--key", "E", "--in-place"), (25, 28)
    ),
    Way(
        "transpose to a file",
        ("transpose", "book.abc", "--tune", "3", "--key", "E", "-o", "out.abc"),
        (25, 28),
        "out.abc",
    ),
    *(
        Way(name + way, (*args, *MODEL, *options), lines, output)
        for name, args, lines in (
            ("redo", ("redo", "book.abc", "--tune", "1", "--bars", "3-4", "--pick", "1"), (8, 9)),
            ("continue", ("continue", "book.abc", "--tune", "2"), (17, 18)),
            ("second part", ("second-part", "book.abc", "--tune", "1", "-n", "1"), (8, 9)),
        )
        for way, options, output in (
            ("", ("--in-place",), "book.abc"),
            (" to a file", ("-o", "out.abc"), "out.abc"),
        )
    ),
    Way("edit a tune", ("edit", "book.abc", "--tune", "3"), (27, 28), editing="s/D4|D4/D2E2|D4/"),
    Way("edit the file", ("edit", "book.abc"), (8, 28), editing="s/|d2d2/|d2e2/;s/D4|D4/D2E2|D4/"),
)


@pytest.fixture
def made(run: Run, folder: Path, spelling: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line, with a tune in its history."""
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))
    monkeypatch.delenv("VISUAL", raising=False)
    assert run("generate", *MODEL).exit_code == 0
    return run


def lines_of(form: Form) -> list[bytes]:
    """The encoded lines of a book, the mark with the first."""
    texts = [line.format(first=form.first, odd=form.odd) for line in LINES]
    ends = [form.ends[at % len(form.ends)] for at in range(len(texts))]
    if not form.ended:
        ends[-1] = ""
    lines = [form.encode(text + end) for text, end in zip(texts, ends, strict=True)]
    return [form.mark + lines[0], *lines[1:]]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_byte_outside_the_change_stays(
    made: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, way: Way, form: Form
) -> None:
    lines = lines_of(form)
    old = b"".join(lines)
    book = folder / "book.abc"
    book.write_bytes(old)
    monkeypatch.setenv("EDITOR", f"sed -i '{way.editing}'")
    done = made(*way.args)
    assert done.exit_code in {0, 1}, done.stderr
    new = (folder / way.output).read_bytes()
    start, stop = (b"".join(lines[:at]) for at in way.lines)
    assert new.startswith(start)
    assert new.endswith(old[len(stop) :])
    changed = new[len(start) : len(new) - len(old) + len(stop)]
    assert changed != old[len(start) : len(stop)]
    if way.output != "book.abc":
        assert book.read_bytes() == old
    elif way.lines != END and not way.editing:
        assert (folder / "book.abc.bak").read_bytes() == old


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_what_is_added_has_the_encoding_and_the_line_end_of_the_book(
    made: Run, folder: Path, form: Form
) -> None:
    old = b"".join(lines_of(form))
    book = folder / "book.abc"
    book.write_bytes(old)
    assert made("keep", "1", "Caf\u00e9", "-o", book).exit_code == 0
    added = book.read_bytes()[len(old) :]
    end = Source.decode(old, "").line_end
    gap = end if form.ended else end * 2
    assert added.startswith(form.encode(f"{gap}X:4{end}T:Caf\u00e9{end}M:2/4{end}"))
    assert added.endswith(form.encode(f"d4|]{end}"))


@pytest.mark.parametrize("command", [("keep", "1", "♯"), ("generate", "--title", "♯", *MODEL)])
def test_what_the_book_cannot_say_is_refused(
    made: Run, folder: Path, command: tuple[str, ...]
) -> None:
    book = folder / "book.abc"
    old = "%%abc-charset iso-8859-1\nX:1\nT:é\nK:G\nG4|]\n".encode("latin-1")
    book.write_bytes(old)
    done = made(*command, "-o", book)
    assert done.exit_code == 2
    assert "'♯' cannot be written: the file is in ISO-8859-1" in done.stderr
    assert done.stderr.count("\n") == 1
    assert book.read_bytes() == old


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"MThd\0\0\0\6", "MIDI"),
        (b"X:1\nK:G\nG\0|\n", "not a text file"),
        (b"\xff\xfeX\0:\0001\0\n", "not valid UTF-16"),
        (b"\xff\xfe\0\xd8X\0", "not valid UTF-16"),
        ("X:1\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html>\n", "HTML"),
    ],
)
@pytest.mark.parametrize(
    "way", [way for way in WAYS if way.output == "book.abc"], ids=lambda way: way.name
)
def test_what_is_not_abc_is_refused_by_all(
    made: Run, folder: Path, way: Way, data: bytes, message: str
) -> None:
    book = folder / "book.abc"
    book.write_bytes(data)
    done = made(*way.args)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert book.read_bytes() == data
