"""A database of the version before people, places and relationships: upgraded with every right, hour and line kept."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from ledger.store import Book, bind_tables, migrate_ledger
from ledger.store.engine import DurableEngine, PostgresEngine, Row, SQLiteEngine, bind, open_engine
from ledger.store.migrate import migrate, modules_of
from marketplace import store as lists
from marketplace.public_words import kind_of_help, public_need
from marketplace.store import bind_tables as bind_marketplace
from timebank.access import Role
from timebank.adapters.system import SystemClock
from timebank.catalogue import shipped
from timebank.rules.parts.attendance import Attendance, State
from timebank.rules.parts.statements import fold
from timebank.store import upgrade as upgrading
from timebank.store.help import statements
from timebank.store.identity.actors import actor_of
from timebank.store.members import people, phones
from timebank.store.oversight import audit_checks
from timebank.store.oversight.audit import Journal
from timebank.store.relations import organisations, owners, rosters
from timebank.store.rows import typed_all
from timebank.store.tables import TABLES
from timebank.store.upgrade import OTHERS, upgrade, waiting

BEFORE = Path(__file__).parent / "before-people.db.gz"
TODAY = date(2026, 11, 24)
GONE = ("tb_role", "tb_team", "tb_membership", "tb_unit", "tb_unit_contact", "tb_mandate", "tb_outbox")


@pytest.fixture
async def old(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[DurableEngine]:
    """The demo community as the version before kept it, on either database."""
    kept = tmp_path / "before.db"
    kept.write_bytes(gzip.decompress(BEFORE.read_bytes()))
    async with open_engine(f"sqlite:///{kept}") as source:
        if database_url.startswith("sqlite"):
            yield _bound(source)
            return
        async with open_engine(database_url) as engine:
            _bound(engine)
            await _schema_of_before(engine, monkeypatch)
            await _copy(source, engine)
            yield engine


def _bound(engine: SQLiteEngine | PostgresEngine) -> DurableEngine:
    bind(engine, *TABLES)
    bind_tables(engine)
    bind_marketplace(engine)
    return engine


async def _schema_of_before(engine: DurableEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def first(package: str) -> list[ModuleType]:
        # The lists of that version were three days younger than the rest.
        before = "2026-11-26" if package.startswith("marketplace") else "2026-11-23"
        return [module for module in modules_of(package) if before > module.ID]

    with monkeypatch.context() as patched:
        patched.setattr(sys.modules["ledger.store.migrate"], "modules_of", first)
        await migrate_ledger(engine)
        for app, package in OTHERS:
            await migrate(engine, app, package)


async def _copy(source: DurableEngine, to: DurableEngine) -> None:
    """Every row of the app's own tables; the book is the ledger's, and has tests of its own."""
    for row in await source.fetch(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'tb_%' OR name LIKE 'mp_%')"
    ):
        rows = await source.fetch(f'SELECT * FROM "{row["name"]}" ORDER BY rowid')
        for one in rows:
            if row["name"].startswith("mp_"):
                one.pop(
                    "id", None
                )  # nothing points to it, and the counters of PostgreSQL go on by themselves
            names = ", ".join(f'"{name}"' for name in one)
            marks = ", ".join("?" for _ in one)
            await to.execute(f'INSERT INTO "{row["name"]}" ({names}) VALUES ({marks})', list(one.values()))
    if to.dialect == "postgres":  # as it stands behind the rows that an installation wrote itself
        await to.fetch("SELECT setval('tb_setting_id_seq', (SELECT MAX(id) FROM tb_setting))")


async def _rights_before(engine: DurableEngine) -> dict[str, tuple[object, ...]]:
    """uid -> what the old tables let everybody do: offices, teams led, units spoken for, elders acted for."""

    async def by(sql: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in await engine.fetch(sql):
            found.setdefault(row["who"], set()).add(row["what"])
        return found

    offices = await by("SELECT member AS who, role AS what FROM tb_role WHERE role IN ('worker', 'auditor')")
    leads = await by(
        "SELECT leader AS who, code AS what FROM tb_team WHERE leader <> ''"
        " UNION ALL SELECT deputy, code FROM tb_team WHERE deputy <> ''"
    )
    units = await by("SELECT member AS who, unit AS what FROM tb_unit_contact")
    mandates = await by("SELECT proxy AS who, elder AS what FROM tb_mandate WHERE revoked_at IS NULL")
    everybody = await engine.fetch("SELECT uid FROM tb_member")
    return {
        row["uid"]: tuple(frozenset(found.get(row["uid"], ())) for found in (offices, leads, units, mandates))
        for row in everybody
    }


async def _rights_after(engine: DurableEngine, uid: str) -> tuple[object, ...]:
    actor = await actor_of(engine, lambda _: shipped(), uid, TODAY)
    offices = frozenset(role.value for role in actor.roles if role in (Role.WORKER, Role.AUDITOR))
    return offices, actor.teams, actor.units, frozenset(actor.mandates)


# What columns that came later say of old rows: work was free then, and its days are worked out when they are needed.
ADDED: dict[str, dict[str, object]] = {"tb_service": {"free": True}, "tb_attendance": {"counted": "[]"}}


async def test_every_right_is_kept(old: DurableEngine) -> None:
    before = await _rights_before(old)
    assert sum(bool(any(rights)) for rights in before.values()) == 8, "the fixture has people with rights"
    await upgrade(old)
    assert {uid: await _rights_after(old, uid) for uid in before} == before


async def test_people_their_teams_and_their_words_are_kept(old: DurableEngine) -> None:
    named = await old.fetch(
        "SELECT m.uid, m.number, m.skills, m.area, p.name, p.called, p.phone, p.address, p.health_note"
        " FROM tb_member m JOIN tb_person p ON p.member = m.uid ORDER BY m.uid"
    )
    rosters_before = await old.fetch("SELECT team, member FROM tb_membership ORDER BY team, member")
    await upgrade(old)
    for row in named:
        card = (await people.cards(old, [row["uid"]]))[row["uid"]]
        person = await people.person(old, row["uid"])
        rung = await phones.first_phones(old, [row["uid"]])
        member = await people.member(old, row["uid"])
        assert member is not None
        assert (card.number, card.skills, card.name, card.called) == (
            row["number"], row["skills"], row["name"], row["called"],
        )  # fmt: skip
        assert (person.address, person.health_note) == (row["address"], row["health_note"])
        assert rung.get(row["uid"], "") == row["phone"]
        assert member.area == (row["area"] or "dongqu")
    doors = {row["uid"]: key for row in named if (key := people.door_key(row["address"]))}
    assert doors == await people.doors_of(old, [row["uid"] for row in named])
    assert doors
    assert [
        {"team": code, "member": card.uid}
        for code in sorted({row["team"] for row in rosters_before})
        for card in sorted(await rosters.team_members(old, code, TODAY), key=lambda one: one.uid)
    ] == rosters_before


async def test_what_was_never_carried_waits_for_the_telephone_and_what_was_ticked_off_was_told(
    old: DurableEngine,
) -> None:
    before = await _rows(old, "tb_outbox")
    await upgrade(old)
    after = {row["uid"]: row for row in await _rows(old, "tb_news")}
    assert len(after) == len(before) > 0
    for row in before:
        kept = after[row["uid"]]
        assert (kept["member"], kept["kind"], kept["known"], kept["made_at"]) == (
            row["member"], row["kind"], row["known"], row["made_at"],
        )  # fmt: skip
        assert (kept["state"] == "told") == (row["sent_at"] is not None)


async def test_what_an_older_version_wrote_is_held_by_the_log_from_then_on(old: DurableEngine) -> None:
    await upgrade(old)
    assert await audit_checks.problems(old) == []
    # Not by the app: nothing watches this engine.
    await old.execute("UPDATE tb_relationship SET until_on = '2099-12-31' WHERE id = 1")
    [said] = await audit_checks.problems(old)
    assert said.startswith("tb_relationship 1 (")
    await _as_before_the_radar(old)
    assert await upgrade(old) == ["timebank: 2026-12-04T14:50:00:000000"]
    assert await audit_checks.problems(old) == [said], "an upgrade makes nothing right"


async def test_an_upgrade_that_was_cut_short_catches_up_the_next_time(
    old: DurableEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgrade(old)
    await old.execute("UPDATE tb_relationship SET until_on = '2099-12-31' WHERE id = 1")
    # A watched engine, as the command has it: what migrations change is no line of anybody's.
    old.observer = Journal(old, SystemClock())
    await old.execute("UPDATE tb_member SET lang = 'en' WHERE id = 2")
    await _as_before_the_radar(old)

    async def power_fails(*_: object) -> None:
        raise OSError("the power failed")

    with monkeypatch.context() as failing:
        failing.setattr(upgrading, "catch_up", power_fails)
        with pytest.raises(OSError, match="the power failed"):
            await upgrade(old)
    assert await waiting(old) == []
    assert await upgrade(old) == []
    [said] = await audit_checks.problems(old)
    assert said.startswith("tb_relationship 1 (")
    assert await old.fetch("SELECT key FROM tb_setting WHERE key = 'log_catches_up'") == []
    assert isinstance(old.observer, Journal)


async def _as_before_the_radar(engine: DurableEngine) -> None:
    """As if one of the last migrations had not run yet."""
    await engine.execute("DELETE FROM migration WHERE name = '2026-12-04T14:50:00:000000'")
    await engine.execute("DROP TABLE tb_flag_person")
    await engine.execute("DROP TABLE tb_flag")
    await engine.execute("ALTER TABLE tb_way_in DROP COLUMN device")


async def test_services_parts_and_the_log_are_kept_row_for_row(old: DurableEngine) -> None:
    before = {table: await _rows(old, table) for table in ("tb_service", "tb_attendance", "tb_audit")}
    assert all(before.values())
    await upgrade(old)
    for table, rows in before.items():
        # The log goes on with a line about what the upgrade found.
        after = [row for row in await _rows(old, table) if row.get("form") != 2]
        for row, kept in zip(rows, after, strict=True):
            wanted = _without_nothing(row | ADDED.get(table, {}))
            # What somebody said in a title stands on the private card now: the next test looks for it there.
            words = {"title", "note_private"} if table == "tb_service" else set()
            assert {name: kept[name] for name in wanted if name not in words} == {
                name: value for name, value in wanted.items() if name not in words
            }, table


async def test_what_residents_said_leaves_every_title_and_is_kept_for_their_private_card(
    old: DurableEngine,
) -> None:
    needs = {row["line_key"]: row for row in await _rows(old, "mp_need")}
    visits = await _rows(old, "tb_service")
    await upgrade(old)
    of_residents = 0
    for public in await lists.needs(old, "dongqu", open_only=False):
        said = needs[public.line_key]["title"]
        private = await lists.need_private(old, "dongqu", public.line_key)
        assert private is not None
        assert private.title == said
        if public.source == "resident":
            of_residents += 1
            assert public == public_need(private)
            assert said == public.title or said not in repr(public)
    assert of_residents
    said_by = {row["title"] for row in needs.values() if '"source"' not in row["line"]}
    quoted = [
        row["document"]
        for name in ("mp_plan", "mp_proposal")
        for row in await old.fetch(f"SELECT document FROM {name}")
    ]
    assert quoted
    assert [word for word in said_by if any(word in one for one in quoted)] == []
    moved = 0
    for before, now in zip(visits, await _rows(old, "tb_service"), strict=True):
        on_record = before["need_key"] in needs
        if not before["recipient"] and before["title"] not in said_by:
            assert (now["title"], now["note_private"]) == (before["title"], before["note_private"])
            continue
        moved += 1
        assert now["title"] == (kind_of_help((now["category"],)) or "帮忙")
        note = before["note_private"]
        if not on_record and now["title"] != before["title"]:
            note = "。".join(one for one in (before["title"], note) if one)
        assert now["note_private"] == note
    assert moved


async def test_what_stood_in_the_columns_is_what_the_statements_leave(old: DurableEngine) -> None:
    await upgrade(old)
    parts = typed_all(Attendance, await _rows(old, "tb_attendance"))
    assert {one.state for one in parts} >= {State.POSTED, State.SIGNED_UP}
    for part in parts:
        found = fold(part, await statements.of_part(old, part.uid))
        # What came into the book before there were two hands says so.
        assert part.grade == ("E" if part.state is State.POSTED else "")
        unsaid = {
            "note": part.note, "minutes_served": part.minutes_served, "signed_up_at": part.signed_up_at,
            "grade": part.grade,
        }  # fmt: skip
        assert replace(found, rests_until=None, **unsaid) == replace(part, rests_until=None)  # type: ignore[arg-type]


async def test_nothing_of_the_old_tables_is_left_and_a_second_upgrade_does_nothing(
    old: DurableEngine,
) -> None:
    assert await upgrade(old)
    assert await upgrade(old) == []
    assert await waiting(old) == []
    for table in GONE:
        with pytest.raises(Exception, match=table):
            await old.fetch(f"SELECT * FROM {table}")


async def test_new_rows_follow_the_moved_ones(old: DurableEngine) -> None:
    """The counters of PostgreSQL go on behind the numbers that the move gave."""
    await upgrade(old)
    async with old.atomic():
        await old.execute(
            "INSERT INTO tb_area (code, kind, name, parent, path, community)"
            " VALUES ('dongqu-9', 'grid', '九网格', 'dongqu', '1/ffff/', 'dongqu')"
        )
    found = await old.fetch("SELECT count(*) AS areas, max(id) AS highest FROM tb_area")
    assert found[0]["areas"] == found[0]["highest"] == 7


async def test_the_database_refuses_what_the_old_one_could_not(old: DurableEngine) -> None:
    await upgrade(old)
    relationship = (await old.fetch("SELECT * FROM tb_relationship WHERE kind = 'leader'"))[0]
    second = {name: value for name, value in relationship.items() if name != "id"}
    someone = (await old.fetch("SELECT uid FROM tb_member WHERE uid <> ?", [second["holder_member"]]))[0][
        "uid"
    ]
    for wrong in (
        {"uid": "R1", "holder_member": "M-nobody", "open_key": "x", "seat_key": "y"},
        {"uid": "R2", "holder_member": someone, "open_key": "x"},
        {"uid": "R3", "holder_member": someone, "seat_key": "y"},
        {"uid": "R4", "holder_member": someone, "open_key": "x", "seat_key": "y", "to_area": "dongqu"},
    ):
        row = second | wrong
        names = ", ".join(f'"{name}"' for name in row)
        with pytest.raises(Exception, match=r"(?i)constraint"):
            await old.execute(
                f"INSERT INTO tb_relationship ({names}) VALUES ({', '.join('?' for _ in row)})",
                list(row.values()),
            )


async def test_the_book_stands_as_it_stood(tmp_path: Path) -> None:
    kept = tmp_path / "before.db"
    kept.write_bytes(gzip.decompress(BEFORE.read_bytes()))
    async with open_engine(f"sqlite:///{kept}") as engine:
        _bound(engine)
        book = Book(engine, code="dongqu", timezone="Asia/Shanghai")
        before = await book.head()
        await upgrade(engine)
        assert await book.head() == before


async def _with_promises_of_before(engine: DurableEngine) -> None:
    """What the demo of that version lacks: claims, turns, an agreement and a task in the names of units, odd owners."""
    hospital = "区第二人民医院"
    for key, owner in (
        ("r-florist", "没登记过的花店"),
        ("r-office", "东区社区"),
        ("r-team", "没登记过的护绿队"),
    ):
        kind = "team" if key == "r-team" else "unit"
        line = json.dumps(
            {"line_key": key, "title": key, "owner": owner, "owner_kind": kind}, ensure_ascii=False
        )
        await engine.execute(
            "INSERT INTO mp_resource (community, line_key, owner, owner_kind, title, category, stage, line, contact,"
            " fingerprint, created_at, changed_at) VALUES ('dongqu', ?, ?, ?, ?, '', 'open', ?, '', 'f', '', '')",
            [key, owner, kind, key, line],
        )
    for uid, claimant in (
        ("C1", hospital),
        ("C2", "office"),
        ("C3", (await _members(engine))[0]),
        ("C4", "周二红马甲服务队"),
    ):
        await engine.execute(
            "INSERT INTO mp_claim (uid, community, side, line_key, claimant, with_key, quantity, stage, origin, opened_at,"
            " expires_at, answered_by, reason) VALUES (?, 'dongqu', 'need', 'n', ?, '', 1, 'open', 'claim', '', '', '', '')",
            [uid, claimant],
        )
    await engine.execute(
        "INSERT INTO mp_turn (community, activity_key, period, unit, state, swap_with, swapped_with, covered_by, makes_up,"
        " reason) VALUES ('dongqu', 'a', '2026-12', ?, 'covered', '', '实验小学', '区图书馆', '', '')",
        [hospital],
    )
    agreement = {
        "uid": "A1", "title": "共建协议", "units": [hospital, "实验小学"], "first_on": "2026-01-01", "last_on": "2026-12-31",
        "items": [{"key": "i", "unit": "实验小学", "title": "场地", "due_on": "2026-12-01"}],
        "signatures": [{"party": hospital, "by": "M", "on": "2026-01-01"}, {"party": "community", "by": "M", "on": "2026-01-01"}],
    }  # fmt: skip
    await engine.execute(
        "INSERT INTO mp_agreement (uid, community, title, first_on, last_on, document, changed_at)"
        " VALUES ('A1', 'dongqu', '共建协议', '2026-01-01', '2026-12-31', ?, '')",
        [json.dumps(agreement, ensure_ascii=False)],
    )
    await engine.execute(
        "INSERT INTO mp_admission (uid, community, unit, title, state, stated_at, document, changed_at)"
        " VALUES ('T1', 'dongqu', ?, '借场地', 'stated', '', ?, '')",
        [hospital, json.dumps({"uid": "T1", "unit": hospital}, ensure_ascii=False)],
    )


async def _members(engine: DurableEngine) -> list[str]:
    return [row["uid"] for row in await engine.fetch("SELECT uid FROM tb_member ORDER BY id")]


async def test_every_line_keeps_its_owner_who_is_a_code_now(old: DurableEngine) -> None:
    await _with_promises_of_before(old)
    before = await old.fetch(
        "SELECT line_key, owner, owner_kind, fingerprint FROM mp_resource ORDER BY line_key"
    )
    asked = await old.fetch("SELECT line_key, owner, fingerprint FROM mp_need ORDER BY line_key")
    await upgrade(old)
    now = {one.line_key: one for one in await lists.resources(old, "dongqu", open_only=False)}
    names = await owners.names_of_bodies(old, "dongqu", [one.owner for one in now.values()])
    for row in before:
        owner = now[row["line_key"]].owner
        if row["owner_kind"] == "volunteer":
            assert owner == row["owner"]
        else:
            assert (owner != row["owner"], names[owner]) == (True, row["owner"])
    assert now["r-office"].owner == ""
    # A list brought again is the same list: what it says is compared, not whose it was found to be.
    assert [row["fingerprint"] for row in before] == [
        row["fingerprint"] for row in await old.fetch("SELECT fingerprint FROM mp_resource ORDER BY line_key")
    ]
    needs = {one.line_key: one for one in await lists.needs(old, "dongqu", open_only=False)}
    library = next(row["line_key"] for row in asked if row["owner"] == "区图书馆")
    assert {row["line_key"]: row["owner"] for row in asked if row["line_key"] != library} == {
        key: need.owner for key, need in needs.items() if key != library
    }
    assert (await owners.names_of_bodies(old, "dongqu", [needs[library].owner]))[
        needs[library].owner
    ] == "区图书馆"
    columns = await old.fetch(
        "SELECT line_key, owner FROM mp_need UNION ALL SELECT line_key, owner FROM mp_resource"
    )
    assert {row["line_key"]: row["owner"] for row in columns} == {
        **{key: one.owner for key, one in needs.items()},
        **{key: one.owner for key, one in now.items()},
    }
    helped = [owner for need in needs.values() for owner in need.last_helpers]
    assert helped
    assert set(helped) <= {*(await _members(old)), *(await _codes(old))}


async def test_a_name_nobody_owned_becomes_an_organisation_of_its_kind(old: DurableEngine) -> None:
    await _with_promises_of_before(old)
    await upgrade(old)
    for name, kind in (("没登记过的花店", "unit"), ("没登记过的护绿队", "team")):
        [made] = await organisations.organisations_named(old, "dongqu", name)
        assert (made.kind, made.community, made.area) == (kind, "dongqu", "dongqu")
        assert made.path.rstrip("/") not in ("", "~" + made.code)
        [line] = await lists.resources(old, "dongqu", owner=made.code)
        assert line.owner_kind == kind
    assert await organisations.organisations_named(old, "dongqu", "东区社区") == []


async def test_claims_turns_agreements_and_tasks_stand_in_the_organisations_code(old: DurableEngine) -> None:
    await _with_promises_of_before(old)
    first = (await _members(old))[0]
    await upgrade(old)

    async def code(name: str) -> str:
        [one] = await organisations.organisations_named(old, "dongqu", name)
        return one.code

    hospital, school, library = await code("区第二人民医院"), await code("实验小学"), await code("区图书馆")
    claimed = {row["uid"]: row["claimant"] for row in await old.fetch("SELECT uid, claimant FROM mp_claim")}
    assert claimed == {"C1": hospital, "C2": "office", "C3": first, "C4": await code("周二红马甲服务队")}
    [turn] = await lists.turns(old, "dongqu")
    assert (turn.unit, turn.swapped_with, turn.covered_by) == (hospital, school, library)
    [agreement] = await lists.agreements(old, "dongqu")
    assert agreement.units == (hospital, school)
    assert [item.unit for item in agreement.items] == [school]
    assert [one.party for one in agreement.signatures] == [hospital, "community"]
    [task] = await old.fetch("SELECT unit, document FROM mp_admission")
    assert (task["unit"], json.loads(task["document"])["unit"]) == (hospital, hospital)


async def _codes(engine: DurableEngine) -> list[str]:
    return [row["code"] for row in await engine.fetch("SELECT code FROM tb_organisation")]


async def _rows(engine: DurableEngine, table: str) -> list[Row]:
    return await engine.fetch(f"SELECT * FROM {table} ORDER BY id")


def _without_nothing(row: Row) -> Row:
    """The row without its number, columns that say nothing ("" and NULL are the same nothing), and columns that came since."""
    left_out = {"id", "free", "counted"}
    return {name: value for name, value in row.items() if name not in left_out and value not in ("", None)}
