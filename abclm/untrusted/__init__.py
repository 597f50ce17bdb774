"""What somebody else may have made, read within bounds and checked before it is believed.

Checkpoints, recipes, corpora and ledgers are passed on from hand to hand. Any room may come here;
this one imports the errors and nothing else of abclm.
"""
