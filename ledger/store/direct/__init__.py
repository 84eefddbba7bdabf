"""The direct lane: plain transfers decided in one pass and written in one visit to the database."""
