"""Services as they happen: who signs up, who came and left, who says so, and the hours that follow from it."""
