"""Metrics and reports: a model measured against real tunes and a plain n-gram.

The definitions are those of DESIGN section 9. Checkpoints, corpora and tunes come in, figures and
reports go out; nothing is printed here.
"""
