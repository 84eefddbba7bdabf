"""Version 1: books, commodities, accounts, the journal, holds, remembered refusals, closed months and seals.

Frozen: a later change is a later migration. Amounts and times are whole numbers (minutes; microseconds since 1970 UTC),
days are ISO text, so that both databases hold the same bytes. Rows of the journal cannot be changed or deleted.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from ledger.store.migrate import current_dialect, run_sql

ID = "2026-11-22T00:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "The hour ledger, version 1"

FROZEN_TABLES = ("ledger_transfer", "ledger_posting", "ledger_rejection", "ledger_period", "ledger_seal")

# {blob}: bytes; {tail}: how SQLite is told to cluster a table by its key.
TABLES = (
    """CREATE TABLE ledger_book (
        id INTEGER PRIMARY KEY,
        code VARCHAR(40) NOT NULL UNIQUE,
        timezone VARCHAR(60) NOT NULL,
        seq BIGINT NOT NULL,
        hash {blob} NOT NULL,
        recorded_at_us BIGINT NOT NULL,
        closed_through VARCHAR(10),
        accounts INT NOT NULL CHECK (accounts >= 0)
    )""",
    """CREATE TABLE ledger_commodity (
        book_id INT NOT NULL REFERENCES ledger_book (id),
        code VARCHAR(12) NOT NULL,
        PRIMARY KEY (book_id, code)
    ){tail}""",
    """CREATE TABLE ledger_account (
        book_id INT NOT NULL REFERENCES ledger_book (id),
        number INT NOT NULL,
        code VARCHAR(120) NOT NULL,
        commodity VARCHAR(12) NOT NULL,
        kind VARCHAR(11) NOT NULL CHECK (kind IN ('Assets', 'Liabilities', 'Equity', 'Income', 'Expenses')),
        label VARCHAR(480) NOT NULL,
        floor BIGINT,
        ceiling BIGINT,
        opened_on VARCHAR(10) NOT NULL,
        closed_on VARCHAR(10),
        waived SMALLINT NOT NULL,
        dr_posted BIGINT NOT NULL CHECK (dr_posted >= 0),
        cr_posted BIGINT NOT NULL CHECK (cr_posted >= 0),
        dr_pending BIGINT NOT NULL CHECK (dr_pending >= 0),
        cr_pending BIGINT NOT NULL CHECK (cr_pending >= 0),
        version BIGINT NOT NULL,
        last_on VARCHAR(10),
        PRIMARY KEY (book_id, number),
        UNIQUE (book_id, code, commodity),
        FOREIGN KEY (book_id, commodity) REFERENCES ledger_commodity (book_id, code),
        CHECK (waived = 1 OR floor IS NULL OR floor <= CASE WHEN kind IN ('Assets', 'Expenses')
            THEN dr_posted - cr_posted - cr_pending ELSE cr_posted - dr_posted - dr_pending END),
        CHECK (waived = 1 OR ceiling IS NULL OR ceiling >= CASE WHEN kind IN ('Assets', 'Expenses')
            THEN dr_posted - cr_posted + dr_pending ELSE cr_posted - dr_posted + cr_pending END),
        CHECK (closed_on IS NULL OR (dr_posted = cr_posted AND dr_pending = 0 AND cr_pending = 0))
    ){tail}""",
    """CREATE TABLE ledger_transfer (
        book_id INT NOT NULL REFERENCES ledger_book (id),
        seq BIGINT NOT NULL CHECK (seq > 0),
        uid VARCHAR(24) NOT NULL,
        key VARCHAR(255) NOT NULL,
        kind VARCHAR(8) NOT NULL,
        reason VARCHAR(120) NOT NULL,
        hold_uid VARCHAR(24),
        reverses_uid VARCHAR(24),
        batch_uid VARCHAR(24),
        effective_on VARCHAR(10) NOT NULL,
        occurred_at_us BIGINT NOT NULL,
        recorded_at_us BIGINT NOT NULL,
        actor VARCHAR(120) NOT NULL,
        memo TEXT NOT NULL,
        meta TEXT NOT NULL,
        detail TEXT NOT NULL,
        hash {blob} NOT NULL,
        PRIMARY KEY (book_id, seq)
    ){tail}""",
    "CREATE UNIQUE INDEX ledger_transfer_uid ON ledger_transfer (book_id, uid)",
    "CREATE UNIQUE INDEX ledger_transfer_reverses ON ledger_transfer (book_id, reverses_uid) "
    "WHERE reverses_uid IS NOT NULL",
    "CREATE UNIQUE INDEX ledger_transfer_ends ON ledger_transfer (book_id, hold_uid) WHERE hold_uid IS NOT NULL",
    """CREATE TABLE ledger_posting (
        book_id INT NOT NULL,
        seq BIGINT NOT NULL,
        leg SMALLINT NOT NULL,
        account INT NOT NULL,
        amount BIGINT NOT NULL CHECK (amount <> 0),
        layer VARCHAR(7) NOT NULL CHECK (layer IN ('posted', 'pending')),
        dr_posted BIGINT NOT NULL,
        cr_posted BIGINT NOT NULL,
        dr_pending BIGINT NOT NULL,
        cr_pending BIGINT NOT NULL,
        version BIGINT NOT NULL,
        PRIMARY KEY (book_id, seq, leg),
        FOREIGN KEY (book_id, seq) REFERENCES ledger_transfer (book_id, seq),
        FOREIGN KEY (book_id, account) REFERENCES ledger_account (book_id, number)
    ){tail}""",
    "CREATE UNIQUE INDEX ledger_posting_account ON ledger_posting (book_id, account, version)",
    """CREATE TABLE ledger_hold (
        book_id INT NOT NULL REFERENCES ledger_book (id),
        uid VARCHAR(24) NOT NULL,
        payer VARCHAR(120) NOT NULL,
        payee VARCHAR(120) NOT NULL,
        commodity VARCHAR(12) NOT NULL,
        amount BIGINT NOT NULL CHECK (amount > 0),
        settled BIGINT NOT NULL CHECK (settled >= 0 AND settled <= amount),
        state VARCHAR(7) NOT NULL CHECK (state IN ('pending', 'settled', 'voided', 'expired')),
        expires_at_us BIGINT NOT NULL,
        opened_seq BIGINT NOT NULL,
        ended_seq BIGINT NOT NULL,
        PRIMARY KEY (book_id, uid),
        CHECK ((state = 'pending') = (ended_seq = 0)),
        CHECK (settled = 0 OR state = 'settled')
    ){tail}""",
    "CREATE INDEX ledger_hold_open ON ledger_hold (book_id, expires_at_us) WHERE state = 'pending'",
    """CREATE TABLE ledger_rejection (
        book_id INT NOT NULL REFERENCES ledger_book (id),
        uid VARCHAR(24) NOT NULL,
        key VARCHAR(255) NOT NULL,
        body TEXT NOT NULL,
        code VARCHAR(40) NOT NULL,
        fields TEXT NOT NULL,
        recorded_at_us BIGINT NOT NULL,
        PRIMARY KEY (book_id, uid)
    ){tail}""",
    """CREATE TABLE ledger_period (
        book_id INT NOT NULL REFERENCES ledger_book (id),
        month VARCHAR(7) NOT NULL,
        seq BIGINT NOT NULL,
        hash {blob} NOT NULL,
        merkle_root {blob} NOT NULL,
        first_seq BIGINT NOT NULL,
        recorded_at_us BIGINT NOT NULL,
        PRIMARY KEY (book_id, month)
    ){tail}""",
    """CREATE TABLE ledger_seal (
        book_id INT NOT NULL REFERENCES ledger_book (id),
        sealed_on VARCHAR(10) NOT NULL,
        first_seq BIGINT NOT NULL,
        last_seq BIGINT NOT NULL,
        hash {blob} NOT NULL,
        merkle_root {blob} NOT NULL,
        PRIMARY KEY (book_id, sealed_on)
    ){tail}""",
)

POSTGRES_GUARD = """CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN RAISE EXCEPTION 'rows of the ledger never change' USING ERRCODE = 'integrity_constraint_violation'; END
    $guard$"""


def statements(dialect: str) -> list[str]:
    """The SQL of this version for `sqlite` or `postgres`."""
    sqlite = dialect == "sqlite"
    words = {"blob": "BLOB" if sqlite else "BYTEA", "tail": " WITHOUT ROWID" if sqlite else ""}
    made = [text.format(**words) for text in TABLES]
    if not sqlite:
        made.append(POSTGRES_GUARD)
    for table in FROZEN_TABLES:
        made += _guards_sqlite(table) if sqlite else _guards_postgres(table)
    return made


def _guards_sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'rows of the ledger never change'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _guards_postgres(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()",
    ]


async def forwards() -> MigrationManager:
    """The manager Piccolo runs: one raw function that creates everything."""
    manager = MigrationManager(migration_id=ID, app_name="timebank_ledger", description=DESCRIPTION)

    async def create() -> None:
        await run_sql(statements(current_dialect()))

    manager.add_raw(create)
    return manager
