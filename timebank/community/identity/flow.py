"""Use cases of identity: each reads load → decide → save → note.

Elders need no password: six digits from the desk, a link, or a printed card, which opens what a card can do and no more. Tries are counted
before they are judged (`community.throttling`); they slow down, lock nobody out, and use up no code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from marketplace.phones import read_phone
from marketplace.text import compared, narrowed
from timebank.access import OFFICES, Actor, Facts, sees
from timebank.community import hashing, passwords, second_factor, throttling
from timebank.community.second_factor import MISREAD, Owed
from timebank.context import Context
from timebank.errors import NotAllowed, NotFound, StaffAreThemselves, WrongCode
from timebank.policy import IdentityPolicy
from timebank.store.channels import forms, news
from timebank.store.identity import actors, sessions, ways
from timebank.store.identity.sessions import Renewed
from timebank.store.members import people
from timebank.store.oversight import audit

CARD_LASTS = timedelta(minutes=5)
HALF_LASTS = timedelta(minutes=15)
"""Long enough to find an app for the telephone and set it up."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: its bearer token, how long the browser keeps it (None: until it is closed), and where it belongs.

    Attributes:
        device: what the browser keeps for longer, so that a telephone that was acknowledged once stays so; "" for nothing.
        owed: what is still to come before this session opens anything.
    """

    token: str
    max_age_seconds: int | None
    community: str
    device: str = ""
    owed: Owed = Owed.NOTHING


async def sign_in_by_code(
    ctx: Context, *, community: str, who: str, code: str, source: str, device: str = "", shared: bool = False
) -> SignedIn:
    """A session for the member of the community whose phone or number is `who` and whose one-time code is `code`.

    The same number may be somebody's next door: nothing of that counts here, and no answer tells of it.

    Args:
        device: what the browser kept of an earlier sign-in; the telephone is the same one then.
        shared: the device is not their own: it is known by nothing afterwards, and signs them out soon.

    Raises:
        WrongCode: whoever and whatever does not fit; TryLater: too many tries.
    """
    now = ctx.now()
    meant = await sessions.meant_by(ctx.engine, community, narrowed(who).upper(), read_phone(who))
    # What slows down hangs on the member, whichever of their numbers was typed, and else on what was meant by it.
    doors = {f"member:{uid}": uid for uid in meant} or {f"who:{community}:{_meant(who)}": ""}
    free = ctx.policy_of(community).identity.code_tries
    tried = await throttling.count_try(ctx, *doors, source=source, device=device, free=free)
    async with ctx.engine.atomic():
        codes = await sessions.live_codes(ctx.engine, meant, now)
        typed = compared(code)
        fitting = [one for one in codes if one.hash == sessions.token_hash(f"{one.member}:{typed}")]
        if not fitting:
            raise WrongCode()
        await _use_up(ctx, fitting[0].hash)
        signed_in = await _by_code(ctx, fitting[0], device, shared=shared)
        await throttling.was_right(ctx, tried, f"member:{fitting[0].member}", device=signed_in.device)
        return signed_in


async def _by_code(ctx: Context, code: sessions.LiveCode, device: str, *, shared: bool) -> SignedIn:
    """The session of whoever read out the code, on a telephone known by its own token, or new."""
    own = device and not shared
    known = await ways.way_of_token(ctx.engine, sessions.token_hash(device)) if own else None
    if known is None or known.member != code.member:
        before = (known.device or known.uid) if known else ""
        device = ctx.ids.token()
        row = await people.member(ctx.engine, code.member)
        assert row is not None
        known = ways.WayIn(
            uid=ctx.ids.uid("I"), member=code.member, community=row.community, hash=sessions.token_hash(device),
            made_by=code.made_by, made_via=code.made_via, made_at=ctx.now(),
            device=before,
        )  # fmt: skip
        if code.made_by:
            await ways.add_way(ctx.engine, known)
    way = known.uid if known.made_by else ""
    signed_in = await _elder_session(ctx, code.member, way=way, shared=shared)
    return replace(signed_in, device=device if way and not shared else "")


async def sign_in_by_link(ctx: Context, *, token: str) -> SignedIn:
    """A session from a link of the demo, whose people are made up. Anywhere else no link signs anybody in.

    A link is opened by whoever looks at a page with its picture, so opening one counts as no try.

    Raises:
        WrongCode: unknown, used up or expired, or no demo.
    """
    if ctx.settings.demo:
        async with ctx.engine.atomic():
            rows = await ctx.engine.fetch(
                "SELECT hash, member FROM tb_sign_in_code WHERE hash = ? AND kind = 'link' AND uses_left > 0"
                " AND expires_at > ?",
                [sessions.token_hash(token), ctx.now()],
            )
            if rows:
                await _use_up(ctx, rows[0]["hash"])
                return await _elder_session(ctx, rows[0]["member"])
    raise WrongCode(
        "这个链接不能用了，请用六位数字登录。",
        "This link is no longer in use. Please sign in with six digits.",
    )


async def is_card(ctx: Context, token: str) -> bool:
    """Whether a token is a printed card's that can still be used."""
    return bool(await sessions.card_of(ctx.engine, token, ctx.now()))


