"""A service and the part of each person in it: what happened, what was said, whose hands it took. Pure."""
