"""Whoever meets a private word of somebody is written down for them: when, who, as what and what for; and they can look it up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.timebank.access.access_catalogue import get
from tests.timebank.access.access_people import WALKERS, verdict
from tests.timebank.access.test_access_canaries import READINGS, page, word
from timebank.access import REGISTRY
from timebank.rules.people.readings import WHY, Why, why_of
from timebank.store.oversight import readings

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARD_FIELDS = frozenset({"phone", "address", "health_note", "title", "note", "place"})
# Somebody's own word about a visit, asked of both sides: no card, and the pages of it say who said it.
STAFF_AND_HELPERS = (
    "worker", "desk_2", "volunteer", "helper", "proxy", "proxy_acting", "asker", "asker_acting", "leader", "officer", "unit", "auditor",
)  # fmt: skip


def _member_of(street: Any, of: str) -> str:
    return str(street.world.uids.get(of.split()[0], ""))


@pytest.mark.parametrize("name", STAFF_AND_HELPERS)
async def test_every_private_word_that_somebody_meets_is_written_down_for_the_person(
    street: Any, name: str
) -> None:
    reader = street.world.uids[WALKERS[name].who]
    missing = set()
    for operation, ask in READINGS:
        if verdict(WALKERS[name], operation, ask.belongs).status in (401, 403):
            continue
        async with street.taken_back():
            answer = await page(street, name, ask)
            met = {one.of for one in street.found_in(answer.content) if one.what in CARD_FIELDS}
            for of in met:
                member = _member_of(street, of)
                if member in ("", reader):
                    continue
                found = await readings.readings_of(street.ctx.engine, [member])
                if reader not in {one.reader for one in found}:
                    missing.add(f"{ask.path} shows {of}")
    assert sorted(missing) == []


async def test_a_look_is_one_line_a_day_with_when_who_as_what_and_why(street: Any) -> None:
    worker, elder = street.world.uids["worker"], street.world.uids["elder"]
    async with street.taken_back():
        before = street.ctx.clock.now
        try:
            for minutes in (0, 3, 30):
                street.ctx.clock.now = before + timedelta(hours=2, minutes=minutes)
                await page(street, "worker", get("/desk/members/{uid_elder}"))
        finally:
            street.ctx.clock.now = before
        found = await readings.readings_of(street.ctx.engine, [elder])
        [one] = [one for one in found if one.reader == worker and one.why is Why.RECORD and one.times > 1]
        answer = await page(street, "elder", get("/members/{uid_elder}/readings"))
        english = await page(street, "elder", get("/members/{uid_elder}/readings"), "en")
    # Three minutes later is the same look, half an hour later another.
    assert one.times - 1 <= 2
    assert WHY[Why.RECORD][0] in answer.text
    assert WHY[Why.RECORD][1] in english.text
    assert "社区工作人员" in answer.text
    assert word(street, "worker", "name") in answer.text


async def test_only_the_person_who_reads_for_them_and_the_desk_see_who_looked(street: Any) -> None:
    asked = get("/members/{uid_elder}/readings")
    for name, status in (
        ("elder", 200), ("proxy", 200), ("worker", 200), ("asker", 404), ("neighbour", 404), ("volunteer", 404),
        ("leader", 404), ("worker_3", 404), ("auditor", 404),
    ):  # fmt: skip
        async with street.taken_back():
            assert (await page(street, name, asked)).status_code == status, name


async def test_what_an_operation_reads_a_card_for_is_said_in_words_and_not_by_its_name(street: Any) -> None:
    """The line in the audit log names the operation; what the person reads is a sentence in each language."""
    named = {why_of(operation) for case in REGISTRY for operation in case.operations}
    assert named >= {Why.CALL, Why.NEED, Why.RECORD, Why.SAME, Why.LEAVE}
    for why in Why:
        zh, en = WHY[why]
        assert re.search("[一-鿿]", zh)
        assert re.fullmatch(r"[a-z][\w ,']+", en)
