"""A real browser, where one is installed, and texts that run if a page lets them."""

import shutil
import subprocess
from pathlib import Path

import pytest

__all__ = ["BROWSER", "PAYLOADS", "RUN", "needs_browser", "opened", "ran"]

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

needs_browser = pytest.mark.skipif(not BROWSER, reason="no browser is installed (chromium)")


def opened(path: Path, text: str) -> str:
    """What is in the document when the browser has opened the file ``path`` with this ``text``."""
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={path.parent / 'browser'}",
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


def ran(document: str) -> bool:
    """Whether a payload has left its mark; none is written with this value."""
    return f'{MARK}="1"' in document
