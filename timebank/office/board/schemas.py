"""What the notice says to programs; an allow-list of public facts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel

from timebank.office.board.flow import Board, Entry, Month
from timebank.rules.oversight.publishing import Published
from timebank.store.places.communities import Choices, Community


class CommunityOut(BaseModel):
    """A community as its door says it; `page_text` is what the office writes about itself."""

    code: str
    name: str
    name_en: str
    phone: str
    address: str
    opens: str
    page_text: str

    @classmethod
    def of(cls, community: Community) -> Self:
        return cls(
            code=community.code,
            name=community.name,
            name_en=community.name_en,
            phone=community.phone,
            address=community.address,
            opens=community.opens,
            page_text=community.page_text,
        )


class CommunitiesOut(BaseModel):
    """One page of the communities that were sought, and how many there are altogether."""

    communities: list[CommunityOut]
    total: int

    @classmethod
    def of(cls, found: Choices) -> Self:
        return cls(communities=[CommunityOut.of(one) for _above, one in found.rows], total=found.total)


class EntryOut(BaseModel):
    """One thing that is on this week."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    lead: str
    places: int
    free: int

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(
            title=entry.title,
            starts_at=entry.window.starts_at,
            ends_at=entry.window.ends_at,
            place=entry.place,
            lead=entry.lead,
            places=entry.places,
            free=entry.free,
        )


class CellOut(BaseModel):
    """Minutes behind which at least five people stand; `key` is "" for all small cells together."""

    key: str
    name: str
    minutes: int
    people: int


class MonthOut(BaseModel):
    """Hours given in one month; nothing when too few people gave."""

    month: str
    minutes: int
    by_category: list[CellOut]
    by_team: list[CellOut]

    @classmethod
    def of(cls, month: Month, names: dict[str, str]) -> Self:
        def cells(these: tuple[object, ...]) -> list[CellOut]:
            return [
                CellOut(key=one.key, name=names.get(one.key, ""), minutes=one.minutes, people=one.people)  # type: ignore[attr-defined]
                for one in these
            ]

        return cls(
            month=f"{month.first_on:%Y-%m}",
            minutes=month.minutes,
            by_category=cells(month.by_category),
            by_team=cells(month.by_team),
        )


class PublishedOut(BaseModel):
    """Where log, book and attendance stood when a month was published; no sums while too few people gave."""

    month: str
    book_entries: int
    book_hash: str
    log_lines: int
    log_hash: str
    attended_parts: int | None
    attended_minutes: int | None

    @classmethod
    def of(cls, one: Published, *, sums: bool) -> Self:
        return cls(
            month=one.month,
            book_entries=one.seq,
            book_hash=one.book_hash,
            log_lines=one.log.number if one.log else 0,
            log_hash=one.log.hash if one.log else "",
            attended_parts=one.sums.parts if sums else None,
            attended_minutes=one.sums.minutes if sums else None,
        )


class NoticeOut(BaseModel):
    """The board."""

    community: str
    name: str
    phone: str
    week: str
    monday_on: date
    entries: list[EntryOut]
    on_lists: dict[str, int]
    this_month: MonthOut
    last_month: MonthOut
    book_entries: int
    head_hash: str
    published: PublishedOut | None

    @classmethod
    def of(cls, board: Board) -> Self:
        return cls(
            community=board.community.code,
            name=board.community.name,
            phone=board.community.phone,
            week=str(board.week),
            monday_on=board.week.monday_on,
            entries=[EntryOut.of(entry) for day in board.days for entry in day.entries],
            on_lists=board.on_lists,
            this_month=MonthOut.of(board.this_month, board.names),
            last_month=MonthOut.of(board.last_month, board.names),
            book_entries=board.seq,
            head_hash=board.head_hash,
            published=PublishedOut.of(board.published, sums=bool(board.last_month.minutes))
            if board.published
            else None,
        )
