"""The room of numbers: what a model is worth, measured beside real tunes and a plain n-gram.

The definitions are those of DESIGN section 9. Checkpoints, corpora and tunes come in, figures and
reports go out; nothing is printed here.
"""
