"""Rows of the volunteers' list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from marketplace.lists.reading import RowReading, line_key, listed
from marketplace.lists.wishes import read_preferences
from marketplace.text import folded, is_minor, read_phone
from marketplace.times import read_when
from marketplace.times.reader import with_exceptions, with_notice
from marketplace.values import VolunteerEntry, When

_ANYBODY = frozenset({"不限", "都可以", "所有人", "anyone", "anybody", "all"})
_NO_SKILL = frozenset({"无", "没有", "none"})


def read_volunteer(reading: RowReading) -> VolunteerEntry:
    """The person a row states."""
    name, occupation, remark = _name(reading), reading.text("identity"), reading.text("remark")
    phone = _phone(reading)
    skills = tuple(skill for skill in listed(reading.text("skills"), spaces=True) if skill not in _NO_SKILL)
    if not skills and not reading.text("services"):
        reading.note("skill_missing", "skills")
    minor = is_minor(occupation, remark)
    if minor:
        reading.doubt("guardian_consent", "identity")
    preferences, when = read_preferences(reading, reading.when("when", filed_on=reading.table.filed_on))
    team = reading.text("team")
    if not team:
        reading.note("team_missing", "team")
    identity = [name, phone] if phone else [name, occupation, *skills]
    return VolunteerEntry(
        line_key=line_key("volunteers", identity),
        name=name,
        phone=phone,
        phone_doubtful=""
        if phone
        else "".join(char for char in folded(reading.raw("phone")) if char.isdigit()),
        occupation=occupation,
        skills=skills,
        categories=preferences.services
        or tuple(dict.fromkeys(code for skill in skills for code in reading.of_resource("", skill))),
        when=when,
        preferences=preferences,
        serves=tuple(one for one in listed(reading.text("serves")) if one not in _ANYBODY),
        teams=listed(team),
        minor=minor,
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
        phone=complete.phone,
        phone_doubtful="" if complete.phone else first.phone_doubtful,
        occupation=first.occupation or second.occupation,
        skills=tuple(dict.fromkeys((*first.skills, *second.skills))),
        categories=preferences.services or tuple(dict.fromkeys((*first.categories, *second.categories))),
        when=_joined_when(first.when, second.when, phrases, filed_on),
        preferences=preferences,
        serves=serves,
        teams=tuple(dict.fromkeys((*first.teams, *second.teams))),
        minor=first.minor or second.minor,
        remark=" ".join(filter(None, dict.fromkeys((first.remark, second.remark)))),
    )


def _joined_when(first: When, second: When, phrases: list[str], filed_on: date) -> When:
    """The times of two rows: of either where only one says when, read again as one where both do."""
    both = first if first.phrase else second
    if len(phrases) > 1:
        both = read_when(";".join(phrases), filed_on=filed_on)
    both = with_exceptions(with_exceptions(both, first), second)
    return with_notice(both, max(first.notice_days, second.notice_days))


def likely_same(one: VolunteerEntry, other: VolunteerEntry) -> bool:
    """True for one name with one number that lost a digit in one of the rows, and the same work or a shared skill."""
    if one.name != other.name or bool(one.phone) == bool(other.phone):
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


def _phone(reading: RowReading) -> str:
    """The number in its normal form; a refused one leaves the rest of the row standing."""
    text = reading.raw("phone")
    phone = read_phone(text)
    if phone.refusal:
        digits = str(sum(char.isdigit() for char in folded(text)))
        reading.doubt(phone.refusal, "phone", text=text, digits=digits)
    elif not phone.normal:
        reading.note("phone_missing", "phone")
    return phone.normal
