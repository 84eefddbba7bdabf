"""What cannot be hidden: the log, what it holds and what auditors read of it."""
