"""Where one statement ends and the next begins, and what is still open between two pieces of a phrase."""

from __future__ import annotations

from datetime import date, timedelta, tzinfo

from marketplace.times.clock import Doubts, Stretch
from marketplace.times.facts.clause import Clause
from marketplace.times.tokens import Kind, Token

DAY_KINDS = frozenset(
    {Kind.DATE, Kind.MONTH_DAYS, Kind.WEEKDAYS, Kind.WEEKEND, Kind.WORKDAYS, Kind.DAILY, Kind.REST, Kind.NTHS,
     Kind.RELATIVE_DAY, Kind.ENDINGS, Kind.LUNAR_DAYS}
)  # fmt: skip
BOUND_KINDS = frozenset(
    {Kind.MONTH_YEAR, Kind.MONTH_RANGE, Kind.RELATIVE_WEEK, Kind.RELATIVE_MONTH, Kind.TENTH, Kind.NTH_WEEK}
)
DAY = timedelta(days=1)


class Statements:
    """The clauses so far, the last of them open, and the words whose other half is still to come."""

    def __init__(self, doubts: Doubts, filed_on: date, zone: tzinfo) -> None:
        self.doubts, self.filed_on, self.zone = doubts, filed_on, zone
        self.clauses = [Clause()]
        self.leftover: list[str] = []
        self._range_open = False
        self._range_text = ""
        self._listed = False
        self._either = False
        self._bracket = False
        self._each_time = False
        self._until = ""
        self._sharing: list[Clause] = []
        self._numbered = False
        self._week_of_dates: date | None = None
        self._listed_or_either = False
        self._early_deadline: Token | None = None
        self._behind: list[Token | Stretch] = []
        self._deadline_named = ""
        self._loose_holidays: Clause | None = None

    @property
    def clause(self) -> Clause:
        return self.clauses[-1]

    def _next_clause(self) -> None:
        """A new clause; after 或 both are turns of one choice."""
        if self._either:
            self.clause.choice = True
        self.clauses.append(Clause(choice=self._either))
        self._either = False

    def _share_hours(self) -> None:
        """A new clause for other days of the same hours."""
        clause = self.clause
        self._sharing = [] if clause.stretches else [*self._sharing, clause]
        self._next_clause()
        self.clause.empty = False

    def _end_range(self) -> None:
        if self._range_open:
            self.doubts.ask("range_unclear", text=self._range_text)
        self._range_open = False

    def _range_named(self) -> bool:
        return bool(self.clause.dates) and self.clause.dates[-1][0] != self.clause.dates[-1][1]

    def _close_range(self, last: date) -> None:
        self._range_open = False
        first = self.clause.dates[-1][0]
        if last < first:
            self.doubts.ask("period_reversed", first=first.isoformat(), last=last.isoformat())
        else:
            self.clause.dates[-1] = (first, last)

    def _once_only(self, before: int, now: int) -> None:
        """每周每月一次, 第一周第二周: one of the two must be wrong."""
        if before and before != now:
            self.doubts.ask("statements_disagree")
