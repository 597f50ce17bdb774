"""Vocabulary, cues, the Keras network, training and checkpoints.

The only room that uses keras or tensorflow. `training` imports them only when it runs; the other
sub-rooms serve the decoder without them.
"""
