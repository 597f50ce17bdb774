"""What is to be done to a tune of a file, as the ledger keeps it, and what came of it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from abclm.cli.candidates import Offer
    from abclm.compose.onward import Draws
    from abclm.ledger.ledger import Entry

__all__ = ["Task", "Written", "as_typed"]

_MOST_CANDIDATES = 1000
_SHOWN = ("tune", "section", "bars")
"""The options that say which tune and which bars."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done.

    Attributes:
        command: what asks for it, such as ``redo``.
        file: the tunebook, or ``-``.
        tune: the ``X:`` of the tune; None for the only one.
        seed: the random seed.
        count: how many candidates.
        temperature: how they are drawn.
        checkpoint: the name of the model, or its folder.
        bars: how many, or which.
        section: in which section they are counted.
    """

    command: str
    file: Path
    tune: int | None
    seed: int
    count: int
    temperature: float
    checkpoint: str
    bars: int | str | None = None
    section: str | None = None

    def __post_init__(self) -> None:
        from abclm.errors import InputError

        if self.count < 1:
            raise InputError(f"-n must be 1 or more, not {self.count}")
        if self.count > _MOST_CANDIDATES:
            raise InputError(f"-n must be {_MOST_CANDIDATES} or less, not {self.count}")
        if isinstance(self.bars, int) and self.bars < 1:
            raise InputError(f"--bars must be 1 or more, not {self.bars}")

    def settings(self) -> dict[str, Any]:
        """All but the command and the seed, by name, as JSON can hold it."""
        file = str(self.file if str(self.file) == "-" else self.file.resolve())
        values = asdict(self) | {"file": file.encode("utf-8", "backslashreplace").decode()}
        del values["command"], values["seed"]
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def of(cls, entry: "Entry") -> "Task":
        """The task that a logged tune came from.

        Raises:
            InputError: it has settings that are not those of a task.
        """
        from abclm.errors import InputError
        from abclm.untrusted.kinds import check_kinds
        from abclm.untrusted.values import text_of

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

    def draws(self, on_music: Callable[[str], None] | None = None) -> "Draws":
        """How candidates are drawn.

        Args:
            on_music: called with the music of the only candidate as it comes.
        """
        from abclm.compose.onward import Draws
        from abclm.decoding.sampling import Sampling

        return Draws(self.seed, self.count, Sampling(temperature=self.temperature), on_music)


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a task.

    Attributes:
        offers: the candidates, the likeliest first.
        checkpoint: the sha256 of the weights.
        taken: so many characters behind the tune are in the text of each offer.
        place: what the bars are called that the offers stand for, and
        before: what stands there now, if they stand for something.
        remark: what else changes.
    """

    offers: "list[Offer]"
    checkpoint: str
    taken: int = 0
    place: str = ""
    before: "Offer | None" = None
    remark: str = ""


def as_typed(entry: "Entry", *, with_file: bool = True) -> str:
    """What made a logged tune, such as ``redo tunes.abc --tune 2 --bars 5-8``."""
    settings, file = entry.settings, entry.settings.get("file")
    if not isinstance(file, str):
        return entry.command
    options = [f"--{name} {settings[name]}" for name in _SHOWN if name in settings]
    names = [Path(file).name] if with_file else []
    return " ".join([entry.command, *names, *options])
