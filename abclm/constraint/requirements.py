"""What is asked of a tune beyond its header."""

from dataclasses import dataclass, field

from abclm.constraint.grammars import Form
from abclm.constraint.pitch_range import PitchRange
from abclm.constraint.planning import PlanRequirements
from abclm.constraint.section_plan import ANY_SECTION, SectionPlan
from abclm.notation.cursor.plan import Plan
from abclm.notation.write.normal_form import NormalForm

__all__ = ["Requirements"]


@dataclass(frozen=True)
class Requirements:
    """What is asked of a tune beyond its header.

    Attributes:
        plan: of its sections; empty leaves the form to the model.
        outline: the plan of its bars, as far as it is given.
        usual: what is asked of every section where there is no plan.
        range: the pitches that may be written; None for all.
        min_characters: it does not end before, where its form allows more.
    """

    plan: tuple[SectionPlan, ...] = ()
    outline: PlanRequirements = field(default_factory=PlanRequirements)
    usual: SectionPlan = ANY_SECTION
    range: PitchRange | None = None
    min_characters: int = 0

    @property
    def form(self) -> Form:
        """What is asked of the sections."""
        return self.plan, self.usual

    def form_of(self, plan: Plan) -> Form:
        """The same with the bars that a ``plan`` gives the sections; it may be empty."""
        if not plan.names:
            return self.form
        sections = [*self.plan, *[self.usual] * len(plan.names)][: len(plan.names)]
        planned = zip(sections, plan.lengths, strict=True)
        return tuple(section._replace(bars=bars) for section, bars in planned), self.usual

    def range_in(self, form: NormalForm) -> PitchRange | None:
        """The range as it is in normal form."""
        if self.range is None:
            return None
        moved = form.interval.semitones
        return PitchRange(self.range.low + moved, self.range.high + moved)
