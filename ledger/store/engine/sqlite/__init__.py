"""The engine over SQLite: one writer, its connections, and long reads in a thread."""
