"""No page grows with the number of people: every page of the registry, read in a community of fifty and of 1,500.

Beside the people there are as many needs, offers, relationships, shifts to come and hours to confirm. What a page leaves
out it says, with a link to the rest: its bytes and its queries stay what they were.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import pytest_asyncio

from ledger.store.engine.sqlite.engine import SQLiteEngine
from marketplace import store as market
from marketplace.values import Need, Resource
from tests.timebank.access.access_catalogue import CATALOGUE, DONE, Ask
from tests.timebank.access.access_people import HERE, WALKERS, verdict
from tests.timebank.access.access_street import Street, street_over
from tests.timebank.access.access_world import World
from tests.timebank.settling import settle
from timebank.rules.parts.attendance import Attendance, Kind, Service, State
from timebank.rules.relationships import KnownBy, Party, Relationship, Sort, Yes, member
from timebank.rules.relationships import State as Standing
from timebank.store.help import services
from timebank.store.relations import relationships

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

FEW, MANY = 50, 1_500
READERS = (
    "worker", "leader", "elder", "unit", "officer", "volunteer", "helper", "auditor", "proxy", "overseer", "former", "public",
)  # fmt: skip
"""Who reads a page here: the first of them who may, and whoever has 1,500 of something."""
BUSY = ("leader", "unit", "officer", "volunteer", "former")
# Files and answers to programs that are a list by nature: the whole of it is what was asked for.
WHOLE_LISTS = frozenset(
    {"DownloadContacts", "DownloadBook", "ApiSnapshot", "ApiVerify", "MemberCopy", "ApiMemberCopy"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What one reading of a page cost."""

    bytes: int
    queries: int


async def grow(street: Street, first: int, last: int) -> None:
    """Neighbours from number `first` to `last`, each with a need, an offer, a duty and an hour that waits for a word."""
    ctx, uids = street.ctx, street.world.uids
    yes = Yes(known_by=KnownBy.LIST, by=uids["worker"], on=ctx.today())
    needs, offered = [], []
    async with ctx.engine.atomic():
        shift = Service(
            uid=f"G{first}", community=HERE, kind=Kind.SHIFT, title="大清扫", team="team", lead=uids["leader"], place="广场",
            starts_at=ctx.now() - timedelta(hours=5), ends_at=ctx.now() - timedelta(hours=3), capacity=last,
        )  # fmt: skip
        await services.add_service(ctx, shift, created_by=uids["worker"])
        for number in range(first, last):
            uid = await settle(
                ctx, HERE, f"邻居{number}", phone=f"1998888{number:04d}", number=f"{number + 2000}", area=f"{HERE}-1",
                asks=True, gives=True,
            )  # fmt: skip
            here, doctor = member(uid), member(uids["volunteer"])
            for at, (kind, holder, target, state) in enumerate(
                (
                    ("team_member", here, Party(Sort.ORGANISATION, "team"), Standing.IN_FORCE),
                    ("unit_staff", here, Party(Sort.ORGANISATION, "unit"), Standing.IN_FORCE),
                    ("grid_assistant", here, Party(Sort.AREA, f"{HERE}-1"), Standing.IN_FORCE),
                    ("family_doctor", doctor, here, Standing.IN_FORCE),
                    ("friend", here, member(uids["former"]), Standing.OFFERED),
                )
            ):
                standing = Relationship(
                    uid=f"N{number}{at}", community=HERE, kind=kind, holder=holder, target=target, since_on=ctx.today(),
                    state=state, offered_by=uids["worker"], holder_yes=yes,
                    target_yes=yes if state is Standing.IN_FORCE else None,
                )  # fmt: skip
                await relationships.add_relationship(ctx.engine, standing)
            part = Attendance(
                uid=f"P{number}", service=shift.uid, member=uid, state=State.CHECKED_OUT,
                signed_up_at=ctx.now(), checked_in_at=shift.starts_at, checked_out_at=shift.ends_at, minutes_served=120,
            )  # fmt: skip
            await services.add_attendance(ctx.engine, part)
            needs.append(
                Need(
                    line_key=f"need-{number}",
                    title="买菜",
                    owner=uid,
                    categories=("errand",),
                    filed_on=ctx.today(),
                )
            )
            offered.append(
                Resource(line_key=f"offer-{number}", title="理发", owner=uid, owner_kind="volunteer", categories=("haircut",))
            )  # fmt: skip
        await market.save_needs(ctx.engine, HERE, needs, at=ctx.now())
        await market.save_resources(ctx.engine, HERE, offered, at=ctx.now())


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that reach the database inside."""
    seen: list[str] = []
    native = SQLiteEngine.native_fetch

    async def watched(self: SQLiteEngine, sql: str, args: Any) -> Any:
        seen.append(sql)
        return await native(self, sql, args)

    with monkeypatch.context() as patch:
        patch.setattr(SQLiteEngine, "native_fetch", watched)
        yield seen


def readers(operation: str, ask: Ask) -> list[str]:
    may = [
        name
        for name in READERS
        if verdict(WALKERS[name], operation, ask.belongs).granted and name not in ask.instead
    ]
    return [name for at, name in enumerate(may) if at == 0 or name in BUSY]


PAGES = [
    (operation, ask, name)
    for operation, asks in CATALOGUE.items()
    for ask in asks
    if ask.method == "GET" and operation not in WHOLE_LISTS and not ask.path.endswith((".csv", ".xlsx"))
    for name in readers(operation, ask)
]


async def weigh(street: Street, monkeypatch: pytest.MonkeyPatch) -> dict[str, Weight]:
    """What each page costs; what is read once a day is read before."""
    found = {}
    for _operation, ask, name in PAGES:
        request = ask.request(street.world.ids)
        async with street.taken_back():
            with counted(monkeypatch) as seen:
                answer = await street.ask(name, request, accept="text/html")
        assert answer.status_code in DONE | ask.answers, (
            ask.path,
            name,
            answer.status_code,
            answer.text[:300],
        )
        found[f"{ask.path} as {name}"] = Weight(bytes=len(answer.content), queries=len(seen))
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(stored_world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    """A copy of its own that nobody else walks."""
    path: Path = tmp_path_factory.mktemp("growing") / "town.db"
    copyfile(stored_world.path, path)
    async with street_over(stored_world, path, all_signed_in=True) as street:
        yield street


async def test_no_page_grows_with_the_number_of_people(town: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    await grow(town, 0, FEW)
    few = await weigh(town, monkeypatch)
    await grow(town, FEW, MANY)
    many = await weigh(town, monkeypatch)
    grown = [
        f"{path}: {few[path].bytes} → {many[path].bytes} bytes, {few[path].queries} → {many[path].queries} queries"
        for path in few
        if (many[path].bytes > few[path].bytes * 1.25 + 2_000 and not path.startswith("/api/"))
        or many[path].queries > few[path].queries + 6
    ]
    assert not grown, "\n".join(grown)
