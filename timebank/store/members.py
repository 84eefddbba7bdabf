"""Members and what names them, teams, units, mandates: the queries several slices share.

`person` and everything that joins `tb_person` returns personal data: call it only after `access.sees` said so.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from timebank.access import Role


async def community(engine: Any, code: str) -> dict[str, Any] | None:
    rows = await engine.fetch("SELECT * FROM tb_community WHERE code = ?", [code])
    return rows[0] if rows else None


async def communities(engine: Any) -> list[dict[str, Any]]:
    return await engine.fetch("SELECT * FROM tb_community ORDER BY code")


async def community_shown(engine: Any, code: str) -> dict[str, Any] | None:
    """The community of the person signed in; for strangers the first one here; None before any is founded."""
    if code:
        return await community(engine, code)
    rows = await engine.fetch("SELECT * FROM tb_community ORDER BY id LIMIT 1")
    return rows[0] if rows else None


async def areas(engine: Any, community: str) -> list[dict[str, Any]]:
    return await engine.fetch("SELECT * FROM tb_area WHERE community = ? ORDER BY code", [community])


async def member(engine: Any, uid: str) -> dict[str, Any] | None:
    """The pseudonymous row; nothing in it names anybody."""
    rows = await engine.fetch("SELECT * FROM tb_member WHERE uid = ?", [uid])
    return rows[0] if rows else None


async def person(engine: Any, uid: str) -> dict[str, Any]:
    """What names the member; an erased one reads as 已注销."""
    rows = await engine.fetch("SELECT * FROM tb_person WHERE member = ?", [uid])
    return (
        rows[0] if rows else {"member": uid, "name": "已注销", "called": "已注销", "phone": "", "address": ""}
    )


async def names(engine: Any, uids: list[str]) -> dict[str, str]:
    """How each member is called, for lists whose reader may see names."""
    if not uids:
        return {}
    marks = ", ".join("?" for _ in uids)
    rows = await engine.fetch(
        f"SELECT member, name, called FROM tb_person WHERE member IN ({marks})",
        uids,
    )
    return {row["member"]: row["called"] or row["name"] for row in rows}


async def cards(engine: Any, uids: list[str]) -> dict[str, dict[str, Any]]:
    """What a roster shows of each member: how they are called, vest number, skills, whether a minor with consent."""
    if not uids:
        return {}
    marks = ", ".join("?" for _ in uids)
    rows = await engine.fetch(
        "SELECT m.uid, m.number, m.skills, m.minor, m.guardian_consent, m.account, m.community, p.name, p.called"
        f" FROM tb_member m LEFT JOIN tb_person p ON p.member = m.uid WHERE m.uid IN ({marks})",
        uids,
    )
    return {row["uid"]: {**row, "says": row["called"] or row["name"] or "已注销"} for row in rows}


async def people(engine: Any, community: str, role: Role | None = None) -> list[dict[str, Any]]:
    """Members of a community with their names, for the desk; one role only, when given."""
    sql = (
        "SELECT m.*, p.name, p.called, p.phone, p.address FROM tb_member m"
        " LEFT JOIN tb_person p ON p.member = m.uid WHERE m.community = ? AND m.status = 'active'"
    )
    args: list[Any] = [community]
    if role is not None:
        sql += " AND m.uid IN (SELECT member FROM tb_role WHERE role = ?)"
        args.append(role.value)
    return await engine.fetch(sql + " ORDER BY m.number, m.uid", args)


async def by_phone(engine: Any, community: str, phone: str) -> list[dict[str, Any]]:
    """Members who gave this phone, in its one normal form; several may share one."""
    return await engine.fetch(
        "SELECT m.*, p.name, p.called, p.phone FROM tb_person p JOIN tb_member m ON m.uid = p.member"
        " WHERE p.phone = ? AND m.community = ? AND m.status = 'active'",
        [phone, community],
    )


async def by_name(engine: Any, community: str, name: str) -> list[dict[str, Any]]:
    return await engine.fetch(
        "SELECT m.*, p.name, p.called, p.phone FROM tb_person p JOIN tb_member m ON m.uid = p.member"
        " WHERE (p.name = ? OR p.called = ?) AND m.community = ? AND m.status = 'active'",
        [name, name, community],
    )


async def add_member(
    ctx: Any,
    *,
    community: str,
    name: str,
    called: str = "",
    roles: tuple[Role, ...] = (),
    number: str = "",
    area: str = "",
    phone: str = "",
    phone_written: str = "",
    address: str = "",
    identity: str = "",
    health_note: str = "",
    wishes: str = "",
    skills: str = "",
    born_on: date | None = None,
    minor: bool = False,
    guardian_consent: bool = False,
    size: str = "",
    line_key: str = "",
    uid: str = "",
) -> str:
    """A new member with an hour account; its uid. Runs in the caller's unit of work."""
    from ledger import AccountKind, OpenAccount
    from timebank.context import member_account

    uid = uid or ctx.ids.uid("M")
    account = member_account(uid)
    now = ctx.now()
    await ctx.engine.execute(
        "INSERT INTO tb_member (uid, community, number, area, account, minor, guardian_consent, lang, size, skills,"
        " status, line_key, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, 'active', ?, ?)",
        [uid, community, number, area, account, minor, guardian_consent, size, skills, line_key, now],
    )
    await ctx.engine.execute(
        "INSERT INTO tb_person (member, name, called, phone, phone_written, address, identity, health_note, wishes,"
        " born_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [uid, name, called, phone, phone_written, address, identity, health_note, wishes, born_on],
    )
    for role in roles:
        await grant_role(ctx.engine, uid, role)
    opening = OpenAccount(
        key=f"open:{uid}",
        code=account,
        kind=AccountKind.LIABILITY,
        commodity="MIN",
        floor=0,
        opened_on=ctx.today(),
    )
    await ctx.book(community).post(opening, at=now)
    return uid


