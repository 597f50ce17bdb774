"""What is asked of a section."""

from typing import Final, NamedTuple

__all__ = ["ANY_SECTION", "SectionPlan"]


class SectionPlan(NamedTuple):
    """What is asked of a section; None is free.

    Attributes:
        repeated: whether it is.
        bars: how many whole bars it has.
        copy_of: which earlier section it is again, note for note.
        endings: whether it may have a first and a second ending.
    """

    repeated: bool | None = None
    bars: int | None = None
    copy_of: int | None = None
    endings: bool = True


ANY_SECTION: Final = SectionPlan()