async def open_card(ctx: Context, *, token: str) -> SignedIn:
    """Five minutes on whatever telephone was at hand, for what a card can do and nothing else.

    Nobody guesses 80 bits, and a house shares one address: no try is counted, as by a link.

    Args:
        token: what the card's code carries, or what stands beside it as somebody typed it.

    Raises:
        WrongCode: no such card, or one that was revoked.
    """
    async with ctx.engine.atomic():
        for said in dict.fromkeys((token, as_printed(token))):
            if member := await sessions.card_of(ctx.engine, said, ctx.now()):
                return await card_session(ctx, member)
    raise WrongCode(
        "这张卡不能用了，请打电话给社区。", "This card is no longer in use. Please ring the office."
    )


def as_printed(typed: str) -> str:
    """What somebody copied from below a card's code, as the card has it."""
    return compared(typed).replace(" ", "").replace("-", "").lower().translate(MISREAD)


async def card_session(ctx: Context, member: str) -> SignedIn:
    """The session itself, in the caller's unit of work; it ends by the clock, however much is pressed."""
    actor = await actors.actor_of(ctx.engine, ctx.catalogue_of, member, ctx.today())
    minutes = int(CARD_LASTS.total_seconds()) // 60
    token = await sessions.open_session(
        ctx, member=member, idle_minutes=minutes, lasts=CARD_LASTS, level=sessions.CARD
    )
    await audit.note(ctx, actor, "card_used")
    return SignedIn(token, int(CARD_LASTS.total_seconds()), actor.community)


async def sign_in_by_password(ctx: Context, *, login: str, password: str, source: str) -> SignedIn:
    """A staff session, or half of one where a second factor is owed; the hash is computed beside the event loop, after the try was counted.

    Raises:
        WrongCode: login or password does not fit; GivenLongAgo: it fits, and was good for some days only; TryLater: too many tries;
        HashingBusy: too many are being checked.
    """
    login = login.strip()
    door = f"login:{narrowed(login).casefold()}"
    tried = await throttling.count_try(ctx, door, source=source)
    kept = await sessions.password_of(ctx.engine, login)
    owner = kept.member
    try:
        fits = await hashing.aside(passwords.fits, kept.hash, password)
    except hashing.HashingBusy:
        await throttling.not_judged(ctx, tried)
        raise
    if not (owner and fits):
        raise WrongCode()
    if kept.given_until is not None and ctx.now() > kept.given_until:
        raise passwords.GivenLongAgo(field="password")
    async with ctx.engine.atomic():
        await throttling.was_right(ctx, tried, door)
        way = await sessions.way_of_login(ctx.engine, owner)
        owed = await second_factor.owed(ctx, owner)
        if owed is Owed.NOTHING:
            return await staff_session(ctx, owner, way=way)
        return await _half_session(ctx, owner, owed, way=way)


