"""Import and claims hold on both databases: twice is once, and of many answers one wins."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from marketplace import store as lists
from marketplace.errors import OverRemaining, WrongStage
from marketplace.times import mainland, read_when
from marketplace.values import Need, Quantity, Window
from tests.timebank.conftest import Town
from timebank.errors import AlreadyDone
from timebank.help.imports import flow, saving
from timebank.help.lists import claiming
from timebank.store.help import services

GIVEN = Path(__file__).parents[3] / "examples" / "data" / "lists"
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = Window(datetime(2026, 11, 26, 9, tzinfo=SHANGHAI), datetime(2026, 11, 26, 10, tzinfo=SHANGHAI))


@pytest.fixture
def app_database_url(database_url: str) -> str:
    """Both databases."""
    return database_url


async def test_the_given_files_come_in_once_on_either_database(town: Town) -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(GIVEN.iterdir())]
    first = await flow.import_files(town.ctx, None, "dongqu", files)
    again = await flow.import_files(town.ctx, None, "dongqu", files)
    assert sum(report.changes for report in first) > 60
    assert [report.changes for report in again] == [0, 0, 0, 0]


async def test_the_same_file_brought_in_twice_at_once_comes_in_once(town: Town) -> None:
    (people,) = [(path.name, path.read_bytes()) for path in GIVEN.glob("*志愿者.csv")]
    reports = await asyncio.gather(*(flow.import_files(town.ctx, None, "dongqu", [people]) for _ in range(4)))
    assert sorted(report.known for (report,) in reports) == [False, True, True, True]
    rows = await town.ctx.engine.fetch("SELECT COUNT(*) AS n FROM tb_person WHERE name = ?", ["赵一"])
    assert rows[0]["n"] == 1


async def test_a_list_so_long_that_it_is_saved_in_turns_comes_in_once(town: Town) -> None:
    """Somebody twice on it, in two turns, is one person in two teams, with the first line's offer."""
    signs = "甲乙丙丁戊己庚辛壬癸"
    rows = [
        f"张{signs[n // 10 % 10]}{signs[n % 10]},1990777{n:04d},第{n % 3}机动队,理发"
        for n in range(saving.PEOPLE_AT_ONCE + 20)
    ]
    rows += [rows[3].replace("第0机动队", "第2机动队").replace("理发", "陪聊")] * 2
    text = "\n".join(["姓名,手机,所属队伍,特长", *rows])
    before = (await town.ctx.engine.fetch("SELECT count(*) AS n FROM tb_member"))[0]["n"]
    [report] = await flow.import_files(town.ctx, None, "dongqu", [("长名单.csv", text.encode())])
    assert (await town.ctx.engine.fetch("SELECT count(*) AS n FROM tb_member"))[0]["n"] - before == len(
        rows
    ) - 2
    assert report.waiting == ()
    [again] = await flow.import_files(town.ctx, None, "dongqu", [("长名单2.csv", f"{text}\n".encode())])
    assert (again.known, again.changes, again.waiting) == (False, 0, ())


async def test_of_two_claims_and_eight_answers_one_wins_each_time(town: Town) -> None:
    need = Need(
        line_key="n-hair", title="上门理发", owner=town.uids["elder"], filed_on=date(2026, 11, 20),
        when=read_when("11月26日 9:00-11:00", filed_on=date(2026, 11, 20), calendar=mainland()),
        quantity=Quantity(amount=1, minutes_each=60),
    )  # fmt: skip
    await lists.save_needs(town.ctx.engine, "dongqu", [need], at=town.ctx.now())
    actors = [await town.actor(who) for who in ("volunteer", "volunteer2")]
    claims = await asyncio.gather(
        *(claiming.claim_line(town.ctx, one, side="need", key="n-hair", window=HOUR) for one in actors),
        return_exceptions=True,
    )
    made = [one for one in claims if not isinstance(one, BaseException)]
    assert len(made) == 1
    assert [type(one) for one in claims if isinstance(one, BaseException)] == [OverRemaining]
    worker = await town.actor("worker")
    answers = await asyncio.gather(
        *(claiming.accept(town.ctx, worker, made[0].uid) for _ in range(8)), return_exceptions=True
    )
    assert sum(not isinstance(one, BaseException) for one in answers) == 1
    assert all(isinstance(one, WrongStage | AlreadyDone) for one in answers if isinstance(one, BaseException))
    assert len(await services.services(town.ctx.engine, "dongqu", need_key="n-hair")) == 1
