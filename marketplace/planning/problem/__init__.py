"""The week in numbers: tasks, slots, the rules on who may meet, the points of each pair, and the model that numbers them."""
