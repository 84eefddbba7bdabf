"""Who works at the desk or checks the books, and how they sign in: opened, reset and ended by another, never by oneself."""
