"""Hand-written, frozen migrations; a change is a later file."""
