"""People, from the counter to the end: registered, found, corrected, joined, moved, away, gone; and their archive."""
