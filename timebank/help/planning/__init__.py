"""What a plan is made from: the lists, services and people of a community as the planner of `marketplace` reads them."""
