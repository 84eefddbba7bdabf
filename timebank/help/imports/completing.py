"""Completing somebody who is known from a line of a list; what the office wrote is never taken away.

What is on record is loaded with as many queries for hundreds of people as for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from marketplace.ages import AgeFact, AgeSort
from marketplace.values import VolunteerEntry
from timebank.context import Context, Engine
from timebank.rules.relationships import OPERATOR
from timebank.store.members import ages, people, phones, source_keys
from timebank.store.members.people import ERASED, Person, Profile
from timebank.store.members.phones import Phone

SAID_AGAIN = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One member as a list may complete them.

    Attributes:
        first_key: key of the row that told of them first, "" when no list did.
    """

    person: Person
    profile: Profile
    phones: tuple[Phone, ...] = ()
    first_key: str = ""


async def recorded(engine: Engine, uids: Sequence[str]) -> dict[str, Record]:
    """What is on record of each, by uid; somebody without a name reads as 已注销."""
    persons = await people.persons(engine, uids)
    profiles = await people.profiles(engine, uids)
    numbers = await phones.phones_of(engine, uids)
    keys = await source_keys.source_keys_of(engine, uids)
    return {
        uid: Record(
            person=persons.get(uid) or Person(member=uid, name=ERASED, called=ERASED),
            profile=profiles.get(uid) or Profile(member=uid),
            phones=tuple(numbers.get(uid, ())),
            first_key=keys.get(uid, ""),
        )
        for uid in uids
    }


async def complete(ctx: Context, community: str, record: Record, entry: VolunteerEntry) -> bool:
    """Write what the list adds; whether that was anything. In the caller's unit of work."""
    uid = record.person.member
    person, profile = _completed(record.person, entry), _told(record.profile, entry)
    changed = False
    if person != record.person:
        await people.save_person(ctx.engine, person)
        changed = True
    if profile != record.profile:
        await people.save_profile(ctx.engine, profile)
        changed = True
    if phones.unknown(entry.phones, record.phones):
        changed |= await phones.add_phones(ctx.engine, community=community, member=uid, numbers=entry.phones)
    known = await ages.ages(ctx.engine, uid) if entry.ages else []
    for fact in entry.ages:
        if not any(_says_no_more(fact, one) for one in known):
            changed |= await ages.add_age(ctx.engine, uid, fact, recorded_by=OPERATOR)
    return changed


def _completed(person: Person, entry: VolunteerEntry) -> Person:
    return replace(
        person,
        name=entry.name if person.name.startswith("'") else person.name,
        occupation=person.occupation or entry.occupation[:60],
    )


def _told(profile: Profile, entry: VolunteerEntry) -> Profile:
    skills = [skill for skill in profile.skills.split("、") if skill]
    return replace(
        profile,
        gives=True,
        skills="、".join(dict.fromkeys((*skills, *entry.skills))),
        wishes=profile.wishes or wishes(entry),
    )


def _says_no_more(fact: AgeFact, known: AgeFact) -> bool:
    """The same said again: of a birth at any time, of an age within half a year."""
    apart = timedelta() if fact.sort in (AgeSort.BORN_ON, AgeSort.BORN_YEAR) else fact.said_on - known.said_on
    return (fact.sort, fact.value) == (known.sort, known.value) and abs(apart) < SAID_AGAIN


def wishes(entry: VolunteerEntry) -> str:
    """When and for whom, in the person's own words."""
    return " · ".join(filter(None, (entry.when.phrase, "、".join(entry.serves))))
