"""A word of its own in every private field: who ever meets it, and where it is kept.

Pages in both languages, answers for programs, files and books are read as everybody; the log of every test of this
folder is read by `nothing_private_in_the_log`.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.timebank.access.access_catalogue import CATALOGUE, Ask, get
from tests.timebank.access.access_people import WALKERS, verdict
from timebank.help.hours import flow as hours
from timebank.help.requests import views
from timebank.store.oversight.audit import Said

pytestmark = pytest.mark.asyncio(loop_scope="module")

READINGS = [(operation, ask) for operation, asks in CATALOGUE.items() for ask in asks if ask.method == "GET"]
LANGUAGES = ("zh-CN", "en")
ENDS_AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
# What a worker reads of these is a reading of somebody's private card.
CARD_FIELDS = frozenset(
    {"phone", "address", "health_note", "title", "note", "place", "contact", "served", "remark", "raw cell"}
)


def word(street: Any, of: str, what: str) -> str:
    return str(next(one.word for one in street.world.canaries if (one.of, one.what) == (of, what)))


async def page(street: Any, name: str, ask: Ask, language: str = "zh-CN") -> Any:
    headers = {"accept": "text/html", "accept-language": language}
    return await street.ask(name, ask.request(street.world.ids), **headers)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WALKERS)
async def test_nobody_meets_a_word_that_is_not_for_them(street: Any, name: str, language: str) -> None:
    met = []
    for operation, ask in READINGS:
        if verdict(WALKERS[name], operation, ask.belongs).status in (401, 403):
            continue  # refused before anything is loaded; the matrix looks at those answers
        async with street.taken_back():
            answer = await page(street, name, ask, language)
        met += [f"{ask.path} shows {leak}" for leak in street.leaks(name, answer.content)]
    assert met == []


async def test_the_interface_description_carries_nothing_of_anybody(street: Any) -> None:
    for name in ("public", "worker"):
        answer = await street.ask(name, {"method": "GET", "url": "/schema/openapi.json"})
        assert answer.status_code == 200
        assert street.found_in(answer.content) == []


@pytest.mark.parametrize(
    ("name", "path", "of", "what"),
    [
        ("volunteer", "/services/{visit_today}", "elder", "name"),
        ("volunteer", "/services/{visit_today}", "elder", "phone"),
        ("volunteer", "/services/{visit_today}", "elder", "address"),
        ("volunteer", "/services/{visit_today}", "elder", "health_note"),
        ("elder", "/elder/ask/shopping/check?day=any&part=day", "elder", "address"),
        ("elder", "/elder/requests/{need_open}", "elder 买菜", "note"),
        ("proxy", "/elder/requests/{need_open}", "elder 买菜", "note"),
        ("elder", "/elder/requests/{need_open}", "elder 买菜", "title"),
        ("proxy_acting", "/elder", "elder 买菜", "title"),
        ("worker", "/desk/needs/{need_open}", "elder 买菜", "title"),
        ("worker", "/desk/needs/{need_open}", "elder 买菜", "place"),
        ("worker", "/desk/needs/{need_open}", "elder", "health_note"),
        ("worker", "/desk/needs/{need_listed}", "a list", "contact"),
        ("worker", "/desk/needs/{need_listed}", "a list", "served"),
        ("worker", "/desk/members/{uid_helper}", "helper", "phone"),
        ("worker", "/desk/import/{file}", "a doubted row", "raw cell"),
        ("worker", "/desk/lists/needs.csv", "a list", "contact"),
        ("worker", "/desk/lists/needs.xlsx", "a list", "remark"),
        ("unit", "/unit/resources/{offer}", "unit", "contact"),
        ("leader", "/teams/{team}/shifts/{shift_today}", "former", "called"),
        ("elder", "/elder", "volunteer", "called"),
    ],
)
async def test_whom_a_word_is_for_does_read_it(street: Any, name: str, path: str, of: str, what: str) -> None:
    """Were the canaries nowhere to be found, not meeting them would say nothing."""
    async with street.taken_back():
        answer = await page(street, name, get(path))
    assert answer.status_code == 200
    assert word(street, of, what) in {one.word for one in street.found_in(answer.content)}


@pytest.mark.parametrize("operation", sorted({operation for operation, _ask in READINGS}))
async def test_what_the_desk_reads_of_a_private_card_leaves_a_line(street: Any, operation: str) -> None:
    for ask in CATALOGUE[operation]:
        if ask.method != "GET" or not verdict(WALKERS["worker"], operation, ask.belongs).granted:
            continue
        async with street.taken_back():
            before = await _audit_lines(street)
            answer = await page(street, "worker", ask)
            met = [one for one in street.found_in(answer.content) if one.of != "worker"]
            read = {f"{one.what} of {one.of}" for one in met if one.what in CARD_FIELDS}
            noted = await _audit_lines(street) > before
        assert noted or not read, f"{ask.path} shows {sorted(read)} and nobody will know"


async def _audit_lines(street: Any) -> int:
    """Lines of the log, with those that the open unit of work will write when it ends."""
    engine = street.ctx.engine
    rows = await engine.fetch("SELECT COUNT(*) AS n FROM tb_audit")
    return int(rows[0]["n"]) + sum(isinstance(one, Said) for one in engine.scope.get()._seen)


@pytest.mark.parametrize(
    ("after", "open_"),
    [
        (timedelta(0), True),
        (timedelta(days=7), True),
        (timedelta(days=7, minutes=1), False),
        (timedelta(days=8), False),
    ],
)
async def test_the_helper_reads_the_card_until_seven_days_after(
    street: Any, after: timedelta, open_: bool
) -> None:
    clock = street.ctx.clock
    now = clock.now
    try:
        clock.now = ENDS_AT + after
        answers = [
            await page(street, "volunteer", get(path))
            for path in ("/services/{visit_today}", "/api/services/{visit_today}", "/volunteer")
        ]
    finally:
        clock.now = now
    card, api, home = answers
    phone, note = word(street, "elder", "phone"), word(street, "elder", "health_note")
    assert (card.status_code, api.status_code) == ((200, 200) if open_ else (404, 404))
    assert {one.word for one in street.found_in(card.content)} >= {phone, note} or not open_
    assert ("title" in {one.what for one in street.found_in(card.content)}) is open_
    if not open_:
        assert home.status_code == 200
        assert not {phone, note} & {one.word for one in street.found_in(home.content + card.content)}


async def test_who_only_claimed_or_was_proposed_reads_no_private_word(street: Any) -> None:
    for name, path in (
        ("volunteer", "/lists/needs/{need_open_claimed}"),
        ("volunteer", "/claims"),
        ("helper", "/proposals"),
        ("leader", "/services/{visit_team}"),
        ("unit", "/services/{visit_unit}"),
    ):
        answer = await page(street, name, get(path))
        assert answer.status_code == 200
        private = [one for one in street.found_in(answer.content) if one.what in CARD_FIELDS | {"name"}]
        assert [one.what for one in private if one.of.startswith("elder")] == []


async def test_the_books_name_nobody(street: Any, tmp_path: Path) -> None:
    for path in await hours.export_books(street.ctx, "dongqu", tmp_path):
        assert street.found_in(path.read_bytes()) == [], path.name
    assert street.found_in(json.dumps(await hours.snapshot(street.ctx, "dongqu"), default=str)) == []
    assert street.found_in(await hours.month_text(street.ctx, "dongqu", "2026-11")) == []


async def test_every_word_stands_only_in_the_columns_it_is_kept_in(street: Any) -> None:
    """What must be erased one day is known by column; the book, the audit log and the news hold ids alone."""
    assert await _strayed(street) == []


WORDS_TYPED = (
    ("worker", "POST", "/api/claims/{claim_open}/decline", {"reason": "zqtypedq"}),
    ("elder", "POST", "/api/claims/{claim_agreed}/release", {"reason": "zqtypedq"}),
    ("elder", "POST", "/api/requests/{need_open}/cancel", {"reason": "zqtypedq"}),
    ("elder", "POST", "/api/requests", {"what": "zqtypedq", "where": "zqtypedq", "note": "zqtypedq"}),
    ("helper", "POST", "/api/proposals/{proposal}/decline", {"reason": "zqtypedq"}),
    ("volunteer", "POST", "/api/attendances/{part_today}/cancel", {"note": "zqtypedq"}),
    ("volunteer", "POST", "/api/attendances/{part_waiting}/dispute", {"note": "zqtypedq"}),
    ("worker", "POST", "/api/attendances/{part_disputed}/resolve", {"minutes": 30, "note": "zqtypedq"}),
    ("worker", "POST", "/api/transfers/{transfer}/reverse", {"reason": "wrong_minutes", "note": "zqtypedq"}),
    ("leader", "POST", "/api/services/{shift_today}/walk-ups", {"name": "zqtypedq"}),
    ("unit", "POST", "/api/units/{unit_code}/resources", {"title": "zqtypedq", "contact": "zqtypedq"}),
)


@pytest.mark.parametrize(("name", "method", "path", "body"), WORDS_TYPED)
async def test_what_people_type_stays_out_of_what_is_never_erased(
    street: Any, name: str, method: str, path: str, body: dict[str, Any]
) -> None:
    ask = Ask(method=method, path=path, json=body)
    async with street.taken_back():
        key = {"idempotency-key": "typed-once"}
        answer = await street.ask(name, ask.request(street.world.ids), **key)
        assert answer.status_code in {200, 201}, answer.text
        again = await street.ask(name, ask.request(street.world.ids), **key)
        assert again.status_code >= 400 or again.json() == answer.json()
        kept = {column for column in await _columns_with(street, "zqtypedq") if _for_ever(column)}
    assert kept == set()


@pytest.mark.parametrize("name", ["leader", "unit"])
async def test_a_phone_number_is_no_way_to_a_residents_name(street: Any, name: str) -> None:
    """A number alone tells whoever enters helpers nothing: they must know a helper's name beside it."""
    path = {"leader": "/api/services/{shift_today}/walk-ups", "unit": "/api/services/{visit_unit}/helper"}[
        name
    ]
    for of in ("elder_2", "worker", "unit_2", "volunteer_2"):
        ask = Ask(method="POST", path=path, json={"phone": word(street, of, "phone")})
        async with street.taken_back():
            assert (await street.ask(name, ask.request(street.world.ids))).status_code == 422
    both = {"phone": word(street, "volunteer_2", "phone"), "name": word(street, "volunteer_2", "name")}
    known = Ask(method="POST", path=path, json=both)
    async with street.taken_back():
        assert (await street.ask(name, known.request(street.world.ids))).status_code in {200, 409}


