"""A hundred thousand lines at once: the problem in arrays, the compiled simplex, and plans straight from columns."""
