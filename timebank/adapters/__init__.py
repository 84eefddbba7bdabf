"""Real and replayable implementations of the ports."""
