import base64
import gzip
import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from abclm.errors import RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.source import decode_source
from abclm.notation.tune.music import Tune
from abclm.render.engrave.engraving import Engraver
from abclm.render.page.page import Page, PageOptions, build_page
from abclm.render.sound.playback import Playback

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
        return [picture(prefix)]

    def engrave_as(
        self, tune: Tune, layout: Mapping[str, Any], prefix: str = "n", *, bars_in_line: int = 0
    ) -> list[str]:
        return [picture(prefix)]


def picture(prefix: str) -> str:
    note = f'<g id="{prefix}-4-1" class="note"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{note}</svg>'


def book_of(page: Page) -> dict[str, Any]:
    """What the page carries in compressed form."""
    match = re.search(r'id="book">(.*?)</script>', page.text)
    assert match
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(match.group(1))))
    return found


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
    music = book_of(page)["music"]["tune-1"]
    assert music["notes"] == [[0, 2000, 69]]
    assert music["marks"] == [[0, "t1-5-1"]]
    assert music["bars"] == [[0, 0, 500, 0]]
    assert (music["end"], music["tempo"], music["beats"], music["numbers"]) == (2000, 120, 4, [1])
    assert 'aria-label="Play one"' in page.text


def test_the_listeners_tempo_and_instrument_are_those_of_the_page() -> None:
    options = PageOptions(Playback(tempo=60, instrument="tin whistle"))
    page = build_page(tunes_of(tune_text("one")), "book", DrawsNothing(), options)
    assert book_of(page)["music"]["tune-1"]["notes"] == [[0, 4000, 69]]
    assert '<option value="whistle" selected>' in page.text


def test_a_tune_asks_for_its_own_sound() -> None:
    text = "%%MIDI program 21\n".join(tune_text("one").split("M:", 1))
    page = build_page(tunes_of(text.replace("program 21\n", "program 21\nM:")), "b", DrawsNothing())
    assert book_of(page)["music"]["tune-1"]["sound"] == "reed"
    assert '<option value="" selected>' in page.text


def test_the_staves_of_a_short_book_stand_on_the_page_and_of_a_long_one_are_compressed() -> None:
    short = build_page(tunes_of(tune_text("one")), "book", DrawsNothing())
    assert '<g id="t1-4-1"' in short.text
    assert book_of(short)["pictures"]["tune-1"][0] == ""
    text = "".join(tune_text("one", number) for number in range(1, 14))
    long = build_page(tunes_of(text), "book", DrawsNothing())
    assert "<g id=" not in long.text
    assert "<noscript>" in long.text
    assert all('<g id="t' in part for both in book_of(long)["pictures"].values() for part in both)


def test_only_a_page_on_a_server_may_ask_it() -> None:
    tunes = tunes_of(tune_text("one"))
    assert "connect-src" not in build_page(tunes, "book", DrawsNothing()).text
    served = build_page(tunes, "book", DrawsNothing(), PageOptions(version="abc")).text
    assert "connect-src 'self'" in served
    assert 'data-version="abc"' in served
    assert "/version" in served


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


def test_a_whole_book_has_no_id_twice() -> None:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    texts = [decode_source(path.read_bytes()) for path in sorted(TUNES.glob("*/*.abc"))]
    tunes = [tune for text in [*texts, EVIL, EVIL] for tune in tunes_of(text)]
    with Engraver() as engraver:
        page = build_page(tunes, "book", engraver)
    reader = read(page)
    assert len(reader.ids) == len(set(reader.ids))
    assert len(page.problems) == 1  # the tune without music
    book = book_of(page)
    drawn = Reader()
    for wide, narrow in book["pictures"].values():
        drawn.feed(wide)
        once = Reader()
        once.feed(narrow)
        assert len(once.ids) == len(set(once.ids))
    assert len(drawn.ids) == len(set(drawn.ids))
    used = {value[1:] for name, value in drawn.attributes if name == "href"}
    assert used <= set(reader.ids)
    lit = {mark for entry in book["music"].values() for _, mark in entry["marks"]}
    rests = {mark for mark in lit if mark not in drawn.ids}
    assert len(rests) < len(lit) / 20  # a rest of a whole bar has none
