"""A double-entry ledger of hours: minutes and points move between accounts and never vanish."""
