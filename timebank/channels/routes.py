"""Handlers of the card, the kiosk and the text gateway."""

from __future__ import annotations

from timebank.channels import card_routes, text_routes

handlers = [*card_routes.handlers, *text_routes.handlers]
