"""Who stands to whom: relationships, the organisations and owners they point to, and who is away."""
