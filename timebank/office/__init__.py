"""What the desk answers for, proves and shows."""
