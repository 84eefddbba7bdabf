"""Rows that are over: their words are taken out, or they go."""

from __future__ import annotations

from datetime import datetime

from ledger.store.engine import DurableEngine

# Table and words in it, with the condition under which they belong to a visit that was over before a moment.
_OVER = "state IN ('done', 'cancelled') AND community = ? AND ends_at < ?"
_OF_SERVICES = f"IN (SELECT uid FROM tb_service WHERE {_OVER})"
_WORDS: tuple[str, ...] = (
    f"UPDATE tb_service SET place_exact = '', note_private = '', reasons = '[]' WHERE {_OVER} "
    "AND place_exact || note_private || reasons <> '[]'",
    f"UPDATE tb_attendance SET note = '' WHERE note <> '' AND service {_OF_SERVICES}",
    f"UPDATE tb_statement SET note = '' WHERE note <> '' AND service {_OF_SERVICES}",
    "UPDATE tb_flag SET says = '' WHERE community = ? AND looked_at < ? AND says <> ''",
    "UPDATE tb_text SET words = '', choices = '[]' WHERE community = ? AND came_at < ? AND words <> ''",
    "UPDATE tb_applicant SET name = '', phone = '', age = '', says = '' WHERE answer <> '' AND community = ? "
    "AND applied_at < ? AND name <> ''",
)


async def forget_words(engine: DurableEngine, community: str, *, before: datetime) -> int:
    """Words of visits, messages and applications that were over before a moment; how many rows had some."""
    done = 0
    for statement in _WORDS:
        done += await engine.execute(statement, [community, before])
    return done


async def forget_ways_in(engine: DurableEngine, *, now: datetime) -> int:
    """Sign-ins and codes whose time is over; how many."""
    done = await engine.execute("DELETE FROM tb_session WHERE expires_at < ?", [now])
    return done + await engine.execute("DELETE FROM tb_sign_in_code WHERE expires_at < ?", [now])
