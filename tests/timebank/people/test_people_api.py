"""The people slice for programs: the same steps and the same refusals as on the pages."""

from __future__ import annotations

from typing import Any

import pytest


async def registered(client: Any, **said: object) -> str:
    answer = await client.post("/api/members", json={"name": "欧阳一", "phone": "19911110001", **said})
    assert answer.status_code == 201, answer.text
    assert answer.json()["new"]
    return str(answer.json()["uid"])


async def test_somebody_on_record_is_named_before_anything_is_written(town: Any) -> None:
    worker = await town.client("worker")
    uid = await registered(worker)
    again = await worker.post("/api/members", json={"name": "欧阳 一", "phone": "１９９１１１１０００１"})
    assert (again.status_code, again.json()["code"], again.json()["uids"]) == (409, "may_be_known", [uid])
    same = await worker.post("/api/members", json={"name": "欧阳一", "phone": "19911110001", "who": uid})
    assert same.json() == {"uid": uid, "new": False}


@pytest.mark.parametrize("typed", ["欧阳一", "欧阳", "０００１", "0001", "１９９１１１１０００１", "ouyang"])
async def test_everybody_is_found_by_name_sound_and_digits_of_any_width(town: Any, typed: str) -> None:
    worker = await town.client("worker")
    uid = await registered(worker)
    found = await worker.post("/api/members/search", json={"q": typed})
    assert uid in [one["uid"] for one in found.json()["members"]]


async def test_a_correction_changes_what_it_says_and_nothing_else(town: Any) -> None:
    worker = await town.client("worker")
    uid = await registered(worker, address="一网格2号楼", health_note="听力不好")
    after = await worker.post(f"/api/members/{uid}", json={"called": "欧阳姐", "health_note": ""})
    assert after.status_code == 200, after.text
    told = after.json()
    assert (told["called"], told["health_note"], told["address"]) == ("欧阳姐", "", "一网格2号楼")
    assert [one["number"] for one in told["phones"]] == ["19911110001"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/api/members", {"name": "甲乙", "age": "很老"}, 422, "bad_field"),
        ("/api/members", {"name": "甲乙", "area": "nowhere"}, 422, "bad_field"),
        ("/api/members/{uid}", {"phone": "1991111"}, 422, "bad_field"),
        ("/api/members/{uid}", {"nick": "x"}, 400, "bad_request"),
        ("/api/members/{uid}/move", {"area": "nanqu-1"}, 422, "bad_field"),
        ("/api/members/{uid}/death", {"died_on": "2030-01-01"}, 422, "day_not_yet"),
        ("/api/members/{uid}/join", {"other": "{uid}"}, 409, "oneself"),
        ("/api/members/{uid}/return", None, 409, "still_here"),
        ("/api/members/{uid}/profile", {"services": ["juggling"]}, 422, "bad_field"),
        ("/api/members/X0000000Z/move", {"area": ""}, 404, "not_found"),
    ],
)
async def test_what_a_page_refuses_a_program_is_refused_as_problem_details(
    town: Any, path: str, body: dict[str, str] | None, status: int, code: str
) -> None:
    worker = await town.client("worker")
    uid = await registered(worker)
    filled = {k: v.format(uid=uid) if isinstance(v, str) else v for k, v in (body or {}).items()}
    answer = await worker.post(path.format(uid=uid), json=filled if body is not None else None)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["zh"]
    assert answer.json()["en"]


async def test_two_records_become_one_by_two_people_through_programs_alone(town: Any) -> None:
    one, two = await town.client("worker"), await town.client("worker2")
    kept = await registered(one)
    gone = await registered(one, name="欧阳一一", phone="19911110002")
    entered = await one.post(f"/api/members/{kept}/join", json={"other": gone})
    assert (entered.status_code, entered.json()["state"]) == (201, "waits")
    change = entered.json()["uid"]
    own = await one.post(f"/api/changes/{change}/approve")
    assert (own.status_code, own.json()["code"]) == (403, "second_person")
    assert [one["uid"] for one in (await two.get("/api/changes")).json()["changes"]] == [change]
    assert (await two.post(f"/api/changes/{change}/approve")).json()["state"] == "done"
    assert (await one.get("/api/changes")).json() == {"changes": []}
    numbers = (await two.get(f"/api/members/{kept}")).json()["phones"]
    assert {one["number"] for one in numbers} == {"19911110001", "19911110002"}


async def test_a_profile_that_was_read_can_be_sent_back(town: Any) -> None:
    client = await town.client("volunteer")
    path = f"/api/members/{town.uids['volunteer']}/profile"
    said = {"gives": True, "services": ["haircut"], "times": "每周二下午", "hours_per_week_max": 3}
    saved = await client.post(path, json=said)
    assert saved.status_code == 200, saved.text
    read = (await client.get(path)).json()
    assert read["services"] == ["haircut"]
    assert read["hours_per_week_max"] == 3
    assert (await client.post(path, json=read)).json() == read


async def test_days_away_are_said_and_taken_back_by_programs(town: Any) -> None:
    client, uid = await town.client("volunteer"), town.uids["volunteer"]
    path = f"/api/members/{uid}/absences"
    gone = await client.post(path, json={"from_on": "2026-12-01", "to_on": "2026-12-07"})
    assert gone.status_code == 201, gone.text
    assert gone.json()["absences"] == [{"from_on": "2026-12-01", "to_on": "2026-12-07"}]
    twice = await client.post(path, json={"from_on": "2026-12-01"})
    assert (twice.status_code, twice.json()["field"]) == (422, "from_on")
    back = await client.post(f"{path}/end", json={"from_on": "2026-12-01"})
    assert back.json()["absences"] == []
    none = await client.post(f"{path}/end", json={"from_on": "2026-12-01"})
    assert none.status_code == 404
