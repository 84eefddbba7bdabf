"""Exact solvers on whole numbers, and the proofs that need no trust in them; nothing here knows a name or an hour."""
