"""The lists written back to xlsx and csv, in either language, safe to open in any spreadsheet program.

A cell that a program could run (=, +, -, @, tab, line breaks and their full-width forms at its start) gets a leading
apostrophe and is written as plain text. What is written can be read again with the same line keys.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from marketplace.ages import AgeFact, AgeSort, best
from marketplace.categories import CategoryTree, default_tree
from marketplace.lists.columns import all_columns
from marketplace.lists.kinds import ListKind
from marketplace.lists.report import Line
from marketplace.phones import PhoneNumber
from marketplace.preferences import Preferences
from marketplace.text import neutralised
from marketplace.times.say import date_en, date_zh
from marketplace.values import (
    Activity,
    AttendanceEntry,
    Need,
    Project,
    Quantity,
    Resource,
    VolunteerEntry,
    When,
)

_WORDS: dict[str, tuple[str, str]] = {
    "resident": ("居民", "resident"), "community": ("社区", "community"), "unit": ("单位", "unit"),
    "urgent": ("紧急", "urgent"), "normal": ("一般", "normal"), "low": ("不急", "low"),
    "phone": ("电话", "phone"), "desk": ("移动办公桌", "desk"), "grid_visit": ("网格员走访", "grid visit"),
    "message_book": ("留言簿", "message book"), "wish_wall": ("心愿墙", "wish wall"), "talk_day": ("居民说事日", "talk day"),
    "suggestion_box": ("意见箱", "suggestion box"), "online": ("网上", "online"), "other": ("", ""),
    "place": ("场地", "place"), "equipment": ("设备", "equipment"), "vehicle": ("车辆", "vehicle"),
    "meals": ("餐食", "meals"), "goods": ("物品", "goods"), "funds": ("资金物品", "funds"), "people": ("人才", "people"),
    "male": ("男", "male"), "female": ("女", "female"),
}  # fmt: skip
# What a volunteer chose for themself is theirs; lists where nobody stated such a thing have no column for it.
WISH_FIELDS = ("services", "declines", "away", "cap", "rest", "reach", "notice", "languages", "gender", "heavy", "certificates")  # fmt: skip
_ONLY_WHERE_SAID = frozenset({*WISH_FIELDS, "age", "born"})
PRIVATE_FIELDS = frozenset({"contact", "phone", "remark", "age", "born"})


def csv_of(kind: ListKind, lines: Sequence[Line], *, lang: str = "zh", private: bool = False) -> bytes:
    """The list as csv in UTF-8 with a byte-order mark, so that spreadsheet programs show Chinese.

    `private` also writes contacts, phones and remarks; leave it off for anything that goes on a board.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(table_of(kind, lines, lang=lang, private=private))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_of(
    kind: ListKind, lines: Sequence[Line], *, lang: str = "zh", private: bool = False, title: str = ""
) -> bytes:
    """The list as a workbook with a title row, a fixed header and columns wide enough to print."""
    # Imported here: importing the package must not load a spreadsheet library.
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    known = all_columns()[kind]
    sheet = book.add_worksheet(known.zh if lang.startswith("zh") else known.en)
    rows = table_of(kind, lines, lang=lang, private=private)
    sheet.write_string(
        0,
        0,
        neutralised(title or (known.zh if lang.startswith("zh") else known.en)),
        book.add_format({"bold": True, "font_size": 16}),
    )
    header, plain = (
        book.add_format({"bold": True, "border": 1, "text_wrap": True}),
        book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
    )
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(at + 1, column, cell, header if at == 0 else plain)
    _laid_out(sheet, rows)
    book.close()
    return out.getvalue()


