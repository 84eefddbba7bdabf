"""Private calendar addresses: what a calendar program reads, how it follows changes, and when it is shown nothing any more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from timebank.rules.telling.feeds import CANCELLED_SHOWN, Entry, Shown, Status, follow
from timebank.store.relations import relationships

NOW = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)


def shown(uid: str, *, days: int = 1, status: Status = Status.CONFIRMED, place: str = "二网格") -> Shown:
    at = NOW + timedelta(days=days)
    return Shown(uid=uid, starts_at=at, ends_at=at + timedelta(hours=1), place=place, status=status)


def kept(*entries: Entry) -> dict[str, Entry]:
    return {one.shown.uid: one for one in entries}


def test_what_is_new_begins_at_zero_and_what_stays_the_same_does_not_count() -> None:
    first = follow({}, [shown("A")], now=NOW)
    assert [(one.shown.uid, one.sequence) for one in first.entries] == [("A", 0)]
    again = follow(kept(*first.entries), [shown("A")], now=NOW + timedelta(hours=1))
    assert again.entries == first.entries
    assert again.changed == ()


@pytest.mark.parametrize(
    "changed", [shown("A", days=2), shown("A", place="一网格"), shown("A", status=Status.TENTATIVE)]
)
def test_a_change_of_time_place_or_standing_counts_one_up_under_the_same_name(changed: Shown) -> None:
    first = follow({}, [shown("A")], now=NOW)
    second = follow(kept(*first.entries), [changed], now=NOW + timedelta(hours=1))
    [one] = second.entries
    assert (one.shown, one.sequence, one.changed_at) == (changed, 1, NOW + timedelta(hours=1))


def test_what_is_there_no_more_is_shown_as_cancelled_for_thirty_days() -> None:
    first = follow({}, [shown("A", days=40)], now=NOW)
    gone = follow(kept(*first.entries), [], now=NOW)
    [one] = gone.entries
    assert (one.shown.status, one.sequence) == (Status.CANCELLED, 1)
    later = follow(kept(one), [], now=NOW + CANCELLED_SHOWN)
    assert later.entries == ()
    assert later.changed == ()
    back = follow(kept(one), [shown("A", days=40)], now=NOW + timedelta(days=1))
    assert [(entry.shown.status, entry.sequence) for entry in back.entries] == [(Status.CONFIRMED, 2)]


def test_what_lies_too_far_back_leaves_without_being_called_off() -> None:
    old = Entry(shown=shown("A", days=-31), sequence=0, changed_at=NOW - timedelta(days=40))
    found = follow(kept(old), [], now=NOW)
    assert (found.entries, found.changed) == ((), ())


# --- the address itself


async def _service(town: Any, uid: str, *, hours: int = 24, **known: Any) -> None:
    at = town.ctx.now() + timedelta(hours=hours)
    values = {
        "uid": uid, "community": "dongqu", "kind": "visit", "title": "陪去医院看病", "place": "二网格",
        "place_exact": "二网格9号楼301", "starts_at": at, "ends_at": at + timedelta(hours=1),
        "created_at": town.ctx.now(), "state": "planned", **known,
    }  # fmt: skip
    await town.ctx.engine.execute(
        f"INSERT INTO tb_service ({', '.join(values)}) VALUES ({', '.join('?' for _ in values)})",
        list(values.values()),
    )


async def _part(town: Any, service: str, who: str, uid: str) -> None:
    await town.ctx.engine.execute(
        "INSERT INTO tb_attendance (uid, service, member, state, signed_up_at) VALUES (?, ?, ?, 'signed_up', ?)",
        [uid, service, town.uids[who], town.ctx.now()],
    )


async def _address(town: Any, client: Any, purpose: str = "own", of: str = "") -> str:
    page = await client.submit("/calendar", {"purpose": purpose, "of": of})
    found = re.search(r"/calendar/[^\"]+\.ics", page.text)
    assert found, page.text
    return found.group()


def _events(body: bytes) -> dict[str, Any]:
    return {str(one["uid"]).partition("@")[0]: one for one in Calendar.from_ical(body).walk("VEVENT")}


async def test_ones_own_services_stand_in_the_calendar_without_a_word_of_whom_or_what(town: Any) -> None:
    await _service(town, "SV1", recipient=town.uids["elder"])
    await _part(town, "SV1", "volunteer", "AV1")
    me = await town.client("volunteer")
    address = await _address(town, me)
    program = await town.stranger("")
    answer = await program.get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "noindex" in answer.headers["x-robots-tag"]
    file = Calendar.from_ical(answer.content)
    assert [str(one["tzid"]) for one in file.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    event = _events(answer.content)["AV1"]
    assert event["dtstart"].dt == datetime(2026, 11, 25, 0, 40, tzinfo=UTC)
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert (str(event["summary"]), str(event["location"]), int(event["sequence"])) == (
        "志愿服务 · 二网格", "二网格", 0,
    )  # fmt: skip
    text = answer.text
    for private in ("王", "医院", "301", "看病", town.uids["elder"]):
        assert private not in text
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.content


async def test_an_unchanged_calendar_is_not_sent_again(town: Any) -> None:
    me = await town.client("volunteer")
    address = await _address(town, me)
    program = await town.stranger("")
    first = await program.get(address)
    town.ctx.clock.now += timedelta(hours=5)
    same = await program.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    await _service(town, "SV1")
    await _part(town, "SV1", "volunteer", "AV1")
    assert (await program.get(address, headers={"if-none-match": first.headers["etag"]})).status_code == 200


async def test_moved_and_called_off_reach_the_calendar_under_the_same_name(town: Any) -> None:
    await _service(town, "SV1")
    await _part(town, "SV1", "volunteer", "AV1")
    address = await _address(town, await town.client("volunteer"))
    program = await town.stranger("")
    await program.get(address)
    await town.ctx.engine.execute(
        "UPDATE tb_service SET starts_at = ?, ends_at = ? WHERE uid = 'SV1'",
        [town.ctx.now() + timedelta(hours=48), town.ctx.now() + timedelta(hours=49)],
    )
    moved = _events((await program.get(address)).content)["AV1"]
    assert (moved["dtstart"].dt, int(moved["sequence"])) == (datetime(2026, 11, 26, 0, 40, tzinfo=UTC), 1)
    await town.ctx.engine.execute("UPDATE tb_attendance SET state = 'cancelled' WHERE uid = 'AV1'")
    off = _events((await program.get(address)).content)["AV1"]
    assert (str(off["status"]), int(off["sequence"])) == ("CANCELLED", 2)


async def test_a_daughter_reads_her_mothers_visits_until_the_mandate_is_over(town: Any) -> None:
    await _service(town, "SV1", recipient=town.uids["elder"])
    daughter = await town.client("proxy")
    address = await _address(town, daughter, "elder", town.uids["elder"])
    program = await town.stranger("")
    assert _events((await program.get(address)).content).keys() == {"SV1"}
    await town.ctx.engine.execute(
        "UPDATE tb_relationship SET state = 'over', until_on = ? WHERE to_member = ?",
        [town.ctx.today() - timedelta(days=1), town.uids["elder"]],
    )
    assert (await program.get(address)).status_code == 404
    assert await relationships.held_towards(town.ctx.engine, _party(town)) == []
    await town.ctx.engine.execute(
        "UPDATE tb_relationship SET state = 'in_force', until_on = NULL WHERE to_member = ?",
        [town.uids["elder"]],
    )
    assert (await program.get(address)).status_code == 404, "an ended address does not come back by itself"


def _party(town: Any) -> Any:
    from timebank.rules.relationships import member

    return member(town.uids["elder"])


async def test_nobody_gets_an_address_for_what_they_may_not_read(town: Any) -> None:
    me = await town.client("volunteer")
    for purpose, of in (("elder", town.uids["elder"]), ("team", "T0000"), ("own", town.uids["elder"])):
        refused = await me.submit("/calendar", {"purpose": purpose, "of": of})
        assert refused.status_code == 404


async def test_an_address_that_was_ended_or_never_was_shows_nothing_and_many_tries_have_to_wait(
    town: Any,
) -> None:
    me, program = await town.client("volunteer"), await town.stranger("")
    address = await _address(town, me)
    uid = re.search(r"/calendar/feeds/(\w+)/end", (await me.page("/calendar")).text)
    assert uid
    other = await town.client("volunteer2")
    assert (await other.submit(f"/calendar/feeds/{uid.group(1)}/end")).status_code == 404
    gone = await me.submit(f"/calendar/feeds/{uid.group(1)}/end")
    assert address not in gone.text
    assert (await program.get(address)).status_code == 404
    statuses = {(await program.get(f"/calendar/wrong{n}.ics")).status_code for n in range(6)}
    assert statuses == {404}
    fresh = await _address(town, me)
    assert (await program.get(fresh)).status_code == 200


async def test_a_program_that_asks_too_often_waits_and_then_is_served_again(town: Any) -> None:
    address = await _address(town, await town.client("volunteer"))
    program = await town.stranger("")
    statuses = [(await program.get(address)).status_code for _ in range(32)]
    assert statuses[:30] == [200] * 30
    assert statuses[-1] == 429
    town.ctx.clock.now += timedelta(hours=1, minutes=1)
    assert (await program.get(address)).status_code == 200


async def test_the_secret_is_kept_by_its_hash_alone(town: Any) -> None:
    address = await _address(town, await town.client("volunteer"))
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) >= 43, "256 bits"
    [row] = await town.ctx.engine.fetch("SELECT * FROM tb_feed")
    assert secret not in str(row)


async def test_a_shift_of_the_team_stands_in_its_calendar(town: Any) -> None:
    leader = await town.client("leader")
    page = await leader.page("/calendar")
    team = re.search(
        r'name="purpose" value="team"><input type="hidden" name="of" value="(\w[\w-]*)"', page.text
    )
    assert team
    await _service(town, "SH1", kind="shift", team=team.group(1), place="小广场")
    address = await _address(town, leader, "team", team.group(1))
    event = _events((await (await town.stranger("")).get(address)).content)["SH1"]
    assert str(event["summary"]) == "志愿服务 · 小广场"


def test_entries_are_shown_by_their_hour() -> None:
    found = follow({}, [shown("B", days=3), shown("A", days=5), replace(shown("C"), place="")], now=NOW)
    assert [one.shown.uid for one in found.entries] == ["C", "B", "A"]
