"""准入: what kinds of help ask of their helpers, and what units' tasks must say before the community takes them on."""
