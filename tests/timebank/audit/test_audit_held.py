"""Which rows the log holds, and how a statement that changes one is known by its text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from timebank.store import held, personal
from timebank.store.tables import TABLES

NOT_HELD = Path(__file__).parents[3] / "docs/auditing.md"


def test_every_table_of_the_app_is_held_or_said_not_to_be() -> None:
    page = NOT_HELD.read_text(encoding="utf-8")
    own = {"tb_audit", "tb_audit_head"}  # the log itself, which its chains hold
    unsaid = [
        name
        for name in sorted(str(table._meta.tablename) for table in TABLES)
        if name not in held.UNHELD and name not in own and f"`{name}`" not in page
    ]
    assert unsaid == []
    assert [name for name in held.UNHELD if f"`{name}`" not in page] == []


def test_columns_that_are_not_held_are_there() -> None:
    columns = {
        str(table._meta.tablename): {one._meta.name for one in table._meta.columns} for table in TABLES
    }
    assert {
        table: names - columns[table] for table, names in held.UNHELD.items() if names - columns[table]
    } == {}


def test_no_digest_is_of_words_that_erasing_takes_out() -> None:
    """But of rows that go as a whole, and take the salt with them; a hash of what nobody could guess says nothing."""
    for kept in personal.PLACES:
        name = str(kept.table._meta.tablename)
        if name in held.UNHELD and kept.becomes:
            assert set(kept.becomes) - held.UNHELD[name] <= {"hash"}, name
    for table in ("tb_person", "tb_phone", "tb_age"):
        [kept] = [one for one in personal.PLACES if one.table._meta.tablename == table]
        assert not kept.becomes
        assert "salt" in {one._meta.name for one in kept.table._meta.columns}


@pytest.mark.parametrize(
    ("sql", "then"),
    [
        ("INSERT INTO tb_member (uid) VALUES (?)", "INSERT INTO tb_member (uid) VALUES (?) RETURNING *"),
        ('UPDATE "tb_member" SET "life" = ? WHERE "tb_member"."uid" = ? RETURNING "id"',
         'UPDATE "tb_member" SET "life" = ? WHERE "tb_member"."uid" = ? RETURNING *'),
        ("  delete from tb_phone where member = ?;", "  delete from tb_phone where member = ? RETURNING *"),
        ("UPDATE tb_session SET seen_at = ?, level = ? WHERE hash = ?",
         "UPDATE tb_session SET seen_at = ?, level = ? WHERE hash = ? RETURNING *"),
        ("UPDATE tb_session SET seen_at = ? WHERE hash = ?", None),
        ("UPDATE tb_service SET place_exact = '', note_private = '', reasons = '[]' WHERE state = 'done'", None),
        ("SELECT * FROM tb_member FOR UPDATE", None),
        ("UPDATE tb_news SET state = ? WHERE uid IN (SELECT uid FROM tb_member)", None),
        ("DROP TRIGGER tb_audit_no_update", None),
    ],
)  # fmt: skip
def test_a_statement_is_known_by_its_text(sql: str, then: str | None) -> None:
    found = held.watched(sql, "sqlite")
    assert (found.sql if found else None) == then


def test_on_postgresql_only_the_tables_own_columns_come_back() -> None:
    found = held.watched("UPDATE tb_member SET life = $1 FROM tb_person p WHERE p.member = uid", "postgres")
    assert found is not None
    assert found.sql.endswith("RETURNING tb_member.*")


@pytest.mark.parametrize(
    "sql",
    [
        "WITH gone AS (DELETE FROM tb_phone RETURNING member) INSERT INTO tb_news SELECT * FROM gone",
        "WITH x AS (SELECT 1) UPDATE tb_relationship SET state = 'over'",
        "DELETE FROM tb_feed_entry WHERE id IN (SELECT 1); DELETE FROM tb_member",
    ],
)
def test_held_rows_are_never_changed_out_of_sight(sql: str) -> None:
    with pytest.raises(ValueError, match="statements of their own"):
        held.watched(sql, "postgres")


def test_the_digest_is_of_what_is_held_and_nothing_else() -> None:
    row = {"id": 7, "hash": "a", "seen_at": datetime(2026, 11, 24, tzinfo=UTC), "level": "full", "way": None}
    digest = held.digest_of("tb_session", row)
    assert digest == held.digest_of("tb_session", {**row, "seen_at": None, "a new column": None})
    for name, other in {"id": 8, "hash": "b", "level": "", "way": ""}.items():
        assert digest != held.digest_of("tb_session", {**row, name: other})


def test_kinds_are_told_apart_and_one_moment_is_one() -> None:
    def of(value: object) -> str:
        return held.digest_of("tb_rule", {"value": value})

    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert of(noon) == of(noon.astimezone(timezone(timedelta(hours=8)))) == of(noon.replace(tzinfo=None))
    assert of(True) == of(1)
    values = (0, 1, "1", "", noon, date(2026, 11, 24), "2026-11-24", 1.0, b"1")
    assert len({of(value) for value in values}) == len(values)
    assert held.digest_of("tb_rule", {"a": "1", "b": "2"}) != held.digest_of("tb_rule", {"a": "2", "b": "1"})
    assert held.digest_of("tb_rule", {"a": "1\0b=2:s2"}) != held.digest_of("tb_rule", {"a": "1", "b": "2"})
