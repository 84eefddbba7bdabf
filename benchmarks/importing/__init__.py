"""How long a list of thousands takes from its file into the database, and how long other visitors wait meanwhile."""
