"""The app of a neighbourhood's time bank: people, places, services and city policy on top of two libraries.

`ledger` keeps the hours, `marketplace` matches the lists; this package knows the people and puts both on the web.
"""

__version__ = "0.1.0"
