"""What is said of somebody's part, by whom, and what follows for the hours: so, not so, somebody else please, put right."""
