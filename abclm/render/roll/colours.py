"""The colours of a piano roll, on light and on dark paper."""

from typing import Final

__all__ = ["COLOURS", "colour_class", "style"]

COLOURS: Final = (
    ("#2166ac", "#6cb2f0"),
    ("#c4511d", "#f5975f"),
    ("#2a7d3f", "#6fce85"),
    ("#8e44ad", "#cf95ea"),
    ("#a67c00", "#e6c34d"),
    ("#0f8b8d", "#5cd3d4"),
    ("#b5305f", "#f284ab"),
    ("#5f6b7a", "#aab6c4"),
)
"""Of the voices, on light and on dark paper; after the last one they begin again."""
_STYLE: Final = (
    "text{{font-family:system-ui,sans-serif;fill:#1c1c1c}}"
    ".paper{{fill:#fff}}.black{{fill:#f1f1f1}}"
    ".octave{{stroke:#9a9a9a}}.beat{{stroke:#e2e2e2}}.bar{{stroke:#9a9a9a}}"
    ".section{{stroke:#333;stroke-width:2}}.faint{{fill:#666}}{light}"
    "@media (prefers-color-scheme:dark){{text{{fill:#eee}}.paper{{fill:#16181b}}"
    ".black{{fill:#202327}}.octave,.bar{{stroke:#6b7076}}.beat{{stroke:#30343a}}"
    ".section{{stroke:#ccc}}.faint{{fill:#a3a8ae}}{dark}}}"
)


def colour_class(voice: int) -> str:
    """Return the class of what belongs to a voice, counted from 0."""
    return f"v{voice % len(COLOURS)}"


def style() -> str:
    """Return the style sheet of the picture."""
    light = "".join(f".v{place}{{fill:{one}}}" for place, (one, _) in enumerate(COLOURS))
    dark = "".join(f".v{place}{{fill:{one}}}" for place, (_, one) in enumerate(COLOURS))
    return _STYLE.format(light=light, dark=dark)
