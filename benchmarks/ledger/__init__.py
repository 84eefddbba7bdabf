"""How fast hours are posted, verified and written as books, told as ratios inside one interleaved run.

    python -m benchmarks.ledger [--json] [--posts N] [--rounds N]

Absolute figures on a shared machine mean little; every goal is a ratio to plain `sqlite3` doing the same rows on the same
disk in the same minute, with WAL and synchronous=FULL on both sides.
"""
