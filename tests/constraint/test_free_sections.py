from abclm.constraint.free_sections import FreeSections
from abclm.constraint.metre import Aims
from abclm.notation.cursor.form import Form

BAR = 16


def test_a_section_may_end_after_any_bar_but_the_first_and_go_on_after_any() -> None:
    sections = FreeSections(BAR)
    for bars in (1, 2, 3, 16, 40):
        form = Form(bars=bars, lines=bars, borrowed=0)
        assert sections.may_continue(form)
        assert sections.may_be_last(form)


def test_the_last_bar_makes_room_for_the_pickup() -> None:
    form = Form(bars=1, lines=2, borrowed=4)
    assert FreeSections(BAR).aims(form) == Aims((BAR, BAR - 4))
    # Towards the end every bar may be the last.
    assert FreeSections(BAR, closing=True).aims(form) == Aims((BAR - 4,))
    assert FreeSections(BAR, closing=True).aims(form._replace(borrowed=0)) == Aims((BAR,))


def test_a_first_bar_is_a_pickup_or_whole_also_towards_the_end() -> None:
    for closing in (False, True):
        sections = FreeSections(BAR, closing=closing)
        assert sections.aims(Form()) == Aims((BAR,), pickup=BAR // 2)
        assert sections.aims(Form(borrowed=4)) == Aims((4,))
