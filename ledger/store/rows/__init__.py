"""Rows of a book in either database: how they are read, written and guarded."""
