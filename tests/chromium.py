"""A real browser that a test drives: pages opened, clicked, typed at, photographed and printed.

It speaks the DevTools protocol over a pipe, so no package and no port is needed.
"""

import base64
import fcntl
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from tests.browser import BROWSER

__all__ = ["BrowserPage", "open_browser"]

_SECONDS: Final = 30.0
"""After which an answer is given up."""


class BrowserPage:
    """One tab.

    Attributes:
        requests: the addresses that were asked for, the page's own first; none of them ``data:``.
        complaints: what scripts threw, and what the policy refused.
    """

    def __init__(self, to_browser: IO[bytes], from_browser: IO[bytes]) -> None:
        self._to, self._from = to_browser, from_browser
        self._buffer = b""
        self._number = 0
        self._session = ""
        self.requests: list[str] = []
        self.complaints: list[str] = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._ask(f"{domain}.enable")

    def show(self, address: str, width: int, height: int = 900, *, dark: bool = False) -> None:
        """Open a page in a window of this width, and wait until its script has started."""
        self.resize(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        self._ask("Page.navigate", url=address)
        self.wait("document.documentElement?.dataset.ready === 'true'")

    def resize(self, width: int, height: int = 900) -> None:
        """Give the window a width and a height in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._ask("Emulation.setDeviceMetricsOverride", **size)

    def run(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript."""
        answer = self._ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression: str, seconds: float = 10.0) -> None:
        """Wait until an expression of JavaScript is true."""
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({expression})"):
            assert time.monotonic() < end, f"not within {seconds:g} seconds: {expression}"
            time.sleep(0.02)

    def click(self, x: float, y: float, *, to: tuple[float, float] | None = None) -> None:
        """Click at a place; with ``to`` drag from there to another."""
        self._mouse("mousePressed", x, y)
        if to is not None:
            for part in (0.3, 0.6, 1.0):
                self._mouse("mouseMoved", x + (to[0] - x) * part, y + (to[1] - y) * part)
        self._mouse("mouseReleased", *(to or (x, y)))

    def click_on(self, selector: str) -> None:
        """Click in the middle of an element, after scrolling to it."""
        x, y = self.middle(selector)
        self.click(x, y)

    def middle(self, selector: str) -> tuple[float, float]:
        """Scroll to an element and return its middle in the window."""
        found = self.run(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            "one.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const box = one.getBoundingClientRect();"
            "return [box.left + box.width / 2, box.top + box.height / 2]; })()"
        )
        return found[0], found[1]

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key by its name, such as ``ArrowLeft`` or ``[``."""
        text = {"text": "\r" if key == "Enter" else key} if len(key) == 1 or key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self._ask("Input.dispatchKeyEvent", type=kind, key=key, modifiers=8 * shift, **text)
            text = {}

    def picture(self, path: Path) -> None:
        """Write what is in the window as a PNG file."""
        data = self._ask("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def pdf(self) -> bytes:
        """Return the page as it is printed on A4."""
        size = {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}
        data = self._ask("Page.printToPDF", printBackground=False, **size)["data"]
        return base64.b64decode(data)

    def _mouse(self, kind: str, x: float, y: float) -> None:
        self._ask(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1
        )

    def _ask(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        self._to.flush()
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result
            self._note(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._from], [], [], _SECONDS)[0], "the browser does not answer"
            data = os.read(self._from.fileno(), 2**16)
            assert data, "the browser has ended"
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def _note(self, event: dict[str, Any]) -> None:
        method, values = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            address = values["request"]["url"]
            if not address.startswith("data:"):
                self.requests.append(address)
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(values["exceptionDetails"]))
        elif method == "Log.entryAdded" and values["entry"]["level"] == "error":
            self.complaints.append(values["entry"]["text"])


@contextmanager
def open_browser(folder: Path) -> Iterator[BrowserPage]:
    """Start the browser with a profile in ``folder``; it ends with the block."""
    to_browser, from_test = os.pipe()[::-1], os.pipe()

    def connect() -> None:
        # The browser reads commands from descriptor 3 and answers on 4.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_browser[1], from_test[1])]
        for place, end in enumerate(ends, 3):
            os.dup2(end, place)

    options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
    options += ["--no-first-run", "--disable-background-networking", "--mute-audio"]
    process = subprocess.Popen(
        [BROWSER, *options, f"--user-data-dir={folder / 'profile'}"],
        close_fds=False,
        preexec_fn=connect,  # noqa: PLW1509 - it only duplicates descriptors
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_browser[1])
    os.close(from_test[1])
    with os.fdopen(to_browser[0], "wb") as writing, os.fdopen(from_test[0], "rb", 0) as reading:
        try:
            yield BrowserPage(writing, reading)
        finally:
            process.kill()
            process.wait()
