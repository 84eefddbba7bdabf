"""Hours as people and auditors read them: the passbook, giving to the community fund, corrections, and the books."""
