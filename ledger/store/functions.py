"""PostgreSQL: the functions through which everything is written, and the role that may do no more than call them.

Each runs with the rights of the tables' owner, finds the tables in their own schema only, and keeps plans that use an index.
None of them changes or deletes a row of the journal; `ledger_post` appends to the head the caller names, or does nothing.
"""

from __future__ import annotations

import re

from ledger.store import columns
from ledger.store.columns import Written
from ledger.store.engine.interface import DurableEngine

TABLES = (
    "ledger_book",
    "ledger_commodity",
    "ledger_account",
    "ledger_transfer",
    "ledger_posting",
    "ledger_hold",
    "ledger_rejection",
    "ledger_period",
    "ledger_seal",
)

CHANGED = [name for name in columns.MOVED.types if name not in ("book_id", "number")]

HEAD = {
    "book": "int",
    "before_seq": "bigint",
    "before_hash": "bytea",
    "new_seq": "bigint",
    "new_hash": "bytea",
    "recorded_us": "bigint",
    "closed": "varchar",
    "account_count": "int",
}
"""The arguments of `ledger_post` before its arrays: the book, the head it goes on from, and the head it comes to."""

ROLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


def _arrays(table: Written, prefix: str) -> dict[str, str]:
    return {f"{prefix}_{name}": f"{kind}[]" for name, kind in table.types.items()}


def _unnested(table: Written, prefix: str) -> str:
    return "unnest(" + ", ".join(_arrays(table, prefix)) + ")"


def _insert(table: Written, prefix: str) -> str:
    return f"INSERT INTO {table.name} ({table.columns}) SELECT * FROM {_unnested(table, prefix)};"


def _appending(table: Written) -> tuple[dict[str, str], str]:
    return _arrays(table, "r"), _insert(table, "r")


POST = (
    {
        **HEAD,
        **_arrays(columns.MOVED, "m"),
        **_arrays(columns.TRANSFER, "t"),
        **_arrays(columns.POSTING, "p"),
    },
    f"""
    UPDATE ledger_book SET seq = new_seq, hash = new_hash, recorded_at_us = recorded_us, closed_through = closed,
        accounts = account_count WHERE id = book AND seq = before_seq AND hash = before_hash;
    IF NOT FOUND THEN RETURN 0; END IF;
    IF cardinality(t_seq) <> new_seq - before_seq
        OR EXISTS (SELECT 1 FROM unnest(t_book_id, t_seq) AS t (book_id, seq)
            WHERE t.book_id <> book OR t.seq NOT BETWEEN before_seq + 1 AND new_seq)
        OR EXISTS (SELECT 1 FROM unnest(p_book_id, p_seq) AS p (book_id, seq)
            WHERE p.book_id <> book OR p.seq NOT BETWEEN before_seq + 1 AND new_seq)
        OR EXISTS (SELECT p.account FROM unnest(p_account) AS p (account) EXCEPT SELECT unnest(m_number))
        OR EXISTS (SELECT 1 FROM unnest(m_book_id) AS m (book_id) WHERE m.book_id <> book)
        OR (SELECT SUM(amount) FROM unnest(p_amount) AS amount) <> 0 THEN
        RAISE EXCEPTION 'these rows do not continue the journal' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(t_uid) AS asked (uid)
        JOIN ledger_rejection r ON r.book_id = book AND r.uid = asked.uid) THEN
        RAISE EXCEPTION 'the key was refused before' USING ERRCODE = 'unique_violation';
    END IF;
    UPDATE ledger_account a SET {", ".join(f"{name} = m.{name}" for name in CHANGED)}
        FROM {_unnested(columns.MOVED, "m")} AS m ({columns.MOVED.columns})
        WHERE a.book_id = m.book_id AND a.number = m.number;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> cardinality(m_number) THEN
        RAISE EXCEPTION 'an account is not there' USING ERRCODE = 'foreign_key_violation';
    END IF;
    {_insert(columns.TRANSFER, "t")}
    {_insert(columns.POSTING, "p")}
    RETURN 1;""",
)

FOUND = (
    {"new_code": "varchar", "zone": "varchar", "start_hash": "bytea", "codes": "varchar[]"},
    """
    LOCK TABLE ledger_book IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO ledger_book (id, code, timezone, seq, hash, recorded_at_us, accounts)
        SELECT COALESCE(MAX(id), 0) + 1, new_code, zone, 0, start_hash, 0, 0 FROM ledger_book
        ON CONFLICT (code) DO NOTHING;
    INSERT INTO ledger_commodity (book_id, code)
        SELECT b.id, asked.code FROM ledger_book b, unnest(codes) AS asked (code)
        WHERE b.code = new_code AND b.timezone = zone ON CONFLICT DO NOTHING;
    RETURN 1;""",
)

