"""Which list a table is and what its columns hold: words, cells, and points for and against."""
