"""Nobody replaces, upserts or empties a frozen row: not through our connections, not through a stranger's, on either database."""

from __future__ import annotations

import sqlite3
from typing import Any

import asyncpg
import pytest

from ledger import AccountKind, OpenAccount, Posted, ReverseTransfer, SettleHold
from ledger.store import Book
from ledger.store.engine import open_engine
from ledger.store.functions import grant, grants
from ledger.store.rows.guards import expected
from tests.ledger.conftest import MORNING, Neighbourhood

FROZEN = {
    "ledger_transfer": "memo = 'changed'",
    "ledger_posting": "amount = amount * 3",
    "ledger_rejection": "code = 'changed'",
    "ledger_period": "month = '1999-01'",
    "ledger_seal": "last_seq = 1",
}
KEPT = ("ledger_book", "ledger_account", "ledger_hold", "ledger_commodity")
REPLACING = [
    "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    "DELETE FROM {table}",
]
UPSERTS = {
    "ledger_transfer": "INSERT INTO ledger_transfer SELECT * FROM ledger_transfer WHERE true ON CONFLICT (book_id, seq) DO UPDATE SET memo = 'changed'",
    "ledger_posting": "INSERT INTO ledger_posting SELECT * FROM ledger_posting WHERE true ON CONFLICT (book_id, seq, leg) DO UPDATE SET amount = 3",
    "ledger_seal": "INSERT INTO ledger_seal SELECT * FROM ledger_seal WHERE true ON CONFLICT (book_id, sealed_on) DO UPDATE SET last_seq = 1",
}


async def lived_in(town: Neighbourhood) -> Any:
    """Something in every table."""
    await town.post(town.earn(town.zhang, 60))
    await town.refused(town.pay(town.zhang, town.li, 90))
    held = await town.post(town.hold(town.zhang, town.li, 20))
    settled = await town.post(SettleHold(key="settle", hold=held.uid, amount=15))
    await town.post(ReverseTransfer(key="back", transfer=settled.uid))
    await town.book.seal_day(MORNING.date(), at=MORNING.replace(day=22))
    await town.book.close_month("2026-10", at=MORNING)
    return town


def statements(dialect: str) -> list[str]:
    made = [f"UPDATE {table} SET {change}" for table, change in FROZEN.items()]
    made += [f"DELETE FROM {table}" for table in (*FROZEN, *KEPT)]
    made += UPSERTS.values()
    if dialect == "sqlite":
        made += [one.format(table=table) for table in (*FROZEN, *KEPT[:3]) for one in REPLACING]
        made += [
            # With the keys of one row and the number of none: REPLACE would take the row with that key away.
            "REPLACE INTO ledger_transfer SELECT book_id, 900, uid, key, kind, reason, NULL, NULL, NULL, effective_on, "
            "occurred_at_us, recorded_at_us, actor, memo, meta, detail, hash FROM ledger_transfer WHERE seq = 6",
            "REPLACE INTO ledger_posting SELECT book_id, 900, leg, account, amount, layer, dr_posted, cr_posted, dr_pending, "
            "cr_pending, version FROM ledger_posting WHERE seq = 5",
        ]
    else:
        made += [f"TRUNCATE {table} CASCADE" for table in (*FROZEN, *KEPT)]
    made += [
        "UPDATE ledger_book SET seq = seq - 1",
        "UPDATE ledger_account SET version = version - 1 WHERE version > 0",
        "UPDATE ledger_hold SET state = 'pending', settled = 0, ended_seq = 0",
    ]
    return made


async def test_our_own_connections_change_no_frozen_row(stored_town: Neighbourhood) -> None:
    town = await lived_in(stored_town)
    before = await town.book.snapshot()
    for statement in statements(town.engine.dialect):
        with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
            await town.engine.execute(statement)
    assert await town.book.snapshot() == before
    assert before["problems"] == []


async def test_a_strangers_connection_changes_no_frozen_row_on_sqlite(sqlite_town: Neighbourhood) -> None:
    """With what a command line has: no foreign keys, no recursive triggers."""
    town = await lived_in(sqlite_town)
    stranger = sqlite3.connect(town.engine.path)
    for statement in statements("sqlite"):
        with pytest.raises(sqlite3.IntegrityError):
            stranger.execute(statement)
        stranger.rollback()
    stranger.close()
    assert await town.book.verify() == []


