"""What people are told: carried by text message and mail, read out from the call sheet, kept on one's own page."""
