"""The pages lead where they say, and name only what exists."""

import re
import unicodedata
from pathlib import Path

import pytest

from tests.pages import ROOT, pages, shell_commands, unknown_words

PAGES = pages()
FENCED = re.compile(r"^ *(```|~~~).*?^ *\1", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
EXTERNAL = ("http://", "https://", "mailto:")
LINKED = [*PAGES, *sorted((ROOT / "checkpoints").glob("*.md"))]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as both GitHub and mkdocs make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {anchor(heading) for heading in headings}


def anchor(heading: str) -> str:
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(CODE.sub("`", FENCED.sub("", text))):
        if target.startswith(EXTERNAL):
            continue
        name, _, heading = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        assert path.is_relative_to(ROOT), target
        if heading:
            assert heading in anchors(path.read_text(encoding="utf-8")), target


@each_page
def test_every_command_in_a_block_exists_with_its_options(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for line in shell_commands(text):
        assert not unknown_words(line), line


@each_page
def test_every_command_in_a_sentence_exists_with_its_options(page: Path) -> None:
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    for line in re.findall(r"`(abclm [a-z-][^`]*)`", prose):
        # What stands for a word of the reader's own, such as FILE… or [PROMPT], is no option.
        assert not unknown_words(line.replace("'", "")), line


def test_every_command_has_a_section() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`abclm ([a-z-]+)", text))
    for command in listed_commands():
        assert command in described, command
        assert f"`abclm {command}`" in (ROOT / "README.md").read_text(encoding="utf-8"), command


def listed_commands() -> list[str]:
    """The commands that ``abclm --help`` lists."""
    from typer.main import get_command

    from abclm.cli import app

    commands = getattr(get_command(app), "commands", {})
    return sorted(name for name, command in commands.items() if not command.hidden)


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert f": {page.name}\n" in navigation, page.name
