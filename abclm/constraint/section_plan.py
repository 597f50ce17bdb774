"""The requirements for a section."""

from typing import Final, NamedTuple

__all__ = ["ANY_SECTION", "SectionPlan"]


class SectionPlan(NamedTuple):
    """The requirements for a section; None means any.

    Attributes:
        repeated: whether the section is repeated.
        bars: number of whole bars.
        copy_of: index of the earlier section that it copies, note for note.
        endings: whether it may have a first and a second ending.
    """

    repeated: bool | None = None
    bars: int | None = None
    copy_of: int | None = None
    endings: bool = True


ANY_SECTION: Final = SectionPlan()
