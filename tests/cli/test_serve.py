"""``abclm serve``: where the page is, and each mistake in one line."""

from pathlib import Path

import pytest

from abclm.server import network
from abclm.server.http import PageServer
from tests.cli.conftest import Run

TUNE = "X:1\nT:One\nK:G\nG4|]\n"


@pytest.fixture
def book(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tunebook, and a server that is interrupted at once."""
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")

    def interrupted(_server: PageServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PageServer, "serve_forever", interrupted)
    path = folder / "book.abc"
    path.write_text(TUNE, encoding="utf-8")
    return path


def test_it_says_where_the_page_is_and_opens_it(
    book: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    done = run("serve", book, "--port", "0")
    assert done.exit_code == 0
    assert opened[0] in done.stderr
    assert opened[0].startswith("http://127.0.0.1:")
    assert done.stdout == ""


def test_on_the_network_it_warns(book: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "network_address", lambda: "192.0.2.7")
    done = run("serve", book, "--port", "0", "--lan", "--no-open")
    assert done.exit_code == 0
    assert "warning: everyone on your network" in done.stderr
    assert "http://192.0.2.7:" in done.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-"], "serve needs a file"),
        (["none.abc"], "none.abc: cannot be read"),
        (["book.abc", "--instrument", "kazoo"], "no instrument 'kazoo'; there are: "),
        (["book.abc", "--tempo", "9000"], "tempo 9000: must be from 10 to 600"),
    ],
)
def test_a_mistake_is_one_line(book: Path, run: Run, args: list[str], message: str) -> None:
    done = run("serve", *args, "--no-open")
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
