"""All errors that a user can see, as one tree.

::

    AbclmError                  one clear line, exit code 2
    ├── InputError              an input cannot be used: a file, an option, a prompt
    │   └── UnknownCharacterError   the vocabulary lacks a character
    ├── OutputError             a result cannot be written
    │   ├── ChangedError            a file has changed since it was read
    │   └── NoSoundDeviceError      there is nothing to play sound on
    ├── CorpusError             a recipe or a built corpus is missing or unusable
    ├── CheckpointError         a checkpoint is missing, damaged or of another format
    ├── LedgerError             the ledger cannot be opened, read or written
    ├── TrainingError           training cannot start or continue
    ├── RenderError             a tune cannot be rendered as a score, MIDI or a picture
    └── MissingExtraError       an optional dependency is not installed

A message says what is wrong, where, and what to do, and lists the existing choices.
"""

__all__ = [
    "AbclmError",
    "ChangedError",
    "CheckpointError",
    "CorpusError",
    "InputError",
    "LedgerError",
    "MissingExtraError",
    "NoSoundDeviceError",
    "OutputError",
    "RenderError",
    "TrainingError",
    "UnknownCharacterError",
]


class AbclmError(Exception):
    """The base class; the message is a single line for the user."""


class InputError(AbclmError):
    """An input cannot be used: a file, an option, a prompt."""


class UnknownCharacterError(InputError):
    """A text has a character that is not in the vocabulary."""


class OutputError(AbclmError):
    """A result cannot be written."""


class ChangedError(OutputError):
    """A file has changed since it was read, and was left alone."""


class NoSoundDeviceError(OutputError):
    """There is nothing to play sound on."""


class CorpusError(AbclmError):
    """A recipe or a built corpus is missing or unusable."""


class CheckpointError(AbclmError):
    """A checkpoint is missing, damaged or of another format."""


class LedgerError(AbclmError):
    """The ledger cannot be opened, read or written."""


class TrainingError(AbclmError):
    """Training cannot start or continue."""


class RenderError(AbclmError):
    """A tune cannot be rendered as a score, MIDI or a picture."""


class MissingExtraError(AbclmError):
    """A command needs an optional dependency that is not installed.

    Args:
        command: what needs it, such as ``abclm train``.
        package: the missing package.
        extra: the extra of abclm that installs it.
    """

    def __init__(self, command: str, package: str, extra: str) -> None:
        super().__init__(
            f"{command} needs {package}, which is not installed: pip install 'abclm[{extra}]'"
        )
