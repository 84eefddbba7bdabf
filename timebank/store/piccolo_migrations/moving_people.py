"""What the tables before November 2026 held, as rows of the tables after: every person, right and place is kept.

Pure but for reading and inserting. Roles, memberships, contacts and mandates become relationships with the consent
`moved`: they were agreed before anybody wrote down how, and are not judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from ledger.store.engine import DurableEngine
from marketplace.names import name_key, sound
from marketplace.phones import read_phones

Row = dict[str, object]
Rows = dict[str, list[Row]]

_GRANTING = {"worker": "worker", "auditor": "auditor"}
_AREA_KINDS = frozenset({"grid", "estate", "green", "building", "entrance"})
UNIT_SEATS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """The old tables, row by row."""

    communities: Sequence[Row]
    areas: Sequence[Row]
    members: Sequence[Row]
    persons: Sequence[Row]
    roles: Sequence[Row]
    teams: Sequence[Row]
    memberships: Sequence[Row]
    units: Sequence[Row]
    contacts: Sequence[Row]
    mandates: Sequence[Row]


async def read_old(engine: DurableEngine) -> Old:
    """Everything the old tables hold, in the order it was written."""

    async def rows(table: str) -> Sequence[Row]:
        found: Sequence[Row] = await engine.fetch(f"SELECT * FROM {table} ORDER BY id")
        return found

    return Old(
        communities=await rows("tb_community"),
        areas=await rows("tb_area"),
        members=await rows("tb_member"),
        persons=await rows("tb_person"),
        roles=await rows("tb_role"),
        teams=await rows("tb_team"),
        memberships=await rows("tb_membership"),
        units=await rows("tb_unit"),
        contacts=await rows("tb_unit_contact"),
        mandates=await rows("tb_mandate"),
    )


def members_named(kept: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """uid -> community ("" when it cannot be told) of everybody whom the tables that stay refer to."""
    community_of = {str(row["uid"]): str(row["community"]) for row in kept["tb_service"]}
    found: dict[str, str] = {}
    for row in kept["tb_service"]:
        for column in ("recipient", "lead"):
            found.setdefault(str(row[column]), str(row["community"]))
    for row in kept["tb_attendance"]:
        found.setdefault(str(row["member"]), community_of.get(str(row["service"]), ""))
    for table in ("tb_password", "tb_sign_in_code", "tb_session"):
        for row in kept[table]:
            found.setdefault(str(row["member"]), "")
    found.pop("", None)
    return found


def emptied(row: Row, nullable: frozenset[str]) -> Row:
    """The row without its number, with NULL instead of "" in columns that refer to something."""
    return {
        name: (None if name in nullable and not value else value)
        for name, value in row.items()
        if name != "id"
    }


async def insert(engine: DurableEngine, table: str, rows: Sequence[Row]) -> None:
    """All rows of one table; they have the same columns."""
    if not rows:
        return
    columns = list(rows[0])
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" for _ in columns)
    await engine.execute_many(
        f'INSERT INTO "{table}" ({names}) VALUES ({marks})', [[row[name] for name in columns] for row in rows]
    )


async def count_on(engine: DurableEngine, names: Iterable[str]) -> None:
    """PostgreSQL's counters go on behind the numbers that were given here; SQLite does so by itself."""
    if engine.dialect != "postgres":
        return
    for table in names:
        await engine.fetch(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}),"
            " false)::text AS counted"
        )


def moved_rows(old: Old, *, named_elsewhere: Mapping[str, str]) -> Rows:
    """The new tables' rows, in an order in which each row's references come before it."""
    areas, paths = _areas(old)
    members = _members(old, named_elsewhere)
    known = {str(row["uid"]) for row in members}
    rows: Rows = {"tb_area": areas, "tb_community": _communities(old)}
    rows["tb_area_parent"] = [
        {"area": row["code"], "parent": row["parent"], "since_on": row["since_on"]} for row in areas
    ]
    rows["tb_organisation"], rows["tb_organisation_name"] = _organisations(old)
    rows["tb_member"] = members
    rows |= _personal(old, known)
    rows["tb_relationship"] = _relationships(old, known)
    assert len(paths) == len(areas)
    return rows


