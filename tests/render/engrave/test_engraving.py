import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from abclm.errors import MissingExtraError, RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.source import decode_source
from abclm.notation.tune.music import Tune
from abclm.render.engrave import engraving
from abclm.render.engrave.engraving import Engraver, require_verovio
from abclm.render.engrave.picture import join_pages, svg_file

TUNES = Path(__file__).parents[2] / "tunes"
TUNE = parse_tunebook("X:7\nT:Fish & <Chips>\nM:4/4\nL:1/8\nK:G\nGABc defg|(3abc g2 {a}f4:|\n")[
    0
].tune

CRASHES = "import os, sys\nsys.stdin.readline()\nos.abort()"
HANGS = "import time\ntime.sleep(60)"
GREEDY = """
import sys
from abclm.render.engrave.engrave_child import limit_memory
limit_memory(2**28)
sys.stdin.readline()
held = b"x" * 2**28
print('{"pages": ["<svg/>"]}', flush=True)
"""
ENDLESS = """
import sys
sys.stdin.readline()
while True:
    sys.stdout.write("x" * 2**12)
"""
ANSWERS_ONCE = """
import json, os, sys
sys.stdin.readline()
print(json.dumps({"pages": ["<svg/>"]}), flush=True)
sys.stdin.readline()
os.abort()
"""


def child(code: str, timeout: float = 20) -> Engraver:
    return Engraver([sys.executable, "-c", code], timeout)


def tunes_of(path: Path) -> list[Tune]:
    return [parsed.tune for parsed in parse_tunebook(decode_source(path.read_bytes()))]


def test_a_crash_is_one_error_that_names_the_tune() -> None:
    with child(CRASHES) as engraver, pytest.raises(RenderError) as raised:
        engraver.engrave(TUNE)
    assert str(raised.value) == (
        "X:7 Fish & <Chips>: not engraved: verovio crashed on it or ran out of memory"
    )


def test_a_hang_ends_and_names_the_tune() -> None:
    with child(HANGS, 0.2) as engraver, pytest.raises(RenderError) as raised:
        engraver.engrave(TUNE)
    assert "X:7 Fish & <Chips>: not engraved: verovio did not end" in str(raised.value)


def test_the_child_has_so_much_memory_and_no_more() -> None:
    with child(GREEDY) as engraver, pytest.raises(RenderError, match="ran out of memory"):
        engraver.engrave(TUNE)


def test_an_answer_without_an_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engraving, "_MOST_CHARACTERS", 2**16)
    with child(ENDLESS) as engraver, pytest.raises(RenderError, match="crashed on it"):
        engraver.engrave(TUNE)


def test_the_tunes_after_a_crash_are_engraved() -> None:
    with child(ANSWERS_ONCE) as engraver:
        assert engraver.engrave(TUNE) == ["<svg/>"]
        with pytest.raises(RenderError):
            engraver.engrave(TUNE)
        assert engraver.engrave(TUNE) == ["<svg/>"]


def test_without_verovio_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"abclm\[score\]"):
        require_verovio("abclm render --svg")


def test_pages_are_put_one_below_the_other() -> None:
    joined = join_pages(['<svg viewBox="0 0 10 20"><g/></svg>', '<svg viewBox="0 0 10 5"></svg>'])
    assert joined.startswith('<svg viewBox="0 0 10 25"')
    assert '<svg y="20" width="10" height="5" viewBox="0 0 10 5">' in joined


@pytest.mark.parametrize("title", ["\x1b]0;x\x07", "\\ud800", "]]>", "\x00", "\ufffe", "a\u2028b"])
def test_a_picture_is_well_formed_whatever_its_title(title: str) -> None:
    class DrawsNothing(Engraver):
        def engrave(self, tune: Tune, prefix: str = "n", *, titled: bool = False) -> list[str]:
            return ['<svg viewBox="0 0 10 10" xmlns="http://www.w3.org/2000/svg"></svg>']

    (parsed,) = parse_tunebook(f"X:1\nT:{title}\nK:G\nA|\n")
    assert fromstring(svg_file(parsed.tune, DrawsNothing()).partition("\n")[2].encode())


@pytest.fixture(scope="module")
def engraver() -> Iterator[Engraver]:
    with Engraver() as made:
        yield made


class TestWithVerovio:
    """The real engraver."""

    @pytest.fixture(autouse=True)
    def _verovio(self) -> None:
        pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")

    def test_a_picture_holds_every_note_by_its_place(self) -> None:
        with Engraver() as engraver:
            (page,) = engraver.engrave(TUNE, "t1")
        assert len(re.findall('class="note"', page)) == 14
        assert 'id="t1-6-1"' in page

    def test_the_same_tune_makes_the_same_picture(self) -> None:
        with Engraver() as engraver:
            assert engraver.engrave(TUNE) == engraver.engrave(TUNE)

    def test_a_file_is_well_formed_titled_and_without_scripts(self) -> None:
        with Engraver() as engraver:
            text = svg_file(TUNE, engraver)
        root = fromstring(text.partition("\n")[2])
        assert root.get("viewBox")
        assert "Fish & <Chips>" in "".join(root.itertext())
        assert "<script" not in text
        assert not re.search(r'href="(?!#)', text)

    @pytest.mark.parametrize(
        "path", sorted(TUNES.glob("*/*.abc")), ids=lambda path: f"{path.parent.name}/{path.name}"
    )
    def test_any_tune_is_engraved_whole(self, path: Path, engraver: Engraver) -> None:
        for tune in tunes_of(path):
            if not tune.events:
                with pytest.raises(RenderError, match="has no notes"):
                    engraver.engrave(tune)
                continue
            notes = sum(len(set(event.pitches)) + len(event.graces) for event in tune.events)
            pages = engraver.engrave(tune)
            assert sum(page.count('class="note"') for page in pages) >= notes

    @pytest.mark.parametrize(
        "body",
        ["D\n!", ":|D:|", "D:]", "A999999999", "A/999999999", "(9999A", "[CEG", "{d", "A''''''"],
    )
    def test_what_crashes_verovio_elsewhere_is_drawn(self, body: str) -> None:
        (parsed,) = parse_tunebook(f"X:1\nT:t\nK:D\n{body}\n")
        with Engraver() as engraver:
            if parsed.tune.events:
                assert engraver.engrave(parsed.tune)

    def test_a_tune_too_large_for_the_memory_is_one_line(self) -> None:
        tune = parse_tunebook("X:1\nT:t\nK:G\n" + "GABc dedB|" * 1000 + "\n")[0].tune
        code = (
            "import abclm.render.engrave.engrave_child as own\nown._MOST_BYTES = 2**26\nown.serve()"
        )
        with child(code) as engraver, pytest.raises(RenderError, match="ran out of memory"):
            engraver.engrave(tune)