async def grant_role(engine: Any, uid: str, role: Role) -> None:
    """Give a role; giving it twice changes nothing."""
    await engine.execute(
        "INSERT INTO tb_role (member, role) VALUES (?, ?) ON CONFLICT (member, role) DO NOTHING",
        [uid, role.value],
    )


async def owners_of(engine: Any, community: str, accounts: list[str]) -> list[str]:
    """The members of a community to whom these accounts belong; the institution's own belong to nobody."""
    if not accounts:
        return []
    marks = ", ".join("?" for _ in accounts)
    rows = await engine.fetch(
        f"SELECT uid FROM tb_member WHERE community = ? AND account IN ({marks}) ORDER BY uid",
        [community, *accounts],
    )
    return [row["uid"] for row in rows]


async def teams(engine: Any, community: str) -> list[dict[str, Any]]:
    return await engine.fetch("SELECT * FROM tb_team WHERE community = ? ORDER BY code", [community])


async def team(engine: Any, code: str) -> dict[str, Any] | None:
    rows = await engine.fetch("SELECT * FROM tb_team WHERE code = ?", [code])
    return rows[0] if rows else None


async def team_by_name(engine: Any, community: str, name: str) -> dict[str, Any] | None:
    rows = await engine.fetch("SELECT * FROM tb_team WHERE community = ? AND name = ?", [community, name])
    return rows[0] if rows else None


async def add_team(
    ctx: Any, *, code: str, community: str, name: str, kind: str = "", leader: str = "", deputy: str = ""
) -> None:
    await ctx.engine.execute(
        "INSERT INTO tb_team (code, community, name, kind, leader, deputy) VALUES (?, ?, ?, ?, ?, ?)",
        [code, community, name, kind, leader, deputy],
    )


async def join_team(ctx: Any, *, team: str, member: str, since_on: date) -> bool:
    """Add a member to a team; False when already in it."""
    added = await ctx.engine.execute(
        "INSERT INTO tb_membership (team, member, since_on) VALUES (?, ?, ?) ON CONFLICT (team, member) DO NOTHING",
        [team, member, since_on],
    )
    return bool(added)


async def team_members(engine: Any, team: str) -> list[dict[str, Any]]:
    """The roster with names, for the team's own leader and the desk."""
    return await engine.fetch(
        "SELECT m.*, p.name, p.called FROM tb_membership s JOIN tb_member m ON m.uid = s.member"
        " LEFT JOIN tb_person p ON p.member = m.uid WHERE s.team = ? AND m.status = 'active' ORDER BY m.number, m.uid",
        [team],
    )


