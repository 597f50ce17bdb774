"""The words of the format: its tables, the lexer, and what a field or a token says."""
