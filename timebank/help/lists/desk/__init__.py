"""The desk keeps the four lists by hand: what a file can bring can be written, changed, paused and ended on a page."""
