"""How much of a tune is in the tunes that the model learned from."""
