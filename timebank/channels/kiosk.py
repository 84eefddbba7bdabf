"""A device of the office at which people without a telephone ask by picture: who they are by number and name, nothing kept."""

from __future__ import annotations

from marketplace.names import name_key
from marketplace.phones import read_phone
from marketplace.text import narrowed
from timebank.access import Actor, Facts, sees
from timebank.community import throttling
from timebank.community.identity.flow import SignedIn, card_session
from timebank.context import Context
from timebank.errors import NotFound, WrongCode
from timebank.store.identity import kiosks, sessions
from timebank.store.identity.kiosks import Kiosk
from timebank.store.members import people
from timebank.store.oversight import audit

NAME_LENGTH_MAX = 40


async def declare(ctx: Context, actor: Actor, name: str) -> str:
    """The token by which this device is a kiosk from now on; it is told this once, to the device."""
    sees(actor, "DeclareKiosk", Facts(community=actor.community))
    token = ctx.ids.token()
    async with ctx.engine.atomic():
        one = Kiosk(
            uid=ctx.ids.uid("K"), hash=sessions.token_hash(token), community=actor.community,
            name=name[:NAME_LENGTH_MAX], made_by=actor.uid, made_at=ctx.now(),
        )  # fmt: skip
        await kiosks.add_kiosk(ctx.engine, one)
        await audit.note(ctx, actor, "declare_kiosk", object=one.uid)
    return token


async def end(ctx: Context, actor: Actor, uid: str) -> None:
    """The device is an ordinary one again.

    Raises:
        NotFound: no such kiosk of this desk's.
    """
    sees(actor, "DeclareKiosk", Facts(community=actor.community))
    async with ctx.engine.atomic():
        if not await kiosks.end_kiosk(ctx.engine, uid, actor.community):
            raise NotFound()
        await audit.note(ctx, actor, "end_kiosk", object=uid)


async def open_here(ctx: Context, device: Kiosk, *, who: str, called: str) -> SignedIn:
    """Somebody says their number and what they are called: as much as a card, and no more.

    Raises:
        WrongCode: nobody of that number is called so; TryLater: too many wrong tries at that number, or at this device.
    """
    typed, phone = narrowed(who).upper(), read_phone(who)
    door = f"kiosk:{device.community}:{phone.number or typed}"
    tried = await throttling.count_try(ctx, door, source=f"kiosk:{device.uid}")
    meant = await sessions.meant_by(ctx.engine, device.community, typed, phone)
    cards = await people.cards(ctx.engine, meant)
    said = name_key(called)
    fitting = [uid for uid, one in cards.items() if said and said in (name_key(one.says), name_key(one.name))]
    async with ctx.engine.atomic():
        if len(fitting) == 1:
            await throttling.was_right(ctx, tried, door)
            return await card_session(ctx, fitting[0])
    raise WrongCode(
        "号码和称呼对不上，请再看一眼，或者问一下工作人员。",
        "Number and name do not fit. Look once more, or ask at the desk.",
    )
