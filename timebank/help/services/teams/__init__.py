"""A team's shifts: made every week, closed by the leader, typed in from paper."""
