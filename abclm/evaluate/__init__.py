"""Metrics and reports: a model measured against real tunes and a plain n-gram.

The figures are defined in `docs/glossary.md`. Checkpoints, corpora and tunes come in, figures and
reports go out; nothing is printed here.
"""