def _laid_out(sheet: Any, rows: Sequence[Sequence[str]]) -> None:
    """Column widths by content, header fixed and repeated on every printed A4 page."""
    for column in range(len(rows[0])):
        widest = max(sum(2 if ord(char) > 0x2E7F else 1 for char in row[column]) for row in rows)
        sheet.set_column(column, column, min(max(widest + 2, 6), 40))
    sheet.freeze_panes(2, 0)
    sheet.repeat_rows(1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def table_of(
    kind: ListKind,
    lines: Sequence[Line],
    *,
    lang: str = "zh",
    private: bool = False,
    tree: CategoryTree | None = None,
) -> list[list[str]]:
    """Header and rows as text, every cell safe for a spreadsheet program; the base of csv and xlsx."""
    header, *rows = words_of(kind, lines, lang=lang, private=private, tree=tree)
    return [header, *([neutralised(cell) for cell in row] for row in rows)]


def words_of(
    kind: ListKind,
    lines: Sequence[Line],
    *,
    lang: str = "zh",
    private: bool = False,
    tree: CategoryTree | None = None,
) -> list[list[str]]:
    """Header and rows as a person reads them; not for a spreadsheet, which may run a cell."""
    known = all_columns()[kind]
    cells = [
        {"number": str(number), **_CELLS[kind](line, lang, tree or default_tree())}
        for number, line in enumerate(lines, start=1)
    ]
    fields = [
        name
        for name in known.fields
        if (private or name not in PRIVATE_FIELDS)
        and (name not in _ONLY_WHERE_SAID or (private and any(one.get(name) for one in cells)))
    ]
    header = [known.label(name, lang) for name in fields]
    return [header, *([one.get(name, "") for name in fields] for one in cells)]


def _word(code: str, lang: str) -> str:
    return _WORDS.get(code, (code, code))[0 if lang.startswith("zh") else 1]


def _labels(codes: Sequence[str], phrase: str, lang: str, tree: CategoryTree) -> str:
    if phrase and lang.startswith("zh"):
        return phrase
    return tree.label(codes[0], lang) if codes and codes[0] in tree.categories else phrase


def _when(when: When, lang: str) -> str:
    """The phrase as written; in English the reading, when there is one to trust."""
    if lang.startswith("zh") or when.question is not None or not when.said_en:
        return when.phrase
    return when.said_en if when.phrase else ""


def _quantity(quantity: Quantity | None) -> str:
    return quantity.phrase if quantity else ""


def _need(line: Any, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    need: Need = line
    return {
        "source": _word(need.source, lang),
        "place": need.place.text,
        "category": _labels(need.categories, need.category_phrase, lang, tree),
        "title": need.title,
        "served": need.served,
        "when": _when(need.when, lang),
        "quantity": _quantity(need.quantity),
        "urgency": _word(need.urgency.value, lang),
        "channel": _word(need.channel, lang),
        "filed_on": need.filed_on.isoformat(),
        "contact": need.contact,
        "remark": need.private_note,
    }


def _resource(line: Any, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    resource: Resource = line
    free = {True: ("无偿", "free"), False: ("低偿", "at low cost")}[resource.free]
    return {
        "owner": resource.owner,
        "owner_type": resource.owner_type,
        "kind": resource.category_phrase if lang.startswith("zh") else _word(resource.kind, lang),
        "title": resource.title,
        "when": _when(resource.when, lang),
        "quantity": _quantity(resource.quantity),
        "reach": resource.reach,
        "conditions": resource.conditions,
        "contact": resource.contact,
        "free": free[0 if lang.startswith("zh") else 1],
    }


def _activity(line: Any, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    activity: Activity = line
    return {
        "title": activity.title,
        "lead": f"{activity.lead}({activity.rota})" if activity.rota else activity.lead,
        "when": _when(activity.when, lang),
        "place": activity.place.text,
        "helpers": _quantity(activity.helpers),
        "audience": activity.audience,
        "state": activity.state,
    }


def _project(line: Any, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    project: Project = line
    return {
        "title": project.title,
        "lead": project.lead,
        "partners": "、".join(project.partners),
        "content": project.content,
        "requires": project.requires,
        "due": _when(project.due, lang),
        "progress": project.state if project.progress_percent is None else f"{project.progress_percent}%",
    }


def _volunteer(line: Any, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    person: VolunteerEntry = line
    return {
        "name": person.name,
        "phone": _phones(person.phones),
        **_ages(person.ages, lang),
        "identity": person.occupation,
        "skills": "、".join(person.skills),
        "when": _when(person.when, lang),
        "serves": "、".join(person.serves),
        "team": "、".join(person.teams),
        "remark": person.remark,
        **_wishes(person.preferences, lang, tree),
    }


def _wishes(chosen: Preferences, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    """A volunteer's limits in words that the reader of lists knows again."""
    zh = lang.startswith("zh")
    joint, day, to = ("、", date_zh, "至") if zh else (", ", date_en, " to ")
    minutes, days, metres, walk = (
        ("分钟", "天", "米", "步行{}分钟") if zh else (" minutes", " days", " m", "{} minutes on foot")
    )
    rest = [f"{chosen.rest_minutes}{minutes}"] * bool(chosen.rest_minutes)
    rest += [f"{chosen.rest_days}{days}"] * bool(chosen.rest_days)
    reach = [("同楼" if zh else "same building")] * chosen.same_building + list(chosen.grids)
    reach += [walk.format(chosen.walk_minutes_max)] * bool(chosen.walk_minutes_max)
    reach += [f"{chosen.radius_m}{metres}"] * bool(chosen.radius_m)
    away = [day(first) if first == last else f"{day(first)}{to}{day(last)}" for first, last in chosen.away]
    cap = chosen.minutes_per_week_max
    return {
        # A comma inside a label (Locks, knives and mending) would part it in two.
        "services": joint.join(tree.label(code, lang).replace(",", "") for code in chosen.services),
        "declines": joint.join(tree.label(code, lang).replace(",", "") for code in chosen.declines),
        "away": ("、" if zh else " and ").join(away),
        "cap": f"{cap}{minutes}" if cap else "",
        "rest": joint.join(rest),
        "reach": joint.join(reach),
        "notice": f"{chosen.notice_days}{days}" if chosen.notice_days else "",
        "languages": joint.join(chosen.languages),
        "gender": _word(chosen.gender, lang),
        "heavy": ("否" if zh else "no") if chosen.light_work_only else "",
        "certificates": joint.join(chosen.certificates),
    }


def _attendance(line: Any, lang: str, tree: CategoryTree) -> Mapping[str, str]:
    entry: AttendanceEntry = line
    return {
        "held_on": entry.held_on.isoformat() if entry.held_on else "",
        "activity": entry.activity,
        "name": entry.name,
        "signed_in": _clock(entry.signed_in_at),
        "signed_out": _clock(entry.signed_out_at, after=entry.signed_in_at),
        "minutes": str(entry.minutes_stated) if entry.minutes_stated else "",
        "did": entry.did,
        "place": entry.place,
        "phone": _phones(entry.phones),
        "remark": entry.remark,
        "age": _ages(entry.ages, lang)["age"],
    }


def _phones(phones: Sequence[PhoneNumber]) -> str:
    """The numbers as the reader of lists knows them again."""
    written = [
        one.number + (f"转{one.extension}" if one.extension else "") + (f"（{one.note}）" if one.note else "")
        if one.number
        else one.written
        for one in phones
    ]
    return "/".join(written)


def _ages(facts: Sequence[AgeFact], lang: str) -> dict[str, str]:
    """The birth as far as it is known, for an age said once would be read as said today; else whether of age."""
    found = best(facts)
    if found is None:
        return {"born": "", "age": ""}
    zh = lang.startswith("zh")
    match found.sort:
        case AgeSort.OF_AGE:
            return {"born": "", "age": "已成年" if zh else "adult"}
        case AgeSort.MINOR_SAID:
            return {"born": "", "age": "未成年" if zh else "minor"}
        case AgeSort.BORN_ON | AgeSort.BORN_YEAR:
            return {"born": found.value, "age": ""}
        case _:
            return {"born": f"{found.births.earliest}/{found.births.latest}", "age": ""}


def _clock(at: datetime | None, *, after: datetime | None = None) -> str:
    """The clock; with its day where that is not the day of `after`."""
    if at is None:
        return ""
    return f"{at:%H:%M}" if after is None or at.date() == after.date() else f"{at:%Y-%m-%d %H:%M}"


_CELLS: dict[ListKind, Callable[[Any, str, CategoryTree], Mapping[str, str]]] = {
    ListKind.NEEDS: _need,
    ListKind.RESOURCES: _resource,
    ListKind.ACTIVITIES: _activity,
    ListKind.PROJECTS: _project,
    ListKind.VOLUNTEERS: _volunteer,
    ListKind.ATTENDANCE: _attendance,
}
