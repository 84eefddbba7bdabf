"""An hour followed from its entry in the book to the service it was for: what an auditor reads, without a name or a private word.

Who spoke is told by what they were to the service, with the opaque id that the book and the audit log have; titles of visits,
notes, places and reasons stay with those they concern.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ledger import Entry, LedgerRefusal
from ledger.store import Book
from timebank.access import Actor, Facts, Role, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.help.promises.seen import promises
from timebank.rules.parts.attendance import Attendance, Kind, Service
from timebank.rules.parts.statements import Statement
from timebank.store.help import services, statements
from timebank.store.members import people
from timebank.store.relations import organisations, rosters


class Hand(StrEnum):
    """What somebody who spoke was to the service."""

    EARNER = "earner"
    HELPED = "helped"
    FOR_HELPED = "for_helped"
    DESK = "desk"
    LEAD = "lead"
    CLOCK = "clock"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One thing said of a part, and by whom."""

    said: Statement
    hand: Hand


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPart:
    """One person's part: their account in the book, how it stands, what was said of it, and the entries it made."""

    part: Attendance
    account: str
    sentence: str
    words: tuple[Word, ...]
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A service as an auditor reads it.

    Attributes:
        title: of a shift, which stands on the board anyway; "" for a visit, whose title is the elder's own words.
        body: the team or unit whose it was; "" for none.
    """

    service: Service
    title: str
    body: str
    parts: tuple[FollowedPart, ...]


async def followed(ctx: Context, actor: Actor, uid: str, lang: str) -> Followed:
    """The service behind an hour.

    Raises:
        NotFound: no such service in the actor's own community.
    """
    service = await services.service(ctx.engine, uid)
    if service is None:
        raise NotFound()
    sees(actor, "FollowHours", Facts(community=service.community))
    parts = await services.attendances(ctx.engine, uid)
    said = await statements.of_service(ctx.engine, uid)
    cards = await people.cards(ctx.engine, [one.member for one in parts])
    workers = {one.uid for one in await rosters.workers_of(ctx.engine, service.community, ctx.today())}
    # Whoever opens the page, the desk too, reads the auditor's sentence: the others say names.
    reads = Actor(community=service.community, roles=frozenset({Role.AUDITOR}), reach=actor.reach)
    seen = {
        one.part.uid: one.sentence for one in await promises(ctx, reads, [service], lang=lang) if one.part
    }
    body = await organisations.organisation(ctx.engine, service.team or service.unit)
    return Followed(
        service=service,
        title=service.title if service.kind is Kind.SHIFT else "",
        body=body.name if body else "",
        parts=tuple(
            FollowedPart(
                part=part, account=cards[part.member].account, sentence=seen.get(part.uid, ""),
                words=tuple(
                    Word(said=one, hand=_hand(one, part, service, workers))
                    for one in said if one.part in (part.uid, "")
                ),
                entries=_entries(part, said, service),
            )
            for part in parts
        ),
    )  # fmt: skip


def _hand(one: Statement, part: Attendance, service: Service, workers: set[str]) -> Hand:
    """The nearest that fits: somebody may be several things at once."""
    if not one.by:
        return Hand.CLOCK
    if one.by == part.member:
        return Hand.EARNER
    if one.by == service.recipient:
        return Hand.HELPED
    if one.acting_for and one.acting_for == service.recipient and one.by not in workers:
        return Hand.FOR_HELPED
    if one.by in workers:
        return Hand.DESK
    return Hand.LEAD if one.by == service.lead else Hand.OTHER


def _entries(part: Attendance, said: Sequence[Statement], service: Service) -> tuple[str, ...]:
    """The uids of what stands in the book for a part, in the order it came there."""
    posted = [one.transfer_uid for one in said if one.part == part.uid and one.transfer_uid]
    found = [service.hold_uid, *posted, part.transfer_uid, part.reversed_uid]
    return tuple(dict.fromkeys(uid for uid in found if uid))


async def service_of(book: Book, entry: Entry) -> str:
    """The uid of the service that an entry belongs to; "" for none.

    What pays carries it; what sets hours aside, or gives them back, is found by the hold's own entry.
    """
    named = str(json.loads(entry.meta or "{}").get("service", ""))
    if named:
        return named
    try:
        held = await book.transfer(entry.hold) if entry.hold else entry
    except LedgerRefusal:
        return ""
    return held.memo if held.key.startswith("arrange:") else ""
