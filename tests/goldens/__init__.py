"""What the whole program gives today, kept so that a change of its inside can be held to it."""
