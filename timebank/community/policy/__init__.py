"""The policy page: the rules in force, a draft in a form made from the knobs, its preview, and another's approval."""
