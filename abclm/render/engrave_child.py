"""The process in which verovio runs: MEI in, SVG out, one line of JSON each.

It is started as a script of its own, so that a crash of verovio costs one tune and not the
program that asked for it. Requests are ``{"mei": …, "options": {…}}``, answers
``{"pages": [svg, …]}`` or ``{"error": …}``.
"""

import json
import os
import sys

__all__ = ["serve"]


def serve() -> None:
    """Answer the requests on standard input until it ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever verovio prints must not come between the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    import verovio  # noqa: PLC0415 - heavy, and only ever in this process

    verovio.enableLog(verovio.LOG_OFF)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        toolkit = verovio.toolkit()
        toolkit.setOptions(request["options"])
        if toolkit.loadData(request["mei"]):
            count = toolkit.getPageCount()
            answer: dict[str, object] = {
                "pages": [toolkit.renderToSVG(page) for page in range(1, count + 1)]
            }
        else:
            answer = {"error": "verovio cannot read it"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
