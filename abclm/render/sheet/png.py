"""Pages as pictures, drawn from the PDF by PDFium."""

import importlib.util
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from abclm.errors import MissingExtraError
from abclm.render.mark import MARK

__all__ = ["png_files", "require_pdfium"]

_DOTS: Final = 200
"""Dots per inch: A4 is 1,654 wide."""


def require_pdfium(command: str) -> None:
    """Check that pypdfium2 is installed.

    Raises:
        MissingExtraError: it is not; ``command`` names what needs it.
    """
    if importlib.util.find_spec("pypdfium2") is None:
        raise MissingExtraError(command, "pypdfium2", "score")


def png_files(pdf: bytes, *, mark: bool = True) -> Iterator[bytes]:
    """Yield each page of a PDF file as a PNG file in shades of grey.

    Args:
        pdf: the file.
        mark: whether the metadata of the pictures name abclm.
    """
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 - heavy
    from pypdfium2 import PdfDocument  # noqa: PLC0415

    about = PngInfo()
    if mark:
        about.add_text("Software", MARK)
    document = PdfDocument(pdf)
    try:
        for page in document:
            out = BytesIO()
            picture = page.render(scale=_DOTS / 72, grayscale=True).to_pil()
            picture.save(out, "PNG", pnginfo=about, dpi=(_DOTS, _DOTS), optimize=True)
            yield out.getvalue()
    finally:
        document.close()
