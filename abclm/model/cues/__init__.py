"""The features that the network receives besides the last character, counted from the tune."""
