"""Hand-written, frozen migrations of the ledger, one module per version, for SQLite and PostgreSQL."""
