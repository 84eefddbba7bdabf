"""One person who holds every office sends every request there is, in any order, to anything there is: nothing of it is theirs alone.

The thief of `thief.py` presses what a thief would; this one leaves no operation of the app out. `THIEF_ROUNDS=60` is the long form.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.timebank.access.access_people import HERE, Walker
from tests.timebank.access.access_world import World
from tests.timebank.openapi.asking import BROWSER, PROGRAM, Asked, wire_of
from tests.timebank.openapi.sweeping import FORM, Sweep, sweep_over
from tests.timebank.settling import hold, settle
from timebank.context import Context, issuing_account
from timebank.help.posting.resting import post_due
from timebank.rules.parts import hands
from timebank.rules.parts.hands import Strength
from timebank.rules.parts.statements import Said, standing_ones
from timebank.rules.relationships import Party, Sort
from timebank.store.help import statements

ROUNDS = int(os.environ.get("THIEF_ROUNDS", "1"))
NUMBER = int(os.environ.get("THIEF_FIRST", "1"))
OFFICES = (
    ("worker", "area:dongqu"), ("auditor", "area:dongqu"), ("grid_head", "area:dongqu-1"), ("deputy", "organisation:team"),
    ("team_member", "organisation:team"), ("unit_contact", "organisation:unit"), ("proxy", "member:elder"),
)  # fmt: skip

pytestmark = pytest.mark.timeout(0 if ROUNDS > 1 else 600)


@pytest.fixture
def sweep(tmp_path: Path) -> Iterator[Sweep]:
    with sweep_over(tmp_path / "world.db") as sweep:
        yield sweep


@dataclass
class Thief:
    """The one who holds every office.

    Attributes:
        tables: uid -> the table it stands in. uids: table -> what stands in it now.
        before: the entries of the book that were there before.
    """

    sweep: Sweep
    chance: Random
    uid: str = ""
    tables: dict[str, str] = field(default_factory=dict)
    uids: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    before: set[str] = field(default_factory=set)

    @property
    def ctx(self) -> Context:
        return self.sweep.street.ctx

    async def comes(self, world: World) -> None:
        """Somebody of the community, in every office at once, signed in by their own way."""
        async with self.ctx.engine.atomic():
            self.uid = world.uids["thief"] = await settle(self.ctx, HERE, "贼", asks=True, gives=True)
            for kind, towards in OFFICES:
                sort, _, code = towards.partition(":")
                await hold(
                    self.ctx,
                    HERE,
                    kind,
                    self.uid,
                    Party(Sort(sort), world.uids[code] if sort == "member" else code),
                )
        await self.signs_in()
        self.before = {one.uid for one in await self.ctx.book(HERE).transfers()}

    async def signs_in(self) -> None:
        self.sweep.street.clients.pop("thief", None)
        await self.sweep.street.client("thief", Walker(who="thief", roles=frozenset()))

    async def looks_around(self) -> None:
        """What there is to press by now."""
        tables = await self.ctx.engine.fetch(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'uid' WHERE m.type = 'table'"
        )
        self.uids.clear()
        for table in (row["name"] for row in tables):
            for row in await self.ctx.engine.fetch(f"SELECT uid FROM {table}"):
                self.uids[table].append(row["uid"])
                self.tables[row["uid"]] = table

    def turned(self, case: Asked) -> Asked:
        """The request, half of the time to another thing of the same kind instead, mostly to one of the latest."""

        def other(value: Any) -> Any:
            if not isinstance(value, str) or value not in self.tables or self.chance.random() < 0.5:
                return value
            there = self.uids[self.tables[value]]
            return self.chance.choice(there[-5:] if self.chance.random() < 0.7 else there)

        case.path_parameters = {name: other(value) for name, value in (case.path_parameters or {}).items()}
        if isinstance(case.body, dict):
            case.body = {
                name: [other(one) for one in value] if isinstance(value, list) else other(value)
                for name, value in case.body.items()
            }
        return case

    def presses(self, rounds: int) -> None:
        """Every request of the catalogue, in any order, again and again; what it does stays done, and time passes."""
        run = self.sweep.runner.run
        wanted = [
            one for of_one in self.sweep.known.values() for one in of_one if one.operation.method != "get"
        ]
        for at in range(rounds):
            self.chance.shuffle(wanted)
            for place, known in enumerate(wanted):
                if not place % 20:
                    # Also because acting for somebody, which is one of the presses, leaves little that may be pressed.
                    run(self.signs_in())
                    run(self.looks_around())
                case = self.turned(known.case())
                if isinstance(case.body, dict) and case.media_type == FORM:
                    case.body["idempotency_key"] = f"thief-{at}-{place}"
                headers = self.sweep.sent_by("thief", self.chance.choice((PROGRAM, BROWSER)))
                answer = self.sweep.ask(
                    known.name, "thief", case, wire_of(case, headers, known.file_name), keep=True
                )
                if answer.status_code == 401:
                    run(self.signs_in())
            run(self.later())

    async def later(self) -> None:
        self.ctx.clock.now += timedelta(minutes=self.chance.choice((15, 90)))  # type: ignore[attr-defined]
        await post_due(self.ctx)

    async def alone(self) -> list[str]:
        """What came into the book by this one hand: each new entry that issues minutes, and every change that asks for two."""
        issuer, found = issuing_account(HERE), []
        parts = {
            row["transfer_uid"]: row["uid"]
            for row in await self.ctx.engine.fetch(
                "SELECT uid, transfer_uid FROM tb_attendance WHERE transfer_uid <> ''"
            )
        }
        for entry in await self.ctx.book(HERE).transfers():
            issued = sum(one.amount for one in entry.postings if one.account == issuer)
            if entry.uid in self.before or not issued or entry.key.startswith(BY_TWO):
                continue
            if entry.uid not in parts:
                found.append(f"{entry.key}: nobody knows why")
            elif await self._vouched_alone(parts[entry.uid]):
                found.append(f"{entry.key}: {issued}")
        for table, first, second, done in SECONDS:
            sql = f"SELECT * FROM {table} WHERE {first} = ? AND {second} = ? AND {done}"
            rows = await self.ctx.engine.fetch(sql, (self.uid, self.uid))
            found += [f"{table}: {dict(row)}" for row in rows]
        return found

    async def _vouched_alone(self, part: str) -> bool:
        """Whether every word for it is the thief's, and an entry, too: a time, or a decision that makes the stay longer."""
        said = standing_ones(await statements.of_part(self.ctx.engine, part))
        if {one.by for one in said if one.what is Said.WORD} - {self.uid}:
            return False
        at = {one.what: one for one in said}
        arrival, leaving, decided = (at.get(one) for one in (Said.ARRIVAL, Said.LEAVING, Said.AMOUNT))
        assert arrival is not None
        assert leaving is not None
        if self.uid in (arrival.by, leaving.by):
            return True
        assert arrival.at is not None
        assert leaving.at is not None
        stay = (leaving.at - arrival.at) / timedelta(minutes=1)
        return decided is not None and decided.by == self.uid and (decided.minutes or 0) > stay


BY_TWO = ("first:", "opening:", "put-right:", "reverse:")
SECONDS = (
    ("tb_record_change", "entered_by", "second_by", "state = 'done'"), ("tb_opening", "entered_by", "second_by", "state = 'done'"),
    ("tb_rule", "entered_by", "approved_by", "true"), ("tb_relationship", "offered_by", "approved_by", "true"),
)  # fmt: skip
"""Table, who entered, who was the second, and where that second did not drop it."""


def test_every_request_by_one_person_brings_no_minute_into_the_book(sweep: Sweep) -> None:
    assert _alone(sweep, ROUNDS) == []


def test_where_one_hand_is_enough_the_same_requests_bring_some(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "strength", lambda *_asked: Strength(level=2))
    assert _alone(sweep, 2) != []


def _alone(sweep: Sweep, rounds: int) -> list[str]:
    thief = Thief(sweep, Random(NUMBER))
    sweep.runner.run(thief.comes(sweep.street.world))
    thief.presses(rounds)
    print(f"\n{sweep.found.cases} presses, {dict(sorted(sweep.found.statuses.items()))}")
    return sweep.runner.run(thief.alone())
