"""Sessions and one-time codes; tokens are stored as hashes only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from piccolo.query import Delete
from piccolo.query.methods.select import First

from ledger.store.engine import CommitFailed, WriterBusy, prepared
from marketplace.phones import PhoneNumber
from timebank.access import NOBODY, Actor
from timebank.catalogue import Catalogue
from timebank.context import Context, Engine
from timebank.store.identity.actors import actor_of
from timebank.store.identity.second_factors import end_second_factor
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none
from timebank.store.tables import Password, Session, SignInCode

FULL, MEMBER, HALF, CARD = "full", "member", "half", "card"
"""What a session opens: everything that is the person's; everything but an office at the desk or over the books, because it
came about without a password; nothing, because the second factor is still to come; or what the card on the fridge can do."""


def token_hash(token: str) -> str:
    return sha256(b"timebank/token/v1" + token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session in force and the person behind it, and until when they act for whomever they act for."""

    hash: str
    actor: Actor
    acting_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """A session under another name: its new bearer token, and how long the browser keeps it (None: until it is closed)."""

    token: str
    max_age_seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """A session as it is kept: whose it is, for whom they act until when, what it opens, and how long it lasts."""

    member: str
    acting_for: str
    acting_until: datetime | None
    level: str
    way: str
    enrolling: str
    created_at: datetime
    seen_at: datetime
    idle_minutes: int
    expires_at: datetime

    def over(self, now: datetime) -> bool:
        """Whether it ended, by its age or because nobody was there for long."""
        return now >= self.expires_at or now >= self.seen_at + timedelta(minutes=self.idle_minutes)

    def acts_for(self, now: datetime) -> str:
        """Uid of whoever is acted for at this moment; "" for nobody, or no longer."""
        over = self.acting_until is not None and now >= self.acting_until
        return "" if over else self.acting_for


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession(KeptSession):
    """A session as its owner looks at it: with its hash and a word for what it was opened on."""

    hash: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCode:
    """A one-time code that can still be used."""

    hash: str
    member: str
    made_by: str
    made_via: str


@prepared
def _session(hash: str) -> First:
    return Session.select(*columns(KeptSession, Session)).where(Session.hash == hash).first()


@prepared
def _close(hash: str) -> Delete:
    return Session.delete().where(Session.hash == hash)


@prepared
def _close_of(member: str) -> Delete:
    return Session.delete().where(Session.member == member)


@prepared
def _close_others(member: str, kept: str) -> Delete:
    return Session.delete().where((Session.member == member) & (Session.hash != kept))


async def open_session(
    ctx: Context,
    *,
    member: str,
    idle_minutes: int,
    lasts: timedelta,
    acting_for: str = "",
    level: str = FULL,
    way: str = "",
) -> str:
    """A new session; its bearer token, which is never stored. Always a fresh id, so none can be fixed beforehand."""
    token = ctx.ids.token()
    now = ctx.now()
    await add(
        ctx.engine,
        Session,
        {
            "hash": token_hash(token), "member": member, "acting_for": acting_for, "level": level, "way": way, "created_at": now,
            "seen_at": now, "idle_minutes": idle_minutes, "expires_at": now + lasts,
        },
    )  # fmt: skip
    return token


async def close_session(engine: Engine, token: str) -> None:
    await _close.on(engine)(token_hash(token))


async def close_sessions_of(engine: Engine, member: str) -> None:
    """Sign a member out everywhere."""
    await _close_of.on(engine)(member)


async def close_other_sessions(engine: Engine, member: str, kept: str) -> None:
    """Sign a member out everywhere but in the session with this hash."""
    await _close_others.on(engine)(member, kept)


async def open_sessions_of(engine: Engine, member: str, now: datetime) -> list[OwnSession]:
    """Where a member is signed in, the latest use first; neither the card on the fridge nor a sign-in by half."""
    query = Session.select(*columns(OwnSession, Session)).where(
        Session.member == member, Session.level.is_in([FULL, MEMBER])
    )
    found = typed_all(OwnSession, await rows_of(engine, query.order_by(Session.seen_at, ascending=False)))
    return [one for one in found if not one.over(now)]


async def name_device(engine: Engine, token: str, device: str) -> None:
    """Keep a word for what a session was opened on."""
    await change(engine, Session, {"device": device}, hash=token_hash(token))


async def close_by_hash(engine: Engine, hash: str) -> None:
    """Sign out what is signed in under this hash."""
    await _close.on(engine)(hash)


async def act_for(engine: Engine, hash: str, elder: str, *, until: datetime | None) -> None:
    """Let the session act for `elder` until then; "" stops it."""
    await change(engine, Session, {"acting_for": elder, "acting_until": until}, hash=hash)