async def _half_session(ctx: Context, member: str, owed: Owed, *, way: str) -> SignedIn:
    """Signed in by half: it opens the page of the second factor and nothing else."""
    minutes = int(HALF_LASTS.total_seconds()) // 60
    token = await sessions.open_session(
        ctx, member=member, idle_minutes=minutes, lasts=HALF_LASTS, level=sessions.HALF, way=way
    )
    if owed is Owed.ENROLMENT:
        await second_factor.begin(ctx, sessions.token_hash(token))
    row = await people.member(ctx.engine, member)
    assert row is not None
    return SignedIn(token, None, row.community, owed=owed)


async def staff_session(ctx: Context, member: str, *, way: str) -> SignedIn:
    """The session of a colleague who has shown all that it takes, in the caller's unit of work."""
    identity = await _identity_policy(ctx, member)
    token = await sessions.open_session(
        ctx,
        member=member,
        idle_minutes=identity.session_idle_minutes,
        lasts=timedelta(hours=identity.session_hours_max),
        way=way,
    )
    actor = await actors.actor_of(ctx.engine, ctx.catalogue_of, member, ctx.today())
    await audit.note(ctx, actor, "sign_in")
    return SignedIn(token, None, actor.community)


async def sign_out(ctx: Context, token: str) -> None:
    """End this session for good; a copied cookie is dead from now on."""
    async with ctx.engine.atomic():
        await sessions.close_session(ctx.engine, token)
        await forms.end_drafts(ctx.engine, sessions.token_hash(token))


async def issue_code(ctx: Context, actor: Actor, *, member: str, kind: str) -> str:
    """A new one-time code (six digits) or card token for a member, to be read out or printed; shown this once.

    Raises:
        NotFound: no such member in the worker's community.
    """
    async with ctx.engine.atomic():
        row = await people.member(ctx.engine, member)
        if row is None:
            raise NotFound()
        sees(actor, "IssueCode", Facts(community=row.community, owners=frozenset({member})))
        if kind == "code":
            await _not_staff(ctx, member)
            secret = ctx.ids.code()
            await add_code(
                ctx,
                member=member,
                secret=f"{member}:{secret}",
                kind="code",
                made_by=actor.uid,
                made_via=actor.via,
            )
        else:
            secret = await new_card(ctx, actor, member)
        await audit.note(ctx, actor, f"issue_{kind}", object=member)
        await news.put(
            ctx, community=actor.community, member=member, kind="code_issued", pressed_by=actor.uid
        )
    return secret


async def _not_staff(ctx: Context, member: str) -> None:
    """Nobody at the desk becomes a colleague or the auditor.

    Raises:
        StaffAreThemselves.
    """
    held = await actors.actor_of(ctx.engine, ctx.catalogue_of, member, ctx.today())
    if held.has(*OFFICES):
        raise StaffAreThemselves()


async def new_card(ctx: Context, actor: Actor, member: str) -> str:
    """The token of a new card, short enough to be typed; the one before, and every sign-in that it made, ends with it."""
    secret = (ctx.ids.uid("") + ctx.ids.uid("")).lower()
    await sessions.end_card(ctx.engine, member)
    await add_code(
        ctx, member=member, secret=secret, kind="card", made_by=actor.uid, uses=100_000,
        lasts=timedelta(days=365),
    )  # fmt: skip
    return secret


