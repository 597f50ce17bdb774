"""The tunes that are asked of the shipped model: what for, how many, with how many rivals."""

from dataclasses import dataclass, field
from typing import Any

__all__ = ["ORDERS", "Order"]


@dataclass(frozen=True)
class Order:
    """What some tunes are to be.

    Attributes:
        name: of the tunes in the goldens.
        count: how many.
        options: of the command ``generate``.
        prompt: the start of a tune.
        seed, first: the seed, and the number of the first tune.
        rivals: candidates for each phrase.
    """

    name: str
    count: int
    options: dict[str, Any] = field(default_factory=dict)
    prompt: str = ""
    seed: int = 0
    first: int = 0
    rivals: int = 1


JIG = "R:jig\nM:6/8\nL:1/8\nK:D\n"
REEL = "R:reel\nM:4/4\nL:1/8\nK:G\n"
WALTZ = "M:3/4\nL:1/8\nK:Am\n"
PROMPTS = {
    "inside a bar": f"{JIG}|:A|dfd cec|dAF G",
    "behind a bar line": f"{REEL}G2BG DGBG|A2cA EAcA|",
    "behind an ending": f"{REEL}|:G2BG DGBG|ABcA dBGA|G2BG cABG|1AGFA G2D2:|2AGFA G4|",
    "tie begun": f"{WALTZ}A2B2c2|e4d2|c4-c",
    "tie over the bar line": f"{WALTZ}A2B2c2|e6-|",
    "tuplet begun": f"{REEL}G2BG DGBG|(3AB",
    "broken rhythm begun": "R:hornpipe\nM:4/4\nL:1/8\nK:Ador\nA>Bc>A e>",
    "chord begun": f"{JIG}[DF",
    "grace notes": f"{JIG}{{e}}d2A {{c}}B2",
    "chord symbols and a field": 'T:Own Title\nM:2/4\nL:1/8\nK:G\n"G"GA/B/ GD|"C"E>F',
    "half a header": "R:slide\nM:12/8\n",
    "accidental begun": f"{WALTZ}e2c2A2|^",
    "a number, a word and a minor key": "X:7\nR:polka\nM:2/4\nK:Bm\n|:f>f",
}
PLAN = "abac abad / efeg ef'ad"

_METRE = (
    Order("default", 10, seed=1),
    Order("default, from number 30", 2, seed=1, first=30),
    Order("default, rivals", 10, seed=2, rivals=8),
    Order("reel in G, rivals", 3, {"rhythm": "reel", "key": "G"}, seed=24, rivals=8),
    Order("jig in E dorian", 4, {"rhythm": "jig", "key": "Edor"}, seed=3),
    Order("titled", 1, {"rhythm": "jig", "title": "A Title of Its Own"}, seed=3),
    Order("hornpipe in A minor", 3, {"rhythm": "hornpipe", "key": "Am", "meter": "C|"}, seed=4),
    Order("waltz, rivals", 3, {"rhythm": "waltz", "meter": "3/4"}, seed=5, rivals=8),
    Order("slip jig in 9/8", 2, {"meter": "9/8", "key": "Amix"}, seed=6),
    Order("polka in semiquavers", 2, {"rhythm": "polka", "unit": "1/16"}, seed=7),
    Order("rare key", 2, {"key": "F#m", "rhythm": "reel"}, seed=7),
    Order("form AABB of 8", 3, {"form": "AABB", "bars": 8}, seed=8),
    Order("form ABA", 2, {"form": "ABA"}, seed=9),
    Order("form AAB, rivals", 3, {"form": "AAB", "rhythm": "jig"}, seed=10, rivals=8),
    Order("sections of 4", 2, {"bars": 4, "meter": "4/4"}, seed=11),
    Order("range whistle", 3, {"instrument_range": "whistle-D"}, seed=12),
    Order("range of an octave and a half, rivals", 2,
          {"instrument_range": "D4-A5", "key": "D"}, seed=13, rivals=8),
    Order("plan", 3, {"plan": PLAN, "rhythm": "reel"}, seed=14),
    Order("plan, rivals", 2, {"plan": PLAN, "rhythm": "jig", "key": "G"}, seed=15, rivals=8),
    Order("plan begun", 2, {"plan": "abac /"}, seed=16),
    Order("at least 450 characters", 2, {"min_chars": 450}, seed=17),
    Order("at most 220 characters", 2, {"max_chars": 220, "meter": "6/8"}, seed=18),
    Order("temperature 0", 1, {"temperature": 0.0}, seed=19),
    Order("temperature 0, jig", 1, {"temperature": 0.0, "rhythm": "jig", "key": "D"}, seed=19),
    Order("temperature 0, rivals", 1, {"temperature": 0.0, "key": "Am"}, seed=19, rivals=8),
    Order("temperature 1", 5, {"temperature": 1.0}, seed=20),
    Order("temperature 1, rivals", 2, {"temperature": 1.0}, seed=21, rivals=8),
    Order("top 4", 1, {"top_k": 4}, seed=22),
    Order("top nine tenths", 1, {"top_p": 0.9, "temperature": 1.3}, seed=23),
    *(Order(f"prompt, {name}", 1, prompt=text, seed=31) for name, text in PROMPTS.items()),
    *(Order(f"prompt, {name}, form", 1, {"form": "AABB"}, text, seed=32)
      for name, text in [*PROMPTS.items()][:1]),
    *(Order(f"prompt, {name}, rivals", 1, prompt=text, seed=33, rivals=8)
      for name, text in [*PROMPTS.items()][:6]),
)  # fmt: skip
_RAW = (
    Order("raw", 35, {"raw": True}, seed=41),
    Order("raw, temperature 1", 20, {"raw": True, "temperature": 1.0}, seed=42),
    Order("raw, temperature 0", 1, {"raw": True, "temperature": 0.0}, seed=43),
    Order("raw, jig in D", 8, {"raw": True, "rhythm": "jig", "key": "D"}, seed=44),
    Order("raw, 3/4", 6, {"raw": True, "meter": "3/4", "unit": "1/8"}, seed=45),
    Order("raw, cut", 8, {"raw": True, "max_chars": 150}, seed=46),
    Order("raw, top 3", 4, {"raw": True, "top_k": 3}, seed=47),
    Order("raw, top eight tenths", 5, {"raw": True, "top_p": 0.8}, seed=48),
    *(Order(f"raw, prompt, {name}", 1, {"raw": True}, text, seed=51)
      for name, text in PROMPTS.items()),
)  # fmt: skip

ORDERS = (*_METRE, *_RAW)
"""A hundred tunes in metre, then a hundred raw ones."""
