"""Sign-in sheets: the clocks and lengths of cells, the day of a stay, what else a row says, and the stays it tells."""
