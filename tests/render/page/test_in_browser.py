"""The page in a browser, as wide as a phone, a tablet and a desk; it asks for nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from abclm.notation.parse.parser import parse_tunebook
from abclm.render.engrave.engraving import Engraver
from abclm.render.page.page import PageOptions, build_page
from abclm.render.page.samples import sampled_timbres
from abclm.render.sound.playback import Playback
from tests.browser import needs_browser
from tests.chromium import BrowserPage, open_browser

pytestmark = [needs_browser, pytest.mark.slow]

WIDTHS = (390, 820, 1280)
REEL = "GABc dedB|dedB dedB|c2ec B2dB|A2FA DEFA|"
BOOK = "".join(
    f"X:{number}\nT:Tune {number}\nR:reel\nM:4/4\nL:1/8\nQ:1/4=320\nK:G\n"
    f"D2|{REEL}{REEL}\n{REEL}{REEL}|]\n\n"
    for number in range(1, 15)
)
SHORT = "".join(
    f"X:{number}\nT:Tune {number}\nM:4/4\nL:1/4\nQ:1/4=300\nK:G\nGABc|dcBA|]\n\n"
    for number in (1, 2, 3)
)
LINES = """[...document.querySelectorAll("#tune-1 .l")].reduce((lines, line) => {
  const top = Math.round(line.getBoundingClientRect().top);
  lines[top] = (lines[top] || 0) + 1;
  return lines;
}, {})"""
BARS = """[...document.querySelectorAll("#tune-1 .l")].map((line) => {
  const box = line.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
})"""
PLACE = "document.getElementById('now-place').textContent"

Show = Callable[..., BrowserPage]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserPage]:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    with open_browser(tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture
def show(browser: BrowserPage, tmp_path: Path) -> Iterator[Show]:
    """Opens a page of tunes; at the end of a test nothing was asked for, thrown or refused."""
    path = tmp_path / "page.html"

    def shown(
        text: str = SHORT, width: int = 1280, options: PageOptions | None = None
    ) -> BrowserPage:
        tunes = [parsed.tune for parsed in parse_tunebook(text)]
        with Engraver() as engraver:
            page = build_page(tunes, "Book", engraver, options or PageOptions())
        path.write_text(page.text, encoding="utf-8")
        browser.requests.clear()
        browser.complaints.clear()
        browser.show(path.as_uri(), width)
        return browser

    yield shown
    assert browser.requests == [path.as_uri()]
    assert browser.complaints == []
    browser.run("window.stop()")


def bar_of(page: BrowserPage) -> int:
    found = re.search(r"bar (\d+)", page.run(PLACE))
    return int(found.group(1)) if found else 0


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(show: Show, width: int) -> None:
    page = show(BOOK, width)
    page.click_on("#more")
    page.wait("parseFloat(document.body.style.paddingBottom) > 200")
    page.click_on("[data-set=tune-1]")
    assert page.run("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.run("!document.getElementById('player').hidden")
    buttons = "[...document.querySelectorAll('button')].filter((one) => one.offsetParent)"
    assert page.run(f"{buttons}.every((one) => one.getBoundingClientRect().height >= 24)")
    unnamed = f"{buttons}.filter((one) => !(one.ariaLabel || one.textContent.trim())).length"
    assert page.run(unnamed) == 0


def test_a_phone_has_two_bars_a_line_and_a_desk_four(show: Show) -> None:
    page = show(BOOK, 390)
    page.middle("#tune-1 .staves")
    page.wait("document.querySelector('#tune-1 .l')")
    counts = list(page.run(LINES).values())
    assert counts == [3, *[2] * 7]  # the pickup does not count
    page.resize(1280)
    page.wait("document.querySelectorAll('#tune-1 .l').length === 17")
    page.wait(f"Math.max(...Object.values({LINES})) >= 4")
    page.resize(390)
    page.wait(f"Math.max(...Object.values({LINES})) === 3")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_click_on_a_note_plays_from_it(show: Show, width: int) -> None:
    page = show(BOOK, width)
    page.middle("#tune-1 .staves")
    page.wait("document.querySelector('#tune-1 .l')")
    page.click_on("#tune-1 g.m:nth-child(3) g[id]")
    page.wait("document.querySelector('.sounding')")
    assert 2 <= bar_of(page) <= 4
    page.wait(f"/bar 5/.test({PLACE})")
    page.click_on("#play")
    assert page.run("document.documentElement.dataset.playing") == "false"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_bar_that_sounds_stays_in_view(show: Show, width: int) -> None:
    page = show(BOOK, width)
    page.run("document.getElementById('tempo').value = 150")
    page.click_on("#tune-1 .play")
    page.wait(f"/bar 15/.test({PLACE})", 20)
    page.wait(
        """(() => {
          const { top, bottom } = document.querySelector(".sounding").getBoundingClientRect();
          return top > 0 && bottom < document.getElementById("player").getBoundingClientRect().top;
        })()""",
        3,
    )
    page.press(" ")
    page.run("document.activeElement.blur()")


def test_dragging_over_bars_loops_them_and_each_time_faster(show: Show) -> None:
    page = show(BOOK)
    page.middle("#tune-1 .staves")
    page.wait("document.querySelector('#tune-1 .l')")
    page.click_on("#more")
    page.run("document.getElementById('tempo').value = 80")
    page.run("document.getElementById('ramp').checked = true")
    page.middle("#tune-1 .staves")
    places = page.run(BARS)
    page.click(*places[1], to=tuple(places[2]))
    ends = "[...document.querySelectorAll('#loop-first, #loop-last')].map((one) => one.value)"
    assert page.run(ends) == ["1", "2"]
    assert page.run("document.querySelectorAll('rect.looped').length") == 2
    page.press(" ")
    page.wait("document.getElementById('tempo').value === '90'", 20)
    assert 1 <= bar_of(page) <= 2
    page.press("Escape")
    assert page.run("document.querySelectorAll('rect.looped').length") == 0
    page.wait(f"/bar 3/.test({PLACE})")
    page.press(" ")


def test_everything_can_be_done_by_keyboard(show: Show) -> None:
    page = show(BOOK)
    page.run("document.querySelector('#tune-2 .staves').focus()")
    role = "document.activeElement.getAttribute('role')"
    assert page.run(role) == "slider"
    value = "document.activeElement.getAttribute('aria-valuetext')"
    for _ in range(3):
        page.press("ArrowRight")
    assert page.run(value) == "bar 3"
    page.press("[")
    page.press("ArrowRight")
    page.press("]")
    said = "document.getElementById('said').textContent"
    assert page.run(said) == "Loop: bars 3 to 4"
    page.press("ArrowRight", shift=True)
    assert page.run(said) == "Loop: bars 3 to 5"
    page.press("-")
    assert page.run("document.getElementById('tempo').value") == "95"
    page.press("Enter")
    page.wait("document.documentElement.dataset.playing === 'true'")
    assert page.run("document.getElementById('now-title').textContent") == "Tune 2"
    page.press(" ")
    page.wait("document.documentElement.dataset.playing === 'false'")


def test_a_set_plays_its_tunes_one_after_the_other(show: Show) -> None:
    page = show(SHORT)
    page.click_on("#more")
    page.wait("parseFloat(document.body.style.paddingBottom) > 200")  # the panel covers no tune
    page.click_on("[data-set=tune-3]")
    page.click_on("[data-set=tune-1]")
    page.run(
        "document.querySelectorAll('#set input').forEach((one) => "
        "{ one.value = 1; one.dispatchEvent(new Event('change')); })"
    )
    page.wait("location.hash === '#set=3x1,1x1'")
    page.click_on("#count-in")
    page.click_on("#click")
    page.click_on("#set-play")
    title = "document.getElementById('now-title').textContent"
    page.wait(f"{title} === 'Tune 3' && document.querySelector('#tune-3 .sounding')")
    page.wait(f"{title} === 'Tune 1' && document.querySelector('#tune-1 .sounding')", 20)
    page.wait("document.documentElement.dataset.playing === 'false'", 20)


def test_passes_of_a_loop_and_tunes_of_a_set_join_without_a_gap(show: Show) -> None:
    page = show(SHORT)
    page.run(
        """(() => {
          window.starts = [];
          const start = OscillatorNode.prototype.start;
          OscillatorNode.prototype.start = function (time) {
            window.starts.push(time);
            return start.call(this, time);
          };
        })()"""
    )
    gaps = "window.starts.slice(1).map((time, index) => time - window.starts[index])"
    page.click_on("#more")
    page.click_on("#whole")
    page.press(" ")
    page.run("document.activeElement.blur()")
    page.press(" ")
    page.wait("window.starts.length > 20")
    assert page.run(gaps) == pytest.approx([0.2] * len(page.run(gaps)), abs=1e-6)
    page.press(" ")
    page.press("Escape")
    page.run("location.hash = '#set=1x1,2x2'")
    page.wait("document.querySelectorAll('#set li').length === 2")
    page.run("window.starts.length = 0")
    page.click_on("#set-play")
    page.wait("document.documentElement.dataset.playing === 'false'", 20)
    assert page.run(gaps) == pytest.approx([0.2] * 23, abs=1e-6)


def test_the_next_tune_and_the_one_before(show: Show) -> None:
    page = show(SHORT)
    title = "document.getElementById('now-title').textContent"
    page.click_on("#next")
    assert page.run(title) == "Tune 2"
    page.click_on("#previous")
    assert page.run(title) == "Tune 1"
    page.run("location.hash = '#tune-3'")
    page.wait(f"{title} === 'Tune 3'")


def test_recorded_instruments_play(show: Show) -> None:
    pytest.importorskip("midirenderer", reason="the synthesiser is not installed (abclm[audio])")
    options = PageOptions(Playback(instrument="flute"), sampled_timbres())
    page = show(SHORT, options=options)
    assert page.run("document.getElementById('sound').value") == "flute"
    page.click_on("#tune-1 .play")
    page.wait(f"/bar 2/.test({PLACE})")
    page.press("Escape")


def test_paper_has_all_staves_and_no_controls(show: Show) -> None:
    page = show(BOOK, 390)
    assert page.pdf().startswith(b"%PDF")
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelectorAll('.staves > svg').length") == 14
    page._ask("Emulation.setEmulatedMedia", media="print")
    for selector in ("#player", ".own", "details"):
        style = f"getComputedStyle(document.querySelector('{selector}')).display"
        assert page.run(style) == "none"
    page._ask("Emulation.setEmulatedMedia", media="")
