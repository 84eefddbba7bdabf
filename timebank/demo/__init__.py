"""The demo community 东区社区: made-up people, the real-shaped lists, and a month of history posted by the real flows."""