async def renew(ctx: Context, hash: str) -> Renewed:
    """The same session under a fresh name, in the caller's unit of work: whoever had copied the old one holds nothing.

    Every change of what a session may do goes along with it.
    """
    token = ctx.ids.token()
    kept = await kept_session(ctx.engine, hash)
    await change(ctx.engine, Session, {"hash": token_hash(token)}, hash=hash)
    # Without an idle limit it is somebody's own telephone, whose browser keeps it; anywhere else it goes when that is closed.
    own = kept is not None and timedelta(minutes=kept.idle_minutes) >= kept.expires_at - kept.created_at
    left = int((kept.expires_at - ctx.now()).total_seconds()) if kept is not None and own else None
    return Renewed(token=token, max_age_seconds=left)


async def half_open(engine: Engine, token: str, now: datetime) -> KeptSession | None:
    """The sign-in of whoever gave a right password and still owes the second factor; None for any other."""
    found = typed_or_none(KeptSession, await _session.on(engine)(token_hash(token)))
    return found if found is not None and found.level == HALF and not found.over(now) else None


async def kept_session(engine: Engine, hash: str) -> KeptSession | None:
    """A session by its hash, whatever it opens."""
    return typed_or_none(KeptSession, await _session.on(engine)(hash))


async def begin_enrolling(engine: Engine, hash: str, nonce: str) -> None:
    """A telephone is being set up in this session; "" when it is done or given up."""
    await change(engine, Session, {"enrolling": nonce}, hash=hash)


async def find_session(
    engine: Engine,
    catalogue_of: Callable[[str], Catalogue],
    token: str,
    now: datetime,
    *,
    level: str = FULL,
) -> OpenSession | None:
    """The session of a bearer token and its person with today's roles, or None.

    Roles, teams, units and mandates are read on every request: a change takes effect at once.

    Args:
        level: `full` for every page, `card` or `half` at the one address where such a session counts; one of another kind
            is none.
    """
    hashed = token_hash(token)
    session = typed_or_none(KeptSession, await _session.on(engine)(hashed))
    fits = (FULL, MEMBER) if level == FULL else (level,)
    if session is None or session.level not in fits or session.over(now):
        return None
    actor = await actor_of(
        engine, catalogue_of, session.member, now.date(), acting_for=session.acts_for(now),
        offices=session.level != MEMBER,
    )  # fmt: skip
    if actor is NOBODY:
        return None
    # One write a minute is enough to know that somebody is still there.
    if now - session.seen_at >= timedelta(minutes=1):
        # Nobody is kept from reading because this could not be written.
        with suppress(CommitFailed, WriterBusy):
            await change(engine, Session, {"seen_at": now}, hash=hashed)
    until = session.acting_until if actor.acting_for else None
    return OpenSession(hashed, replace(actor, via=session.way), until)


async def meant_by(engine: Engine, community: str, typed: str, phone: PhoneNumber) -> list[str]:
    """Active members of a community whose own phone, vest number or id this is; several share a landline.

    A guardian's or an emergency number signs nobody in.
    """
    # Every end of a union is looked up by an index; Piccolo has no union.
    arms = [
        "SELECT uid FROM tb_member WHERE uid = ? AND community = ? AND life = 'active'",
        "SELECT uid FROM tb_member WHERE number = ? AND community = ? AND life = 'active'",
    ]
    args = [typed, community] * 2
    if phone.number:
        arms.append(
            "SELECT m.uid FROM tb_phone t JOIN tb_member m ON m.uid = t.member AND m.life = 'active'"
            " WHERE t.number = ? AND t.community = ? AND t.whose = ''"
        )
        args += [phone.number, community]
    rows = await engine.fetch(" UNION ".join(arms), args)
    return sorted(str(row["uid"]) for row in rows)


async def live_codes(engine: Engine, members: Sequence[str], now: datetime) -> list[LiveCode]:
    """One-time codes of these members that are neither used up nor over."""
    if not members:
        return []
    query = SignInCode.select(*columns(LiveCode, SignInCode)).where(
        SignInCode.member.is_in(list(members)),
        SignInCode.kind == "code",
        SignInCode.uses_left > 0,
        SignInCode.expires_at > now,
    )
    return typed_all(LiveCode, await rows_of(engine, query))


async def end_codes(engine: Engine, member: str) -> None:
    """One-time codes of a member that were read out or sent and not used; a printed card stays."""
    await _end_unused.on(engine)(member)


