"""Rows of the volunteers' list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from marketplace.age_words import facts_in_words, read_age
from marketplace.ages import AgeFact, Minority, doubted, may_be_minor, minor
from marketplace.lists.reading import RowReading, line_key, listed
from marketplace.lists.table import MASKED
from marketplace.lists.wishes import read_preferences
from marketplace.names import name_key
from marketplace.phones import PhoneNumber, first_number, read_phones
from marketplace.text import folded, harmless
from marketplace.times import read_when
from marketplace.times.reader import with_exceptions, with_notice
from marketplace.values import VolunteerEntry, When

_ANYBODY = frozenset({"不限", "都可以", "所有人", "anyone", "anybody", "all"})
_NO_SKILL = frozenset({"无", "没有", "none"})
# So many digits may be the number of an identity card.
_IDENTITY_DIGITS = 15


def read_volunteer(reading: RowReading) -> VolunteerEntry:
    """The person a row states."""
    name, occupation, remark = _name(reading), reading.text("identity"), reading.text("remark")
    phones = phones_in(reading)
    skills = tuple(skill for skill in listed(reading.text("skills"), spaces=True) if skill not in _NO_SKILL)
    if not skills and not reading.text("services"):
        reading.note("skill_missing", "skills")
    ages = ages_in(reading, "identity")
    preferences, when = read_preferences(reading, reading.when("when", filed_on=reading.table.filed_on))
    team = reading.text("team")
    if not team:
        reading.note("team_missing", "team")
    phone = first_number(phones)
    identity = [name, phone] if phone else [name, occupation, *skills]
    return VolunteerEntry(
        line_key=line_key("volunteers", identity),
        name=name,
        phones=phones,
        ages=ages,
        occupation=occupation,
        skills=skills,
        categories=preferences.services
        or tuple(dict.fromkeys(code for skill in skills for code in reading.of_resource("", skill))),
        when=when,
        preferences=preferences,
        serves=tuple(one for one in listed(reading.text("serves")) if one not in _ANYBODY),
        teams=listed(team),
        remark=remark,
    )


def joined(first: VolunteerEntry, second: VolunteerEntry, *, filed_on: date) -> VolunteerEntry:
    """One person out of two rows: teams, skills, times and wishes of both."""
    preferences = first.preferences.joined(second.preferences)
    phrases = list(dict.fromkeys(one.when.phrase for one in (first, second) if one.when.phrase))
    serves = (
        () if not first.serves or not second.serves else tuple(dict.fromkeys((*first.serves, *second.serves)))
    )
    complete = first if first.phone or not second.phone else second
    return replace(
        first,
        line_key=complete.line_key,
        phones=_joined_phones(complete.phones, second.phones if complete is first else first.phones),
        ages=tuple(dict.fromkeys((*first.ages, *second.ages))),
        occupation=first.occupation or second.occupation,
        skills=tuple(dict.fromkeys((*first.skills, *second.skills))),
        categories=preferences.services or tuple(dict.fromkeys((*first.categories, *second.categories))),
        when=_joined_when(first.when, second.when, phrases, filed_on),
        preferences=preferences,
        serves=serves,
        teams=tuple(dict.fromkeys((*first.teams, *second.teams))),
        remark=harmless(" ".join(filter(None, dict.fromkeys((first.remark, second.remark))))),
    )


def _joined_phones(
    first: tuple[PhoneNumber, ...], second: tuple[PhoneNumber, ...]
) -> tuple[PhoneNumber, ...]:
    """The numbers of both rows; what held none is left out where the other has one."""
    new = [one for one in second if not any(one == known or one.rings_like(known) for known in first)]
    every = (*first, *new)
    return tuple(one for one in every if one.number) or every


def _joined_when(first: When, second: When, phrases: list[str], filed_on: date) -> When:
    """The times of two rows: of either where only one says when, read again as one where both do."""
    both = first if first.phrase else second
    if len(phrases) > 1:
        both = read_when(";".join(phrases), filed_on=filed_on)
    both = with_exceptions(with_exceptions(both, first), second)
    return with_notice(both, max(first.notice_days, second.notice_days))


def likely_same(one: VolunteerEntry, other: VolunteerEntry) -> bool:
    """True for one name with one number that lost a digit in one of the rows, and the same work or a shared skill."""
    if bool(one.phone) == bool(other.phone) or name_key(one.name) != name_key(other.name):
        return False
    whole, short = (one.phone or other.phone), (one.phone_doubtful or other.phone_doubtful)
    slip = any(whole[:at] + whole[at + 1 :] == short for at in range(len(whole)))
    alike = (one.occupation and one.occupation == other.occupation) or set(one.skills) & set(other.skills)
    return slip and bool(alike)


def _name(reading: RowReading) -> str:
    """The name; a form of address (王阿姨) or a word with digits is asked about."""
    name = reading.text("name")
    if not name.startswith("'") and re.search(
        r"(?:阿姨|大爷|大妈|大叔|叔叔|奶奶|爷爷|老师|师傅|先生|女士|小姐|大姐|大哥)$|\d|^(?:mr|mrs|ms)\b",
        name.casefold(),
    ):
        reading.doubt("name_doubtful", "name", text=name)
    return name


def phones_in(reading: RowReading) -> tuple[PhoneNumber, ...]:
    """The numbers of the cell; one that cannot be read is kept as written and asked about where no other can be rung."""
    text = reading.raw("phone")
    phones = read_phones(text)
    if not phones:
        reading.note("phone_missing", "phone")
    elif not first_number(phones):
        digits = str(sum(char.isdigit() for char in folded(text)))
        reading.doubt(phones[0].doubt, "phone", text=text, digits=digits)
    for one in phones:
        if not one.number and first_number(phones):
            reading.note("phone_part_unread", "phone", text=one.written)
    return phones


def ages_in(reading: RowReading, *own: str) -> tuple[AgeFact, ...]:
    """What the row says of the person's age: its age and birth columns, and words in columns about the person."""
    said_on = reading.table.filed_on
    found: list[AgeFact] = []
    for column in ("born", "age"):
        text = reading.text(column)
        fact = read_age(text, said_on=said_on, source=column)
        if fact is not None:
            found.append(fact)
        elif text:
            # A number of identity in the wrong column must not be said again.
            shown = text if sum(char.isdigit() for char in text) < _IDENTITY_DIGITS else "…"
            known = {"text": shown, "column": reading.column(column)}
            if any(char.isdigit() for char in text) or MASKED in text:
                reading.doubt("age_unreadable", column, **known)
            else:
                reading.note("age_unreadable", column, **known)
    for column in (*own, "remark"):
        found.extend(facts_in_words(reading.text(column), said_on=said_on, source=column))
    facts = tuple(dict.fromkeys(found))
    if doubted(facts):
        reading.doubt("age_differs", facts[0].source)
    if may_be_minor(facts):
        sure = minor(facts, said_on) is Minority.YES
        reading.doubt("guardian_consent" if sure else "age_unknown", facts[0].source)
    return facts
