"""What an auditor looks through: who entered and vouched alone, what came late or in bursts, corrections, readings, sign-ins, the log.

By opaque ids alone, the same as in the book, the log and a service's own page.
"""
