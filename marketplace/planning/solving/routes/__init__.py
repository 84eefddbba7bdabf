"""Rounds of visits: the best ones of each stretch priced exactly, put together by a linear program, bounded and proven.

`tables` holds what a stretch has to offer, `pricing` its best rounds under prices, `prices` and `bound` what prices prove
(with a second, plainer pricing of its own), `master` the linear program, `subgradient` its stand-in where no solver is
installed, `schedule` a plan under change, `improve` its local search, `tree` the search over alternatives, `solve` all
of it in order.
"""