def _areas(old: Old) -> tuple[list[Row], dict[str, str]]:
    """A node per community, and what it held below it; (rows, code -> path)."""
    since = _founded(old)
    rows: list[Row] = []
    paths: dict[str, str] = {}
    for row in old.communities:
        code = str(row["code"])
        number = len(rows) + 1
        paths[code] = f"{number:x}/"
        rows.append(_area(number, code, "community", row["name"], None, paths[code], code, since[code]))
    waiting = list(old.areas)
    while waiting:
        left: list[Row] = []
        for row in waiting:
            code, community = str(row["code"]), str(row["community"])
            parent = str(row["parent"] or community)
            if parent not in paths:
                left.append(row)
                continue
            kind = str(row["kind"]) if str(row["kind"]) in _AREA_KINDS else "grid"
            number = len(rows) + 1
            paths[code] = f"{paths[parent]}{number:x}/"
            rows.append(
                _area(number, code, kind, row["name"], parent, paths[code], community, since.get(community))
            )
        if len(left) == len(waiting):
            # A parent that nobody has: the node hangs under its community, so that nothing is lost.
            left = [{**row, "parent": row["community"]} for row in left if str(row["community"]) in paths]
            if not left:
                break
        waiting = left
    return rows, paths


def _area(
    number: int,
    code: str,
    kind: str,
    name: object,
    parent: str | None,
    path: str,
    community: str,
    since: object,
) -> Row:
    return {
        "id": number, "code": code, "kind": kind, "name": name, "parent": parent, "path": path,
        "community": community, "since_on": since,
    }  # fmt: skip


def _founded(old: Old) -> dict[str, date]:
    """The day of each community's first member; a community without any begins at the epoch of this product."""
    found: dict[str, date] = {str(row["code"]): date(2026, 1, 1) for row in old.communities}
    for row in reversed(old.members):
        created = row["created_at"]
        assert isinstance(created, datetime)
        found[str(row["community"])] = min(found.get(str(row["community"]), created.date()), created.date())
    return found


def _communities(old: Old) -> list[Row]:
    return [
        {
            "code": row["code"], "area": row["code"], "name": row["name"], "name_en": row["name_en"],
            "phone": row["phone"], "address": row["address"],
        }
        for row in old.communities
    ]  # fmt: skip


def _organisations(old: Old) -> tuple[list[Row], list[Row]]:
    rows: list[Row] = []
    names: list[Row] = []
    for kind, found in (("team", old.teams), ("unit", old.units)):
        for row in found:
            number = len(rows) + 1
            key = name_key(str(row["name"]))
            rows.append(
                {
                    "id": number, "code": row["code"], "community": row["community"], "kind": kind,
                    "subkind": row["kind"], "name": row["name"], "name_key": key, "path": f"{number:x}/",
                    "area": row["community"],
                }
            )  # fmt: skip
            names.append({"organisation": row["code"], "name": row["name"], "name_key": key})
    return rows, names


def _members(old: Old, named_elsewhere: Mapping[str, str]) -> list[Row]:
    areas = {str(row["code"]) for row in old.areas}
    elders = {str(row["member"]) for row in old.roles if row["role"] == "elder"}
    others = {str(row["member"]) for row in old.roles if row["role"] != "elder"}
    taken: set[tuple[str, str]] = set()
    rows: list[Row] = []
    for row in old.members:
        uid, community, number = str(row["uid"]), str(row["community"]), str(row["number"])
        created = row["created_at"]
        assert isinstance(created, datetime)
        free = bool(number) and (community, number) not in taken
        taken.add((community, number))
        rows.append(
            {
                "uid": uid, "community": community, "number": number if free else None,
                "area": row["area"] if str(row["area"]) in areas else community,
                "account": row["account"], "life": "active" if row["status"] == "active" else "left",
                "life_since_on": created.date(), "lang": row["lang"],
                "size": row["size"] or ("elder" if uid in elders and uid not in others else ""),
                "created_at": created,
            }
        )  # fmt: skip
    known = {str(row["uid"]) for row in rows}
    for uid, community in named_elsewhere.items():
        home = community or (str(old.communities[0]["code"]) if old.communities else "")
        if uid not in known and home:
            # Rows speak of somebody whose own row is gone: they stay as a member without a name.
            rows.append(
                {
                    "uid": uid, "community": home, "number": None, "area": home,
                    "account": f"Liabilities:Member:{uid}", "life": "erased", "life_since_on": date(2026, 11, 29),
                    "lang": "", "size": "", "created_at": datetime.fromisoformat("2026-11-29T00:00:00+00:00"),
                }
            )  # fmt: skip
    return rows


