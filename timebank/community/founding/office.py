"""What the office says of itself, and the guide of its first days: read, a step left out, taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marketplace.phones import read_phone
from timebank.access import Actor, Facts, sees
from timebank.catalogue import Skip, founding_steps
from timebank.catalogue.founding import FoundingStep
from timebank.community import guide
from timebank.community.guide import StepShown
from timebank.context import Context
from timebank.errors import AlreadyDone, AppRefusal, BadField, BadFields, NotFound
from timebank.store import locks
from timebank.store.members import people
from timebank.store.office import founding_skips
from timebank.store.office.founding_skips import Skipped
from timebank.store.oversight import audit
from timebank.store.places import communities
from timebank.store.places.communities import Community


class MustBeDone(AppRefusal):
    """The step cannot be left out."""

    status, code = 409, "step_must_be_done"
    zh, en = "这一步不能跳过，一定要做。", "This step has to be done; it cannot be left out."


class DoneAlready(AppRefusal):
    """The step is done: there is nothing to leave out."""

    status, code = 409, "step_done"
    zh, en = "这一步已经做好了，不用跳过。", "This step is done already; there is nothing to leave out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an office says of itself."""

    name_en: str = ""
    phone: str = ""
    address: str = ""
    opens: str = ""
    page_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideShown:
    """The guide with names of who left steps out, by uid."""

    steps: tuple[StepShown, ...]
    says: dict[str, str]

    @property
    def left(self) -> int:
        return sum(not one.settled for one in self.steps)


async def own_community(ctx: Context, actor: Actor, *, operation: str = "OwnCommunity") -> Community:
    """What the actor's own office says of itself now."""
    sees(actor, operation, Facts(community=actor.community))
    found = await communities.community(ctx.engine, actor.community)
    if found is None:
        raise NotFound()
    return found


async def save_community(
    ctx: Context, actor: Actor, said: Said, *, operation: str = "SaveCommunity"
) -> Community:
    """The office's own words, given or corrected; name, code and place stay.

    Raises:
        BadFields: a telephone number that cannot be dialled, an English name without a Latin letter.
    """
    wrong = []
    if said.phone and not read_phone(said.phone).number:
        wrong.append(
            BadField("这个电话号码拨不通，请再看一眼。", "That number cannot be dialled.", field="phone")
        )
    if said.name_en and not any(letter.isascii() and letter.isalpha() for letter in said.name_en):
        wrong.append(
            BadField("英文名称请用英文字母写。", "Write the English name in Latin letters.", field="name_en")
        )
    if wrong:
        raise BadFields(tuple(wrong))
    async with ctx.engine.atomic():
        before = await own_community(ctx, actor, operation=operation)
        after = replace(
            before, name_en=said.name_en, phone=said.phone, address=said.address, opens=said.opens,
            page_text=said.page_text,
        )  # fmt: skip
        if after != before:
            await communities.save_community(ctx.engine, after)
            await audit.note(ctx, actor, "save_community", object=after.code)
    return after


async def show_guide(ctx: Context, actor: Actor, *, operation: str = "FoundingGuide") -> GuideShown:
    """Every step with what is missing, and who left which out."""
    sees(actor, operation, Facts(community=actor.community))
    steps = await guide.steps(ctx, actor.community)
    hands = [one.skip.skipped_by for one in steps if one.skip]
    return GuideShown(steps=steps, says=await people.names(ctx.engine, hands))


async def skip(ctx: Context, actor: Actor, code: str, *, why: str, operation: str = "SkipStep") -> None:
    """The step is left out, for a reason.

    Raises:
        NotFound: no such step. MustBeDone, DoneAlready. BadField: no reason. AlreadyDone: left out already.
    """
    sees(actor, operation, Facts(community=actor.community))
    step = _step(code)
    if step.skip is Skip.NO:
        raise MustBeDone()
    if not why.strip():
        raise BadField("请写一句为什么跳过。", "Please say in a few words why.", field="why")
    async with ctx.engine.atomic():
        await _one_at_a_time(ctx, actor)
        if (await _shown(ctx, actor, code)).done:
            raise DoneAlready()
        made = Skipped(
            community=actor.community, step=code, skipped_by=actor.uid, skipped_at=ctx.now(), why=why.strip()
        )
        if not await founding_skips.add_skip(ctx.engine, made):
            raise AlreadyDone("这一步已经跳过了。", "This step is left out already.")
        await audit.note(ctx, actor, "skip_step", object=code, reason=why.strip()[:100])


async def take_back(ctx: Context, actor: Actor, code: str, *, operation: str = "TakeBackSkip") -> None:
    """The step is to be done after all; taken back twice is taken back.

    Raises:
        NotFound: no such step.
    """
    sees(actor, operation, Facts(community=actor.community))
    _step(code)
    async with ctx.engine.atomic():
        await _one_at_a_time(ctx, actor)
        if code in await founding_skips.skips(ctx.engine, actor.community):
            await founding_skips.take_back(ctx.engine, actor.community, code)
            await audit.note(ctx, actor, "take_back_skip", object=code)


def _step(code: str) -> FoundingStep:
    found = next((one for one in founding_steps() if one.code == code), None)
    if found is None:
        raise NotFound()
    return found


async def _shown(ctx: Context, actor: Actor, code: str) -> StepShown:
    return next(one for one in await guide.steps(ctx, actor.community) if one.step.code == code)


async def _one_at_a_time(ctx: Context, actor: Actor) -> None:
    await locks.one_at_a_time(ctx.engine, f"founding:{actor.community}")
