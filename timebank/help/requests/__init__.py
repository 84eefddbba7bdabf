"""Asking for help: an elder in three taps, a relative for them, a worker on the telephone. All open the same need."""
