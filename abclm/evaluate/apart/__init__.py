"""Classifiers that try to tell the tunes of a model from real ones."""
