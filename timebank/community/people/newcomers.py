"""At the counter and by oneself: somebody new, told apart from everybody on record before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from marketplace.age_words import read_age
from marketplace.ages import AgeFact, Minority, minor
from marketplace.names import name_key
from marketplace.phones import read_phones
from timebank.access import Actor, Facts, sees
from timebank.catalogue.consents import HEALTH
from timebank.community import recognition
from timebank.community.place_names import resolved
from timebank.community.recognition import Known, Maybe, New
from timebank.community.registering import Newcomer, heard_phones, register
from timebank.context import Context
from timebank.errors import AlreadyDone, AppRefusal, BadField, NotFound, TryLater
from timebank.rules.people.described import Described
from timebank.store.members import ages, applicants, consents, people, phones
from timebank.store.members.applicants import Applicant
from timebank.store.oversight import audit

WAITING_MAX = 500
"""So many people wait for one desk at most: more is no neighbourhood but a machine."""
ANOTHER = "another"


class MayBeKnown(AppRefusal):
    """Somebody on record may be meant; the desk says who it is before anything is written.

    Attributes:
        found: a Known or a Maybe. uids: whom it may be, the likeliest first.
    """

    status, code = 409, "may_be_known"
    zh = "可能已经登记过了，请看一看是不是同一个人。"
    en = "This may be somebody on record. Please say whether it is the same person."

    def __init__(self, found: Known | Maybe) -> None:
        super().__init__()
        self.found = found
        self.uids = (found.uid,) if isinstance(found, Known) else found.uids


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody said at the counter or on the page.

    Attributes:
        phone, guardian_phone, age: as typed.
        consented: a guardian's yes is on paper, for somebody under 18.
        who: uid of the person on record who is meant, `another` for none of those shown, "" while nobody was asked.
    """

    name: str
    called: str = ""
    number: str = ""
    phone: str = ""
    guardian_phone: str = ""
    age: str = ""
    area: str = ""
    address: str = ""
    occupation: str = ""
    health_note: str = ""
    size: str = ""
    asks: bool = False
    gives: bool = False
    says: str = ""
    consented: bool = False
    who: str = ""


async def register_at_counter(ctx: Context, actor: Actor, told: Told) -> tuple[str, bool]:
    """(uid, whether they are new): somebody who stands at the counter, registered, or found and completed.

    Raises:
        NotFound: not the desk's to do. BadField: a name, a number or an age that cannot be.
        MayBeKnown: nobody said yet whether one of those on record is meant.
    """
    async with ctx.engine.atomic():
        sees(actor, "RegisterMember", Facts(community=actor.community))
        uid, new = await _registered(ctx, actor.community, told, by=actor.uid, lineage="counter")
        await audit.note(ctx, actor, "register_member" if new else "complete_member", object=uid)
    return uid, new


async def ask_to_join(ctx: Context, community: str, told: Told) -> Applicant:
    """Somebody who wants to join, from the public page; nothing is known of them until the desk says so.

    Whether they are on record already is not told: the answer is the same for everybody.

    Raises:
        BadField: no name, or no number that can be rung. TryLater: too many wait.
    """
    if not name_key(told.name):
        raise BadField("请写上姓名。", "Please write your name.", field="name")
    numbers = heard_phones(told.phone)
    if not any(one.number for one in numbers):
        raise BadField("请写一个打得通的电话。", "Please give a phone we can ring.", field="phone")
    told = replace(told, area=await resolved(ctx, community, told.area))
    mark = f"{name_key(told.name)}|{','.join(sorted(one.number for one in numbers))}"
    fingerprint = sha256(mark.encode()).hexdigest()
    async with ctx.engine.atomic():
        again = await applicants.waiting_again(ctx.engine, community, fingerprint)
        if again is not None:
            return again
        if await applicants.count_waiting(ctx.engine, community) >= WAITING_MAX:
            raise TryLater(3600)
        applicant = Applicant(
            uid=ctx.ids.uid("Q"), community=community, name=told.name, phone=told.phone, age=told.age,
            area=told.area, says=told.says, asks=told.asks, gives=told.gives, fingerprint=fingerprint,
            applied_at=ctx.now(),
        )  # fmt: skip
        await applicants.add_applicant(ctx.engine, applicant)
        await audit.note(ctx, Actor(community=community), "ask_to_join", object=applicant.uid)
    return applicant


async def confirm_applicant(
    ctx: Context, actor: Actor, uid: str, *, who: str = "", consented: bool = False
) -> tuple[str, bool]:
    """(uid of the member, whether they are new): the desk has rung or met them and says that it is so.

    Raises:
        NotFound: no such applicant here. AlreadyDone: answered before. MayBeKnown, BadField: as at the counter.
    """
    async with ctx.engine.atomic():
        applicant = await _waiting(ctx, actor, uid)
        told = Told(
            name=applicant.name, phone=applicant.phone, age=applicant.age, area=applicant.area, says=applicant.says,
            asks=applicant.asks, gives=applicant.gives or not applicant.asks, consented=consented, who=who,
        )  # fmt: skip
        member, new = await _registered(ctx, actor.community, told, by=actor.uid, lineage="page")
        await applicants.answer_applicant(
            ctx.engine, uid, answer=applicants.JOINED, member=member, by=actor.uid, at=ctx.now()
        )
        await audit.note(ctx, actor, "confirm_applicant", object=member, reason=uid)
    return member, new


