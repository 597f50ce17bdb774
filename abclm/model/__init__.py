"""Vocabulary, windows, the Keras network, training and checkpoints.

The only room that imports keras or tensorflow, and only inside `network` and `training`:
`vocabulary`, `settings` and `checkpoint` stay importable without them, for `compose`.
"""
