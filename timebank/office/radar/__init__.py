"""The radar: patterns in hours that are worth a look, found by the clock and looked at by somebody whom they do not concern."""
