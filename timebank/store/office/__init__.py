"""What an office keeps: its rules, its first day, its funnel and its paper passbooks."""
