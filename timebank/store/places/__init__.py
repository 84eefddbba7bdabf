"""Where: communities at their nodes of the tree of places, with the days off and the kinds of help that each goes by."""