async def end_access(engine: Engine, member: str) -> None:
    """Every sign-in, code, card, password and second factor of a member ends, and every sign-in that acts for them."""
    await close_sessions_of(engine, member)
    await end_second_factor(engine, member)
    await _end_codes.on(engine)(member)
    await _end_password.on(engine)(member)
    await change(engine, Session, {"acting_for": "", "acting_until": None}, acting_for=member)


async def end_card(engine: Engine, member: str) -> bool:
    """A member's printed card ends, and every sign-in that a card of theirs ever made; False when there was none."""
    gone = await _end_card.on(engine)(member)
    await _end_card_sessions.on(engine)(member)
    return bool(gone)


async def card_of(engine: Engine, token: str, now: datetime) -> str:
    """Uid of the active member whose printed card this is; "" for none that can still be used."""
    query = SignInCode.select(SignInCode.member).where(
        SignInCode.hash == token_hash(token),
        SignInCode.kind == "card",
        SignInCode.uses_left > 0,
        SignInCode.expires_at > now,
    )
    rows = await rows_of(engine, query)
    return str(rows[0]["member"]) if rows else ""


async def seen_since(engine: Engine, member: str, at: datetime) -> bool:
    """Whether a member pressed or opened anything since then, in their own sign-in."""
    query = Session.select(Session.id).where(
        Session.member == member, Session.level.is_in([FULL, MEMBER]), Session.seen_at >= at
    )
    return bool(await rows_of(engine, query.limit(1)))


async def with_password(engine: Engine, members: Iterable[str]) -> frozenset[str]:
    """Those of these members who can sign in as staff."""
    wanted = sorted(set(members))
    if not wanted:
        return frozenset()
    query = Password.select(Password.member).where(Password.member.is_in(wanted))
    return frozenset(str(row["member"]) for row in await rows_of(engine, query))


@prepared
def _by_login(login: str) -> First:
    wanted = (Password.member, Password.hash, Password.given_until)
    return Password.select(*wanted).where(Password.login == login).first()


@prepared
def _login_of(member: str) -> First:
    return Password.select(Password.login, Password.way).where(Password.member == member).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPassword:
    """Whose a login is, and the hash of its password; both "" for nobody.

    Attributes:
        given_until: until when a password that somebody else made up is good; None for one's own.
    """

    member: str = ""
    hash: str = ""
    given_until: datetime | None = None


async def password_of(engine: Engine, login: str) -> KeptPassword:
    """The password of whoever signs in with that name."""
    return typed_or_none(KeptPassword, await _by_login.on(engine)(login)) or KeptPassword()


async def owner_of_login(engine: Engine, login: str) -> str | None:
    """Uid of whoever signs in with that name; None for nobody."""
    return (await password_of(engine, login)).member or None


async def login_of(engine: Engine, member: str) -> str:
    """The name a member signs in with as staff; "" for none."""
    row = await _login_of.on(engine)(member)
    return str(row["login"]) if row else ""


async def way_of_login(engine: Engine, member: str) -> str:
    """Uid of the way in that a member's password is; "" where nobody but they ever had it."""
    row = await _login_of.on(engine)(member)
    return str(row["way"]) if row else ""


async def set_login(
    engine: Engine,
    *,
    member: str,
    login: str,
    hashed: str,
    way: str = "",
    given_until: datetime | None = None,
) -> None:
    """The member's one password, in the caller's unit of work; an earlier one ends.

    Args:
        way: uid of the way in, where somebody else made the password up. given_until: how long it is good for then.
    """
    await _end_password.on(engine)(member)
    values = {"member": member, "login": login, "hash": hashed, "way": way, "given_until": given_until}
    await add(engine, Password, values)


async def end_login(engine: Engine, member: str) -> None:
    """The member signs in as staff no longer, and every open session ends."""
    await _end_password.on(engine)(member)
    await end_second_factor(engine, member)
    await close_sessions_of(engine, member)


@prepared
def _end_codes(member: str) -> Delete:
    return SignInCode.delete().where((SignInCode.member == member) | (SignInCode.acting_for == member))


@prepared
def _end_unused(member: str) -> Delete:
    return SignInCode.delete().where((SignInCode.member == member) & (SignInCode.kind != "card"))


@prepared
def _end_card(member: str) -> Delete:
    of_card = (SignInCode.member == member) & (SignInCode.kind == "card")
    return SignInCode.delete().where(of_card).returning(SignInCode.id)


@prepared
def _end_card_sessions(member: str) -> Delete:
    return Session.delete().where((Session.member == member) & (Session.level == CARD))


@prepared
def _end_password(member: str) -> Delete:
    return Password.delete().where(Password.member == member)
