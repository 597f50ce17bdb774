"""``abclm serve``: a tunebook in the browser, new when its file changes."""

import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli.terminal import say

if TYPE_CHECKING:
    from abclm import Tunebook
    from abclm.server.http import PageServer
    from abclm.server.live_book import LiveBook

__all__ = ["serve"]

_PORT = 8765
"""Taken if it is free, so that an address in a browser's history works again."""


def serve(
    file: Annotated[Path, typer.Argument(metavar="BOOK", help="Tunebook to show.")],
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="Port; else 8765, or a free one."),
    ] = None,
    lan: Annotated[
        bool, typer.Option("--lan", help="For all on your network, such as your phone.")
    ] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser.")] = False,
    tempo: Annotated[
        float | None,
        typer.Option("--tempo", help="Beats per minute; a reel's beat is a half note."),
    ] = None,
    instrument: Annotated[
        str | None, typer.Option("--instrument", help="Such as flute or piano.")
    ] = None,
    swing: Annotated[
        bool, typer.Option("--swing", help="Play the even eighth notes of hornpipes two to one.")
    ] = False,
    no_chords: Annotated[
        bool, typer.Option("--no-chords", help="Leave the chord symbols silent.")
    ] = False,
    samples: Annotated[
        bool,
        typer.Option("--samples", help="Put a recorded fiddle, flute and whistle into the page."),
    ] = False,
) -> None:
    """Show a tunebook in the browser, with staves and a player, and again when it changes."""
    from abclm.errors import InputError
    from abclm.server.live_book import LiveBook

    if str(file) == "-":
        raise InputError("serve needs a file, to see when it changes; standard input is not one")

    def build(book: "Tunebook", version: str) -> str:
        return book.page(
            tempo=tempo,
            instrument=instrument,
            swing=swing,
            chords=not no_chords,
            samples=samples,
            version=version,
        )

    server = _opened(LiveBook(file, build, say), port, lan=lan)
    with server:
        _say_where(server, file, lan=lan)
        if not no_open:
            webbrowser.open(f"http://127.0.0.1:{server.server_port}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("ended")


def _opened(book: "LiveBook", port: int | None, *, lan: bool) -> "PageServer":
    """Open the server at ``port``; else at the usual one, or at a free one if that is taken."""
    from abclm.errors import InputError
    from abclm.server.http import open_server
    from abclm.server.network import LOOPBACK, LOOPBACK_NAMES, network_address, network_names

    names = (*LOOPBACK_NAMES, *(network_names(network_address()) if lan else ()))
    host = "0.0.0.0" if lan else LOOPBACK  # noqa: S104 - that is what --lan asks for
    try:
        return open_server(book, host, _PORT if port is None else port, names)
    except InputError:
        if port is not None:
            raise
        return open_server(book, host, 0, names)


def _say_where(server: "PageServer", file: Path, *, lan: bool) -> None:
    say(f"{file}: http://127.0.0.1:{server.server_port}/ (Ctrl-C ends it)")
    if not lan:
        return
    from abclm.server.network import network_address
    from abclm.server.qr_code import qr_code

    address = f"http://{network_address()}:{server.server_port}/"
    say("warning: everyone on your network can read this book while it is shown, unencrypted")
    say(f"on your network: {address}")
    code = qr_code(address)
    if code is None:
        say("for a QR code of it: pip install 'abclm[score]'")
    elif _can_write(code):
        say(code)


def _can_write(text: str) -> bool:
    """Whether the terminal's encoding has the characters of ``text``."""
    try:
        text.encode(sys.stderr.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
