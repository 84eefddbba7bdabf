"""From a need to an hour in the book: requests, lists and their files, matching, services, hours.

Each folder is a slice with its own flow, routes and schemas; what several of them share stands beside them.
"""
