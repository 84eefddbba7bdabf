"""Private calendar addresses: one's own services, the visits to somebody one reads for, the shifts of a team."""
