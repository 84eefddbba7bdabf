"""Founding a community, from an empty database to its first day."""
