"""The server answers two addresses, to those who ask for it by its name."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from abclm.errors import InputError
from abclm.server.http import PageServer, open_server
from abclm.server.live_book import LiveBook
from abclm.server.network import LOOPBACK, LOOPBACK_NAMES
from tests.browser import needs_browser
from tests.chromium import open_browser

TUNE = "X:1\nT:One\nM:4/4\nL:1/4\nK:G\nGABc|]\n"


@pytest.fixture
def book(tmp_path: Path) -> LiveBook:
    path = tmp_path / "book.abc"
    path.write_text(TUNE, encoding="utf-8")
    return LiveBook(path, lambda book, version: f"<p>{version} {book.text}", lambda _line: None)


@pytest.fixture
def server(book: LiveBook) -> Iterator[PageServer]:
    with open_server(book, LOOPBACK, 0, LOOPBACK_NAMES) as opened:
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def ask(
    server: PageServer, path: str = "/", method: str = "GET", host: str | None = None
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection(LOOPBACK, server.server_port, timeout=5)
    headers = {"Host": host} if host is not None else {}
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode(), dict(answer.getheaders())
    connection.close()
    return found


def test_the_page_and_its_version(server: PageServer) -> None:
    status, text, headers = ask(server)
    assert status == 200
    assert "T:One" in text
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ask(server, "/version")[:2] == (200, server.book.version)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "", "localhost", "127.0.0.1:1", "localhost:{port}.x"],
)
def test_a_request_for_another_host_is_refused(server: PageServer, host: str) -> None:
    status, text, _ = ask(server, host=host.format(port=server.server_port))
    assert status == 421
    assert "T:One" not in text


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}"])
def test_its_own_names_are_answered(server: PageServer, host: str) -> None:
    assert ask(server, host=host.format(port=server.server_port))[0] == 200


@pytest.mark.parametrize("path", ["/book.abc", "/../book.abc", "/?x", "/version/", "/%2e%2e/"])
def test_there_is_nothing_else(server: PageServer, path: str) -> None:
    status, text, _ = ask(server, path)
    assert status == 404
    assert "book.abc" not in text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "NONSENSE"])
def test_it_only_gives(server: PageServer, method: str) -> None:
    assert ask(server, method=method)[0] == 405


def test_a_taken_port_is_said_in_one_line(server: PageServer) -> None:
    with pytest.raises(InputError, match=rf"^port {server.server_port}: .*give another --port$"):
        open_server(server.book, LOOPBACK, server.server_port, LOOPBACK_NAMES)


@needs_browser
@pytest.mark.slow
def test_the_browser_shows_the_book_anew_when_it_has_changed(tmp_path: Path) -> None:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    path = tmp_path / "book.abc"
    path.write_text(TUNE, encoding="utf-8")
    live = LiveBook(path, lambda book, version: book.page(version=version), lambda _line: None)
    with (
        open_server(live, LOOPBACK, 0, LOOPBACK_NAMES) as opened,
        open_browser(tmp_path) as page,
    ):
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = f"http://127.0.0.1:{opened.server_port}/"
        page.show(address, 820)
        path.write_text(TUNE.replace("One", "Another"), encoding="utf-8")
        page.wait("document.querySelector('h2')?.textContent === 'Another'", 20)
        opened.shutdown()
        thread.join()
        own = {address, f"{address}version", f"{address}favicon.ico"}
        assert set(page.requests) <= own
