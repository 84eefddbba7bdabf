"""Time phrases of a neighbourhood, read into rules and windows, in Chinese and English.

    when = read_when("每月第一、第三个周二 14:00-17:00", filed_on=date(2026, 11, 18))
    when.said_en            # first and third Tuesday of every month 14:00–17:00
    when.windows_in(Week.parse("2026-W49"))

The way of a phrase: `tokens` (words to a common alphabet) → `digits` (8.30 and 3/4) → `named` (festivals, lunar dates, school terms) →
`exceptions` (days taken out) → `clock` (hours) → `clauses` (facts) → `reader` (rules, or a question) → `say` (back in
words), `icalendar` (the same for calendar programs). The days themselves are named by `marketplace.when`.
"""

from marketplace.calendars import ChinaCalendar, PlainCalendar, mainland
from marketplace.times.clock import DAY_PARTS
from marketplace.times.digits import DateOrder
from marketplace.times.icalendar import Event, events_of, ical_of, zone_rules
from marketplace.times.reader import read_when, with_notice
from marketplace.values import Calendar

__all__ = [
    "DAY_PARTS",
    "Calendar",
    "ChinaCalendar",
    "DateOrder",
    "Event",
    "PlainCalendar",
    "events_of",
    "ical_of",
    "mainland",
    "read_when",
    "with_notice",
    "zone_rules",
]
