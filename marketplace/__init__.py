"""Matching a neighbourhood's needs list against its resources list, exactly and with reasons.

The package knows lists, times, categories, quantities and claims. It knows nothing about hours on a book, about
people's accounts or about the web; those live in `ledger` and `timebank`.
"""
