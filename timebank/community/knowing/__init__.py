"""Telephones and passwords that somebody else gave to their owner, acknowledged by a second person who has met them."""
