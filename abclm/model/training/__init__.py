"""The Keras network and its training: the only importer of keras and tensorflow, when it runs."""
