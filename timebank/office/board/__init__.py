"""The public notice (公示栏): what is on this week, what was given, whom to call. The first page a stranger sees.

It shows sums and public cards only. A sum that fewer than five people stand behind is never shown by itself.
"""
