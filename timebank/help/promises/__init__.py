"""A promise as somebody sees it: where it stands, the sentence for them, and what they may press.

presses   every press: its words, the use case it belongs to, what it asks for
seen      a service with its parts, as one person sees it
words     the sentence filled with names, hours and days
standing_in   who could go in somebody's place, and which other times would do
"""
