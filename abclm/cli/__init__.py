"""The command line: parse, call, print. The only room that prints or exits."""

from abclm.cli.app import app, main

__all__ = ["app", "main"]
