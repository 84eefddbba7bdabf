"""The tree of places, and the sums that a reader of sums sees. Pure."""
