"""Who helps whom this week: the exact plan, what people decide about it, and what is missing."""
