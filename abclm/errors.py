"""Every error a user can meet, as one tree.

::

    AbclmError                  one clear line, exit code 2
    ├── InputError              what was given cannot be used: a file, an option, a prompt
    │   └── UnknownCharacterError   the vocabulary has no such character
    ├── OutputError             a result cannot be written where it was asked for
    │   └── ChangedError            a file is no longer what was read of it
    ├── CorpusError             a recipe or a built corpus is missing or unusable
    ├── CheckpointError         a checkpoint is missing, damaged or of another format
    ├── LedgerError             the ledger cannot be opened, read or written
    ├── TrainingError           training cannot start or go on
    ├── RenderError             a tune could not be made into a score, MIDI or a picture
    └── MissingExtraError       an optional dependency is not installed

A message says what is wrong, where, and what to do; it lists the choices that exist.
"""

__all__ = [
    "AbclmError",
    "ChangedError",
    "CheckpointError",
    "CorpusError",
    "InputError",
    "LedgerError",
    "MissingExtraError",
    "OutputError",
    "RenderError",
    "TrainingError",
    "UnknownCharacterError",
]


class AbclmError(Exception):
    """The base of all; its text is a single line for the user."""


class InputError(AbclmError):
    """What was given cannot be used: a file, an option, a prompt."""


class UnknownCharacterError(InputError):
    """A text holds a character that the vocabulary has not."""


class OutputError(AbclmError):
    """A result cannot be written where it was asked for."""


class ChangedError(OutputError):
    """A file is no longer what was read of it, and was left as it is."""


class CorpusError(AbclmError):
    """A recipe or a built corpus is missing or unusable."""


class CheckpointError(AbclmError):
    """A checkpoint is missing, damaged or of another format."""


class LedgerError(AbclmError):
    """The ledger cannot be opened, read or written."""


class TrainingError(AbclmError):
    """Training cannot start or go on."""


class RenderError(AbclmError):
    """A tune could not be made into a score, MIDI or a picture."""


class MissingExtraError(AbclmError):
    """A command needs an optional dependency that is not installed.

    Args:
        command: what the user asked for, such as ``abclm train``.
        package: the missing package.
        extra: the extra of abclm that installs it.
    """

    def __init__(self, command: str, package: str, extra: str) -> None:
        super().__init__(
            f"{command} needs {package}, which is not installed: pip install 'abclm[{extra}]'"
        )
