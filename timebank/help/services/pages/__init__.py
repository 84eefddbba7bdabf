"""Pages, presses and the API of services."""
