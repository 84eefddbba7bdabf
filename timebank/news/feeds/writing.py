"""A feed as iCalendar (RFC 5545, 7986), written by `icalendar`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from marketplace.times import zone_rules
from timebank.rules.telling.feeds import Entry, Status

REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a calendar shows beside the hours.

    Attributes:
        name: of the whole calendar. title: of each appointment, in front of its place.
        link: to the page of an appointment, behind the sign-in, with {uid} in it.
    """

    name: str
    title: str
    link: str


def written(entries: Sequence[Entry], *, words: Words, installation: str, zone: ZoneInfo, year: int) -> bytes:
    """The file; the same entries give the same bytes.

    Args:
        installation: tells the appointments of this one from those of every other.
        year: of today; the file holds the zone's rules for the years around it.
    """
    file = Calendar()
    file.add("prodid", "-//timebank//feeds//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("name", words.name)
    file.add("x-wr-calname", words.name)
    file.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", "PT1H")
    file.add_component(zone_rules(zone.key, year - 1, year + 2))
    for entry in entries:
        file.add_component(_event(entry, words, installation, zone))
    made: bytes = file.to_ical()
    return made


def _event(entry: Entry, words: Words, installation: str, zone: ZoneInfo) -> Event:
    shown = entry.shown
    event = Event()
    event.add("uid", f"{shown.uid}@{installation}")
    event.add("dtstamp", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("dtstart", shown.starts_at.astimezone(zone))
    event.add("dtend", shown.ends_at.astimezone(zone))
    event.add("status", shown.status.value.upper())
    event.add("transp", "TRANSPARENT" if shown.status is Status.CANCELLED else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("summary", " · ".join(word for word in (words.title, shown.place) if word))
    if shown.place:
        event.add("location", shown.place)
    event.add("description", words.link.replace("{uid}", shown.uid))
    return event
