"""The requirements for a tune beyond its header."""

from dataclasses import dataclass, field

from abclm.constraint.grammars import Form
from abclm.constraint.pitch_range import PitchRange
from abclm.constraint.planning import PlanRequirements
from abclm.constraint.section_plan import ANY_SECTION, SectionPlan
from abclm.constraint.voice_leading import VoiceLeading
from abclm.notation.cursor.plan import Plan
from abclm.notation.write.normal_form import NormalForm

__all__ = ["Requirements"]


@dataclass(frozen=True)
class Requirements:
    """The requirements for a tune beyond its header.

    Attributes:
        plan: the plan of its sections; empty leaves the form to the model.
        outline: the requirements for the plan of its bars.
        usual: the requirements for every section if ``plan`` is empty.
        range: the pitches that may be written; None for all.
        min_characters: the minimum length in characters, where the form allows it.
        voices: the number of voices; None leaves it to the model.
        ranges: the range of each voice from the top of the score; fewer leave the others free.
        parallels: the cost of parallel fifths and octaves; None for none.
    """

    plan: tuple[SectionPlan, ...] = ()
    outline: PlanRequirements = field(default_factory=PlanRequirements)
    usual: SectionPlan = ANY_SECTION
    range: PitchRange | None = None
    min_characters: int = 0
    voices: int | None = None
    ranges: tuple[PitchRange, ...] = ()
    parallels: VoiceLeading | None = None

    @property
    def form(self) -> Form:
        """The requirements for the sections."""
        return self.plan, self.usual

    def form_of(self, plan: Plan) -> Form:
        """The same with the section lengths of ``plan``, which may be empty."""
        if not plan.names:
            return self.form
        sections = [*self.plan, *[self.usual] * len(plan.names)][: len(plan.names)]
        planned = zip(sections, plan.lengths, strict=True)
        return tuple(section._replace(bars=bars) for section, bars in planned), self.usual

    def range_in(self, form: NormalForm) -> PitchRange | None:
        """The range transposed to normal form."""
        if self.range is None:
            return None
        moved = form.interval.semitones
        return PitchRange(self.range.low + moved, self.range.high + moved)
