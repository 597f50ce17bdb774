"""The vocabulary of the format: its tables, the lexer, and readers of fields and tokens."""
