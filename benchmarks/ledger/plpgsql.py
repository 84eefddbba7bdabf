"""A peer on PostgreSQL: the ledger as one SQL function, as pgledger and its like do it.

Accounts keep a balance and a version and are locked in the order of their ids; an entry keeps the balance before and after.
No key, no chain, no holds: less work than ours does.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import asyncpg

from benchmarks.ledger.turns import Subject, shared_by

SCHEMA = """
CREATE TABLE fn_account (id INT PRIMARY KEY, balance BIGINT NOT NULL, version BIGINT NOT NULL, negative BOOL NOT NULL,
                         updated_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE TABLE fn_transfer (id BIGSERIAL PRIMARY KEY, payer INT NOT NULL REFERENCES fn_account (id),
                          payee INT NOT NULL REFERENCES fn_account (id), amount BIGINT NOT NULL CHECK (amount > 0),
                          created_at TIMESTAMPTZ NOT NULL DEFAULT now(), event_at TIMESTAMPTZ NOT NULL, note JSONB,
                          CHECK (payer <> payee));
CREATE TABLE fn_entry (id BIGSERIAL PRIMARY KEY, transfer BIGINT NOT NULL REFERENCES fn_transfer (id),
                       account INT NOT NULL REFERENCES fn_account (id), amount BIGINT NOT NULL,
                       balance_before BIGINT NOT NULL, balance_after BIGINT NOT NULL, version BIGINT NOT NULL,
                       created_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE INDEX fn_entry_account ON fn_entry (account);
CREATE INDEX fn_entry_transfer ON fn_entry (transfer);
CREATE INDEX fn_transfer_payer ON fn_transfer (payer);
CREATE INDEX fn_transfer_payee ON fn_transfer (payee);
CREATE FUNCTION fn_post(from_account INT, to_account INT, minutes BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $body$
DECLARE
    made BIGINT;
    side RECORD;
    moved fn_account;
BEGIN
    PERFORM 1 FROM fn_account WHERE id IN (from_account, to_account) ORDER BY id FOR UPDATE;
    INSERT INTO fn_transfer (payer, payee, amount, event_at) VALUES (from_account, to_account, minutes, now())
        RETURNING id INTO made;
    FOR side IN SELECT * FROM (VALUES (from_account, -minutes), (to_account, minutes)) AS s (account, amount) LOOP
        UPDATE fn_account SET balance = balance + side.amount, version = version + 1, updated_at = now()
            WHERE id = side.account RETURNING * INTO moved;
        IF moved.balance < 0 AND NOT moved.negative THEN
            RAISE EXCEPTION 'account % would go below zero', side.account;
        END IF;
        INSERT INTO fn_entry (transfer, account, amount, balance_before, balance_after, version)
            VALUES (made, side.account, side.amount, moved.balance - side.amount, moved.balance, moved.version);
    END LOOP;
    RETURN made;
END $body$;
"""


async def open_peer(url: str, *, accounts: int, clients: int) -> asyncpg.Pool:
    """A pool with a connection for each client, and the accounts."""
    pool = await asyncpg.create_pool(url, min_size=clients, max_size=clients)
    await pool.execute(SCHEMA)
    await pool.executemany(
        "INSERT INTO fn_account (id, balance, version, negative) VALUES ($1, 0, 0, true)",
        [(number,) for number in range(accounts + 1)],
    )
    return pool


def with_function(
    name: str, pool: asyncpg.Pool, pair: Callable[[int], tuple[int, int]], *, clients: int, each: int
) -> Subject:
    """`clients` that each call the function; `pair` names payer and payee of a post."""
    numbers = itertools.count()

    async def post(number: int) -> None:
        await pool.fetchval("SELECT fn_post($1, $2, 5)", *pair(number))

    return Subject(name, shared_by(clients, each, post, lambda: next(numbers)))
