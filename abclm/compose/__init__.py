"""What a musician asks for: new tunes, more of a tune, bars anew, a second part, titles.

Pure: text and arrays in, tunes out. Nothing here prints, and TensorFlow stays out.
"""
