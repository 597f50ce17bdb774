"""A tune as MEI, engraved by verovio; nothing else imports verovio."""
