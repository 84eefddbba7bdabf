"""People's lines in the words of their columns: what a volunteer told of themself, and the stays of a sign-in sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from marketplace.ages import AgeFact, AgeSort, best, births_of, doubted
from marketplace.categories import CategoryTree
from marketplace.lists.export.words import word
from marketplace.lists.sign_in.clocks import HALF_DAY_DOUBT_BELOW
from marketplace.phones import PhoneNumber, read_phones
from marketplace.preferences import Preferences
from marketplace.times.say import MONTHS_EN, WEEKDAYS_EN, WEEKDAYS_ZH, date_en, date_zh
from marketplace.values import AttendanceEntry, VolunteerEntry, When


def volunteer_cells(person: VolunteerEntry, *, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    """A person on the volunteers' list."""
    return {
        "name": person.name,
        "phone": _phones(person.phones),
        **_ages(person.ages, lang),
        "identity": person.occupation,
        "skills": "、".join(person.skills),
        "when": person.when.phrase
        if lang.startswith("zh") or person.when.question
        else _said_en(person.when),
        "serves": "、".join(person.serves),
        "team": "、".join(person.teams),
        "remark": person.remark,
        **_wishes(person, lang, tree),
    }


def _said_en(when: When) -> str:
    return (when.said_en or when.phrase) if when.phrase else ""


def _wishes(person: VolunteerEntry, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    """A volunteer's limits in words that the reader of lists knows again."""
    chosen, zh = person.preferences, lang.startswith("zh")
    joint = "、" if zh else ", "
    minutes, days = ("分钟", "天") if zh else (" minutes", " days")
    rest = [f"{chosen.rest_minutes}{minutes}"] * bool(chosen.rest_minutes)
    rest += [f"{chosen.rest_days}{days}"] * bool(chosen.rest_days)
    cap = chosen.minutes_per_week_max
    return {
        # A comma inside a label (Locks, knives and mending) would part it in two.
        "services": joint.join(tree.label(code, lang).replace(",", "") for code in chosen.services),
        "declines": joint.join(tree.label(code, lang).replace(",", "") for code in chosen.declines),
        "away": ("、" if zh else " and ").join(_away(person, zh=zh)),
        "cap": f"{cap}{minutes}" if cap else "",
        "rest": joint.join(rest),
        "reach": joint.join(_reach(chosen, zh=zh)),
        "notice": f"{chosen.notice_days}{days}" if chosen.notice_days else "",
        "languages": joint.join(chosen.languages),
        "gender": word(chosen.gender, lang),
        "heavy": ("否" if zh else "no") if chosen.light_work_only else "",
        "certificates": joint.join(chosen.certificates),
    }


def _reach(chosen: Preferences, *, zh: bool) -> list[str]:
    reach = [("同楼" if zh else "same building")] * chosen.same_building + list(chosen.grids)
    walk = "步行{}分钟" if zh else "{} minutes on foot"
    reach += [walk.format(chosen.walk_minutes_max)] * bool(chosen.walk_minutes_max)
    return reach + [f"{chosen.radius_m}{'米' if zh else ' m'}"] * bool(chosen.radius_m)


def _away(person: VolunteerEntry, *, zh: bool) -> list[str]:
    """The days on which they cannot come; weekdays, months and holidays among them stand in the time, not in its phrase."""
    when = person.when
    day, to = (date_zh, "至") if zh else (date_en, " to ")
    away = [WEEKDAYS_ZH[one] if zh else f"{WEEKDAYS_EN[one]}s" for one in when.except_weekdays]
    away += [f"{one}月" if zh else MONTHS_EN[one - 1] for one in when.except_months]
    away += ["寒暑假" if zh else "school holidays"] * when.except_school_holidays
    away += ["节假日" if zh else "public holidays"] * when.except_public_holidays
    spans = person.preferences.away
    return away + [day(first) if first == last else f"{day(first)}{to}{day(last)}" for first, last in spans]


def attendance_cells(entry: AttendanceEntry, *, lang: str) -> Mapping[str, str]:
    """A stay; a day that nobody knows is said to be unknown, for a blank would be read as the day above."""
    zh = lang.startswith("zh")
    return {
        "held_on": entry.held_on.isoformat() if entry.held_on else ("不详" if zh else "unknown"),
        "activity": entry.activity,
        "name": entry.name,
        "signed_in": _clock(entry.signed_in_at, entry.held_on, zh=zh),
        "signed_out": _clock(entry.signed_out_at, entry.held_on, zh=zh),
        "minutes": str(entry.minutes_stated) if entry.minutes_stated else "",
        "did": entry.did,
        "place": entry.place,
        "phone": _phones(entry.phones),
        "remark": entry.remark,
        **_ages(entry.ages, lang),
    }


def _clock(at: datetime | None, day: date | None, *, zh: bool) -> str:
    """The clock, its day where that is another; a small hour says that it is in the night."""
    if at is None:
        return ""
    dated = f"{at:%Y-%m-%d} " if at.date() != day else ""
    night = 0 < at.hour * 60 + at.minute < HALF_DAY_DOUBT_BELOW
    return f"{dated}{'凌晨' if night and zh else ''}{at:%H:%M}{' am' if night and not zh else ''}"


def _phones(phones: Sequence[PhoneNumber]) -> str:
    """The numbers as they were written, else in their normal form, so that the reader of lists knows them again."""
    written = "/".join(one.written or one.number for one in phones)
    return written if read_phones(written) == tuple(phones) else "/".join(map(_phone, phones))


def _phone(one: PhoneNumber) -> str:
    if not one.number:
        return one.written
    extension = f"转{one.extension}" if one.extension else ""
    return one.number + extension + (f"（{one.note}）" if one.note else "")


def _ages(facts: Sequence[AgeFact], lang: str) -> dict[str, str]:
    """The birth as far as it is known, for an age said once would be read as said today; else that somebody is of age.

    Where two facts cannot both hold, the second stands beside the first, so that it is asked about again.
    """
    found, births = best(facts), births_of(facts)
    if found is None or births is None:
        return {"born": "", "age": ""}
    if found.sort is AgeSort.OF_AGE:
        return {"born": "", "age": "已成年" if lang.startswith("zh") else "adult"}
    other = max(facts, key=lambda fact: fact.births.apart(births)) if doubted(facts) else found
    exact = found.sort is AgeSort.BORN_YEAR and found.births == births
    born = found.value if exact else _range(births.earliest, births.latest)
    return {"born": born, "age": "" if other is found else _range(other.births.earliest, other.births.latest)}


def _range(earliest: date, latest: date) -> str:
    return earliest.isoformat() if earliest == latest else f"{earliest}/{latest}"
