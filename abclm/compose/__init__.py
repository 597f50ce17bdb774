"""Writes tunes: the numpy decoder, sampling, prompts and generation.

Rests on `notation`, `model.checkpoint` and `model.vocabulary`; TensorFlow stays out, and so does
everything that prints.
"""