END_HOLD = (
    {"book": "int", "hold": "varchar", "new_state": "varchar", "paid": "bigint", "at_seq": "bigint"},
    """
    UPDATE ledger_hold SET state = new_state, settled = paid, ended_seq = at_seq
        WHERE book_id = book AND uid = hold AND state = 'pending';
    RETURN CASE WHEN FOUND THEN 1 ELSE 0 END;""",
)

LABEL = (
    {"book": "int", "account_code": "varchar", "new_label": "varchar"},
    """
    UPDATE ledger_account SET label = new_label WHERE book_id = book AND code = account_code;
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;""",
)

WRITERS = {
    "ledger_found": FOUND,
    "ledger_post": POST,
    "ledger_end_hold": END_HOLD,
    "ledger_label": LABEL,
    "ledger_open_accounts": _appending(columns.ACCOUNT),
    "ledger_place_holds": _appending(columns.HOLD),
    "ledger_refuse": _appending(columns.REJECTION),
    "ledger_close_period": _appending(columns.PERIOD),
    "ledger_seal_day": _appending(columns.SEAL),
}
"""Name → arguments, and what it does; each answers a number."""

APPENDING = {
    columns.ACCOUNT.name: "ledger_open_accounts",
    columns.HOLD.name: "ledger_place_holds",
    columns.REJECTION.name: "ledger_refuse",
    columns.PERIOD.name: "ledger_close_period",
    columns.SEAL.name: "ledger_seal_day",
}

LOCK = (
    "CREATE OR REPLACE FUNCTION ledger_lock(asked varchar) RETURNS SETOF ledger_book LANGUAGE sql SECURITY DEFINER "
    "AS $f$ SELECT * FROM ledger_book WHERE code = asked FOR UPDATE $f$"
)


def statements() -> list[str]:
    """The SQL that makes the functions, or makes them anew."""
    made = [LOCK, *_settled("ledger_lock", {"asked": "varchar"}, ())]
    for name, (arguments, body) in WRITERS.items():
        told = ", ".join(f"{argument} {kind}" for argument, kind in arguments.items())
        ends = "" if "RETURN" in body else "RETURN 1;"
        made.append(
            f"CREATE OR REPLACE FUNCTION {name}({told}) RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $f$ "
            f"#variable_conflict use_column\nDECLARE touched int; BEGIN {body} {ends} END $f$"
        )
        made += _settled(
            name, arguments, ("enable_seqscan = off", "jit = off", "plan_cache_mode = force_generic_plan")
        )
    return made


def _settled(name: str, arguments: dict[str, str], settings: tuple[str, ...]) -> list[str]:
    signature = f"{name}({', '.join(arguments.values())})"
    return [
        *(f"ALTER FUNCTION {signature} SET {setting}" for setting in settings),
        # Nobody's temporary table of the same name comes before the ledger's own.
        f"DO $do$ BEGIN EXECUTE format('ALTER FUNCTION {signature} SET search_path = %I, pg_temp', current_schema()); "
        "END $do$",
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
    ]


def calling(name: str) -> str:
    """The statement that calls a function, with a question mark for each argument."""
    arguments, _ = WRITERS[name]
    return f"SELECT {name}({', '.join(f'?::{kind}' for kind in arguments.values())})"


def grants(role: str) -> list[str]:
    """What lets a role keep books and nothing else: it may read the tables and call the functions.

    Raises:
        ValueError: that is no name of a role.
    """
    if not ROLE.fullmatch(role):
        raise ValueError(f"not the name of a role: {role!r}")
    made = [f"REVOKE ALL ON {table} FROM PUBLIC" for table in TABLES]
    made += [f'REVOKE ALL ON {table} FROM "{role}"' for table in TABLES]
    made += [f'GRANT SELECT ON {table} TO "{role}"' for table in TABLES]
    functions = {"ledger_lock": ["varchar"], **{name: [*one[0].values()] for name, one in WRITERS.items()}}
    made += [
        f'GRANT EXECUTE ON FUNCTION {name}({", ".join(kinds)}) TO "{role}"'
        for name, kinds in functions.items()
    ]
    return made


async def grant(engine: DurableEngine, role: str) -> None:
    """Let `role` keep books through the functions alone; run it as the owner of the tables.

    Raises:
        ValueError: that is no name of a role, or the database is not PostgreSQL.
    """
    if engine.dialect != "postgres":
        raise ValueError("only PostgreSQL has roles")
    async with engine.atomic():
        for statement in grants(role):
            await engine.execute(statement)
