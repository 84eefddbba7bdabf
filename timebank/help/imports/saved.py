"""What saving a row came to, and the doubts that only the office's own records raise."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.lists import RowReport, Verdict
from marketplace.names import name_key
from marketplace.values import Refusal
from timebank.community.recognition import Maybe, why_said
from timebank.errors import BadField


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A row after saving.

    Attributes:
        target: what it was saved as; "" when it waits for an answer.
        changes: how many lines, people, memberships and attendances it added or changed.
    """

    verdict: Verdict
    reasons: tuple[Refusal, ...] = ()
    target: str = ""
    changes: int = 0


def kept(row: RowReport, target: str = "", changes: int = 0) -> Saved:
    """The row as it was judged."""
    return Saved(verdict=row.verdict, reasons=row.reasons, target=target, changes=changes)


def asked(row: RowReport, *doubts: Refusal) -> Saved:
    """The row held back with a question of ours beside those of the reader."""
    return Saved(verdict=Verdict.QUESTIONED, reasons=(*row.reasons, *doubts))


def merged(row: RowReport, why: Refusal, target: str, changes: int) -> Saved:
    """The row joined to what was there already."""
    verdict = Verdict.MERGED if row.verdict is Verdict.ACCEPTED else row.verdict
    return Saved(verdict=verdict, reasons=(*row.reasons, why), target=target, changes=changes)


def who_is_it(found: Maybe, name: str, field: str) -> Refusal:
    """The question who is meant, of those on record."""
    zh, en = why_said(found.why)
    return Refusal(code=found.why.value, field=field, zh=f"“{name}”：{zh}", en=f"“{name}”: {en}")


def choose(found: Maybe) -> BadField:
    """The refusal of a yes that does not say who is meant."""
    zh, en = why_said(found.why)
    return BadField(
        f"{zh}请选一位，或者说明是另一个人。", f"{en} Choose one, or say it is somebody else.", field="who"
    )


OWNER_UNCLEAR = "owner_unclear"
_UNCLEAR = (
    "有几个组织都叫这个名字。给其中一个改名，或者在它的页面上加一个不同的叫法，再把这里改成那个叫法。",
    "Several organisations go by this name. Rename one of them, or give it another name on its page and write that one here.",
)


def whose_is_it(row: RowReport, name: str) -> Refusal:
    """The question which of several organisations of this name is meant."""
    zh, en = _UNCLEAR
    return Refusal(code=OWNER_UNCLEAR, field=_column_of(row, name), zh=zh, en=en)


def say_whose(row: RowReport, name: str) -> BadField:
    """The refusal of a yes that cannot tell them apart."""
    return BadField(*_UNCLEAR, field=_column_of(row, name))


def _column_of(row: RowReport, name: str) -> str:
    """The column of the file whose cell says this name; "" where none does."""
    key = name_key(name)
    return next((column for column, text in row.cells.items() if key and key in name_key(text)), "")


def walk_up(name: str, field: str) -> Refusal:
    return Refusal(
        code="walk_up",
        field=field,
        zh=f"名单里没有“{name}”，像是临时来的；时间先记下，登记后再入账。",
        en=f"“{name}” is not on the list and seems to have walked up; the time is noted and posted after registration.",
    )


def known_person(name: str, field: str) -> Refusal:
    return Refusal(
        code="person_known",
        field=field,
        zh=f"“{name}”以前登记过，资料已补在一起。",
        en=f"“{name}” was registered before; the details were joined.",
    )


def consent_missing(name: str, field: str) -> Refusal:
    return Refusal(
        code="guardian_consent",
        field=field,
        zh=f"“{name}”未满18岁，还没有监护人同意书，时间先不记。",
        en=f"“{name}” is under 18 and no guardian's consent is on record; the time is not entered yet.",
    )


def already_there(name: str, field: str) -> Refusal:
    return Refusal(
        code="attendance_known",
        field=field,
        zh=f"“{name}”这一次已经有签到记录，没有再记。",
        en=f"“{name}” is on record for this time already; nothing was entered twice.",
    )