async def add_code(
    ctx: Context,
    *,
    member: str,
    secret: str,
    kind: str,
    made_by: str = "",
    made_via: str = "",
    uses: int = 1,
    lasts: timedelta | None = None,
) -> None:
    """Keep the hash of a code, link or card; earlier one-time codes of the member end, and nothing counts against a new one."""
    if kind == "code":
        await throttling.start_afresh(ctx, f"member:{member}")
        await ctx.engine.execute("DELETE FROM tb_sign_in_code WHERE member = ? AND kind = 'code'", [member])
    identity = await _identity_policy(ctx, member)
    expires_at = ctx.now() + (lasts or timedelta(minutes=identity.code_minutes))
    await ctx.engine.execute(
        "INSERT INTO tb_sign_in_code (hash, member, kind, uses_left, expires_at, made_by, made_via)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [sessions.token_hash(secret), member, kind, uses, expires_at, made_by, made_via],
    )


async def end_links(ctx: Context) -> None:
    """Every sign-in link made so far ends, in the caller's unit of work."""
    await ctx.engine.execute("DELETE FROM tb_sign_in_code WHERE kind = 'link'")


async def act_for(ctx: Context, actor: Actor, session_hash: str, *, elder: str) -> Renewed:
    """Let this session act for `elder` for a while, under a fresh name; both ids stand in every audit line from now on.

    Raises:
        NotFound: no mandate in force, or another community.
    """
    async with ctx.engine.atomic():
        row = await people.member(ctx.engine, elder)
        if row is None:
            raise NotFound()
        sees(actor, "ActFor", Facts(community=row.community, owners=frozenset({elder})))
        if elder == actor.uid:
            raise NotAllowed()
        await _not_staff(ctx, elder)
        minutes = ctx.policy_of(row.community).identity.acting_minutes
        until = ctx.now() + timedelta(minutes=minutes)
        await sessions.act_for(ctx.engine, session_hash, elder, until=until)
        await audit.note(ctx, actor, "act_for", object=elder)
        return await _renewed(ctx, session_hash)


async def stop_acting(ctx: Context, actor: Actor, session_hash: str) -> Renewed:
    """Back to one's own affairs, under a fresh name again."""
    async with ctx.engine.atomic():
        await sessions.act_for(ctx.engine, session_hash, "", until=None)
        await audit.note(ctx, actor, "stop_acting", object=actor.acting_for)
        return await _renewed(ctx, session_hash)


async def _renewed(ctx: Context, session_hash: str) -> Renewed:
    await forms.end_drafts(ctx.engine, session_hash)
    return await sessions.renew(ctx, session_hash)


async def _identity_policy(ctx: Context, member: str) -> IdentityPolicy:
    rows = await ctx.engine.fetch("SELECT community FROM tb_member WHERE uid = ?", [member])
    return ctx.policy_of(rows[0]["community"]).identity


async def _use_up(ctx: Context, hashed: str) -> None:
    await ctx.engine.execute("UPDATE tb_sign_in_code SET uses_left = uses_left - 1 WHERE hash = ?", [hashed])


async def _elder_session(ctx: Context, member: str, *, way: str = "", shared: bool = False) -> SignedIn:
    """A session without a password: an elder's own phone stays signed in, and no office is opened by it.

    The demo's links are doors into every room of a made-up community, the desk's among them.

    Args:
        shared: on a device that is not theirs, it ends soon, and with the browser.
    """
    level = sessions.FULL if ctx.settings.demo else sessions.MEMBER
    actor = await actors.actor_of(
        ctx.engine, ctx.catalogue_of, member, ctx.today(), offices=level == sessions.FULL
    )
    identity = ctx.policy_of(actor.community).identity
    short = shared or actor.has(*OFFICES)
    lasts = (
        timedelta(hours=identity.session_hours_max)
        if short
        else timedelta(days=identity.elder_session_days_max)
    )
    seconds = int(lasts.total_seconds())
    idle = identity.shared_idle_minutes if shared else seconds // 60
    token = await sessions.open_session(
        ctx, member=member, idle_minutes=idle, lasts=lasts, level=level, way=way
    )
    await audit.note(ctx, actor, "sign_in")
    return SignedIn(token, None if short else seconds, actor.community)


def _meant(who: str) -> str:
    """A number as it counts, however it is written; else what was typed."""
    return read_phone(who).number or narrowed(who).upper()
