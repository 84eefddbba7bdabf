"""A storm night: a thousand people sign on within half an hour, needs come in, and nobody is sent to two places.

    python examples/storm_night/run.py

People sign on without an account: a number, a grid, what they can do. Every few minutes the desk plans with whoever is
there, tells people where to go, and what was told is never moved again. When somebody falls out, the standing plan
is changed in place: it finds a stand-in for that one place and leaves all others alone.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations
from random import Random

from marketplace.planning import Fixed, LivePlan, Match, PlanContext
from marketplace.values import SHANGHAI, Need, Place, Quantity, Resource, Unit, Urgency, Week, When, Window

STARTED_AT = datetime(2026, 11, 24, 19, 0, tzinfo=SHANGHAI)
TONIGHT = When(windows=(Window(STARTED_AT, STARTED_AT + timedelta(hours=6)),))
WEEK = Week.of(STARTED_AT.date())
GRIDS = tuple(f"{number}网格" for number in "一二三四五六七八九十")
# (category, what is asked for, helpers at each place, how pressing, how many of ten people can do it)
WORK = (
    ("checks", "敲门看看独居老人 knock at elders' doors", 10, Urgency.URGENT, 5),
    ("sandbags", "装沙袋、堵地下车库 fill sandbags", 15, Urgency.URGENT, 4),
    ("escort", "送低洼处住户去安置点 bring people to the shelter", 12, Urgency.NORMAL, 3),
    ("trees", "清理倒树 clear fallen trees", 8, Urgency.NORMAL, 2),
    ("meals", "安置点热饭 hot meals at the shelter", 10, Urgency.NORMAL, 3),
    ("tidy", "清下水道口的落叶 clear leaves from drains", 6, Urgency.LOW, 4),
)
SIGNED_ON, PLACES, WAVES = 1_000, 60, 5


def need(number: int, draw: Random) -> Need:
    """One place that asks for helpers."""
    category, title, helpers, urgency, _ = WORK[number % len(WORK)]
    grid = draw.choice(GRIDS)
    return Need(
        line_key=f"N{number:03d}",
        title=title,
        source="community",
        categories=(category,),
        place=Place(text=grid, grid=grid),
        when=TONIGHT,
        quantity=Quantity(amount=helpers, unit=Unit.HELPER, helpers=helpers, minutes_each=120),
        urgency=urgency,
        filed_on=STARTED_AT.date(),
    )


def signed_on(number: int, draw: Random) -> Resource:
    """One person who signed on tonight: where they are, what they can do, nothing else; they go as far as the next grid."""
    can = tuple(category for category, *_, of_ten in WORK if draw.randrange(10) < of_ten) or ("checks",)
    home = draw.randrange(len(GRIDS))
    return Resource(
        line_key=f"S{number:04d}",
        title="应急志愿者",
        owner=f"S{number:04d}",
        owner_kind="volunteer",
        categories=can,
        when=TONIGHT,
        quantity=Quantity(amount=1, unit=Unit.HELPER, helpers=1),
        reach_grids=(GRIDS[home], GRIDS[(home + 1) % len(GRIDS)]),
    )


def show(minute: int, what: str, sent: int, told: list[Fixed]) -> None:
    print(f"19:{minute:02d}  {what}   新派 sent now {sent:3d}   共派 sent in all {len(told):3d}")


def send(live: LivePlan, told: list[Fixed]) -> list[Match]:
    """Tell everybody whom the plan proposes for now; what is told is promised, and no later plan moves it."""
    plan = live.plan()
    assert plan.certificate.gap == 0
    new = [match for match in plan.matches if match.source != "fixed"]
    told.extend(
        Fixed(need_key=one.need.line_key, resource_key=one.resource.line_key, window=one.window)
        for one in new
    )
    return new


def fill_in_waves(draw: Random) -> tuple[list[Need], list[Resource], list[Fixed]]:
    """Sign-ons and needs come in together; each wave is planned with all that is promised already."""
    needs: list[Need] = []
    people: list[Resource] = []
    told: list[Fixed] = []
    for wave in range(1, WAVES + 1):
        people.extend(signed_on(number, draw) for number in range(len(people), SIGNED_ON * wave // WAVES))
        needs.extend(need(number, draw) for number in range(len(needs), PLACES * wave // WAVES))
        new = send(LivePlan(needs, people, week=WEEK, context=PlanContext(now=STARTED_AT), fixed=told), told)
        asked = sum(one.quantity.amount for one in needs)
        show(4 * wave, f"报名 signed on {len(people):4d}   要 asked {asked:3d}", len(new), told)
    return needs, people, told


def later_that_night(needs: list[Need], people: list[Resource], told: list[Fixed], draw: Random) -> None:
    """One helper falls, one urgent place comes in: the standing plan is changed, not made anew."""
    live = LivePlan(needs, people, week=WEEK, context=PlanContext(now=STARTED_AT), fixed=told)
    ill = next(one for one in told if one.need_key == "N000")
    live.call_off(ill)
    live.withdraw_resource(ill.resource_key)
    told.remove(ill)
    before = list(told)
    (stand_in,) = (one for one in send(live, told) if one.need.line_key == ill.need_key)
    assert told[: len(before)] == before
    show(41, f"{ill.resource_key} 扭了脚 hurt an ankle, {stand_in.resource.owner} 顶上 steps in", 1, told)

    for promise in told[len(before) :]:
        live.promise(promise)
    needs.append(need(PLACES, draw))
    live.add_need(needs[-1])
    new = send(live, told)
    show(46, f"又来一处 one more place: {new[0].need.title}, {new[0].need.place.grid}", len(new), told)


def show_result(needs: list[Need], told: list[Fixed]) -> None:
    """Every kind of work with how much of it is covered, and the one thing that must never happen."""
    sent = Counter(one.need_key for one in told)
    print("\n到位情况 Covered")
    for at, (_, title, helpers, *_) in enumerate(WORK):
        places = [one for one in needs if int(one.line_key[1:]) % len(WORK) == at]
        there = sum(sent[one.line_key] for one in places)
        print(f"  {title}: {there} / {helpers * len(places)}")
    hours: dict[str, list[Window]] = {}
    for one in told:
        hours.setdefault(one.resource_key, []).append(one.window)
    torn = sum(any(a.overlap(b) for a, b in combinations(own, 2)) for own in hours.values())
    print(f"  派到两处的人 people sent to two places: {torn}")
    print(f"  还在待命 still waiting to be sent: {SIGNED_ON - 1 - len(hours)}")


def main() -> None:
    draw = Random(24)
    needs, people, told = fill_in_waves(draw)
    later_that_night(needs, people, told, draw)
    show_result(needs, told)


if __name__ == "__main__":
    main()
