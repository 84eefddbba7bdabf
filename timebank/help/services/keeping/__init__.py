"""Every promise until it ends in a word: presses, what waits for somebody now, calls made, dates that fall out, taking back."""
