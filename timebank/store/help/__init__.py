"""From a need to an hour: lines, services with their parts, what was said of them, what they count for, imported files."""
