"""Tunes on paper: `abclm.sheet` lays them out as pages, to be saved as PDF, SVG or PNG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from abclm.api.tunebook import Tunebook
from abclm.compose.chosen import read_tunes
from abclm.compose.set_choice import choose_tunes
from abclm.errors import InputError, OutputError
from abclm.files import FileKind, check_outputs, is_stream, write_atomically
from abclm.files.kinds import kind_named
from abclm.notation.tune.music import Tune
from abclm.render.sheet.options import SheetOptions
from abclm.render.sheet.sheet import Pages

__all__ = ["SHEET_KINDS", "Sheet", "SheetOptions", "require_sheet", "sheet"]

SHEET_KINDS = (FileKind.PDF, FileKind.SVG, FileKind.PNG)
"""The kinds of file that a sheet is written as."""


@dataclass(frozen=True)
class Sheet:
    """Tunes laid out on pages.

    Attributes:
        problems: a line for each tune that could not be engraved and was left out.
        remarks: a line for each thing about the others that may surprise you.
    """

    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    _pages: Pages = field(repr=False)
    _mark: bool = field(default=True, repr=False)

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._pages.pages)

    @cached_property
    def pdf(self) -> bytes:
        """The pages as a PDF file."""
        from abclm.render.sheet.pdf import pdf_bytes

        return pdf_bytes(self._pages, mark=self._mark)

    @cached_property
    def svg(self) -> tuple[str, ...]:
        """Each page as an SVG file."""
        from abclm.render.sheet.svg import svg_text

        title = self._pages.title
        return tuple(svg_text(page, title, mark=self._mark) for page in self._pages.pages)

    @cached_property
    def png(self) -> tuple[bytes, ...]:
        """Each page as a PNG file."""
        from abclm.render.sheet.png import png_files

        return tuple(png_files(self.pdf, mark=self._mark))

    def save(self, path: str | Path) -> list[Path]:
        """Write ``friday.pdf``, or the pages as ``friday-1.svg`` or ``.png``; return the files.

        A single page is ``friday.svg``.

        Raises:
            OutputError: they cannot be written, or ``path`` has another suffix.
            MissingExtraError: the package for PNG is not installed.
        """
        kind = kind_named(Path(path))
        if kind not in SHEET_KINDS:
            raise OutputError(f"{path}: give a name that ends in .pdf, .svg or .png")
        require_sheet(kind, "a sheet as PNG")
        return self.write(Path(path), kind)

    def write(self, path: Path, kind: FileKind) -> list[Path]:
        """Write the pages as files of ``kind``, whatever the suffix; return the files.

        Raises:
            OutputError: they cannot be written, or several pages go to a stream.
        """
        files = [path] if kind is FileKind.PDF else _numbered(path, len(self))
        check_outputs(*((one, kind) for one in files))
        for one, content in zip(files, self._contents(kind), strict=True):
            write_atomically(one, content)
        return files

    def _contents(self, kind: FileKind) -> Sequence[bytes | str]:
        if kind is FileKind.PDF:
            return (self.pdf,)
        return self.svg if kind is FileKind.SVG else self.png


def sheet(
    book: Tunebook,
    tunes: str | None = None,
    options: SheetOptions | None = None,
    *,
    engraved: Callable[[int, int], None] = lambda _done, _of: None,
) -> Sheet:
    """Lay out the tunes of a book on pages.

    Args:
        book: the book.
        tunes: which tunes, and in which order: ``1,3,2``, or titles; None for all.
        options: how to print them.
        engraved: called after each tune with the number of tunes done and of all.

    Raises:
        InputError: there is no such tune.
        RenderError: none of the tunes can be engraved.
        MissingExtraError: the engraver is not installed.

    Example:
        >>> from abclm.api.sheets import SheetOptions
        >>> friday = abclm.sheet(book, "1,3,2", SheetOptions(title="Friday", paper="A5"))
        >>> friday.save("friday.pdf")  # doctest: +SKIP
    """
    from abclm.render.engrave.engraving import Engraver
    from abclm.render.sheet.sheet import build_pages

    require_sheet(FileKind.PDF, "a sheet")
    options = options or SheetOptions()
    name = str(book.path or "book")
    chosen = _chosen(read_tunes(book.text, name), tunes, name)
    title = book.path.stem.replace("_", " ") if book.path else "Tunebook"
    with Engraver() as engraver:
        pages = build_pages(chosen, options, engraver, title, engraved)
    return Sheet(pages.problems, pages.remarks, pages, options.mark)


def require_sheet(kind: FileKind, command: str) -> None:
    """Check that the packages for a sheet of ``kind`` are installed.

    Raises:
        MissingExtraError: one is not; ``command`` names what needs it.
    """
    from abclm.render.engrave.engraving import require_verovio
    from abclm.render.sheet.fonts import require_reportlab
    from abclm.render.sheet.png import require_pdfium

    require_verovio(command)
    require_reportlab(command)
    if kind is FileKind.PNG:
        require_pdfium(command)


def _chosen(tunes: Sequence[Tune], wanted: str | None, name: str) -> list[Tune]:
    """Return the tunes that are wanted; titles may be separated by commas too."""
    if wanted is None:
        return list(tunes)
    try:
        return choose_tunes(tunes, wanted, name)
    except InputError:
        parts = [part for part in wanted.split(",") if part.strip()]
        if len(parts) < 2:
            raise
        return [tune for part in parts for tune in choose_tunes(tunes, part, name)]


def _numbered(path: Path, count: int) -> list[Path]:
    """Return the names of ``count`` files: ``friday-1.svg`` and so on if there are several.

    Raises:
        OutputError: several files would go to a stream.
    """
    if count == 1:
        return [path]
    if is_stream(path):
        raise OutputError(f"{path}: {count} pages need a file each: give a name such as page.svg")
    return [path.with_name(f"{path.stem}-{page}{path.suffix}") for page in range(1, count + 1)]
