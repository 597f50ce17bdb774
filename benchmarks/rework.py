"""``redo``, ``second-part`` and ``continue`` on held-out tunes: the results, and what changes.

    python benchmarks/rework.py [--checkpoint irish] [--count 50] [--seed 1]

For each tune the first result is taken of ``redo --bars 5-8``, of ``second-part`` after its first
part, and of ``continue`` after its first four bars. The notes they end on, and whether the parts
rhyme, are compared with the tune itself. Everything else must be unchanged byte for byte, and the
result valid. The tunes are evenly spaced among the held-out ones that have two sections, the first
of eight bars, and no first and second endings.

With ``--oneills`` the tunes are those of O'Neill's 1850 as encoded in music21. The network was
trained on most of them, but their texts have more that must be preserved."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import fmean

import music21
from writing import add_checkpoint, parser_of, read_checkpoint, share

from abclm.compose.candidates import Candidate, ranked
from abclm.compose.chosen import ChosenTune, choose_one, read_for_model
from abclm.compose.insertion import Insertion, after_music, at_end
from abclm.compose.network import Network
from abclm.compose.offers import offer_all
from abclm.compose.onward import Draws, first_section, write_rest, write_section
from abclm.compose.replacing import check_bars, with_bars
from abclm.compose.rework import redo
from abclm.compose.unfinished import given_notes, section_notes
from abclm.corpus.store import load_corpus
from abclm.errors import InputError
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.source import Source, decode_source
from abclm.notation.tune.bar_texts import bar_texts
from abclm.notation.tune.bars import bars
from abclm.notation.tune.hearing import endings_agree, final_tonic, rhyme, section_ends
from abclm.notation.tune.line import melodic_line
from abclm.notation.tune.music import Ending, Tune
from abclm.notation.tune.numbering import find_bars, number_bars

BARS = (5, 8)
GIVEN = 4
"""Bars of a tune to continue from."""
A = 0


def main() -> None:
    parser = parser_of(__doc__)
    add_checkpoint(parser)
    parser.add_argument("--count", type=int, default=50, help="tunes")
    parser.add_argument(
        "-n", type=int, default=6, help="candidates of redo and second-part; continue has one"
    )
    parser.add_argument("--oneills", action="store_true", help="use the tunes of O'Neill's 1850")
    options = parser.parse_args()
    checkpoint = read_checkpoint(options.checkpoint)
    network = Network(checkpoint)
    corpus = load_corpus(checkpoint.config.corpus["name"])
    held_out = (f"X:1\n{text}" for text in (*corpus.held_out, *corpus.held_out_by_tune))
    tunes = [text for text in (oneills() if options.oneills else held_out) if fits(network, text)]
    step = max(1, len(tunes) // options.count)
    print(f"{len(tunes)} tunes fit; one in {step} is taken, {options.count} at the most")
    tunes = tunes[::step][: options.count]
    works: dict[str, Callable[[str, int], Result]] = {
        f"redo --bars {BARS[0]}-{BARS[1]}": partial(redone, network, options),
        "second-part": partial(with_second_part, network, options),
        f"continue after {GIVEN} bars": partial(continued, network),
    }
    for name, work in works.items():
        results = []
        for at, text in enumerate(tunes):
            try:
                results.append(work(text, 1000 * options.seed + at))
            except InputError as error:
                print(f"{name}, {melody(text).title}: {error}")
        report(name, results)


@dataclass(frozen=True)
class Result:
    """A result for one tune.

    Attributes:
        text: the text of the tune with the result in it.
        real: the original tune.
        same: whether everything else is unchanged.
        bits: bits of the whole tune: with the first pick, the first candidate, its own bars.
    """

    text: str
    real: str
    same: bool
    bits: dict[str, float] = field(default_factory=dict)


def report(name: str, results: Sequence[Result]) -> None:
    print(f"\n{name}: {len(results)} tunes")
    if not results:
        return
    print(f"the rest unchanged byte for byte: {sum(one.same for one in results)}")
    print(f"valid: {sum(not validate(one.text) for one in results)}")
    print("| | A ends on the tonic | the tune does | endings agree | rhyme |")
    print("|---" * 5 + "|")
    for whose in ("text", "real"):
        heard = [Heard.of(getattr(one, whose)) for one in results]
        print(
            f"| {'first pick' if whose == 'text' else 'real'} "
            f"| {share([one.a_tonic for one in heard])} "
            f"| {share([one.tonic for one in heard])} | {share([one.agree for one in heard])} "
            f"| {share([one.rhyme for one in heard])} |",
            flush=True,
        )
    for kind in results[0].bits:
        print(
            f"bits of the tune, {kind}: {fmean(one.bits[kind] for one in results):.1f} on average"
        )


@dataclass(frozen=True)
class Heard:
    """Measures of a tune; None where one is undefined."""

    a_tonic: bool | None = None
    tonic: bool | None = None
    agree: float | None = None
    rhyme: float | None = None

    @staticmethod
    def of(text: str) -> "Heard":
        line = melodic_line(melody(text))
        if line is None:
            return Heard()
        first = next(iter(section_ends(line)), None)
        a_tonic = first is not None and first.degree == 1 and not first.chromatic
        return Heard(a_tonic, bool(final_tonic(line)), endings_agree(line), rhyme(line))


def fits(network: Network, text: str) -> bool:
    """Whether a tune has two sections, the first of eight bars, and is usable here."""
    tune = melody(text)
    if validate(text) or any(isinstance(item, Ending) for item in tune.items):
        return False
    numbers = number_bars(bars(tune))
    in_a = [number.in_section for number in numbers if number.section == A]
    if not numbers or numbers[-1].section != A + 1 or max(in_a, default=0) != BARS[1]:
        return False
    try:
        network.read_tune(read_for_model(tune, "a tune"))
    except InputError:
        return False
    return True


def oneills() -> Iterator[str]:
    """Return the tunes of O'Neill's 1850 as in their files."""
    folder = Path(music21.__file__).parent / "corpus" / "oneills1850"
    books = (decode_source(path.read_bytes()) for path in sorted(folder.glob("*.abc")))
    for parsed in chain.from_iterable(map(parse_tunebook, books)):
        yield "".join(token.text for token in parsed.tune.tokens)


def redone(network: Network, options: Namespace, text: str, seed: int) -> Result:
    """Return the tune with the first pick for its bars 5 to 8, as the command makes it."""
    chosen = chosen_from(text)
    tune, simple = chosen.tune, read_for_model(chosen.tune, chosen.name)
    numbers = number_bars(bars(tune))
    place = find_bars(numbers, *BARS)
    assert place is not None
    check_bars(tune, *place, [number.number for number in numbers])
    result = redo(network, simple, *place, seed=seed, count=options.n)
    texts = [
        (one, with_bars(tune, place[0], one.bars, simple.unit)[0]) for one in result.candidates
    ]
    offers = [(one, new) for one, new in texts if chosen.is_no_worse(new)]
    if not offers:
        raise InputError("nothing new came out")
    pick, new = offers[0]
    drawn = min(result.candidates, key=lambda one: one.number)
    bits = {
        "first pick": pick.bits,
        "first drawn": drawn.bits,
        "the tune's own bars": result.before.bits,
    }
    return Result(new, text, is_same_outside(tune, new, *place), bits)


def with_second_part(network: Network, options: Namespace, text: str, seed: int) -> Result:
    """Return the first part of a tune with the first pick for a second part."""
    chosen = chosen_from(first_part(text))
    simple = read_for_model(chosen.tune, chosen.name)
    draws = Draws(seed, options.n)
    found = write_section(network, simple, section_notes(simple), first_section(simple), draws)
    insertion = after_music(chosen)
    new = offered(chosen, insertion, found, simple)
    # Only the bar line may change, and only from |] to ||.
    given = chosen.text
    same = new.startswith(given) if given.rstrip().endswith(":|") else new.startswith(given[:-2])
    return Result(new, text, same)


def continued(network: Network, text: str, seed: int) -> Result:
    """Return the first four bars of a tune with a generated continuation."""
    chosen = chosen_from(up_to_bar(text, GIVEN))
    simple = read_for_model(chosen.tune, chosen.name)
    insertion = at_end(chosen)
    notes = given_notes(chosen.tune, simple, line_ended=insertion.starts_line)
    found = write_rest(network, simple, notes, Draws(seed))
    new = offered(chosen, insertion, found, simple)
    return Result(new, text, new.startswith(chosen.text))


def offered(
    chosen: ChosenTune, insertion: Insertion, found: Sequence[Candidate], simple: Tune
) -> str:
    """Return the tune with the first candidate that adds no problems."""
    return offer_all(chosen, insertion, ranked(found), simple.unit)[0].text


def first_part(text: str) -> str:
    """Return a tune cut after its first section; it ends in ``|]`` or ``:|``."""
    tune = melody(text)
    written = bars(tune)
    last = max(at for at, bar in enumerate(number_bars(written)) if bar.section == A)
    closes = written[last].after.closes
    return joined(tune)[: bar_texts(tune, written)[last].stop] + (":|" if closes else "|]")


def up_to_bar(text: str, number: int) -> str:
    """Return a tune up to the end of bar ``number``."""
    tune = melody(text)
    written = bars(tune)
    place = find_bars(number_bars(written), None, number)
    assert place is not None
    return joined(tune)[: bar_texts(tune, written)[place[1]].stop] + "|"


def chosen_from(text: str) -> ChosenTune:
    return choose_one(Source.of(text, "a tune"))


def melody(text: str) -> Tune:
    return parse_tunebook(text)[0].tune


def joined(tune: Tune) -> str:
    return "".join(token.text for token in tune.tokens)


def is_same_outside(tune: Tune, new: str, first: int, last: int) -> bool:
    """Whether ``new`` differs from ``tune`` only in the music of those bars."""
    old = joined(tune)
    texts = bar_texts(tune, bars(tune))
    start, stop = texts[first].start, texts[last].stop
    between = [old[texts[at].stop : texts[at + 1].start] for at in range(first, last)]
    middle = new[start : len(new) - (len(old) - stop)]
    for piece in between:
        music, found, middle = middle.partition(piece)
        if not found or not music:
            return False
    return bool(middle) and new.startswith(old[:start]) and new.endswith(old[stop:])


if __name__ == "__main__":
    main()
