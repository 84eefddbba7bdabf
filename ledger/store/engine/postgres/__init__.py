"""The engine over PostgreSQL: a pool of connections, and one transaction on one of them."""
