"""How much of a tune occurs in the tunes that the model learned from."""
