"""How fast the ledger posts and proves, beside what one could do by hand on the same disk in the same run.

`python -m benchmarks.ledger [--json] [--transfers N]`. Subjects take turns of a fraction of a second, so that a busy machine
slows them alike and each meets quiet moments; the best turn of each counts, and what is judged are the ratios.
"""
