"""Problems of characters that have no meaning in music."""

from abclm.notation.syntax.problem import Problem
from abclm.notation.syntax.tokens import Token

__all__ = ["strange_text"]


def strange_text(token: Token, before: Problem | None) -> Problem | None:
    """Return the problem of an unknown token, or None if ``before`` covers it.

    Args:
        token: an unknown token.
        before: the problem reported last.
    """
    if token.text == '"':
        return _problem(token, "string", 'this quotation mark is never closed: add "')
    if token.text.startswith("["):
        return _problem(token, "field", f"{token.text} is never closed: add ]")
    if len(token.text) > 1:
        message = f"a line of {len(token.text)} characters is too long to be music: break it"
        return _problem(token, "line-length", message)
    if before is not None and before.rule == "character" and before.line == token.line:
        end = before.column + len(before.message.split("'")[1])
        if before.column < token.column <= end:
            return None
    return _problem(token, "character", f"{token.text!r} means nothing in ABC music")


def _problem(token: Token, rule: str, message: str) -> Problem:
    return Problem(token.line, token.column, rule, message)
