"""Random odd prompts: each must be continued to a valid tune or refused, with no third outcome.

    python benchmarks/prompts.py --count 400 --seed 1

A prompt is a header with odd fields and a body of odd constructs, valid and invalid ones, cut off
at any point. Each is continued, without the judge, or refused with one of our errors. The tunes are
validated (``--strict``) and checked by abc2midi -c, if installed. Any other outcome is printed: a
tune with problems, a foreign exception, a tune that does not start with its prompt.
"""

import random
import shutil
import time
import traceback
from collections import Counter

from writing import add_checkpoint, parser_of

from abclm.api.checkpoints import load_by_name as load
from abclm.compose.generation import Composer
from abclm.constraint.prompt import read_prompt
from abclm.errors import AbclmError
from abclm.notation.check.validate import validate
from abclm.render.abcmidi import run_abc2midi

ABC2MIDI = shutil.which("abc2midi") is not None

FIELDS = (
    *("M:4/4", "M:6/8", "M:9/8", "M:C|", "M:3/4", "M:2/4", "M:7/8", "M:5/4", "M:none", "M:C"),
    *("M:3/4 (4/4)", "M:2/4+3/8", "M:(2+3)/8", "M:banana", "M:1/64", "M:32/4", "M:12/8"),
    *("L:1/8", "L:1/8", "L:1/16", "L:1/4", "L:1/3", "L:1", "L:1/256", "L:x"),
    *("R:reel", "R:jig", "R:waltz", "R:my dance", "Q:1/4=120", "Q:fast", "C:me", "S:a | b"),
    *("U:T=!nil!", "U:n=!wedge!", "m:~G2=GAB", "V:1", "V:2 clef=bass", "P:AB", "I:linebreak !"),
    *("I:propagate-accidentals not", "%%MIDI transpose 3", "%%MIDI program 20", "N:x", "w:la la"),
    *("T:a title", "T:" + "x" * 400, "%%begintext", "%%endtext", "X:3", "s:!f!", "H:x", "+:more"),
)
KEYS = (
    *("K:G", "K:D", "K:Am", "K:Edor", "K:Amix", "K:F#m", "K:Bb", "K:HP", "K:none", "K:"),
    *(
        "K:C clef=bass",
        "K:G treble-8",
        "K:perc",
        "K:D exp _b",
        "K:F _e",
        "K:C#",
        "K:Cb",
        "K:banana",
    ),
)
PIECES = (
    *(
        "CDEF GABc",
        "G2 B2 d2 B2",
        "A3 d3",
        "ABc def",
        "GAB",
        "d4",
        "c2",
        "B",
        "e",
        "f/g/",
        "a3/2b/",
    ),
    *(
        "|",
        "|",
        "|",
        "|",
        "||",
        "|:",
        ":|",
        "::",
        "|1",
        ":|2",
        "[1",
        "[2",
        "|]",
        ".|",
        "[|]",
        ":||:",
    ),
    *("(", ")", "(AB", "cd)", "[CEG]2", "[CEG", "]", "{g}", "{gab}A", "{", "}", "{[ce]}A"),
    *("(3ABc", "(3AB", "(5ABcde", "(2AB", "(3:2:4ABcd", "(9", "(", "A>B", "A<", "A>>B", "A>B>c"),
    *("A-A", "A-", "A-d", "[C-E]2", "-", "z2", "z", "Z", "Z4", "x4", "X", "y", "C&E", "&"),
    *('"Am"A', '"^text | more"B', '"', "!trill!A", "!wobble!B", "~A", "Tc", "kA", "+f+A", "!", "$"),
    *(
        "[K:A]",
        "[M:3/4]",
        "[L:1/16]",
        "[L:1/4]",
        "[V:2]",
        "[P:B]",
        "[Q:1/4=90]",
        "[r:x]",
        "[I:x y]",
    ),
    *("^A", "_B", "=c", "^/c", "_3/2d", "^^f", "A,,,,,", "c''''''", "A64", "A/64", "A0", "A9/7"),
    *("\n", "\n", "\nK:Em\n", "\nM:6/8\n", "\nL:1/16\n", "\nw:some words\n", "\n\n", "\nV:2\n"),
    *("\nP:B\n", "\n%%begintext\nprose | A\n%%endtext\n", "\n% a comment | c\n", "\nX:2\n", "\\\n"),
    *("hello", "the end", "#", "@", "é", "|:|:", "[|", "]|[", ":", "`", "A `B", "\t", " "),
)

PLAIN = ("CDEF GABc|", "G2 B2 d2 B2|", "ABc def|", "GAB ", "d4 ", "c2 ", "B2", "e2", "|", "\n")


def main() -> None:
    parser = parser_of(__doc__)
    add_checkpoint(parser)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--verbose", action="store_true", help="print every refusal")
    options = parser.parse_args()
    composer = Composer(load(options.checkpoint))
    found: Counter[str] = Counter()
    start = time.perf_counter()
    for number in range(options.count):
        prompt = draw(random.Random(f"{options.seed} {number}"))
        verdict, what = outcome(composer, prompt)
        found[verdict] += 1
        if verdict not in {"valid", "refused"} or options.verbose:
            print(f"{verdict}: {what}\n{prompt!r}\n")
    print(dict(found), f"{time.perf_counter() - start:.0f} s")


def draw(rng: random.Random) -> str:
    """Return a random prompt."""
    odd = rng.choice((0.03, 0.1, 0.4))
    header = rng.choices(FIELDS, k=rng.choice((0, 0, 1, 1, 3)))
    usual = rng.random() < 0.7
    if usual:
        header += [rng.choice(("M:4/4", "M:6/8", "M:3/4")), "L:1/8"]
    key = [rng.choice(KEYS[:6] if usual else KEYS)] if rng.random() < 0.8 else []
    body = "".join(
        rng.choice(PIECES) if rng.random() < odd else rng.choice(PLAIN)
        for _ in range(rng.choice((0, 1, 2, 4, 8, 14)))
    )
    text = "\n".join([*header, *key, body])
    return text[: rng.randrange(len(text) + 1)] if rng.random() < 0.2 else text


def outcome(composer: Composer, text: str) -> tuple[str, str]:
    """Return the outcome for a prompt in one word, and its details."""
    try:
        prompt = read_prompt(text)
        (tune,) = composer.generate(prompt)
    except AbclmError as error:
        return ("refused", str(error)) if "\n" not in str(error) else ("long", str(error))
    except Exception:  # noqa: BLE001 - any exception is a finding
        return "exception", traceback.format_exc()
    whole = f"X:1\n{tune.text}"
    problems = validate(whole, strict=True)
    if problems:
        return "invalid", f"{problems[:3]}\n{whole}"
    if prompt.notes and prompt.notes.strip() not in whole:
        return "changed", whole
    if ABC2MIDI and (errors := run_abc2midi(whole, "-c").errors):
        return "abc2midi", f"{[error.message for error in errors]}\n{whole}"
    return "valid", ""


if __name__ == "__main__":
    main()
