"""A tune as MEI, and engraved by verovio. Alone in importing verovio."""
