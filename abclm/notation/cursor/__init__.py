"""Reads a tune character by character: time, form and pitch after each of them.

May import `syntax` and `tune`.
"""
