"""Do tunes generated for a rhythm sound like it? A classifier trained on real tunes decides.

    python benchmarks/idiom.py [--checkpoint irish] [--count 60]

It learns from the training tunes of six rhythms, from n-grams of their notes (see
`abclm.evaluate.features.note_ngrams`) and the rhythms of their bars and pairs of bars, not from
their headers. Its accuracy on real tunes is printed too, cross-validated (five folds that keep
families together) and on the held-out tunes. The corpus has hardly any waltzes and polkas: for
those only the meter is counted. Last comes the share of words in generated titles that also occur
in training titles.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from writing import add_writing, parser_of, read_checkpoint, write

from abclm.compose.generation import Composer, GeneratedTune
from abclm.compose.settings import Settings
from abclm.compose.titles import known_share, known_words
from abclm.corpus.families import MelodyFingerprint, find_families
from abclm.corpus.store import load_corpus
from abclm.evaluate.apart.classifiers import group_folds
from abclm.evaluate.features.note_ngrams import note_ngrams
from abclm.evaluate.rows import parse_text
from abclm.notation.tune.line import MelodicBar, MelodicLine, melodic_line
from abclm.notation.tune.music import Tune

RHYTHMS = ("reel", "jig", "hornpipe", "march", "strathspey", "slip jig")
IN_METER = {"waltz": "3/4", "polka": "2/4"}
FOLDS = 5


def main() -> None:
    parser = parser_of(__doc__)
    add_writing(parser)
    parser.add_argument("--count", type=int, default=60, help="tunes of each rhythm")
    options = parser.parse_args()
    checkpoint = read_checkpoint(options.checkpoint, options.candidates)
    composer = Composer(checkpoint)
    corpus = load_corpus(checkpoint.config.corpus["name"])
    held_out = of_rhythms(list(map(parse_text, (*corpus.held_out, *corpus.held_out_by_tune))))
    ear = Ear(of_rhythms(list(map(parse_text, corpus.train))))
    heard = ear.hear([tune for tune, _ in held_out])
    right = [one == rhythm for one, (_, rhythm) in zip(heard, held_out, strict=True)]
    print(f"held-out tunes classified correctly: {sum(right)} of {len(right)}")
    written: dict[str, list[GeneratedTune]] = {
        rhythm: write(
            composer,
            Settings(rhythm=rhythm, candidates=options.candidates),
            range(options.count),
            options.seed,
        )
        for rhythm in (*RHYTHMS, *IN_METER)
    }
    show_heard(ear, written)
    for rhythm, meter in IN_METER.items():
        found = Counter(str(parse_text(tune.text).meter) for tune in written[rhythm])
        print(f"{rhythm}: {found[meter]} of {found.total()} in {meter} ({meters(found)})")
    words = known_words(parse_text(text).title for text in corpus.train)
    titles = [parse_text(tune.text).title for tunes in written.values() for tune in tunes]
    shares = [known_share(title, words) for title in titles]
    print(f"known words in titles: {fmean(shares):.1%}; {len(set(titles))} different")


def of_rhythms(tunes: Sequence[Tune]) -> list[tuple[Tune, str]]:
    """Return the tunes of the six rhythms that have a melodic line, each with its rhythm."""
    found = [(tune, tune.value("R") or "") for tune in tunes]
    return [(tune, rhythm) for tune, rhythm in found if rhythm in RHYTHMS and melodic_line(tune)]


class Ear:
    """Classifies tunes by rhythm, and prints its cross-validated accuracy.

    Args:
        known: the tunes to learn from, with their rhythms.
    """

    def __init__(self, known: Sequence[tuple[Tune, str]]) -> None:
        lists = [words_of(tune) for tune, _ in known]
        labels = np.array([RHYTHMS.index(rhythm) for _, rhythm in known])
        melodies = [MelodyFingerprint.of(tune) for tune, _ in known]
        families = find_families(melodies, MelodyFingerprint.overlaps(melodies))
        judged = np.full(len(labels), -1)
        for learnt, others in group_folds(labels, families, FOLDS):
            model = classifier().fit([lists[place] for place in learnt], labels[learnt])
            judged[others] = model.predict([lists[place] for place in others])
        print(f"real tunes classified correctly, cross-validated: {np.mean(judged == labels):.1%}")
        self.of_real = [float(np.mean(judged[labels == at] == at)) for at in range(len(RHYTHMS))]
        self.numbers = [int(np.sum(labels == at)) for at in range(len(RHYTHMS))]
        self._model = classifier().fit(lists, labels)

    def hear(self, tunes: Sequence[Tune]) -> list[str]:
        """Return the rhythm of each tune; empty for a tune without notes."""
        lists = [words_of(tune) for tune in tunes]
        found = self._model.predict([words or [""] for words in lists])
        return [RHYTHMS[at] if words else "" for at, words in zip(found, lists, strict=True)]


def classifier() -> Pipeline:
    return make_pipeline(
        TfidfVectorizer(analyzer=list, min_df=4, sublinear_tf=True),
        LogisticRegression(C=8.0, max_iter=500, class_weight="balanced"),
    )


def words_of(tune: Tune) -> list[str]:
    """Return the n-grams of a tune's notes, and the rhythms of its bars."""
    line = melodic_line(tune)
    if line is None:
        return []
    return [word for words in note_ngrams(line) for word in words] + list(rhythms_of(line))


def rhythms_of(line: MelodicLine) -> Iterator[str]:
    """Yield features of each full bar and each pair of bars: relative onsets and durations."""
    before = ""
    for bar in line.full_bars:
        shape = "rhythm " + " ".join(f"{at}:{lasts}" for at, lasts in parts_of(bar))
        whole = f"{bar.duration / line.ticks} {shape}"
        yield from (shape, whole, f"{before} | {whole}")
        before = whole


def parts_of(bar: MelodicBar) -> list[tuple[int, int]]:
    """Return onset and duration of each note in 96ths of the bar."""
    return [
        (96 * onset // bar.duration, 96 * duration // bar.duration)
        for onset, duration in bar.rhythm
    ]


def show_heard(ear: Ear, written: dict[str, list[GeneratedTune]]) -> None:
    print("\n| asked for | heard as that | other rhythms heard | meters | real, cross-validated |")
    print("|---" * 5 + "|")
    right = total = 0
    for at, rhythm in enumerate(RHYTHMS):
        tunes = [parse_text(tune.text) for tune in written[rhythm]]
        heard = Counter(ear.hear(tunes))
        right, total = right + heard[rhythm], total + len(tunes)
        others = ", ".join(f"{n} {name}" for name, n in heard.most_common() if name != rhythm)
        in_meters = meters(Counter(str(tune.meter) for tune in tunes))
        print(
            f"| {rhythm} | {heard[rhythm] / len(tunes):.0%} of {len(tunes)} | {others or '-'} "
            f"| {in_meters} | {ear.of_real[at]:.0%} of {ear.numbers[at]} |"
        )
    print(f"| all | {right / total:.0%} of {total} | | | {fmean(ear.of_real):.0%} on average |\n")


def meters(found: Counter[str]) -> str:
    return ", ".join(f"{number} {meter}" for meter, number in found.most_common())


if __name__ == "__main__":
    main()
