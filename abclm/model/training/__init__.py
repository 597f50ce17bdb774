"""The Keras network and its training. Alone in importing keras and tensorflow, when it runs."""
