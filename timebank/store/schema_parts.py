"""What the schema is made of: triggers that guard rows, the functions they call, constraints, indices, rules, and what has migrated it.

Whoever takes one away, changes it or puts another beside it can write what the app never would. So the log holds a digest of each.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256

from ledger.store.engine import DurableEngine

_POSTGRES = """
SELECT 'trigger.' || t.tgname AS name, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text AS said
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND NOT t.tgisinternal
UNION ALL
SELECT DISTINCT 'function.' || p.proname, p.prosrc
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT t.tgisinternal
UNION ALL
SELECT 'constraint.' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema() AND k.contype <> 'n'
UNION ALL
SELECT 'index.' || c.relname, pg_get_indexdef(i.indexrelid)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = current_schema()
UNION ALL
SELECT 'rule.' || tablename || '.' || rulename, definition FROM pg_rules WHERE schemaname = current_schema()
UNION ALL
SELECT 'column.' || table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = current_schema()
UNION ALL
SELECT 'migration.' || app_name || '.' || name, name FROM migration
"""
_SQLITE = "SELECT type || '.' || name AS name, sql AS said FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'\
 UNION ALL SELECT 'migration.' || app_name || '.' || name, name FROM migration"


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgres": "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()",
}


async def tables_there(engine: DurableEngine) -> frozenset[str]:
    """The tables of the database."""
    return frozenset(str(row["name"]) for row in await engine.fetch(_TABLES[engine.dialect]))


async def schema_parts(engine: DurableEngine) -> dict[str, str]:
    """Name of each part -> digest of what it says: `trigger.tb_audit_no_update`."""
    rows = await engine.fetch(_SQLITE if engine.dialect == "sqlite" else _POSTGRES)
    return {str(row["name"]).replace(" ", "_"): _digest(str(row["said"])) for row in rows}


_FOREIGN_KEYS = """
SELECT c.relname AS child, p.relname AS parent,
  (SELECT string_agg(a.attname, ',' ORDER BY n) FROM unnest(k.conkey) WITH ORDINALITY AS u(num, n)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num) AS names,
  (SELECT string_agg(a.attname, ',' ORDER BY n) FROM unnest(k.confkey) WITH ORDINALITY AS u(num, n)
    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num) AS keys
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid
JOIN pg_namespace s ON s.oid = c.relnamespace
WHERE k.contype = 'f' AND s.nspname = current_schema() AND c.relname LIKE 'ledger%'
"""


async def strays(engine: DurableEngine) -> list[str]:
    """Rows that refer to one that is not there, one sentence for each table: nothing that reads a book would meet them.

    On PostgreSQL those of the ledger alone: of the rows that the log holds, each one is known.
    """
    if engine.dialect == "sqlite":
        rows = await engine.fetch(
            'SELECT "table" AS child, parent, COUNT(*) AS many FROM pragma_foreign_key_check GROUP BY 1, 2'
        )
        return [_stray(row["child"], row["parent"], row["many"]) for row in rows]
    found = []
    for key in await engine.fetch(_FOREIGN_KEYS):
        pairs = list(zip(key["names"].split(","), key["keys"].split(","), strict=True))
        same = " AND ".join(f'p."{theirs}" = c."{own}"' for own, theirs in pairs)
        given = " AND ".join(f'c."{own}" IS NOT NULL' for own, _ in pairs)
        [row] = await engine.fetch(
            f'SELECT COUNT(*) AS many FROM "{key["child"]}" c WHERE {given}'
            f' AND NOT EXISTS (SELECT 1 FROM "{key["parent"]}" p WHERE {same})'
        )
        if row["many"]:
            found.append(_stray(key["child"], key["parent"], row["many"]))
    return found


def _stray(child: str, parent: str, many: int) -> str:
    return f"{child}: {many} rows refer to rows of {parent} that are not there"


def part_problems(wanted: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """What of the schema is not as the log holds it, one sentence each."""
    found = []
    for name in sorted(wanted.keys() | there.keys()):
        kind, _, what = name.partition(".")
        called = f"the guard {what}" if kind in ("trigger", "function") else f"the {kind} {what}"
        if name not in there:
            found.append(f"{called} is gone or was changed")
        elif name not in wanted:
            found.append(f"{called} was not there")
        elif wanted[name] != there[name]:
            found.append(f"{called} is gone or was changed")
    return found


def _digest(said: str) -> str:
    return urlsafe_b64encode(sha256(said.encode()).digest()[:16]).rstrip(b"=").decode()
