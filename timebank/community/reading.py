"""Who looked at somebody's private card, as the person is told of it on asking: when, who, as what and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.errors import NotFound
from timebank.rules.people.readings import WHY, AsWhat
from timebank.rules.relationships import Life
from timebank.store.members import people
from timebank.store.members.people import Person
from timebank.store.oversight import audit, readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One line for the person: who looked, as what, why in both languages, when first and last that day, how often."""

    name: str
    as_what: AsWhat
    zh: str
    en: str
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoLooked:
    """Everybody who looked at one person's card, the latest first."""

    member: str
    called: str
    lines: tuple[Looked, ...]


SHOWN = 200


def _name(reader: Person | None, as_what: AsWhat) -> str:
    """Staff answer for what they read by their own name; neighbours by what they are called."""
    if reader is None:
        return ""
    return reader.name if as_what is AsWhat.DESK else reader.says


async def who_looked(ctx: Context, actor: Actor, uid: str) -> WhoLooked:
    """For the person, whoever may read for them, and the desk that they asked.

    Raises:
        NotFound: no such person, or none of the reader's business.
    """
    row = await people.member(ctx.engine, uid)
    if row is None or row.life is Life.ERASED:
        raise NotFound()
    sees(actor, "WhoLooked", Facts(community=row.community, owners=frozenset({uid})))
    if actor.uid != uid:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_readings", object=uid)
    every = [uid, *await people.joined_into(ctx.engine, uid)]
    found = await readings.readings_of(ctx.engine, every, limit=SHOWN)
    readers = await people.persons(ctx.engine, sorted({one.reader for one in found}))
    return WhoLooked(
        member=uid,
        called=(await people.person(ctx.engine, uid)).says,
        lines=tuple(
            Looked(
                name=_name(readers.get(one.reader), one.as_what), as_what=one.as_what, zh=WHY[one.why][0], en=WHY[one.why][1],
                first_at=one.first_at, last_at=one.last_at, times=one.times,
            )
            for one in found
        ),
    )  # fmt: skip
