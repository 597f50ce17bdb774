"""The numpy decoder, sampling and generation. No TensorFlow."""
