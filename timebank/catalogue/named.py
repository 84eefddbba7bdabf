"""Codes of the shipped kinds of relationship that the app itself speaks of, by name: who is on a roster and who works at the desk."""

TEAM_MEMBER, LEADER, DEPUTY = "team_member", "leader", "deputy"
UNIT_CONTACT, UNIT_STAFF = "unit_contact", "unit_staff"
WORKER = "worker"
