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
from timebank.store.actors import actor_of
from timebank.store.rows import add, change, columns, rows_of, typed_all, typed_or_none
from timebank.store.tables import Password, Session, SignInCode

FULL, CARD = "full", "card"
"""What a session opens: everything that is the person's, or nothing but what the card on the fridge can do."""


def token_hash(token: str) -> str:
    return sha256(b"timebank/token/v1" + token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session in force and the person behind it."""

    hash: str
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """A session as it is kept: whose it is, for whom they act, and how long it lasts."""

    member: str
    acting_for: str
    level: str
    way: str
    seen_at: datetime
    idle_minutes: int
    expires_at: datetime

    def over(self, now: datetime) -> bool:
        """Whether it ended, by its age or because nobody was there for long."""
        return now >= self.expires_at or now >= self.seen_at + timedelta(minutes=self.idle_minutes)


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


async def act_for(engine: Engine, hash: str, elder: str) -> None:
    """Let the session act for `elder`; "" stops it."""
    await change(engine, Session, {"acting_for": elder}, hash=hash)


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
        level: `full`, or `card` at the one address where a printed card counts; a session of the other kind is none.
    """
    hashed = token_hash(token)
    session = typed_or_none(KeptSession, await _session.on(engine)(hashed))
    if session is None or session.level != level or session.over(now):
        return None
    actor = await actor_of(
        engine,
        catalogue_of,
        session.member,
        now.date(),
        acting_for=session.acting_for,
    )
    if actor is NOBODY:
        return None
    # One write a minute is enough to know that somebody is still there.
    if now - session.seen_at >= timedelta(minutes=1):
        # Nobody is kept from reading because this could not be written.
        with suppress(CommitFailed, WriterBusy):
            await change(engine, Session, {"seen_at": now}, hash=hashed)
    return OpenSession(hashed, replace(actor, via=session.way))


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


async def end_access(engine: Engine, member: str) -> None:
    """Every sign-in, code, card and password of a member ends, and every sign-in that acts for them."""
    await close_sessions_of(engine, member)
    await _end_codes.on(engine)(member)
    await _end_password.on(engine)(member)
    await change(engine, Session, {"acting_for": ""}, acting_for=member)


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
        Session.member == member, Session.level == FULL, Session.seen_at >= at
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
    return Password.select(Password.member, Password.hash).where(Password.login == login).first()


@prepared
def _login_of(member: str) -> First:
    return Password.select(Password.login, Password.way).where(Password.member == member).first()


async def password_of(engine: Engine, login: str) -> tuple[str, str]:
    """(uid, hash) of whoever signs in with that name; ("", "") for nobody."""
    row = await _by_login.on(engine)(login)
    return (str(row["member"]), str(row["hash"])) if row else ("", "")


async def owner_of_login(engine: Engine, login: str) -> str | None:
    """Uid of whoever signs in with that name; None for nobody."""
    return (await password_of(engine, login))[0] or None


async def login_of(engine: Engine, member: str) -> str:
    """The name a member signs in with as staff; "" for none."""
    row = await _login_of.on(engine)(member)
    return str(row["login"]) if row else ""


async def way_of_login(engine: Engine, member: str) -> str:
    """Uid of the way in that a member's password is; "" where nobody but they ever had it."""
    row = await _login_of.on(engine)(member)
    return str(row["way"]) if row else ""


async def set_login(engine: Engine, *, member: str, login: str, hashed: str, way: str = "") -> None:
    """The member's one password, in the caller's unit of work; an earlier one ends.

    Args:
        way: uid of the way in, where somebody else made the password up.
    """
    await _end_password.on(engine)(member)
    await add(engine, Password, {"member": member, "login": login, "hash": hashed, "way": way})


async def end_login(engine: Engine, member: str) -> None:
    """The member signs in as staff no longer, and every open session ends."""
    await _end_password.on(engine)(member)
    await close_sessions_of(engine, member)


@prepared
def _end_codes(member: str) -> Delete:
    return SignInCode.delete().where((SignInCode.member == member) | (SignInCode.acting_for == member))


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
