"""Is the guarantee kept? Writes many tunes in many meters and counts their problems.

    python benchmarks/guarantee.py --count 1000

Half of them are generated for given rhythms, meters and keys in turn; the others are left to the
model. Each is validated (also with --strict), and checked by abc2midi -c where that is installed.
The same number of tunes with --raw, and some prompts that are hard to continue, are counted too.
"""

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from writing import add_writing, parser_of, read_checkpoint, write

from abclm.api.indexes import index_of
from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.settings import Settings
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.originality.comparison import figures
from abclm.render.abcmidi import run_abc2midi

ABC2MIDI = shutil.which("abc2midi") is not None
METERS = ("4/4", "6/8", "9/8", "3/4", "2/4", "12/8", "C|")
RHYTHMS = {"4/4": "reel", "6/8": "jig", "9/8": "slip jig", "3/4": "waltz", "2/4": "polka"}
KEYS = ("G", "D", "Edor", "Am", "Amix", "Bm", "F")
ODD = (
    "M:5/4\nK:G\n",
    "M:7/8\nK:Ador\n",
    "M:6/8\nK:F#loc\n",
    "M:6/8\nL:1/8\nK:D\nA|d2f (3ec",
    "M:C|\nL:1/8\nK:G\n|:GABc d",
    "M:4/4\nL:1/8\nK:G\nG2>",
    "M:3/4\nL:1/4\nK:G\n|:GBd|[Bd",
    "M:15/8\nK:D\n",
    "M:none\nK:D\n",
)


@dataclass
class Count:
    """How many of ``tunes`` pass each check."""

    tunes: int = 0
    valid: int = 0
    exact: int = 0
    strict: int = 0
    ended: int = 0
    without_error: int = 0
    forced: int = 0
    characters: int = 0
    returns: int = 0
    asked: int = 0

    def row(self, name: str) -> str:
        shares = [self.valid, self.exact, self.strict, self.ended]
        cells = " | ".join(f"{100 * share / self.tunes:.1f} %" for share in shares)
        heard = f"{100 * self.without_error / self.tunes:.1f} %" if ABC2MIDI else "-"
        forced = f"{100 * self.forced / max(1, self.characters):.2f} %"
        back = f"{self.returns / self.tunes:.1f}"
        return f"| {name} | {self.tunes} | {cells} | {heard} | {forced} | {back} |"


def main() -> None:
    parser = parser_of(__doc__)
    add_writing(parser)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--odd", type=int, default=20, help="tunes from each hard prompt")
    options = parser.parse_args()
    composer = Composer(read_checkpoint(options.checkpoint, options.candidates))
    header = (
        "| tunes | number | valid | exact bars | strict metre | ended | abc2midi | forced | back |"
    )
    print(header, "|---" * 9 + "|", sep="\n")
    made = {}
    for name, raw in (("in metre", False), ("--raw", True)):
        settings = Settings(raw=raw, candidates=options.candidates)
        start = time.perf_counter()
        made[name] = write_half_asked(composer, settings, options.count, options.seed)
        seconds = time.perf_counter() - start
        print(count(made[name]).row(name), f"{seconds:.0f} s", flush=True)
    settings = Settings(candidates=options.candidates)
    odd = [
        tune
        for prompt in ODD
        for tune in write(composer, settings, range(options.odd), options.seed, prompt)
    ]
    print(count(odd).row("odd prompts"))
    index = index_of(options.checkpoint, print)
    for name, tunes in made.items():
        shares = [index.judge(parse_tunebook(f"X:1\n{t.text}")[0].tune).share for t in tunes]
        found = figures(shares)
        print(
            f"copying, {name}: median {found.median:.2f}, p95 {found.p95:.2f}, "
            f"half or more in {found.half:.1%}, most {max(shares):.2f}"
        )


def write_half_asked(
    composer: Composer, settings: Settings, total: int, seed: int
) -> list[GeneratedTune]:
    """Write tunes, half of them free, half with given meters, keys and rhythms in turn."""
    kinds = list(product(METERS, KEYS))
    tunes = write(composer, settings, range(total // 2), seed)
    each, more = divmod(total - len(tunes), len(kinds))
    for place, (meter, key) in enumerate(kinds):
        asked = settings.changed(meter=meter, key=key, rhythm=RHYTHMS.get(meter))
        number = each + (place < more)
        if number:
            tunes += write(composer, asked, range(number), seed)
    return tunes


def count(tunes: Sequence[GeneratedTune]) -> Count:
    """Count the tunes that pass each check."""
    result = Count(tunes=len(tunes))
    for tune in tunes:
        text = f"X:1\n{tune.text}"
        problems = {problem.rule for problem in validate(text, strict=True)}
        result.valid += not problems - {"pickup"}
        result.strict += not problems & {"pickup", "bar-length"}
        result.exact += all(bar.exact for bar in bars(parse_tunebook(text)[0].tune))
        result.ended += tune.ended
        result.without_error += ABC2MIDI and not has_error(text)
        result.forced += tune.forced
        result.characters += tune.characters
        result.returns += tune.returns
    return result


def has_error(text: str) -> bool:
    """Whether abc2midi -c prints an error for a tune."""
    errors = run_abc2midi(text, "-c").errors
    for error in errors:
        print(f"abc2midi: {error.message}\n{text}", file=sys.stderr)
    return bool(errors)


if __name__ == "__main__":
    main()
