"""Pages of who stands to whom: asked, agreed to, ended; posts, absences, and lists of hundreds at once."""
