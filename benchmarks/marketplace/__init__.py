"""How fast and how good the planner is, next to OR-Tools and to first-come-first-served, in one run."""