async def decline_applicant(ctx: Context, actor: Actor, uid: str) -> None:
    """Nobody could be reached, or it was a joke: what they wrote goes."""
    async with ctx.engine.atomic():
        await _waiting(ctx, actor, uid)
        await applicants.answer_applicant(
            ctx.engine, uid, answer=applicants.DECLINED, by=actor.uid, at=ctx.now()
        )
        await audit.note(ctx, actor, "decline_applicant", object=uid)


def read_age_typed(text: str, *, on: date, source: str) -> tuple[AgeFact, ...]:
    """The age or birth date as typed; BadField when it is none."""
    if not text.strip():
        return ()
    fact = read_age(text, said_on=on, source=source)
    if fact is None:
        raise BadField(
            "年龄或出生日期没有读懂，写 68 或 1958-03-02。",
            "That age or date of birth could not be read. Write 68 or 1958-03-02.",
            field="age",
        )
    return (fact,)


async def free_number(ctx: Context, community: str, number: str, *, but: str = "") -> str:
    """The vest number as it is kept; BadField when somebody else wears it."""
    number = number.strip()
    if number and await people.number_is_taken(ctx.engine, community, number, but=but):
        raise BadField("这个编号已经有人用了。", "Somebody else has that number.", field="number")
    return number


async def _registered(ctx: Context, community: str, told: Told, *, by: str, lineage: str) -> tuple[str, bool]:
    if not name_key(told.name):
        raise BadField("请写上姓名。", "Please write down the name.", field="name")
    told = replace(told, area=await resolved(ctx, community, told.area))
    facts = read_age_typed(told.age, on=ctx.today(), source=lineage)
    said = Described(
        name=told.name, phones=heard_phones(told.phone), ages=facts, occupation=told.occupation, area=told.area,
        lineage=lineage, file=ctx.ids.uid("X"),
    )  # fmt: skip
    found = await _who(ctx, community, said, told.who, by=by)
    if isinstance(found, Known):
        await _complete(ctx, community, found.uid, told, said, by=by)
        uid = found.uid
    else:
        number = await free_number(ctx, community, told.number)
        uid = await register(ctx, community, _newcomer(told, said, number), recorded_by=by)
    await recognition.keep(ctx, community, said, found, uid, by=by)
    if told.consented and minor(facts, ctx.today()) is not Minority.NO:
        await ages.add_consent(ctx.engine, uid, ages.GUARDIAN, heard="paper", on=ctx.today(), recorded_by=by)
    return uid, isinstance(found, New)


async def _who(ctx: Context, community: str, said: Described, who: str, *, by: str) -> Known | New:
    """Who it is, after the desk's word where one was needed; somebody known is shown before they are completed."""
    bench = await recognition.load(ctx, community, [said])
    found = bench.recognise(said)
    if isinstance(found, Maybe) and who:
        found = await recognition.answered(ctx, community, bench, said, found, who=who, by=by)
    if isinstance(found, Maybe) or (isinstance(found, Known) and who != found.uid):
        raise MayBeKnown(found)
    return found


def _newcomer(told: Told, said: Described, number: str) -> Newcomer:
    return Newcomer(
        name=told.name, called=told.called, number=number, area=told.area, address=told.address,
        occupation=told.occupation, health_note=told.health_note, phones=said.phones,
        guardians=read_phones(told.guardian_phone), ages=said.ages, asks=told.asks, gives=told.gives, wishes=told.says,
        size=told.size or ("elder" if told.asks and not told.gives else ""),
    )  # fmt: skip


async def _complete(ctx: Context, community: str, uid: str, told: Told, said: Described, *, by: str) -> None:
    """What was said now, beside what was known; nothing on record is taken away."""
    person, profile = await people.person(ctx.engine, uid), await people.profile(ctx.engine, uid)
    no_health = await consents.taken_back(ctx.engine, [uid], HEALTH)
    fuller = replace(
        person,
        called=person.called or told.called,
        address=person.address or told.address,
        occupation=person.occupation or told.occupation,
        health_note=person.health_note or ("" if uid in no_health else told.health_note),
    )
    if fuller != person:
        await people.save_person(ctx.engine, fuller)
    wider = replace(
        profile,
        asks=profile.asks or told.asks,
        gives=profile.gives or told.gives,
        wishes=profile.wishes or told.says,
    )
    if wider != profile:
        await people.save_profile(ctx.engine, wider)
    await phones.add_phones(ctx.engine, community=community, member=uid, numbers=said.phones, first=True)
    for fact in said.ages:
        await ages.add_age(ctx.engine, uid, fact, recorded_by=by)


async def _waiting(ctx: Context, actor: Actor, uid: str) -> Applicant:
    applicant = await applicants.applicant(ctx.engine, uid)
    if applicant is None:
        raise NotFound()
    sees(actor, "AnswerApplicant", Facts(community=applicant.community))
    if applicant.answer != applicants.WAITS:
        raise AlreadyDone()
    return applicant


async def applicant_of(ctx: Context, actor: Actor, uid: str) -> Applicant:
    """One person who asked to join, answered or not, the reading logged; NotFound outside the desk's community."""
    applicant = await applicants.applicant(ctx.engine, uid)
    if applicant is None:
        raise NotFound()
    sees(actor, "AnswerApplicant", Facts(community=applicant.community))
    async with ctx.engine.atomic():
        await audit.note(ctx, actor, "read_private_card", object=uid, reason="ApplicantPage")
    return applicant
