"""What is published of a month, and what an auditor looks at. Pure."""
