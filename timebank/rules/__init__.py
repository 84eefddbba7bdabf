"""Rules of the time bank as pure functions over plain values: no database, no web, no clock of their own."""
