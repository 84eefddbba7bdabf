"""Tasks to admit, in the database; the rules are in `marketplace.admission`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from marketplace.admission import TaskAdmission, TaskState
from marketplace.errors import UnknownTask
from marketplace.store.codec import dumps, loads
from marketplace.store.sql import Engine, locking, moment


async def state_task(engine: Engine, community: str, task: TaskAdmission) -> None:
    """Save a task that a unit states."""
    await engine.execute(
        "INSERT INTO mp_admission (uid, community, unit, title, state, stated_at, document, changed_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            task.uid,
            community,
            task.unit,
            task.title,
            task.state.value,
            moment(task.stated_at),
            dumps(task),
            moment(task.stated_at),
        ],
    )


async def answer_task(
    engine: Engine,
    community: str,
    uid: str,
    decide: Callable[[TaskAdmission], TaskAdmission],
    *,
    at: datetime,
) -> TaskAdmission:
    """Take a task one step on, locked from loading to saving: of two answers at once one wins.

        await answer_task(engine, code, uid, lambda task: refuse(task, by=worker, at=now, reason=why), at=now)

    Raises:
        UnknownTask: no such task in this community.
        AdmissionRefused: what `decide` raises; nothing is changed then.
    """
    async with engine.atomic():
        rows = await engine.fetch(
            f"SELECT document FROM mp_admission WHERE community = ? AND uid = ?{locking(engine)}",
            [community, uid],
        )
        if not rows:
            raise UnknownTask(uid=uid)
        after = decide(loads(TaskAdmission, rows[0]["document"]))
        await engine.execute(
            "UPDATE mp_admission SET title = ?, state = ?, stated_at = ?, document = ?, changed_at = ? "
            "WHERE community = ? AND uid = ?",
            [
                after.title,
                after.state.value,
                moment(after.stated_at),
                dumps(after),
                moment(at),
                community,
                uid,
            ],
        )
    return after


async def task(engine: Engine, community: str, uid: str) -> TaskAdmission | None:
    """One task; None when this community has no such task."""
    rows = await engine.fetch(
        "SELECT document FROM mp_admission WHERE community = ? AND uid = ?", [community, uid]
    )
    return loads(TaskAdmission, rows[0]["document"]) if rows else None


async def tasks(
    engine: Engine, community: str, *, state: TaskState | None = None, unit: str = ""
) -> tuple[TaskAdmission, ...]:
    """Tasks in the order they were stated, narrowed by whatever is given."""
    wanted = state.value if state else ""
    rows = await engine.fetch(
        "SELECT document FROM mp_admission WHERE community = ? AND (state = ? OR ? = '') AND (unit = ? OR ? = '') "
        "ORDER BY stated_at, uid",
        [community, wanted, wanted, unit, unit],
    )
    return tuple(loads(TaskAdmission, row["document"]) for row in rows)
