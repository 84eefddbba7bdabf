"""Somebody agrees to a purpose, and takes it back: what rested on the yes stops the same day.

    await agree(ctx, actor, uid, "health", heard="page")
    await take_back(ctx, actor, uid, "health")          # the health note is gone, and is not written any more

Who was never asked is neither: nothing is refused for want of a yes but a minor's volunteering. A no that was said counts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from timebank.access import Actor, Facts, sees
from timebank.catalogue.consents import FAMILY, GUARDIAN, HEALTH, Purpose, Whose, purposes
from timebank.community.people import ending
from timebank.context import Context
from timebank.errors import AlreadyDone, BadField, NotFound
from timebank.rules.relationships import Life
from timebank.store.locks import one_at_a_time
from timebank.store.members import ages, consents, people
from timebank.store.members.consents import Consent
from timebank.store.members.people import Member
from timebank.store.oversight import audit

HEARD = ("page", "phone", "counter", "paper")


class Stand(StrEnum):
    """Where one purpose stands for somebody."""

    UNASKED = "unasked"
    GIVEN = "given"
    TAKEN_BACK = "taken_back"


class HealthNotAgreed(BadField):
    """Somebody took back their yes to a note on their health: none may be written."""

    code = "health_not_agreed"

    def __init__(self) -> None:
        super().__init__(
            "本人不同意记身体情况，这一栏要空着。",
            "They do not agree to a note on their health: leave this empty.",
            field="health_note",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One purpose and what was last said of it; `newer`: the text has a newer version than the one agreed to."""

    purpose: Purpose
    stand: Stand
    last: Consent | None = None

    @property
    def newer(self) -> bool:
        given = self.stand is Stand.GIVEN and self.last is not None
        return given and self.last is not None and self.last.text_version not in ("", self.purpose.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Every purpose that concerns somebody."""

    member: str
    called: str
    standings: tuple[Standing, ...]


async def agreed(ctx: Context, actor: Actor, uid: str) -> Agreed:
    """Where each purpose stands, for the person and the desk.

    Raises:
        NotFound: nobody here, or none of the reader's business.
    """
    await _row(ctx, actor, uid, "Consents")
    said = await consents.consents_of(ctx.engine, uid)
    person = await people.person(ctx.engine, uid)
    under_age = ages.may_be_minor(await ages.ages(ctx.engine, uid), ctx.today())
    concerned = [
        one
        for one in purposes().values()
        if one.whose is Whose.MEMBER or under_age or any(row.purpose == one.code for row in said)
    ]
    return Agreed(
        member=uid,
        called=person.says,
        standings=tuple(_standing(one, said, ctx.today()) for one in concerned),
    )


def _standing(purpose: Purpose, said: list[Consent], on: date) -> Standing:
    own = [one for one in said if one.purpose == purpose.code]
    holds = [one for one in own if one.holds_on(on)]
    if holds:
        return Standing(purpose=purpose, stand=Stand.GIVEN, last=holds[-1])
    if own:
        return Standing(purpose=purpose, stand=Stand.TAKEN_BACK, last=own[-1])
    return Standing(purpose=purpose, stand=Stand.UNASKED)


async def agree(
    ctx: Context, actor: Actor, uid: str, purpose: str, *, heard: str = "page", given_by: str = ""
) -> None:
    """A yes to the present text of a purpose; said twice it is one.

    Args:
        heard: page for the person's own press; phone, counter or paper for what the desk writes down.
        given_by: the guardian who said it, for somebody under 18.

    Raises:
        NotFound: no such person or purpose. BadField: no such way, or a guardian's yes that is nobody's.
    """
    wanted = _purpose(purpose)
    async with ctx.engine.atomic():
        await one_at_a_time(ctx.engine, f"consent:{uid}")
        await _row(ctx, actor, uid, "GiveConsent")
        heard = "page" if actor.uid == uid else heard
        if heard not in HEARD or (actor.uid != uid and heard == "page"):
            raise BadField(
                "请选怎么说的：电话、当面还是纸上。",
                "Please say how: by phone, in person or on paper.",
                field="heard",
            )
        if wanted.whose is Whose.GUARDIAN and actor.uid == uid:
            raise BadField(
                "这一项要监护人同意，请到社区办。",
                "This is for the guardian to agree to, at the office.",
                field="heard",
            )
        standing = _standing(wanted, await consents.consents_of(ctx.engine, uid), ctx.today())
        if standing.stand is Stand.GIVEN and not standing.newer:
            return
        await consents.withdraw(ctx.engine, uid, purpose, on=ctx.today())
        await consents.add_consent(
            ctx.engine,
            Consent(
                member=uid, purpose=purpose, given_by=given_by, heard=heard, given_on=ctx.today(),
                text_version=wanted.version, recorded_by=actor.uid,
            ),
        )  # fmt: skip
        await audit.note(ctx, actor, "give_consent", object=uid, reason=f"{purpose} {wanted.version}")


async def take_back(ctx: Context, actor: Actor, uid: str, purpose: str) -> None:
    """The yes is taken back, also one that was never asked for; what rested on it stops in the same unit of work.

    Raises:
        NotFound: no such person or purpose. AlreadyDone: it was taken back before.
    """
    wanted = _purpose(purpose)
    async with ctx.engine.atomic():
        await one_at_a_time(ctx.engine, f"consent:{uid}")
        row = await _row(ctx, actor, uid, "WithdrawConsent")
        standing = _standing(wanted, await consents.consents_of(ctx.engine, uid), ctx.today())
        if standing.stand is Stand.TAKEN_BACK:
            raise AlreadyDone("已经撤回了。", "It was taken back before.")
        if standing.stand is Stand.UNASKED:
            # A no to what was done without asking is kept as one.
            said = Consent(
                member=uid, purpose=purpose, heard="page" if actor.uid == uid else "counter", given_on=ctx.today(),
                text_version=wanted.version, withdrawn_on=ctx.today(), recorded_by=actor.uid,
            )  # fmt: skip
            await consents.add_consent(ctx.engine, said)
        await consents.withdraw(ctx.engine, uid, purpose, on=ctx.today())
        await audit.note(ctx, actor, "withdraw_consent", object=uid, reason=purpose)
        await _STOPS[purpose](ctx, actor, row)


async def refuse_health(ctx: Context, uid: str, note: str) -> None:
    """Refuse a note on the health of somebody who said that none is to be kept.

    Raises:
        HealthNotAgreed.
    """
    if note.strip() and uid in await consents.taken_back(ctx.engine, [uid], HEALTH):
        raise HealthNotAgreed()


async def _health_goes(ctx: Context, actor: Actor, row: Member) -> None:
    person = await people.person(ctx.engine, row.uid)
    await people.save_person(ctx.engine, replace(person, health_note=""))


async def _letters_stop(ctx: Context, actor: Actor, row: Member) -> None:
    """`news.letters` writes none, and opens none, for whoever took it back."""


_STOPS: Mapping[str, Callable[[Context, Actor, Member], Awaitable[None]]] = {
    HEALTH: _health_goes, FAMILY: _letters_stop, GUARDIAN: ending.give_back_parts,
}  # fmt: skip


def _purpose(code: str) -> Purpose:
    found = purposes().get(code)
    if found is None:
        raise NotFound()
    return found


async def _row(ctx: Context, actor: Actor, uid: str, operation: str) -> Member:
    row = await people.member(ctx.engine, uid)
    if row is None or row.life is Life.ERASED:
        raise NotFound()
    sees(actor, operation, Facts(community=row.community, owners=frozenset({uid})))
    return row
