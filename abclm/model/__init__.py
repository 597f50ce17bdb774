"""Vocabulary, windows, the Keras network, training and checkpoints.

The only room that uses keras or tensorflow, and imports them only when `backend` is asked to:
`vocabulary`, `settings`, `weights` and `checkpoint` serve `compose` without them.
"""