async def team_codes_of(engine: Any, member: str) -> frozenset[str]:
    """Codes of the teams somebody belongs to."""
    rows = await engine.fetch("SELECT team FROM tb_membership WHERE member = ?", [member])
    return frozenset(row["team"] for row in rows)


async def units(engine: Any, community: str) -> list[dict[str, Any]]:
    return await engine.fetch("SELECT * FROM tb_unit WHERE community = ? ORDER BY code", [community])


async def unit_by_name(engine: Any, community: str, name: str) -> dict[str, Any] | None:
    rows = await engine.fetch("SELECT * FROM tb_unit WHERE community = ? AND name = ?", [community, name])
    return rows[0] if rows else None


async def add_unit(
    ctx: Any, *, code: str, community: str, name: str, kind: str = "", contacts: tuple[str, ...] = ()
) -> None:
    await ctx.engine.execute(
        "INSERT INTO tb_unit (code, community, name, kind) VALUES (?, ?, ?, ?)", [code, community, name, kind]
    )
    for contact in contacts:
        await ctx.engine.execute("INSERT INTO tb_unit_contact (unit, member) VALUES (?, ?)", [code, contact])


async def mandates_for(engine: Any, elder: str) -> list[dict[str, Any]]:
    """Mandates to act for an elder, in force or not, newest first."""
    return await engine.fetch("SELECT * FROM tb_mandate WHERE elder = ? ORDER BY recorded_at DESC", [elder])


async def add_mandate(
    ctx: Any, *, elder: str, proxy: str, recorded_by: str, relation: str = "", until_on: date | None = None
) -> str:
    uid: str = ctx.ids.uid("P")
    await ctx.engine.execute(
        "INSERT INTO tb_mandate (uid, elder, proxy, scope, relation, recorded_by, recorded_at, until_on)"
        " VALUES (?, ?, ?, 'requests', ?, ?, ?, ?)",
        [uid, elder, proxy, relation, recorded_by, ctx.now(), until_on],
    )
    return uid


async def setting(engine: Any, key: str, default: str = "") -> str:
    rows = await engine.fetch("SELECT value FROM tb_setting WHERE key = ?", [key])
    return rows[0]["value"] if rows else default


async def set_setting(engine: Any, key: str, value: str) -> None:
    await engine.execute(
        "INSERT INTO tb_setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [key, value],
    )


async def next_number(engine: Any, community: str) -> str:
    """The next free vest number of a community, three digits or more."""
    rows = await engine.fetch("SELECT number FROM tb_member WHERE community = ?", [community])
    taken = [int(row["number"]) for row in rows if row["number"].isascii() and row["number"].isdigit()]
    return f"{max(taken, default=0) + 1:03d}"


async def registered_names(engine: Any, community: str) -> frozenset[str]:
    """Names of everybody registered in a community; for telling a walk-up on a roll-call, at the desk only."""
    rows = await engine.fetch(
        "SELECT p.name FROM tb_person p JOIN tb_member m ON m.uid = p.member"
        " WHERE m.community = ? AND m.status = 'active'",
        [community],
    )
    return frozenset(row["name"] for row in rows)


async def by_line_key(engine: Any, community: str, line_key: str) -> dict[str, Any] | None:
    """The member that a line of a volunteers' list became."""
    rows = await engine.fetch(
        "SELECT * FROM tb_member WHERE community = ? AND line_key = ?", [community, line_key]
    )
    return rows[0] if rows and line_key else None


async def fill_in(engine: Any, uid: str, *, member: dict[str, Any], person: dict[str, Any]) -> bool:
    """Set the columns that differ of `tb_member` and `tb_person`; False when all of them were so already."""
    changed = False
    for table, key, wanted in (("tb_member", "uid", member), ("tb_person", "member", person)):
        rows = await engine.fetch(f"SELECT * FROM {table} WHERE {key} = ?", [uid])
        differing = {name: value for name, value in wanted.items() if rows and rows[0][name] != value}
        if differing:
            setting = ", ".join(f"{name} = ?" for name in differing)
            await engine.execute(f"UPDATE {table} SET {setting} WHERE {key} = ?", [*differing.values(), uid])
            changed = True
    return changed
