"""In a real browser no field of a tune runs: the page and the picture are opened and looked at.

A payload that runs leaves a mark at the root of the document, which the browser then prints.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from abclm.notation.parser import parse_tunebook
from abclm.render.engraving import Engraver
from abclm.render.page import build_page
from abclm.render.picture import svg_file

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), ""
)
MARK = "data-ran"
RUN = f"document.documentElement.setAttribute(`{MARK}`,1)"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</script><img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg xmlns='http://www.w3.org/2000/svg' onload='{RUN}'/>",
    f"' onload='{RUN}' x='",
    f"' autofocus onfocus='{RUN}' tabindex='0",
    f"javascript:{RUN}",
    f"]]><script>{RUN}</script><![CDATA[",
    f"--><script>{RUN}</script><!--",
    f"</style><script>{RUN}</script>",
    f"</title></text></tspan></desc></svg><script>{RUN}</script>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#x3c;script&#x3e;{RUN}&#x3c;/script&#x3e;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<animate onbegin={RUN} attributeName=x dur=1s>",
    f"<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='{RUN}'/></foreignObject>",
    f"<base href='javascript:{RUN}//'><meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "&#x1b;]0;x&#x7;",
)
FIELDS = (
    "T:{0}\nT:{0}\nC:{0}\nO:{0}\nA:{0}\nR:{0}\nS:{0}\nF:{0}\nN:{0}\nH:{0}\nB:{0}\nZ:{0}\nD:{0}\n"
)
MUSIC = (
    'M:4/4\nL:1/8\nQ:"{0}" 1/4=120\nK:G clef=treble name="{0}"\nV:1 name="{0}" snm="{0}"\n'
    'P:{0}\n%{0}\n"{0}"GA"^{0}"Bc !{0}!d[r:{0}]edB|[P:{0}]"G"GABc "_{0}"d4|\nw:{0}\nw:a b {0}\n'
    "V:2 name={0}\nG8|G8|\nW:{0}\n"
)

pytestmark = pytest.mark.skipif(not BROWSER, reason="no browser is installed (chromium)")


def tune_text(number: int, payload: str) -> str:
    inside = payload.replace('"', "'")
    return f"X:{number}\n" + FIELDS.format(payload) + MUSIC.format(inside) + "\n"


HOSTILE = "".join(tune_text(number, payload) for number, payload in enumerate(PAYLOADS, 1))


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str, str], str]:
    """What is in the document when the browser has opened a file of this name and text."""

    def open_file(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [
                BROWSER,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={tmp_path / 'browser'}",
                "--virtual-time-budget=3000",
                "--dump-dom",
                path.as_uri(),
            ],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=True,
        )
        assert done.stdout.strip()
        return done.stdout

    return open_file


def ran(document: str) -> bool:
    """Whether a payload has left its mark; none is written with this value."""
    return f'{MARK}="1"' in document


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", f"<!DOCTYPE html><html><body><img src=x onerror={RUN}></body></html>"),
        ("picture.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><script>{RUN}</script></svg>'),
    ],
)
def test_what_runs_is_noticed(opened: Callable[[str, str], str], name: str, text: str) -> None:
    assert ran(opened(name, text))


@pytest.mark.parametrize("guarded", [True, False], ids=["with its policy", "without"])
def test_a_page_of_hostile_tunes_runs_its_own_script_alone(
    opened: Callable[[str, str], str], *, guarded: bool
) -> None:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    tunes = [parsed.tune for parsed in parse_tunebook(HOSTILE)]
    assert len(tunes) == len(PAYLOADS)
    with Engraver() as engraver:
        page = build_page(tunes, " ".join(PAYLOADS), engraver)
    text = page.text if guarded else re.sub("<meta http-equiv=[^>]*>", "", page.text, count=1)
    assert ("Content-Security-Policy" in text) is guarded
    document = opened("page.html", text)
    assert not ran(document)
    assert document.count("<script") == 2
    assert document.count("<article") == len(PAYLOADS)
    assert document.count("<svg") > len(PAYLOADS)
    # Its own script has shown the player.
    assert '<p class="speed">' in document


@pytest.mark.parametrize("place", range(0, len(PAYLOADS), 3))
def test_a_picture_of_a_hostile_tune_runs_nothing(
    opened: Callable[[str, str], str], place: int
) -> None:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    fields = "".join(FIELDS.format(payload) for payload in PAYLOADS[place : place + 3])
    music = "".join(
        MUSIC.format(payload.replace('"', "'")) for payload in PAYLOADS[place : place + 3]
    )
    (parsed,) = parse_tunebook(f"X:1\n{fields}{music}")
    with Engraver() as engraver:
        text = svg_file(parsed.tune, engraver)
    document = opened("picture.svg", text)
    assert not ran(document)
    assert "<script" not in document
    assert 'class="note"' in document
