"""Who is who, and who stands to whom: founding, people, organisations, relationships, identity, policy."""
