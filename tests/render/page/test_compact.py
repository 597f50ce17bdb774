"""The staves of a page have everything that is seen, and each shape of the font once."""

from abclm.render.page.compact import compact_picture

HEAD = (
    '<svg viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" id="l1"><desc>by</desc>'
    '<defs><g id="E0A4-l1"><path d="M0 0"/></g></defs><style type="text/css">#l1 {}</style>'
    '<svg class="definition-scale" viewBox="0 0 90 90">'
)
NOTE = '<use xlink:href="#E0A4-l1" transform="translate(4, 5) scale(0.72, 0.72)"/>'


def compact(inner: str, glyphs: dict[str, str] | None = None) -> str:
    """What is in the picture of ``inner``."""
    page = f"{HEAD}{inner}<g transform='scale(1)'/></svg></svg>"
    found = compact_picture([page], "t", {} if glyphs is None else glyphs)
    start, end = '<svg viewBox="0 0 90 90">', '<g transform="scale(1)"/></svg>'
    assert found.startswith(start)
    return found.removeprefix(start).removesuffix(end)


def test_a_shape_of_the_font_is_written_once_for_each_size() -> None:
    glyphs: dict[str, str] = {}
    assert compact(NOTE + NOTE, glyphs) == '<use href="#g-E0A4-72" x="4" y="5"/>' * 2
    assert glyphs == {"g-E0A4-72": '<g transform="scale(0.72)"><path d="M0 0" /></g>'}
    compact(NOTE.replace("0.72", "0.5"), glyphs)
    assert sorted(glyphs) == ["g-E0A4-5", "g-E0A4-72"]


def test_only_bars_and_written_notes_remain_groups() -> None:
    note = f'<g id="t-1-2" class="note"><g class="notehead" id="x">{NOTE}</g></g>'
    bar = f'<g class="measure" id="m"><g class="staff" id="s"><g class="layer">{note}</g></g></g>'
    assert compact(bar) == (
        '<g class="m"><g id="t-1-2"><use href="#g-E0A4-72" x="4" y="5"/></g></g>'
    )


def test_lines_of_one_width_in_a_bar_are_one_path_and_beams_another() -> None:
    lines = "".join(f'<path d="M0 {y} L50 {y}" stroke-width="13"/>' for y in (10, 20))
    stem = '<path d="M7 1 L7 9" stroke-width="18"/><path d="M7 1 L9 9" stroke-width="18"/>'
    beam = '<polygon points="1,1 5,0 5,2 1,3"/>'
    assert compact(f'<g class="measure">{lines}{stem}{beam}</g>') == (
        '<g class="m"><path d="M0 10h50M0 20h50" stroke-width="13" class="l"/>'
        '<path d="M7 1v8M7 1L9 9" stroke-width="18"/><path d="M1 1l4-1 0 2-4 1z"/></g>'
    )


def test_text_is_kept_escaped_and_with_its_emphasis() -> None:
    text = '<text x="1" y="2" font-size="0px"><tspan id="a">&lt;b&gt;</tspan></text>'
    assert compact(f'<g class="tempo">{text}</g>') == (
        '<text x="1" y="2" font-size="0px" class="b"><tspan>&lt;b&gt;</tspan></text>'
    )


def test_placeholders_and_titles_are_left_out() -> None:
    assert compact('<g class="sb placeholder"><ellipse cx="0"/></g><title>x</title>') == ""


def test_pages_are_joined() -> None:
    page = f"{HEAD}</svg></svg>"
    found = compact_picture([page, page], "t", {})
    assert found.startswith('<svg viewBox="0 0 90 180"')
    assert found.count("<svg") == 3
