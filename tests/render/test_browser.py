"""In a real browser no field of a tune runs: the page and the picture are opened and looked at.

A payload that runs leaves a mark at the root of the document, which the browser then prints.
"""

import re
from pathlib import Path

import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.render.engrave.engraving import Engraver
from abclm.render.engrave.picture import svg_file
from abclm.render.page.page import build_page
from tests.browser import PAYLOADS, RUN, needs_browser, opened, ran
from tests.chromium import open_browser

FIELDS = (
    "T:{0}\nT:{0}\nC:{0}\nO:{0}\nA:{0}\nR:{0}\nS:{0}\nF:{0}\nN:{0}\nH:{0}\nB:{0}\nZ:{0}\nD:{0}\n"
)
MUSIC = (
    'M:4/4\nL:1/8\nQ:"{0}" 1/4=120\nK:G clef=treble name="{0}"\nV:1 name="{0}" snm="{0}"\n'
    'P:{0}\n%{0}\n"{0}"GA"^{0}"Bc !{0}!d[r:{0}]edB|[P:{0}]"G"GABc "_{0}"d4|\nw:{0}\nw:a b {0}\n'
    "V:2 name={0}\nG8|G8|\nW:{0}\n"
)

pytestmark = [needs_browser, pytest.mark.slow]


def tune_text(number: int, payload: str) -> str:
    inside = payload.replace('"', "'")
    return f"X:{number}\n" + FIELDS.format(payload) + MUSIC.format(inside) + "\n"


HOSTILE = "".join(tune_text(number, payload) for number, payload in enumerate(PAYLOADS, 1))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", f"<!DOCTYPE html><html><body><img src=x onerror={RUN}></body></html>"),
        ("picture.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><script>{RUN}</script></svg>'),
    ],
)
def test_what_runs_is_noticed(tmp_path: Path, name: str, text: str) -> None:
    assert ran(opened(tmp_path / name, text))


@pytest.mark.parametrize("guarded", [True, False], ids=["with its policy", "without"])
def test_a_page_of_hostile_tunes_runs_its_own_script_alone(
    tmp_path: Path, *, guarded: bool
) -> None:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    tunes = [parsed.tune for parsed in parse_tunebook(HOSTILE)]
    assert len(tunes) == len(PAYLOADS)
    with Engraver() as engraver:
        page = build_page(tunes, " ".join(PAYLOADS), engraver)
    text = page.text if guarded else re.sub("<meta http-equiv=[^>]*>", "", page.text, count=1)
    assert ("Content-Security-Policy" in text) is guarded
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    with open_browser(tmp_path) as browser:
        browser.show((tmp_path / "page.html").as_uri(), 1280)
        browser.run("window.dispatchEvent(new Event('beforeprint'))")  # draws all staves
        document = browser.run("document.documentElement.outerHTML")
        assert len(browser.requests) == 1
    assert not ran(document)
    assert document.count("<script") == 2
    assert document.count("<article") == len(PAYLOADS)
    assert document.count('class="m"') > len(PAYLOADS)
    # Its own script has shown the player.
    assert '<section class="player" id="player" aria-label="Player">' in document


@pytest.mark.parametrize("place", range(0, len(PAYLOADS), 3))
def test_a_picture_of_a_hostile_tune_runs_nothing(tmp_path: Path, place: int) -> None:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    fields = "".join(FIELDS.format(payload) for payload in PAYLOADS[place : place + 3])
    music = "".join(
        MUSIC.format(payload.replace('"', "'")) for payload in PAYLOADS[place : place + 3]
    )
    (parsed,) = parse_tunebook(f"X:1\n{fields}{music}")
    with Engraver() as engraver:
        text = svg_file(parsed.tune, engraver)
    document = opened(tmp_path / "picture.svg", text)
    assert not ran(document)
    assert "<script" not in document
    assert 'class="note"' in document