async def test_a_broken_page_keeps_its_words_to_itself(
    street: Any, monkeypatch: pytest.MonkeyPatch, nothing_private_in_the_log: list[str]
) -> None:
    secret = word(street, "elder", "health_note")

    async def broken(*_args: object, **_known: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr(views, "elder_home", broken)
    for accept in ("text/html", "application/json"):
        answer = await street.ask("elder", {"method": "GET", "url": "/elder"}, accept=accept)
        assert answer.status_code == 500
        assert secret not in answer.text
    said = "\n".join(nothing_private_in_the_log)
    assert "RuntimeError at /elder" in said
    assert secret not in said


def _for_ever(column: str) -> bool:
    return column.startswith(
        (
            "ledger_",
            "tb_audit.",
            "tb_news.",
            "tb_request_key.",
            "tb_session.",
            "tb_setting.",
            "tb_throttle.",
            "tb_known_source.",
        )
    )


async def _tables(street: Any) -> list[str]:
    rows = await street.ctx.engine.fetch("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [row["name"] for row in rows if not row["name"].startswith("sqlite_")]


async def _columns_with(street: Any, text: str) -> set[str]:
    found = set()
    for table in await _tables(street):
        for row in await street.ctx.engine.fetch(f'SELECT * FROM "{table}"'):
            found |= {f"{table}.{column}" for column, value in row.items() if text in str(value)}
    return found


async def _strayed(street: Any) -> list[str]:
    strayed = set()
    for table in await _tables(street):
        for row in await street.ctx.engine.fetch(f'SELECT * FROM "{table}"'):
            for column, value in row.items():
                text = str(value)
                if "zq" not in text and "199555" not in text:
                    continue
                for one in street.world.canaries:
                    if one.word in text and f"{table}.{column}" not in one.columns:
                        strayed.add(f"{one.what} of {one.of} in {table}.{column}")
    return sorted(strayed)
