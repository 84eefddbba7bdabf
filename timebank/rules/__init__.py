"""Rules of the time bank as pure functions: what was served and who served it in, minutes and their reasons out."""
