"""The process in which a player's notes become samples: MIDI files in, WAV files out.

It is a script of its own because the synthesiser holds Python's lock while it renders, and the
sound device cannot wait for that. Every message is its length in four bytes, and its bytes: first
the sound font, then one MIDI file after the other. An empty answer says that one failed.
"""

import struct
import sys

__all__ = ["serve"]


def serve() -> None:
    """Answer requests from standard input until it ends."""
    import midirenderer  # noqa: PLC0415 - in an extra

    font = _read()
    while midi := _read():
        try:
            data: bytes = midirenderer.render_wave_from(font, midi)
        except (RuntimeError, ValueError):
            data = b""
        sys.stdout.buffer.write(struct.pack("<I", len(data)) + data)
        sys.stdout.buffer.flush()


def _read() -> bytes:
    head = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(struct.unpack("<I", head)[0]) if len(head) == 4 else b""


if __name__ == "__main__":
    serve()
