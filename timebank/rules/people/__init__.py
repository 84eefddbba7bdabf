"""Who somebody is, what a change of their record takes, and who looked. Pure."""
