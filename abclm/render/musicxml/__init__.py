"""A tune as MusicXML, as it is written: repeats and endings as signs."""
