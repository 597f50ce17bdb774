"""Reading files that somebody else may have made: with size limits, and every value checked.

Checkpoints, recipes, corpora and ledgers are passed from hand to hand. Any room may import from
here; this one imports nothing of abclm but the errors.
"""
