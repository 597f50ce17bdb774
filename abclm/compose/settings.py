"""Everything that determines a tune except the model, the prompt and the seed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from abclm.compose.options import CANDIDATES, MAX_CHARACTERS, TEMPERATURE, TuneOptions
from abclm.constraint.form import parse_form, section_of
from abclm.constraint.header import Header
from abclm.constraint.pitch_range import parse_range, parse_ranges
from abclm.constraint.planning import parse_outline
from abclm.constraint.requirements import Requirements
from abclm.constraint.voice_leading import VoiceLeading
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.untrusted.kinds import check_kinds

__all__ = ["CANDIDATES", "MAX_CHARACTERS", "TEMPERATURE", "Settings"]

_MOST_CANDIDATES = 64
"""As many as the decoder writes in one batch."""
_MOST_CHARACTERS = 1_000_000
"""Hundreds of times the longest tune of the shipped corpus."""
_HEADER, _CHARACTERS_IN_BAR, _FEWEST_BARS = 100, 10, 4
"""What a header with a plan takes, what half of the bars of the shipped corpus stay within, and the
shortest section of a usual tune."""
_STEERING = (
    "form",
    "bars",
    "plan",
    "instrument_range",
    "voices",
    "ranges",
    "no_parallels",
    "min_chars",
)


@dataclass(frozen=True)
class Settings(TuneOptions):
    """The options of ``generate`` that shape a tune, validated, as the ledger stores them."""

    def __post_init__(self) -> None:
        asked = [name for name in _STEERING if getattr(self, name)]
        if self.raw and asked:
            option = asked[0].replace("_", "-")
            raise InputError(
                f"--raw uses the model without constraints: it cannot follow --{option}"
            )
        if not 1 <= self.candidates <= _MOST_CANDIDATES:
            raise InputError(
                f"--candidates must lie between 1 and {_MOST_CANDIDATES}, not {self.candidates}"
            )
        if self.min_chars < 0:
            raise InputError(f"--min-chars must be 0 or more, not {self.min_chars}")
        if self.min_chars >= self.max_chars:
            raise InputError(
                f"--min-chars {self.min_chars} must be less than --max-chars {self.max_chars}"
            )
        if self.max_chars > _MOST_CHARACTERS:
            raise InputError(
                f"--max-chars must be {_MOST_CHARACTERS} or less, not {self.max_chars}"
            )
        if self.voices is not None and self.voices < 1:
            raise InputError(f"--voices must be 1 or more, not {self.voices}")
        if self.plan is not None and self.bars is not None:
            raise InputError("--plan has its own bars: leave --bars out")
        self.header()
        self.sampling()
        requirements = self.requirements()
        if requirements is not None:
            self._check_form(requirements)
            self._check_room(requirements)

    def _check_form(self, requirements: Requirements) -> None:
        """Check that the plan of the bars has no more sections than the form."""
        planned = len(requirements.outline.names)
        if requirements.plan and planned > len(requirements.plan):
            raise InputError(
                f"--plan has {planned} sections, --form {self.form} has {len(requirements.plan)}"
            )

    def _check_room(self, requirements: Requirements) -> None:
        """Check that the requested form fits into ``max_chars``."""
        sections = requirements.plan or (requirements.usual,)
        bars = sum(section.bars or _FEWEST_BARS for section in sections)
        bars = max(bars, sum(map(len, requirements.outline.names)))
        needed = _HEADER + _CHARACTERS_IN_BAR * bars
        if needed > self.max_chars:
            raise InputError(
                f"--max-chars {self.max_chars} is too small for this tune: it needs about {needed}"
            )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Settings":
        """Return the settings that `as_dict` wrote.

        Raises:
            InputError: a name is unknown, or a value of the wrong kind.
        """
        check_kinds(cls, values)
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """Return the settings that differ from the defaults, by name."""
        usual = asdict(Settings())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def changed(self, **values: Any) -> "Settings":
        """Return a copy with those of ``values`` that are not None."""
        return replace(self, **{name: value for name, value in values.items() if value is not None})

    def header(self) -> Header:
        """Return the requested header fields."""
        return Header(self.title, self.rhythm, self.meter, self.unit, self.key)

    def sampling(self) -> Sampling:
        """Return how characters are sampled."""
        return Sampling(self.temperature, self.top_k, self.top_p)

    def requirements(self) -> Requirements | None:
        """Return what form, range and length must be; None for the model alone (``raw``)."""
        if self.raw:
            return None
        return Requirements(
            plan=parse_form(self.form, self.bars),
            outline=parse_outline(self.plan),
            usual=section_of(self.bars),
            range=parse_range(self.instrument_range) if self.instrument_range else None,
            min_characters=self.min_chars,
            voices=self.voices,
            ranges=parse_ranges(self.ranges) if self.ranges else (),
            parallels=VoiceLeading() if self.no_parallels else None,
        )