def _personal(old: Old, known: set[str]) -> Rows:
    """Names, phones, ages, consents, profiles and source keys."""
    rows: Rows = {
        name: [] for name in ("tb_person", "tb_phone", "tb_age", "tb_consent", "tb_profile", "tb_source_key")
    }
    roles: dict[str, set[str]] = {}
    for row in old.roles:
        roles.setdefault(str(row["member"]), set()).add(str(row["role"]))
    member_of = {str(row["uid"]): row for row in old.members}
    seen: set[tuple[object, object]] = set()
    for row in old.persons:
        uid = str(row["member"])
        if uid not in known or uid not in member_of:
            continue
        member = member_of[uid]
        created = member["created_at"]
        assert isinstance(created, datetime)
        home = {"member": uid, "community": member["community"]}
        rows["tb_person"].append(
            home | {
                "name": row["name"], "name_key": name_key(str(row["name"])), "sound": sound(str(row["name"])),
                "called": row["called"], "called_key": name_key(str(row["called"])), "address": row["address"],
                "occupation": row["identity"], "health_note": row["health_note"],
            }
        )  # fmt: skip
        for place, phone in enumerate(read_phones(str(row["phone_written"] or row["phone"])), start=1):
            rows["tb_phone"].append(
                home | {
                    "place": place, "number": phone.number, "extension": phone.extension,
                    "tail": phone.number[-4:], "note": phone.note, "written": phone.written,
                }
            )  # fmt: skip
        if row["born_on"] is not None:
            rows["tb_age"].append(_fact(uid, "born_on", str(row["born_on"]), created.date()))
        if member["minor"]:
            rows["tb_age"].append(_fact(uid, "minor_said", "", created.date()))
        if member["guardian_consent"]:
            rows["tb_consent"].append(
                {"member": uid, "purpose": "guardian", "heard": "moved", "given_on": created.date()}
            )
        rows["tb_profile"].append(
            {
                "member": uid, "asks": "elder" in roles.get(uid, ()), "gives": "volunteer" in roles.get(uid, ()),
                "skills": member["skills"], "wishes": row["wishes"],
            }
        )  # fmt: skip
        key = (member["community"], member["line_key"])
        if member["line_key"] and key not in seen:
            seen.add(key)
            rows["tb_source_key"].append(
                {"community": key[0], "source": "volunteers", "row_key": key[1], "member": uid}
            )
    return rows


def _fact(uid: str, sort: str, value: str, on: date) -> Row:
    return {"member": uid, "sort": sort, "value": value, "said_on": on, "source": "moved", "recorded_by": ""}


def _relationships(old: Old, known: set[str]) -> list[Row]:
    rows: list[Row] = []
    member_of = {str(row["uid"]): row for row in old.members}

    def since(uid: str) -> date:
        created = member_of[uid]["created_at"]
        assert isinstance(created, datetime)
        return created.date()

    for row in old.roles:
        uid = str(row["member"])
        if str(row["role"]) in _GRANTING and uid in member_of:
            community = str(member_of[uid]["community"])
            rows.append(
                _related(_GRANTING[str(row["role"])], community, uid, to_area=community, since_on=since(uid))
            )
    for row in old.teams:
        for kind in ("leader", "deputy"):
            uid = str(row[kind])
            if uid in member_of:
                rows.append(
                    _related(
                        kind,
                        str(row["community"]),
                        uid,
                        to_organisation=str(row["code"]),
                        since_on=since(uid),
                        seat=1,
                    )
                )
    team_home = {str(row["code"]): str(row["community"]) for row in old.teams}
    for row in old.memberships:
        uid, code = str(row["member"]), str(row["team"])
        if uid in member_of and code in team_home:
            joined = row["since_on"]
            assert isinstance(joined, date)
            rows.append(_related("team_member", team_home[code], uid, to_organisation=code, since_on=joined))
    rows += _contacts(old, since, member_of)
    rows += _proxies(old, known, member_of)
    return rows


