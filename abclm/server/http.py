"""The server of a page: two addresses, one method, and only for those who know its name.

A page elsewhere can make a browser ask this machine, and can give its own name our address (DNS
rebinding). So a request is answered only if its ``Host`` is one of ours, and no other page may read
or frame what is answered.
"""

import threading
from collections.abc import Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from abclm.errors import InputError
from abclm.server.live_book import LiveBook

__all__ = ["PageServer", "open_server"]

_SECONDS: Final = 10
"""After which a silent connection is closed."""
_MOST_CONNECTIONS: Final = 32
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PageServer(ThreadingHTTPServer):
    """Serves the page of a tunebook.

    Args:
        address: host and port to listen at; port 0 takes a free one.
        book: the tunebook.
        hosts: the names and addresses by which it may be asked for.
    """

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, address: tuple[str, int], book: LiveBook, hosts: Iterable[str]) -> None:
        self.book = book
        self._slots = threading.BoundedSemaphore(_MOST_CONNECTIONS)
        super().__init__(address, _Handler)
        self.hosts = {f"{host.lower()}:{self.server_port}" for host in hosts}
        if self.server_port == 80:
            self.hosts |= {host.lower() for host in hosts}

    def process_request(self, request: object, client_address: object) -> None:
        """Answer in a thread of its own; close the connection if there are too many."""
        if self._slots.acquire(blocking=False):
            super().process_request(request, client_address)  # type: ignore[arg-type]
        else:
            self.shutdown_request(request)  # type: ignore[arg-type]

    def process_request_thread(self, request: object, client_address: object) -> None:
        """Answer, and leave room for the next connection."""
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self._slots.release()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a connection that broke off."""


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    timeout = _SECONDS
    server_version = "abclm"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer ``/`` with the page, and ``/version`` with its version."""
        if not self._is_addressed():
            self._send(HTTPStatus.MISDIRECTED_REQUEST, "this is not the server of that host\n")
        elif self.path == "/":
            self._send(HTTPStatus.OK, self.server.book.page, "text/html")
        elif self.path == "/version":
            self._send(HTTPStatus.OK, self.server.book.version)
        else:
            self._send(HTTPStatus.NOT_FOUND, "there is only one page here: /\n")

    def _is_addressed(self) -> bool:
        """Whether the request names this server, once."""
        hosts = self.headers.get_all("Host") or []
        return len(hosts) == 1 and hosts[0].strip().lower() in self.server.hosts

    def _send(self, status: HTTPStatus, text: str, kind: str = "text/plain") -> None:
        data = text.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request that cannot be read, or has another method, without repeating it."""
        del message, explain
        status = HTTPStatus(code)
        if status is HTTPStatus.NOT_IMPLEMENTED:
            status = HTTPStatus.METHOD_NOT_ALLOWED
        self._send(status, f"{status.phrase.lower()}\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Log nothing: an address may hold anything."""


def open_server(book: LiveBook, host: str, port: int, hosts: Iterable[str]) -> PageServer:
    """Open the server; it answers from ``serve_forever`` on.

    Args:
        book: the tunebook.
        host: the address to listen at.
        port: the port; 0 for a free one.
        hosts: the names and addresses by which it may be asked for.

    Raises:
        InputError: the port is taken, or not allowed.
    """
    try:
        return PageServer((host, port), book, tuple(hosts))
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise InputError(f"port {port}: {reason.lower()}: give another --port") from error
