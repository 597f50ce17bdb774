"""What tunes are like, in numbers."""