def _contacts(old: Old, since, member_of: Mapping[str, Row]) -> list[Row]:  # type: ignore[no-untyped-def]
    rows: list[Row] = []
    home = {str(row["code"]): str(row["community"]) for row in old.units}
    seats: dict[str, int] = {}
    for row in old.contacts:
        uid, code = str(row["member"]), str(row["unit"])
        if uid not in member_of or code not in home:
            continue
        seats[code] = seats.get(code, 0) + 1
        # A sixth contact keeps the right; only seats one to five are counted.
        seat = seats[code] if seats[code] <= UNIT_SEATS else 0
        rows.append(
            _related("unit_contact", home[code], uid, to_organisation=code, since_on=since(uid), seat=seat)
        )
    return rows


def _proxies(old: Old, known: set[str], member_of: Mapping[str, Row]) -> list[Row]:
    """Mandates; where two are in force for one pair, the one that lasts longer stays and the other is over."""
    rows: list[Row] = []
    open_pairs: set[tuple[str, str]] = set()
    longest = sorted(
        old.mandates,
        key=lambda row: (row["until_on"] is not None, row["until_on"] and -row["until_on"].toordinal()),  # type: ignore[attr-defined]
    )
    for row in longest:
        elder, proxy = str(row["elder"]), str(row["proxy"])
        if elder not in member_of or proxy not in member_of:
            continue
        recorded, revoked = row["recorded_at"], row["revoked_at"]
        assert isinstance(recorded, datetime)
        until = row["until_on"]
        state, reason, ended = "in_force", "", None
        if revoked is not None:
            assert isinstance(revoked, datetime)
            state, reason, ended = "over", "ended", revoked.date()
        elif (proxy, elder) in open_pairs:
            state, reason, ended = "over", "replaced", recorded.date()
        else:
            open_pairs.add((proxy, elder))
        rows.append(
            _related(
                "proxy", str(member_of[elder]["community"]), proxy, to_member=elder, since_on=recorded.date(),
                uid=_uid(str(row["uid"])), until_on=until, state=state, end_reason=reason, ended_on=ended,
                scope="ask,call_off,confirm,read,hours,notices", note=str(row["relation"]),
                offered_by=str(row["recorded_by"]),
            )
        )  # fmt: skip
    return rows


def _related(
    kind: str,
    community: str,
    holder: str,
    *,
    since_on: date,
    to_area: str | None = None,
    to_organisation: str | None = None,
    to_member: str | None = None,
    seat: int = 0,
    uid: str = "",
    until_on: object = None,
    state: str = "in_force",
    end_reason: str = "",
    ended_on: date | None = None,
    scope: str = "",
    note: str = "",
    offered_by: str = "",
) -> Row:
    sides = {"area": to_area, "organisation": to_organisation, "member": to_member}
    target = next(f"{sort}={code}" for sort, code in sides.items() if code)
    in_force = state == "in_force"
    return {
        "uid": uid or _uid(f"{kind}:{holder}:{target}"), "community": community, "kind": kind, "holder_member": holder,
        "to_area": to_area, "to_organisation": to_organisation, "to_member": to_member, "since_on": since_on,
        "until_on": until_on, "state": state, "scope": scope, "offered_by": offered_by, "seat": seat if in_force else 0,
        "holder_yes": "moved", "holder_yes_on": since_on, "target_yes": "moved", "target_yes_on": since_on,
        "end_reason": end_reason, "ended_on": ended_on, "note": note,
        "open_key": f"{kind}:member={holder}:{target}" if in_force else None,
        "seat_key": f"{kind}:{target}:{seat}" if in_force and seat else None,
    }  # fmt: skip


def _uid(of: str) -> str:
    """A relationship's id that follows from what it was, so that migrating twice gives the same."""
    return "R" + sha256(b"timebank/moved/v1" + of.encode()).hexdigest()[:12].upper()
