"""What comes in and goes out: news and their outbox, text messages, calendar feeds, queued presses, kept forms."""
