"""How fast the durable engine is, beside Piccolo's own and beside bare sqlite3, on one disk in one run."""
