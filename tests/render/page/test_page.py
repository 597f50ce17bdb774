import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from abclm.errors import RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.source import decode_source
from abclm.notation.tune.music import Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.engrave.picture import inline_picture
from abclm.render.page.page import Page, build_page

TUNES = Path(__file__).parents[2] / "tunes"
EVIL = """X:1
T:<script>alert(1)</script>
T:</script><img src=x onerror=alert(2)>
C:"quoted" & <i>
R:<b>
M:4/4
K:Edor
"<b>&"GABc "^</text><script>x</script>"d4|]
W:<u>words</u>
"""


class DrawsNothing(Engraver):
    """An engraver that has no verovio behind it."""

    def engrave(self, tune: Tune, prefix: str = "n", *, titled: bool = False) -> list[str]:
        if tune.title == "bad":
            raise RenderError("X:2 bad: not engraved: verovio crashed on it")
        return [f'<svg viewBox="0 0 10 10" id="l1"><g id="{prefix}-4-1" class="note"/></svg>']


class Reader(HTMLParser):
    """Collects what the tests ask about."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]


def read(page: Page) -> Reader:
    reader = Reader()
    reader.feed(page.text)
    return reader


def tunes_of(text: str) -> list[Tune]:
    return [parsed.tune for parsed in parse_tunebook(text)]


def tune_text(title: str, number: int = 1) -> str:
    return f"X:{number}\nT:{title}\nM:4/4\nK:Ador\nA8|]\n\n"


def test_texts_of_a_tune_are_escaped() -> None:
    page = build_page(tunes_of(EVIL), "a <b>book</b>", DrawsNothing())
    reader = read(page)
    assert reader.tags.count("script") == 2
    assert not {"img", "b", "i", "u"} & set(reader.tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</h2>" in page.text
    assert not [name for name, _ in reader.attributes if name.startswith("on")]


def test_nothing_comes_from_outside() -> None:
    reader = read(build_page(tunes_of(EVIL * 5), "book", DrawsNothing()))
    for name, value in reader.attributes:
        assert name not in {"src", "srcset", "action"}
        assert name not in {"href", "xlink:href"} or value.startswith("#")
        assert "http" not in value or name == "http-equiv"
    assert "link" not in reader.tags


def test_only_the_script_of_the_page_may_run() -> None:
    text = build_page(tunes_of(EVIL), "book", DrawsNothing()).text
    assert re.search(r"default-src 'none'.*script-src 'sha256-[A-Za-z0-9+/=]{44}'", text)


def test_the_notes_come_with_the_page() -> None:
    page = build_page(tunes_of(tune_text("one")), "book", DrawsNothing())
    match = re.search(r'id="music">(.*?)</script>', page.text)
    assert match
    assert json.loads(match.group(1)) == {
        "tune-1": {"notes": [[0, 2000, 69]], "marks": [[0, "tune-1-5-1"]]}
    }
    assert 'aria-label="Play one"' in page.text


def test_contents_for_more_than_a_few_tunes() -> None:
    few = "".join(tune_text(str(number), number) for number in range(3))
    assert "nav" not in read(build_page(tunes_of(few), "book", DrawsNothing())).tags
    many = read(build_page(tunes_of(few + tune_text("last", 9)), "book", DrawsNothing()))
    assert ("href", "#tune-4") in many.attributes
    assert "tune-4" in many.ids


def test_a_tune_that_cannot_be_engraved_is_told_and_keeps_its_text() -> None:
    text = tune_text("good") + tune_text("bad", 2)
    page = build_page(tunes_of(text), "book", DrawsNothing())
    assert page.problems == ("X:2 bad: not engraved: verovio crashed on it",)
    assert page.text.count("could not be engraved") == 1
    assert page.text.count("<code>X:") == 2


def test_facts_of_a_tune() -> None:
    text = "X:1\nT:t\nR:slip jig\nC:me\nO:Clare\nM:9/8\nK:F#m\nA9|]\n"
    page = build_page(tunes_of(text), "book", DrawsNothing())
    assert ">Slip jig · F♯ minor · 9/8 · me · Clare</p>" in page.text


def test_glyphs_of_two_pictures_are_written_once() -> None:
    picture = (
        '<svg viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg" id="l1"><desc>by</desc><defs>'
        '<g id="E0A4-l1"><path d="M0 0"/></g></defs>'
        '<style type="text/css">#l1 path {stroke:currentColor}</style>'
        '<g id="x1"><g id="t-1-1"><use xlink:href="#E0A4-l1" /></g></g></svg>'
    )
    glyphs: dict[str, str] = {}
    assert inline_picture([picture], "t", glyphs) == (
        '<svg viewBox="0 0 9 9"><g><g id="t-1-1"><use href="#glyph-E0A4" /></g></g></svg>'
    )
    assert glyphs == {"glyph-E0A4": '<path d="M0 0"/>'}


def test_a_whole_book_has_no_id_twice() -> None:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    texts = [decode_source(path.read_bytes()) for path in sorted(TUNES.glob("*/*.abc"))]
    tunes = [tune for text in [*texts, EVIL, EVIL] for tune in tunes_of(text)]
    with Engraver() as engraver:
        page = build_page(tunes, "book", engraver)
    reader = read(page)
    assert len(reader.ids) == len(set(reader.ids))
    assert len(page.problems) == 1  # the tune without music
    used = {value[1:] for name, value in reader.attributes if name == "href"}
    assert used <= set(reader.ids)
    match = re.search(r'id="music">(.*?)</script>', page.text)
    assert match
    lit = {mark for entry in json.loads(match.group(1)).values() for _, mark in entry["marks"]}
    rests = {mark for mark in lit if mark not in reader.ids}
    assert len(rests) < len(lit) / 20  # a rest of a whole bar has none
