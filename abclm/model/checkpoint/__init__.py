"""A trained model as a folder: configuration, weights, history, titles. No TensorFlow."""
