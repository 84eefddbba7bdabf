"""Whatever two or three colleagues press, and how often: no passbook is ever brought forward twice."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.timebank.conftest import TUESDAY, _settle
from tests.timebank.settling import settle
from timebank.adapters.system import SeededIds, SetClock
from timebank.errors import AppRefusal
from timebank.help.opening import entering, flow
from timebank.installation import make_context
from timebank.settings import Settings
from timebank.store.identity.actors import actor_of
from timebank.store.members import people
from timebank.store.office import opening
from timebank.store.upgrade import upgrade

STAFF = ("worker", "worker2", "worker3")
OWNERS = ("volunteer", "volunteer2", "worker2")
BOOKS = ("", "A-1", "a1", "B-2")
MINUTES = {"": 60, "A-1": 90, "a1": 90, "B-2": 120}

step = st.one_of(
    st.tuples(st.just("begin"), st.sampled_from(STAFF)),
    st.tuples(
        st.just("enter"), st.sampled_from(STAFF), st.integers(0, 2), st.sampled_from(OWNERS), st.sampled_from(BOOKS),
        st.booleans(),
    ),
    st.tuples(st.sampled_from(("approve", "drop", "back")), st.sampled_from(STAFF), st.integers(0, 5)),
    st.tuples(st.just("remove"), st.sampled_from(STAFF), st.integers(0, 5)),
    # From the counter to the second person in one go: what doubles, doubles here first.
    st.tuples(
        st.just("whole"), st.sampled_from(STAFF), st.sampled_from(STAFF), st.sampled_from(OWNERS), st.sampled_from(BOOKS),
        st.booleans(),
    ),
)  # fmt: skip


class Office:
    """Runs steps on a town of its own, and knows from outside what may stand in the book."""

    def __init__(self, ctx: Any, uids: dict[str, str]) -> None:
        self.ctx, self.uids = ctx, uids
        self.batches: list[str] = []

    async def actor(self, who: str) -> Any:
        return await actor_of(self.ctx.engine, self.ctx.catalogue_of, self.uids[who], self.ctx.today())

    async def take(self, one: tuple[Any, ...]) -> None:
        if one[0] == "whole":
            _what, first, second, owner, book, another = one
            at = len(self.batches)
            steps = (("begin", first), ("enter", first, at, owner, book, another), ("approve", second, at))
            for part in steps:
                await self.take(part)
            return
        what, who = one[0], await self.actor(one[1])
        try:
            if what == "begin":
                self.batches.append((await flow.begin(self.ctx, who)).uid)
            elif not self.batches:
                return
            elif what == "enter":
                _what, _who, at, owner, book, another = one
                typed = entering.Typed(amount=f"{MINUTES[book]}分", book=book, another=another)
                uid = self.batches[at % len(self.batches)]
                await entering.enter(self.ctx, who, uid, member=self.uids[owner], typed=typed)
            else:
                await self.press(what, who, self.batches[one[2] % len(self.batches)])
        except AppRefusal:
            return

    async def press(self, what: str, who: Any, uid: str) -> None:
        if what == "approve":
            shown = await flow.show(self.ctx, who, uid)
            await flow.approve(self.ctx, who, uid, seen=shown.seen)
        elif what == "drop":
            await flow.drop(self.ctx, who, uid)
        elif what == "remove":
            for line in (await opening.lines(self.ctx.engine, uid))[:1]:
                await entering.remove(self.ctx, who, uid, line.uid)
        else:
            self.batches.append((await flow.take_back(self.ctx, who, uid)).uid)

    async def judge(self) -> None:
        """Each account holds what its standing passbooks say, each passbook once, each approved by somebody else."""
        rows = await self.ctx.engine.fetch(
            "SELECT l.*, o.state, o.entered_by AS begun_by, o.second_by FROM tb_opening_line l"
            " JOIN tb_opening o ON o.uid = l.opening WHERE l.transfer <> '' AND l.open_key IS NOT NULL"
        )
        assert all(row["state"] == "done" for row in rows)
        assert all(
            row["second_by"] not in (row["begun_by"], row["entered_by"], row["member"]) for row in rows
        )
        books = [row["book"].replace("-", "").lower() for row in rows if row["book"]]
        assert len(books) == len(set(books))
        unnumbered = [row["member"] for row in rows if not row["book"]]
        assert len(unnumbered) == len(set(unnumbered))
        for who in OWNERS:
            member = await people.member(self.ctx.engine, self.uids[who])
            assert member is not None
            balance = (await self.ctx.book("dongqu").balance(member.account)).balance
            assert balance == sum(row["minutes"] for row in rows if row["member"] == self.uids[who])
        assert await self.ctx.book("dongqu").verify() == []


def _context(path: Path) -> Any:
    return make_context(
        Settings(database=f"sqlite:///{path}", city="dongqu", demo=True),
        clock=SetClock(TUESDAY),
        ids=SeededIds(7),
    )


async def found(path: Path) -> dict[str, str]:
    """The town, stored once; every example begins from a copy of it."""
    ctx = _context(path)
    await ctx.engine.start()
    try:
        await upgrade(ctx.engine)
        async with ctx.engine.atomic():
            uids = await _settle(ctx)
            uids["worker3"] = await settle(ctx, "dongqu", "赵三", "worker")
        return uids
    finally:
        await ctx.engine.close()


async def run(path: Path, uids: dict[str, str], steps: list[tuple[Any, ...]]) -> None:
    ctx = _context(path)
    # The ids of the stored town are taken.
    object.__setattr__(ctx, "ids", SeededIds(8))
    await ctx.engine.start()
    try:
        office = Office(ctx, uids)
        for one in steps:
            await office.take(one)
        await office.judge()
    finally:
        await ctx.engine.close()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("opening") / "town.db"
    return path, asyncio.run(found(path))


@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(steps=st.lists(step, min_size=4, max_size=25))
def test_an_opening_never_doubles(stored: tuple[Path, dict[str, str]], steps: list[tuple[Any, ...]]) -> None:
    path, uids = stored
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "town.db"
        copyfile(path, copied)
        asyncio.run(run(copied, uids, steps))
