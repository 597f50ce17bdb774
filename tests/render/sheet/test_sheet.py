"""Books as PDF: what is on which page, read back by another program."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from abclm.errors import InputError, RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.music import Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.sheet.drawing import Glyph, Text
from abclm.render.sheet.options import PAPERS, SIZES, TABS, SheetOptions
from abclm.render.sheet.pdf import pdf_bytes
from abclm.render.sheet.sheet import Pages, build_pages
from abclm.render.sheet.svg import svg_text

pytest.importorskip("verovio", reason="verovio is not installed")
pytest.importorskip("reportlab", reason="reportlab is not installed")
pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")

BARS = "GABc d2Bd|e2ce d2Bd|c2Ac B2GB|AGFE D4|"
REEL = f"{BARS}\n{BARS}\n{BARS}\n{BARS[:-1]}|]\n"


def tunes(*parts: str) -> list[Tune]:
    return [parsed.tune for parsed in parse_tunebook("\n".join(parts))]


def reel(number: int, title: str = "", music: str = REEL, fields: str = "") -> str:
    title = title or f"Tune Number {number}"
    return f"X:{number}\nT:{title}\n{fields}M:4/4\nL:1/8\nK:G\n{music}\n"


@pytest.fixture(scope="module")
def engraver() -> Iterator[Engraver]:
    with Engraver() as one:
        yield one


def pages_of(engraver: Engraver, book: list[Tune], **options: Any) -> tuple[Pages, list[str]]:
    """The pages, and the text of each as it is found in the PDF."""
    built = build_pages(book, SheetOptions(**options), engraver, "A Book")
    document = pdfium.PdfDocument(pdf_bytes(built))
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    assert len(texts) == len(built.pages)
    return built, texts


def test_one_tune_is_one_page_with_its_title_and_nothing_else(engraver: Engraver) -> None:
    fields = "T:Another Name\nC:A. Composer\nR:reel\n"
    _, (text,) = pages_of(engraver, tunes(reel(1, "The Title", fields=fields)))
    assert text.split("\r\n") == ["The Title", "Another Name", "Reel A. Composer"]


def test_a_book_has_its_title_page_numbers_and_every_tune_on_one_page(engraver: Engraver) -> None:
    built, texts = pages_of(engraver, tunes(*map(reel, range(1, 9))), title="Friday")
    assert len(texts) > 1
    assert texts[0].startswith("Friday")
    for number, text in enumerate(texts, 1):
        assert "Friday" in text
        assert str(number) in text.split()
    for number in range(1, 9):
        assert sum(f"Tune Number {number}" in text for text in texts) == 1
    systems = [systems_on(page) for page in built.pages]
    assert all(count % 4 == 0 for count in systems)
    assert sum(systems) == 32


def systems_on(page: Any) -> int:
    """Systems are the drawings that are scaled."""
    return sum(item.scale != 1 for item in page.items)


def test_a_tune_longer_than_a_page_goes_on_over_several(engraver: Engraver) -> None:
    built, texts = pages_of(engraver, tunes(reel(1, "Long", f"{BARS}\n" * 40)))
    assert len(texts) > 1
    assert sum("Long" in text for text in texts) == len(texts)  # the header names it
    assert all(systems_on(page) > 1 for page in built.pages)


def test_a_title_below_which_no_tune_fits_gets_no_page_to_itself(engraver: Engraver) -> None:
    book = tunes(reel(1, "One", f"{BARS}\n" * 14), reel(2, "Two"))
    _, texts = pages_of(engraver, book, title="Friday")
    assert "Friday" in texts[0]
    assert "One" in texts[0]


def test_the_index_has_every_title_with_its_page(engraver: Engraver) -> None:
    book = tunes(
        reel(1, "The Zebra", fields="T:Alias of the Zebra\n"),
        *(reel(number) for number in range(2, 6)),
        reel(6, "An Apple"),
    )
    _, texts = pages_of(engraver, book, index=True)
    entries = re.findall(r"^(.+?) [ .]*(\d+)\r?$", texts[-1].replace("\r\n", "\n"), re.MULTILINE)
    titles = [title for title, _ in entries]
    assert titles == [
        *("Alias of the Zebra", "An Apple"),
        *(f"Tune Number {number}" for number in range(2, 6)),
        "The Zebra",
    ]
    for title, page in entries:
        assert title in texts[int(page) - 1]


def test_text_is_found_whatever_its_alphabet(engraver: Engraver) -> None:
    built, (text,) = pages_of(engraver, tunes(reel(1, "Čaj a Tá, Привет ★"), reel(2, "中")))
    assert "Čaj a Tá, Привет ★" in text
    assert built.remarks == ("X:2 中: no font has 中; in PDF and PNG a box stands there",)


def test_chord_symbols_are_shown_only_with_chords(engraver: Engraver) -> None:
    book = tunes(reel(1, "T", '"Am7"G4 "^slowly"G4|]'))
    built, (text,) = pages_of(engraver, book)
    assert "Am7" not in text
    assert "slowly" in text
    assert built.remarks == ("chord symbols are left out; --chords shows them",)
    built, (text,) = pages_of(engraver, book, chords=True)
    assert "Am7" in text
    assert not built.remarks


def test_the_abc_text_and_words_stand_below_the_tune(engraver: Engraver) -> None:
    book = tunes(reel(1, "T", "GABc d4|]\nW:Down by the shore\n"))
    _, (text,) = pages_of(engraver, book, abc=True)
    assert "Down by the shore" in text
    assert "GABc d4|]" in text


def test_incipits_are_many_to_a_page(engraver: Engraver) -> None:
    built, texts = pages_of(engraver, tunes(*map(reel, range(1, 25))), incipits=True)
    assert len(texts) == 1
    assert systems_on(built.pages[0]) == 24


@pytest.mark.parametrize("tab", TABS)
def test_each_struck_note_has_its_tablature(engraver: Engraver, tab: str) -> None:
    built, _ = pages_of(engraver, tunes(reel(1, "T", "D2 F2 A2 d2|e8-|e8|]")), tab=tab)
    scaled = [item for item in built.pages[0].items if item.scale != 1]
    strip = scaled[1].drawing
    if tab == "whistle-D":
        assert sum(isinstance(mark, Glyph) for mark in strip.marks) == 5 * 6
    else:
        labels = [mark.text for mark in strip.marks if isinstance(mark, Text)]
        assert labels[:4] == ["E", "A", "D", "G"]
        fingers = {"mandolin": "0 4 0 5 0", "fiddle": "0 2 0 3 0"}
        # F in G major is sharp.
        assert labels[4:] == fingers[tab].split()


def test_notes_that_the_instrument_lacks_are_named(engraver: Engraver) -> None:
    built, _ = pages_of(engraver, tunes(reel(1, "Low", "G,4 C4|]")), tab="whistle-D")
    assert built.remarks == ("X:1 Low: 2 notes are not on a whistle in D; a cross stands there",)


def test_tunes_that_cannot_be_engraved_are_named_and_left_out(engraver: Engraver) -> None:
    book = tunes(reel(1), "X:2\nT:Silent\nK:G\n\n", reel(3))
    built, texts = pages_of(engraver, book, index=True)
    assert built.problems == ("tune 2 has no notes to render",)
    assert "Silent" not in "".join(texts)


def test_a_book_of_which_nothing_is_left_is_an_error(engraver: Engraver) -> None:
    with pytest.raises(RenderError, match="tune 2 has no notes to render"):
        build_pages(tunes("X:2\nT:Silent\nK:G\n\n"), SheetOptions(), engraver)


HOSTILE = {
    "bar without end": "GABc" * 300,
    "thirty voices": "\n".join(f"[V:{voice}] GABc d4|]" for voice in range(30)),
    "notes far away": "G,,,8|g''''8|[C,,Gc''']8|]",
    "word without end": "GABc|]\nw: " + "a" * 300,
    "chord symbol without end": '"' + "Gmaj7" * 60 + '"GABc|]',
    "crashes verovio's own parser": "!\n:|D:|",
}


@pytest.mark.parametrize("music", HOSTILE.values(), ids=HOSTILE)
def test_no_tune_breaks_the_book(engraver: Engraver, music: str) -> None:
    title = "\x1b]0;" + "T" * 400
    options = {"tab": "whistle-D", "abc": True, "chords": True, "index": True, "columns": 2}
    built, texts = pages_of(engraver, tunes(reel(1), reel(2, title, music), reel(3)), **options)
    text = "".join(texts)
    assert "Tune Number 1" in text
    assert "Tune Number 3" in text
    assert len(built.pages) < 10


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("size", SIZES)
def test_systems_fill_the_width_of_the_paper(engraver: Engraver, paper: str, size: str) -> None:
    options = SheetOptions(paper=paper, size=size)
    built = build_pages(tunes(reel(1), reel(2)), options, engraver)
    page = built.pages[0]
    assert (page.width, page.height) == options.page
    for item in page.items:
        if item.scale != 1:
            right = item.x + item.drawing.box.right * item.scale
            assert right <= page.width - options.margin + 3
    widest = max(item.x + item.drawing.box.right * item.scale for item in page.items)
    assert widest == pytest.approx(page.width - options.margin, abs=3)


def test_the_same_tunes_give_the_same_bytes_and_may_go_without_mark(engraver: Engraver) -> None:
    built, _ = pages_of(engraver, tunes(reel(1), reel(2)))
    assert pdf_bytes(built) == pdf_bytes(built)
    assert b"abclm 0." in pdf_bytes(built)
    assert b"abclm 0." not in pdf_bytes(built, mark=False)
    page = built.pages[0]
    assert "<metadata>abclm" in svg_text(page, "T")
    assert "abclm" not in svg_text(page, "T", mark=False)


def test_bookmarks_lead_to_the_tunes(engraver: Engraver) -> None:
    built, _ = pages_of(engraver, tunes(*map(reel, range(1, 6))))
    document = pdfium.PdfDocument(pdf_bytes(built))
    marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert [title for title, _ in marks] == [f"Tune Number {number}" for number in range(1, 6)]
    assert marks[0][1] == 0
    assert marks[-1][1] == len(built.pages) - 1
    document.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"paper": "B5"}, "paper: there is no 'B5': give A4, Letter, A5 or tablet"),
        ({"size": "x"}, "size: there is no 'x': give small, normal or large"),
        ({"tab": "banjo"}, "tab: there is no 'banjo': give whistle-D, mandolin or fiddle"),
        ({"columns": 0}, "columns: 0 is not a number from 1 to 4"),
        ({"incipits": True, "tab": "fiddle"}, "incipits and tab exclude each other"),
    ],
)
def test_options_that_do_not_exist(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        SheetOptions(**options)


def test_names_are_taken_in_any_case() -> None:
    options = SheetOptions(paper="a4", tab="Whistle-d", size="LARGE")
    assert (options.paper, options.tab, options.size) == ("A4", "whistle-D", "large")
