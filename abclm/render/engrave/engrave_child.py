"""The process in which verovio runs: MEI in, SVG out, one line of JSON each.

It is a script of its own, so that a crash of verovio costs one tune and not the whole program.
Requests are ``{"mei": …, "options": {…}}``, answers ``{"pages": [svg, …]}`` or ``{"error": …}``.
"""

import json
import os
import sys
from typing import Any

__all__ = ["limit_memory", "serve"]

_MOST_BYTES = 2**30
"""The memory limit; four voices of 200 bars need 81 MiB, sixteen 188 MiB."""


def serve() -> None:
    """Answer requests from standard input until it ends."""
    limit_memory(_MOST_BYTES)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What verovio prints must not be mixed with the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin.buffer:
        try:
            answer = json.dumps(_answer(json.loads(line)))
        except MemoryError:
            answer = json.dumps({"error": "it takes too much memory"})
        answers.write(answer + "\n")
        answers.flush()


def limit_memory(most: int) -> None:
    """Limit this process to ``most`` bytes, and turn core dumps off, if the system supports it."""
    try:
        import resource  # noqa: PLC0415 - Unix only

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ImportError, OSError, ValueError):
        return  # there is still the time limit


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    import verovio  # noqa: PLC0415 - heavy, and crashes only this process

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(request["options"])
    if not toolkit.loadData(request["mei"]):
        return {"error": "verovio cannot read it"}
    count = toolkit.getPageCount()
    return {"pages": [toolkit.renderToSVG(page) for page in range(1, count + 1)]}


if __name__ == "__main__":
    serve()
