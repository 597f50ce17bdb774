"""The ABC language: lexer, tune, rules, canonical form. Pure Python, standard library only."""
