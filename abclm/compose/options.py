"""The options that shape a tune: the only place with their defaults and help texts.

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
    "TEMPERATURE",
    "SettingsValues",
    "TuneOptions",
]

MODEL: Final = "irish"
"""The default checkpoint."""

MAX_CHARACTERS: Final = 3000
TEMPERATURE: Final = 0.85
"""The default: with the judge, tunes at this temperature are hardest to tell from real ones."""
CANDIDATES: Final = 8
"""The default number of candidates for each phrase."""
CHOICES: Final = 6
"""The default number of alternatives shown for bars or a part."""


@dataclass(frozen=True)
class TuneOptions:
    """The options of a tune; `abclm.compose.settings.Settings` checks them."""

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
            "Choose among the likeliest characters of this total share.", again="Another top-p."
        ),
    ] = None
    raw: Annotated[bool, Option("The model alone, without constraint.")] = False
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
            "Which bars are the same, a letter a bar, ' for a variation: "
            '"abac abad / efeg ef\'ad"; one that ends in a slash is only the start.',
            again='Another plan, such as "abac abad / efeg efad".',
        ),
    ] = None
    instrument_range: Annotated[
        str | None,
        Option(
            "Only notes of: whistle-D, flute, fiddle, uilleann, concertina, …, or G3-B5.",
            again="Another range, such as flute.",
        ),
    ] = None
    min_chars: Annotated[int, Option("At least this many characters, if the form allows.")] = 0
    max_chars: Annotated[int, Option("At most this many characters.")] = MAX_CHARACTERS
    candidates: Annotated[
        int, Option("Candidates for each phrase, of which a judge takes one; 1: no judge.")
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
    min_chars: int
    max_chars: int
    candidates: int
