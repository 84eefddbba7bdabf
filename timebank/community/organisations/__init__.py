"""Teams, partner units and every other kind of organisation: listed, made, corrected, staffed and ended at the desk."""
