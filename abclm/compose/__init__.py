"""What a musician asks for: new tunes, more of a tune, rewritten bars, a second part, titles.

Pure: text and arrays in, tunes out. Nothing here prints or imports TensorFlow.
"""
