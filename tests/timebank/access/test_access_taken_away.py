"""A role, a mandate, a team, a place or a membership that is taken away is gone with the next request."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest

GET = "GET"


async def status(street: Any, name: str, path: str) -> int:
    url = path.format_map(street.world.ids)
    return int((await street.ask(name, {"method": GET, "url": url})).status_code)


async def run(street: Any, sql: str, *args: Any) -> None:
    async with street.ctx.engine.atomic():
        assert await street.ctx.engine.execute(sql, list(args))


@pytest.mark.parametrize(
    ("name", "path", "after"),
    [
        ("worker", "/desk", 403),
        ("worker", "/desk/needs/{need_open}", 403),
        ("worker_acting", "/elder/requests/{need_open}", 404),
        ("auditor", "/books", 403),
    ],
)
async def test_a_role_taken_away_is_gone_with_the_next_request(
    own_street: Any, name: str, path: str, after: int
) -> None:
    assert await status(own_street, name, path) == 200
    who = name.partition("_")[0]
    await run(
        own_street,
        "UPDATE tb_relationship SET state = 'over', open_key = NULL WHERE holder_member = ?",
        own_street.world.uids[who],
    )
    assert await status(own_street, name, path) == after


async def test_a_mandate_revoked_by_the_elder_ends_reading_and_acting(own_street: Any) -> None:
    for name in ("proxy", "proxy_acting"):
        assert await status(own_street, name, "/elder/requests/{need_open}") == 200
    ended = await own_street.ask(
        "elder", {"method": "POST", "url": f"/relationships/{own_street.world.ids['mandate']}/end"}
    )
    assert ended.status_code == 303
    for name in ("proxy", "proxy_acting"):
        for path in ("/elder/requests/{need_open}", "/services/{visit_today}"):
            assert await status(own_street, name, path) in {403, 404}
        hours = (await own_street.ask(name, {"method": GET, "url": "/api/hours"})).json()
        assert hours["member"] == own_street.world.uids["proxy"], "only their own passbook is left"
        answer = await own_street.ask(name, {"method": GET, "url": "/elder"})
        assert own_street.leaks(name, answer.content) == []
        assert own_street.world.ids["need_open"] not in answer.text


async def test_a_mandate_ends_with_its_last_local_day(own_street: Any) -> None:
    await run(own_street, "UPDATE tb_relationship SET until_on = ? WHERE uid = ?", own_street.ctx.today(),
              own_street.world.ids["mandate"])  # fmt: skip
    clock = own_street.ctx.clock
    midnight = clock.now.replace(hour=0, minute=0) + timedelta(days=1)
    clock.now = midnight - timedelta(minutes=1)
    assert await status(own_street, "proxy", "/elder/requests/{need_open}") == 200
    # The machine's clock speaks UTC: just after local midnight it is still the day before there.
    clock.now = (midnight + timedelta(minutes=1)).astimezone(UTC)
    assert await status(own_street, "proxy", "/elder/requests/{need_open}") in {403, 404}


async def test_a_member_set_inactive_is_a_stranger_at_once(own_street: Any) -> None:
    for name, path in (("worker", "/desk"), ("elder", "/elder"), ("unit", "/unit"), ("leader", "/teams")):
        assert await status(own_street, name, path) == 200
        await run(own_street, "UPDATE tb_member SET life = 'left' WHERE uid = ?", own_street.world.uids[name])
        assert await status(own_street, name, path) == 401


async def test_a_leader_who_hands_over_the_team_keeps_nothing_of_it(own_street: Any) -> None:
    shift = "/teams/{team}/shifts/{shift_today}"
    assert await status(own_street, "leader", shift) == 200
    await run(
        own_street,
        "UPDATE tb_relationship SET holder_member = ? WHERE kind = 'leader' AND to_organisation = 'team'",
        own_street.world.uids["leader_2"],
    )
    assert await status(own_street, "leader", shift) in {403, 404}
    assert await status(own_street, "leader_2", shift) == 200


async def test_a_contact_who_leaves_the_unit_keeps_nothing_of_it(own_street: Any) -> None:
    assert await status(own_street, "unit", "/services/{visit_unit}") == 200
    await run(
        own_street,
        "UPDATE tb_relationship SET state = 'over' WHERE kind = 'unit_contact' AND holder_member = ?",
        own_street.world.uids["unit"],
    )
    assert await status(own_street, "unit", "/services/{visit_unit}") in {403, 404}


async def test_a_helper_who_cancels_loses_the_private_card_at_once(own_street: Any) -> None:
    assert await status(own_street, "volunteer", "/services/{visit_today}") == 200
    part = own_street.world.ids["part_today"]
    answer = await own_street.ask("volunteer", {"method": "POST", "url": f"/attendances/{part}/cancel"})
    assert answer.status_code == 303
    assert await status(own_street, "volunteer", "/services/{visit_today}") == 404
    home = await own_street.ask("volunteer", {"method": GET, "url": "/volunteer"})
    visits_note = [one for one in own_street.found_in(home.content) if one.what == "note"]
    assert home.status_code == 200
    assert "/services/" + own_street.world.ids["visit_today"] not in home.text
    assert all(own_street.world.ids["visit_today"] not in one.of for one in visits_note)


async def test_signing_out_kills_a_copied_cookie(own_street: Any) -> None:
    assert await status(own_street, "worker", "/desk") == 200
    assert (await own_street.ask("worker", {"method": "POST", "url": "/sign-out"})).status_code == 303
    assert await status(own_street, "worker", "/desk") == 401
