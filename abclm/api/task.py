"""A change to make to a tune of a file, as the ledger stores it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from abclm.compose.chosen import ChosenTune
from abclm.compose.continued_voices import continue_voices
from abclm.compose.harmonize import Voicing
from abclm.compose.network import Network
from abclm.compose.offers import Offer
from abclm.compose.onward import Draws
from abclm.compose.revision import Begin, Revision, add_part, continue_tune, redo_bars
from abclm.compose.voice_parts import add_chords, harmonize, redo_voice
from abclm.constraint.pitch_range import parse_ranges
from abclm.constraint.voice_leading import VoiceLeading
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.ledger.history import parent_of
from abclm.ledger.row import Entry
from abclm.untrusted.kinds import check_kinds
from abclm.untrusted.values import text_of

__all__ = ["Task"]

_MOST_CANDIDATES = 1000
"""More than anybody compares by hand."""


@dataclass(frozen=True, slots=True)
class Task:
    """A change to a tune: what to write, where, and how.

    Attributes:
        command: the command it came from, such as ``redo``.
        file: the tunebook, or ``-``.
        tune: the ``X:`` of the tune; None for the only one.
        seed: the random seed.
        count: number of candidates.
        temperature: the sampling temperature.
        checkpoint: the name of the model, or its folder.
        bars: how many bars, or which.
        section: the section they are counted in.
        voice: the voice whose bars are rewritten, from 1 for the highest.
        voices: the number of voices that a tune is to have.
        above: whether they are written above the tune instead of below.
        ranges: the ranges of the voices.
        no_parallels: whether parallel fifths and octaves cost.
        chords: whether chord symbols are written instead of voices.
        replaced: whether they replace those of the tune.
    """

    COMMANDS: ClassVar = frozenset({"continue", "harmonize", "redo", "second-part"})
    """The commands that change a tune."""

    command: str
    file: Path
    tune: int | None
    seed: int
    count: int
    temperature: float
    checkpoint: str
    bars: int | str | None = None
    section: str | None = None
    voice: int | None = None
    voices: int | None = None
    above: bool | None = None
    ranges: str | None = None
    no_parallels: bool | None = None
    chords: bool | None = None
    replaced: bool | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise InputError(f"-n must be 1 or more, not {self.count}")
        if self.count > _MOST_CANDIDATES:
            raise InputError(f"-n must be {_MOST_CANDIDATES} or less, not {self.count}")
        if isinstance(self.bars, int) and self.bars < 1:
            raise InputError(f"--bars must be 1 or more, not {self.bars}")

    def settings(self) -> dict[str, Any]:
        """Return everything except the command and the seed, by name, for JSON."""
        file = str(self.file if str(self.file) == "-" else self.file.resolve())
        values = asdict(self) | {"file": file.encode("utf-8", "backslashreplace").decode()}
        del values["command"], values["seed"]
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def of(cls, entry: Entry) -> "Task":
        """Return the task that a logged tune came from.

        Raises:
            InputError: its settings are not those of a task.
        """
        try:
            values = {"tune": None, **entry.settings}
            file = Path(text_of(values, "file"))
            del values["file"]
            check_kinds(cls, values)
            return cls(command=entry.command, file=file, seed=entry.seed, **values)
        except (InputError, TypeError) as error:
            raise InputError(
                f"the settings of this {entry.command} cannot be read ({error}): "
                "made by another version of abclm?"
            ) from error

    def carry_out(
        self,
        network: Network,
        chosen: ChosenTune,
        begin: Begin | None = None,
        on_candidate: Callable[[str], None] | None = None,
    ) -> Revision:
        """Carry out the task on a tune.

        Args:
            network: the network.
            chosen: the tune.
            begin: shows a single candidate as it is written; not used by ``redo``.
            on_candidate: called with the music of each candidate as soon as it is written; not used
                for several voices.

        Raises:
            InputError: the task does not apply to this tune.
        """
        sampling = Sampling(self.temperature)
        draws = Draws(self.seed, self.count, sampling, on_candidate=on_candidate)
        if self.chords:
            return add_chords(chosen, replaced=bool(self.replaced))
        if self.command == "harmonize":
            return harmonize(network, chosen, self._voicing(), draws, above=bool(self.above))
        if self.command == "redo":
            wanted = None if self.bars is None else str(self.bars)
            if self.voice is not None:
                bars = wanted, self.section
                return redo_voice(network, chosen, self.voice, bars, draws, voicing=self._voicing())
            return redo_bars(network, chosen, wanted, self.section, draws)
        count = None if self.bars is None else int(self.bars)
        if self.command == "continue" and network.several:
            return continue_voices(network, chosen, count, draws)
        write = {"continue": continue_tune, "second-part": add_part}[self.command]
        return write(network, chosen, count, draws, begin)

    def _voicing(self) -> Voicing:
        """How voices are written."""
        return Voicing(
            self.voices or Voicing.voices,
            parse_ranges(self.ranges) if self.ranges else (),
            VoiceLeading() if self.no_parallels else None,
        )

    def entry(
        self,
        chosen: ChosenTune,
        revision: Revision,
        taken: Offer,
        sha256: str,
        say: Callable[[str], None],
    ) -> Entry:
        """Return the ledger row of the tune with the chosen offer.

        Args:
            chosen: the tune.
            revision: the result of the task.
            taken: the chosen offer.
            sha256: the hash of the weights.
            say: called with a line while the ledger is busy.
        """
        return Entry(
            text=chosen.by_itself(taken.text),
            command=self.command,
            prompt=chosen.prompt(revision.taken),
            settings=self.settings(),
            seed=self.seed,
            number=taken.candidate.number,
            checkpoint=sha256,
            parent=parent_of(chosen.by_itself(chosen.text), chosen.tune.title, self.file, say),
        )
