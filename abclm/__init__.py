"""abclm: a character-level language model of ABC notation for the terminal."""

__all__ = ["__version__"]

__version__ = "0.1.0"
