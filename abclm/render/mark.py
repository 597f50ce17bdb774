"""The mark by which files say that abclm wrote them."""

from typing import Final

from abclm import __version__

__all__ = ["MARK"]

MARK: Final = f"abclm {__version__}"
"""The program and its version, as software is named in metadata."""
