"""The synthesiser in a child process: MIDI files to arrays of samples."""

import io
import struct
import subprocess
import sys
import threading
import wave
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from abclm.errors import RenderError
from abclm.render.sound.audio import require_synthesiser
from abclm.render.sound.fonts import read_sound_font

__all__ = ["RATE", "Samples", "Synthesiser"]

RATE: Final = 48_000
"""Samples per second."""
Samples = NDArray[np.int16]
"""Shape ``(time, 2)``."""

_CHILD: Final = (sys.executable, "-P", str(Path(__file__).with_name("synth_child.py")))
_FADED: Final = 4_800
"""The samples over which what still sounds at the end is faded out."""


class Synthesiser:
    """Renders MIDI files one by one; a context manager that ends the process on exit.

    Args:
        sound_font: an SF2 file; None for the installed one.
        command: what needs it, in messages.

    Raises:
        InputError: the sound font cannot be read.
        MissingExtraError: the synthesiser or the sound font is not installed.
    """

    def __init__(self, sound_font: Path | None = None, command: str = "abclm play") -> None:
        require_synthesiser(command)
        font = read_sound_font(sound_font, command)
        self._process = subprocess.Popen(  # noqa: S603 - our own script, no shell
            _CHILD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C at the terminal is for this process; the child ends with it
        )
        self._lock = threading.Lock()
        self._send(font)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what was not written has no reader any more

    def render(self, midi: bytes) -> Samples:
        """Return the sound of a MIDI file, until about a second after its last note.

        Raises:
            RenderError: it cannot be rendered.
        """
        with self._lock:
            self._send(midi)
            data = self._receive()
        if not data:
            raise RenderError("no sound could be made: the synthesiser failed")
        with wave.open(io.BytesIO(data)) as source:
            samples = np.frombuffer(source.readframes(source.getnframes()), dtype="<i2")
        made: Samples = samples.reshape(-1, 2).astype(np.int16)
        fade = np.linspace(1, 0, min(_FADED, len(made)), dtype=np.float32)[:, None]
        made[len(made) - len(fade) :] = made[len(made) - len(fade) :] * fade
        return made

    def _send(self, data: bytes) -> None:
        stream = self._process.stdin
        try:
            if stream is not None:
                stream.write(struct.pack("<I", len(data)) + data)
                stream.flush()
        except (OSError, ValueError) as error:
            raise RenderError("no sound could be made: the synthesiser has ended") from error

    def _receive(self) -> bytes:
        stream = self._process.stdout
        try:
            head = stream.read(4) if stream is not None else b""
            if stream is None or len(head) < 4:
                return b""
            return stream.read(struct.unpack("<I", head)[0])
        except (OSError, ValueError):
            return b""
