"""What people read: the plan with its reasons, its change, choices by hand, what-if and the shortage report."""
