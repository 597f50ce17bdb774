"""A log of every tune that was made, with all that is needed to make it again."""
