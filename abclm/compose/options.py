"""The options that shape a tune, with their defaults and help texts; this is their only place.

Nothing heavy is imported, so that the help of a command is quick.
"""

from dataclasses import dataclass
from typing import Annotated, Final, TypedDict

from abclm.option import Option

__all__ = [
    "CANDIDATES",
    "CHOICES",
    "MAX_CHARACTERS",
    "MODEL",
    "SEVERAL",
    "TEMPERATURE",
    "SettingsValues",
    "TuneOptions",
]

MODEL: Final = "irish"
"""The default checkpoint."""

SEVERAL: Final = "chorales"
"""The default checkpoint where several voices are written."""

MAX_CHARACTERS: Final = 3000
"""The default; the longest tune of the shipped corpus has half as many."""
TEMPERATURE: Final = 0.85
"""The default; with the judge, its tunes are the hardest to tell from real ones."""
CANDIDATES: Final = 8
"""The default number of candidates per phrase."""
CHOICES: Final = 6
"""The default number of candidates for bars or a part."""


@dataclass(frozen=True)
class TuneOptions:
    """The options that shape a tune; `abclm.compose.settings.Settings` checks them."""

    title: Annotated[str | None, Option("Title (T:).", again="Another title (T:).")] = None
    rhythm: Annotated[
        str | None, Option("Rhythm (R:): reel, jig, hornpipe, …", again="Another rhythm (R:).")
    ] = None
    meter: Annotated[
        str | None, Option("Meter (M:): 4/4, 6/8, C|, …", again="Another meter (M:).")
    ] = None
    unit: Annotated[
        str | None,
        Option("Unit note length (L:): 1/8 or 1/16.", again="Another unit note length (L:)."),
    ] = None
    key: Annotated[
        str | None, Option("Key (K:): G, Edor, Am, Dmix, …", again="Another key (K:).")
    ] = None
    temperature: Annotated[
        float,
        Option("Below 1 tamer, above 1 wilder, 0 always the likeliest.", again="Tamer or wilder."),
    ] = TEMPERATURE
    top_k: Annotated[
        int | None,
        Option("Choose among the k likeliest characters only.", again="Another top-k."),
    ] = None
    top_p: Annotated[
        float | None,
        Option(
            "Choose among the likeliest characters of this total probability.",
            again="Another top-p.",
        ),
    ] = None
    raw: Annotated[bool, Option("Use the model alone, without constraints.")] = False
    form: Annotated[
        str | None,
        Option(
            "Order of the sections: AABB, AAB, ABA, …",
            again="Another form, such as AABB.",
        ),
    ] = None
    bars: Annotated[
        int | None,
        Option("Whole bars in each section.", again="Whole bars in each section."),
    ] = None
    plan: Annotated[
        str | None,
        Option(
            "Which bars are the same, a letter per bar, ' for a variation: "
            '"abac abad / efeg ef\'ad"; the model completes one that ends in a slash.',
            again='Another plan, such as "abac abad / efeg efad".',
        ),
    ] = None
    instrument_range: Annotated[
        str | None,
        Option(
            "Use only the notes of whistle-D, flute, fiddle, uilleann, concertina, … or G3-B5.",
            again="Another range, such as flute.",
        ),
    ] = None
    voices: Annotated[
        int | None,
        Option("Number of voices, with a model of several.", again="Another number of voices."),
    ] = None
    ranges: Annotated[
        str | None,
        Option(
            "Ranges of the voices: satb, quartet, or one for each, as C4-A5,F3-D5.",
            again="Other ranges of the voices.",
        ),
    ] = None
    no_parallels: Annotated[
        bool, Option("Make parallel fifths and octaves, and crossing voices, less likely.")
    ] = False
    min_chars: Annotated[int, Option("Fewest characters of a tune, if the form allows.")] = 0
    max_chars: Annotated[int, Option("Most characters of a tune.")] = MAX_CHARACTERS
    candidates: Annotated[
        int, Option("Candidates per phrase, from which a judge chooses; 1: no judge.")
    ] = CANDIDATES


class SettingsValues(TypedDict, total=False):
    """Some of `TuneOptions` by name, as accepted by `abclm.Model.generate`."""

    title: str | None
    rhythm: str | None
    meter: str | None
    unit: str | None
    key: str | None
    temperature: float
    top_k: int | None
    top_p: float | None
    raw: bool
    form: str | None
    bars: int | None
    plan: str | None
    instrument_range: str | None
    voices: int | None
    ranges: str | None
    no_parallels: bool
    min_chars: int
    max_chars: int
    candidates: int