async def test_what_guards_a_new_account_does_not_walk_through_all_the_others(
    sqlite_town: Neighbourhood,
) -> None:
    """Counted in steps of SQLite's machine: as many in a book of hundreds of accounts as in one of a few."""
    town = await lived_in(sqlite_town)
    few = _steps_of_a_new_account(town)
    opened_on = MORNING.date()
    more = [
        OpenAccount(
            key=f"open{at}",
            code=f"Liabilities:More:A{at}",
            kind=AccountKind.LIABILITY,
            commodity="MIN",
            opened_on=opened_on,
        )
        for at in range(400)
    ]
    answers = await town.book.post_many(more, at=MORNING.replace(day=23))
    assert all(isinstance(answer, Posted) for answer in answers)
    assert _steps_of_a_new_account(town) < few + 100


def _steps_of_a_new_account(town: Neighbourhood) -> int:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    stranger = sqlite3.connect(town.engine.path)
    stranger.set_progress_handler(count, 1)
    values = "book_id, 9999, 'Liabilities:More', commodity, kind, label, floor, ceiling, opened_on, closed_on, waived, 0, 0, 0, 0, 0, NULL"
    stranger.execute(
        f"INSERT INTO ledger_account SELECT {values} FROM ledger_account WHERE book_id = 1 AND number = 1"
    )
    stranger.close()
    return steps


@pytest.mark.parametrize(
    "name", ["ledger_transfer_no_replace", "ledger_posting_no_update", "ledger_book_forwards"]
)
async def test_a_guard_dropped_by_hand_is_named(sqlite_town: Neighbourhood, name: str) -> None:
    town = await lived_in(sqlite_town)
    stranger = sqlite3.connect(town.engine.path)
    stranger.execute(f"DROP TRIGGER {name}")
    stranger.close()
    assert [(one.code, name in one.detail) for one in await town.book.verify()] == [("guard", True)]


async def test_a_guard_switched_off_or_weakened_is_named(sqlite_town: Neighbourhood) -> None:
    town = await lived_in(sqlite_town)
    stranger = sqlite3.connect(town.engine.path)
    stranger.execute("DROP TRIGGER ledger_seal_no_delete")
    stranger.execute(
        "CREATE TRIGGER ledger_seal_no_delete BEFORE DELETE ON ledger_seal WHEN 0 BEGIN SELECT 1; END"
    )
    stranger.close()
    assert [one.code for one in await town.book.verify()] == ["guard"]


async def test_a_disabled_trigger_on_postgres_is_named(postgres_server: str) -> None:
    connection = await asyncpg.connect(postgres_server)
    await connection.execute("CREATE DATABASE guards")
    await connection.close()
    url = postgres_server.replace("/postgres?", "/guards?", 1)
    from ledger.store import migrate_ledger

    async with open_engine(url) as engine:
        await migrate_ledger(engine)
        book = Book(engine, code="guards")
        await book.create()
        assert await book.verify() == []
        await engine.execute("ALTER TABLE ledger_seal DISABLE TRIGGER ledger_seal_frozen")
        assert [(one.code, one.detail.split()[0]) for one in await book.verify()] == [
            ("guard", "ledger_seal_frozen")
        ]


def test_every_table_has_its_guards_on_both_databases() -> None:
    for dialect in ("sqlite", "postgres"):
        names = expected(dialect)
        for table in FROZEN:
            assert any(name.startswith(table + "_") for name in names), (dialect, table)


# -- a role that may only execute


@pytest.fixture
async def keeper(stored_town: Neighbourhood, shared_postgres_url: str) -> Any:
    """A neighbourhood on PostgreSQL, and the same book through a role that may read the tables and call the functions."""
    if stored_town.engine.dialect != "postgres":
        yield None
        return
    await stored_town.engine.execute("DROP OWNED BY keeper") if await stored_town.engine.fetch(
        "SELECT 1 FROM pg_roles WHERE rolname = 'keeper'"
    ) else await stored_town.engine.execute("CREATE ROLE keeper LOGIN")
    await grant(stored_town.engine, "keeper")
    url = shared_postgres_url.replace("postgresql://postgres:@", "postgresql://keeper:@", 1)
    assert url != shared_postgres_url
    async with open_engine(url) as engine:
        yield Book(engine, code=stored_town.book.code)


