"""Who is asking: sign-ins, what they open, and what slows a guesser down."""
