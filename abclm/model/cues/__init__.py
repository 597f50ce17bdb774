"""What the network is given beside the last character, counted from the tune so far."""
