"""Ways in besides the pages: the card on the fridge, the kiosk, text messages. They press what the pages press, and no more."""
