"""The desk's call sheet, one's own news, and how one wants to be told."""
