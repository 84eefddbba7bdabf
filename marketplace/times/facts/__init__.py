"""Facts of a phrase, statement by statement: which days, which hours, how often, until when.

A clause is one statement such as 周二、周四上午. A new one begins after ; or when another day follows hours (周二上午、
周四下午). Here facts are only collected; `rules` and `firmness` turn them into what is kept. Each module adds one kind of
fact to what the one before it knows: statements, their days, their bounds, how often; the collector walks over the phrase.
"""

from __future__ import annotations

from marketplace.times.facts.clause import Clause
from marketplace.times.facts.collector import Collector

__all__ = ["Clause", "Collector"]
