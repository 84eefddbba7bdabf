"""Rows of people, places, services and sessions; the slices meet here and nowhere else."""