async def test_a_role_that_may_only_execute_keeps_a_whole_book(
    stored_town: Neighbourhood, keeper: Any
) -> None:
    if keeper is None:
        with pytest.raises(ValueError, match="PostgreSQL"):
            await grant(stored_town.engine, "keeper")
        return
    stored_town.book = keeper
    town = await lived_in(stored_town)
    await keeper.set_label(town.zhang, "张三")
    other = Book(keeper._storage._engine, code=keeper.code + "-new")
    await other.create(("MIN",))
    assert (await keeper.head()).seq > 8
    assert await keeper.verify() == []


async def test_that_role_can_write_no_table_itself(stored_town: Neighbourhood, keeper: Any) -> None:
    if keeper is None:
        return
    engine = keeper._storage._engine
    await stored_town.post(stored_town.earn(stored_town.zhang, 5))
    tries = [f"UPDATE {table} SET book_id = book_id" for table in FROZEN]
    tries += [f"DELETE FROM {table}" for table in (*FROZEN, *KEPT)]
    tries += [f"INSERT INTO {table} SELECT * FROM {table}" for table in (*FROZEN, *KEPT)]
    tries += [
        "UPDATE ledger_book SET seq = 0",
        "UPDATE ledger_account SET cr_posted = 999",
        "TRUNCATE ledger_seal",
    ]
    tries += ["ALTER TABLE ledger_seal DISABLE TRIGGER ALL", "DROP FUNCTION ledger_lock(varchar)"]
    for statement in tries:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await engine.execute(statement)


async def test_the_function_appends_to_the_head_or_does_nothing(
    stored_town: Neighbourhood, keeper: Any
) -> None:
    """Rows that do not go on from the head, do not balance, or belong to another book are refused whole."""
    if keeper is None:
        return
    engine, town = keeper._storage._engine, stored_town
    await town.post(town.earn(town.zhang, 5))
    head = await town.book.head()
    book = (await engine.fetch("SELECT id FROM ledger_book WHERE code = ?", [town.book.code]))[0]["id"]
    from ledger.store.rows.saving import post

    transfer = (
        book,
        head.seq + 1,
        "a" * 24,
        "forged",
        "transfer",
        "",
        None,
        None,
        None,
        "2026-11-20",
        1,
        1,
        "",
        "",
        "",
        "",
        b"h",
    )
    moved = (9, 9, 0, 0, 99, "2026-11-20", None, None, None, 0, book, 1)
    legs = [
        (book, head.seq + 1, n, 1, amount, "posted", 9, 9, 0, 0, 98 + n) for n, amount in enumerate((5, -5))
    ]
    after = head._replace(seq=head.seq + 1, hash=b"h")

    async def tried(
        before: Any = head, transfers: Any = (transfer,), postings: Any = legs, moves: Any = (moved,)
    ) -> Any:
        return await post(engine.call, book, before, after, 9, moves, transfers, postings)

    assert not await tried(before=head._replace(hash=b"other"))
    bad: list[dict[str, Any]] = [
        {"postings": [legs[0], (*legs[1][:4], -6, *legs[1][5:])]},
        {"postings": [legs[0], (*legs[1][:3], 2, *legs[1][4:])]},
        {"postings": [legs[0], (book, 1, *legs[1][2:])]},
        {"transfers": [(book, 1, *transfer[2:])]},
        {"transfers": [(book + 1, *transfer[1:])]},
        {"moves": [(*moved[:10], book + 1, 1)]},
        {"moves": [(*moved[:11], 999)]},
    ]
    for told in bad:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await tried(**told)
    assert await town.book.head() == head
    assert await town.book.verify() == []


@pytest.mark.parametrize("role", ["", 'x"; DROP TABLE ledger_seal; --', "1role", "a b", "x" * 64])
def test_a_role_with_a_strange_name_is_refused(role: str) -> None:
    with pytest.raises(ValueError, match="role"):
        grants(role)
