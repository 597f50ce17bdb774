"""Every tune that was made, with all that makes it again."""
