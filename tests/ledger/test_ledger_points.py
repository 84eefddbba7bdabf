"""Points: issued once a month, redeemed in a window, lapsed first-in-first-out; eggs that cannot be handed out twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import (
    AccountKind,
    LedgerRefusal,
    Leg,
    OpenAccount,
    PlaceHold,
    ReverseTransfer,
    SettleHold,
    Transfer,
)
from ledger import errors as no
from ledger.commands import Command
from ledger.exchange import (
    MEMBER,
    ExchangeRule,
    Movement,
    Window,
    exchange,
    quarter_ends,
    rule_in_force,
)
from ledger.goods import Good, stock_in, write_off
from ledger.points import PointsRule, expire_points, lapsed_points, lots, monthly_points, rule_on
from ledger.store import Book, MemoryBook, migrate_ledger
from ledger.store.engine import open_engine

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
OPENED = date(2026, 1, 1)
MEMBERS = tuple(f"Liabilities:Member:M0000{n}" for n in (1, 2, 3))
ZHANG, LI, WANG = MEMBERS
RULES = (PointsRule(in_force_from=OPENED, valid_months=2),)
EGG, BUTT = Good(commodity="EGG"), Good(commodity="BUTT", place="Litter")
EGGS_FOR_POINTS = ExchangeRule(
    code="eggs-for-points",
    published_on=date(2025, 12, 20),
    in_force_from=OPENED,
    movements=(
        Movement(commodity="PTS", amount=30, debit=MEMBER, credit=RULES[0].redeemed),
        EGG.going_out(1),
    ),
    windows=quarter_ends(2026, days=10),
)
EGGS_FOR_LITTER = ExchangeRule(
    code="eggs-for-litter",
    published_on=OPENED,
    in_force_from=OPENED,
    in_force_until=date(2026, 6, 30),
    movements=(BUTT.coming_in(50), EGG.going_out(1)),
)
OPEN_DAY = date(2026, 3, 25)


async def opened(book: Book, *, eggs: int = 10) -> Book:
    """A book with three members, a shelf of eggs and a sack for litter."""
    await book.create(("MIN", "PTS", "EGG", "BUTT"))
    commands: list[Command] = [*RULES[0].openings(), *EGG.openings(OPENED), *BUTT.openings(OPENED)]
    commands += [
        OpenAccount(key=code, code=code, kind=AccountKind.LIABILITY, commodity="PTS", opened_on=OPENED)
        for code in MEMBERS
    ]
    if eggs:
        commands.append(stock_in(EGG, key="gift", pieces=eggs, on=OPENED))
    for command in commands:
        await book.post(command, at=AT)
    return book


@pytest.fixture(params=["memory", "sqlite"])
async def shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    """The shop on both kinds of store."""
    if request.param == "memory":
        yield await opened(MemoryBook(code="shop"))
        return
    async with open_engine(f"sqlite:///{tmp_path}/shop.db") as engine:
        await migrate_ledger(engine)
        yield await opened(Book(engine, code="shop"))


async def points_of(book: Book, code: str) -> int:
    return (await book.balance(code, "PTS")).balance


async def lines_of(book: Book, code: str) -> Any:
    return (await book.statement(code, commodity="PTS", limit=10**6)).lines


async def statements(book: Book) -> Any:
    return {code: await lines_of(book, code) for code in MEMBERS}


def scored(month: str, on: date, **points: int) -> Any:
    return monthly_points(
        RULES, month=month, points={f"Liabilities:Member:{who}": n for who, n in points.items()}, on=on
    )


async def test_a_months_points_are_posted_once_however_often_they_are_sent(shop: Any) -> None:
    batch = scored("2026-01", date(2026, 1, 31), M00001=40, M00002=25, M00003=0)
    first = await shop.post(batch, at=AT)
    again = await shop.post(batch, at=AT + timedelta(days=1))
    assert (again.hash, again.replayed) == (first.hash, True)
    assert [await points_of(shop, code) for code in MEMBERS] == [40, 25, 0]
    with pytest.raises(no.KeyConflict) as caught:
        await shop.post(scored("2026-01", date(2026, 1, 31), M00001=41, M00002=25), at=AT)
    assert caught.value.fields["differing"] == ["commands[0].legs"]
    assert await shop.verify() == []


async def test_a_month_is_posted_whole_or_not_at_all(shop: Any) -> None:
    with pytest.raises(no.BatchRefused):
        await shop.post(scored("2026-01", date(2026, 1, 31), M00001=40, M00009=25), at=AT)
    assert await points_of(shop, ZHANG) == 0


@pytest.mark.parametrize("amount", [-5, True, 1.0, 2**63])
def test_points_are_whole_numbers_above_zero(amount: Any) -> None:
    with pytest.raises(no.Malformed):
        scored("2026-01", date(2026, 1, 31), M00001=amount)


async def test_points_become_eggs_in_one_batch_that_names_its_rule(shop: Any) -> None:
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=100), at=AT)
    posted = await shop.post(
        exchange(EGGS_FOR_POINTS, key="x1", member=ZHANG, times=2, on=OPEN_DAY, actor="W1"), at=AT
    )
    assert await points_of(shop, ZHANG) == 40
    assert (await shop.balance(EGG.stock, "EGG")).balance == 8
    entries = [await shop.transfer(member.uid) for member in posted.members]
    assert [{leg.commodity for leg in entry.postings} for entry in entries] == [{"PTS"}, {"EGG"}]
    assert all(EGGS_FOR_POINTS.fingerprint in entry.meta for entry in entries)
    assert await shop.verify() == []


async def test_litter_becomes_eggs_without_an_account_for_the_child_who_brought_it(shop: Any) -> None:
    meta = {"child": "C77"}
    await shop.post(exchange(EGGS_FOR_LITTER, key="x", member="", times=3, on=OPEN_DAY, meta=meta), at=AT)
    assert (await shop.balance(BUTT.stock, "BUTT")).balance == 150
    assert (await shop.balance(EGG.stock, "EGG")).balance == 7


async def test_the_last_egg_is_handed_out_once_and_an_empty_shelf_gives_no_points_away(shop: Any) -> None:
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=600, M00002=600), at=AT)
    await shop.post(write_off(EGG, key="broken", pieces=9, on=OPEN_DAY, memo="S1"), at=AT)
    asked = [
        exchange(EGGS_FOR_POINTS, key=f"x{n}", member=MEMBERS[n % 2], times=1, on=OPEN_DAY) for n in range(8)
    ]
    answers = await asyncio.gather(*(shop.post(one, at=AT) for one in asked), return_exceptions=True)
    refused: list[Any] = [answer for answer in answers if isinstance(answer, no.BatchRefused)]
    assert len(refused) == 7
    assert {one.fields["member_code"] for one in refused} == {"below_floor"}
    assert {one.fields["member_fields"]["account"] for one in refused} == {EGG.stock}
    assert (await shop.balance(EGG.stock, "EGG")).balance == 0
    assert sum([await points_of(shop, code) for code in MEMBERS]) == 1200 - 30


async def test_who_has_too_few_points_gets_no_egg(shop: Any) -> None:
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=29), at=AT)
    with pytest.raises(no.BatchRefused) as caught:
        await shop.post(exchange(EGGS_FOR_POINTS, key="x", member=ZHANG, times=1, on=OPEN_DAY), at=AT)
    assert isinstance(caught.value.refusal, no.BelowFloor)
    assert (await shop.balance(EGG.stock, "EGG")).balance == 10


async def test_an_exchange_can_be_taken_back_egg_and_points_together(shop: Any) -> None:
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=30), at=AT)
    posted = await shop.post(exchange(EGGS_FOR_POINTS, key="x", member=ZHANG, times=1, on=OPEN_DAY), at=AT)
    for number, member in enumerate(posted.members):
        await shop.post(ReverseTransfer(key=f"back{number}", transfer=member.uid), at=AT)
    assert await points_of(shop, ZHANG) == 30
    assert [lot.earned_on for lot in lots(RULES, await lines_of(shop, ZHANG))] == [date(2026, 1, 31)]


# Rules: dated, published before they hold, open on some days.


def test_outside_the_window_the_next_one_is_named() -> None:
    with pytest.raises(no.OutsideWindow) as caught:
        exchange(EGGS_FOR_POINTS, key="x", member=ZHANG, times=1, on=date(2026, 4, 1))
    assert caught.value.fields == {"rule": "eggs-for-points", "on": "2026-04-01", "next_on": "2026-06-21"}
    assert "2026-06-21" in caught.value.zh
    with pytest.raises(no.OutsideWindow) as caught:
        exchange(replace(EGGS_FOR_POINTS, windows=quarter_ends(2025, days=10)), key="x", member=ZHANG, times=1, on=OPEN_DAY)  # fmt: skip
    assert caught.value.fields["next_on"] == "-"


@pytest.mark.parametrize("on", [date(2026, 3, 22), date(2026, 3, 31), date(2026, 12, 22), date(2026, 12, 31)])
def test_the_first_and_the_last_day_of_a_window_are_open(on: date) -> None:
    assert exchange(EGGS_FOR_POINTS, key="x", member=ZHANG, times=1, on=on).effective_on == on
    for closed in (date(2026, 3, 21), date(2026, 4, 1)):
        with pytest.raises(no.OutsideWindow):
            exchange(EGGS_FOR_POINTS, key="x", member=ZHANG, times=1, on=closed)


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2026, 7, 1)])
def test_before_a_rule_holds_and_after_it_ended_nothing_is_exchanged(on: date) -> None:
    with pytest.raises(no.RuleNotInForce) as caught:
        exchange(EGGS_FOR_LITTER, key="x", member="", times=1, on=on)
    assert caught.value.fields["in_force_until"] == "2026-06-30"


def test_of_two_rules_the_later_one_holds_from_its_day_on() -> None:
    dearer = replace(EGGS_FOR_LITTER, in_force_from=date(2026, 4, 1), in_force_until=None,
                     movements=(BUTT.coming_in(80), EGG.going_out(1)))  # fmt: skip
    rules = [dearer, EGGS_FOR_LITTER]
    assert rule_in_force(rules, "eggs-for-litter", date(2026, 3, 31)) is EGGS_FOR_LITTER
    assert rule_in_force(rules, "eggs-for-litter", date(2026, 4, 1)) is dearer
    assert rule_in_force(rules, "eggs-for-litter", date(2027, 1, 1)) is dearer
    assert dearer.fingerprint != EGGS_FOR_LITTER.fingerprint
    for code, on in (("eggs-for-litter", date(2025, 1, 1)), ("money-for-hours", OPEN_DAY)):
        with pytest.raises(no.RuleNotInForce):
            rule_in_force(rules, code, on)


UNCLEAR: dict[str, Any] = {
    "before it is published": {"published_on": date(2026, 1, 2)},
    "ends before": {"in_force_until": date(2025, 12, 31)},
    "at least two commodities": {"movements": (EGG.going_out(1),)},
    "each once": {"movements": (EGG.going_out(1), EGG.coming_in(1))},
    "goes nowhere": {"movements": (EGG.going_out(1), Movement(commodity="PTS", amount=1, debit="A", credit="A"))},
    "closes before it opens": {"windows": (Window(opens_on=OPEN_DAY, closes_on=OPENED),)},
    "not in order": {"windows": tuple(reversed(quarter_ends(2026, days=3)))},
}  # fmt: skip


@pytest.mark.parametrize("why", UNCLEAR)
def test_a_rule_that_makes_no_sense_is_refused_when_it_is_written(why: Any) -> None:
    with pytest.raises(no.RuleUnclear, match=why):
        replace(EGGS_FOR_POINTS, **UNCLEAR[why])


@pytest.mark.parametrize("times", [0, -1, True, 1.5])
def test_an_exchange_is_for_a_whole_number_of_turns(times: Any) -> None:
    with pytest.raises(no.Malformed):
        exchange(EGGS_FOR_POINTS, key="x", member=ZHANG, times=times, on=OPEN_DAY)


# Age: what was earned first is spent first, and what is too old lapses.


async def test_points_lapse_at_the_end_of_their_months_oldest_first(shop: Any) -> None:
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=40), at=AT)
    await shop.post(scored("2026-02", date(2026, 2, 28), M00001=40, M00002=5), at=AT)
    await shop.post(exchange(EGGS_FOR_POINTS, key="x", member=ZHANG, times=1, on=OPEN_DAY), at=AT)
    left = lots(RULES, await lines_of(shop, ZHANG))
    assert [(lot.earned_on, lot.usable_until, lot.left) for lot in left] == [
        (date(2026, 1, 31), date(2026, 3, 31), 10),
        (date(2026, 2, 28), date(2026, 4, 30), 40),
    ]
    assert expire_points(RULES, on=date(2026, 3, 31), statements=await statements(shop)) is None
    batch = expire_points(RULES, on=date(2026, 4, 1), statements=await statements(shop))
    await shop.post(batch, at=AT)
    assert (await shop.post(batch, at=AT)).replayed
    assert [await points_of(shop, code) for code in MEMBERS] == [40, 5, 0]
    assert expire_points(RULES, on=date(2026, 4, 1), statements=await statements(shop)) is None
    assert (await shop.balance(RULES[0].expired, "PTS")).balance == 10


async def test_what_a_hold_has_set_aside_waits_and_lapses_after_it(shop: Any) -> None:
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=40), at=AT)
    hold = await shop.post(
        PlaceHold(key="h", payer=ZHANG, payee=RULES[0].redeemed, amount=30, commodity="PTS",
                  effective_on=OPEN_DAY, expires_at=AT + timedelta(days=99)), at=AT
    )  # fmt: skip
    assert lapsed_points(RULES, await lines_of(shop, ZHANG), on=date(2026, 4, 1)) == 10
    await shop.post(SettleHold(key="s", hold=hold.uid, amount=25, effective_on=OPEN_DAY), at=AT)
    assert lapsed_points(RULES, await lines_of(shop, ZHANG), on=date(2026, 4, 1)) == 15
    assert lapsed_points(RULES, (), on=date(2026, 4, 1)) == 0


async def test_points_earned_before_a_new_rule_keep_the_old_ones_time(shop: Any) -> None:
    kinder = PointsRule(in_force_from=date(2026, 2, 1), valid_months=None)
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=40), at=AT)
    await shop.post(scored("2026-02", date(2026, 2, 28), M00001=40), at=AT)
    rules = (kinder, *RULES)
    assert [lot.usable_until for lot in lots(rules, await lines_of(shop, ZHANG))] == [date(2026, 3, 31), None]
    assert rule_on(rules, date(2026, 2, 1)) is kinder
    with pytest.raises(no.RuleNotInForce):
        rule_on(rules, date(2025, 1, 1))
    with pytest.raises(no.RuleUnclear):
        PointsRule(in_force_from=OPENED, valid_months=-1)


def test_points_live_to_the_last_day_of_a_month_of_any_length() -> None:
    rule = PointsRule(in_force_from=OPENED, valid_months=13)
    assert rule.usable_until(date(2027, 1, 31)) == date(2028, 2, 29)
    assert replace(rule, valid_months=0).usable_until(date(2026, 11, 3)) == date(2026, 11, 30)


async def test_a_budget_bounds_what_can_be_issued(shop: Any) -> None:
    await shop.create(("VIP",))
    rule = PointsRule(in_force_from=OPENED, commodity="VIP", issued="Equity:Vip:Issued",
                      redeemed="Equity:Vip:Redeemed", expired="Equity:Vip:Expired")  # fmt: skip
    for command in rule.openings(budget=50):
        await shop.post(command, at=AT)
    await shop.post(
        OpenAccount(key="vip", code=ZHANG, kind=AccountKind.LIABILITY, commodity="VIP", opened_on=OPENED),
        at=AT,
    )
    with pytest.raises(no.BatchRefused) as caught:
        await shop.post(monthly_points([rule], month="2026-01", points={ZHANG: 51}, on=OPEN_DAY), at=AT)
    assert isinstance(caught.value.refusal, no.BelowFloor)


# Whatever happens: issued − redeemed − expired = what members hold, age by age, and no shelf below zero.


@dataclass
class Model:
    """The same rules in the plainest words: each member's points as a list of (usable until, points)."""

    purses: dict[str, list[tuple[date, int]]]
    eggs: int = 10

    def spend(self, code: str, amount: int) -> bool:
        purse = sorted(self.purses[code])
        if sum(points for _, points in purse) < amount:
            return False
        left = []
        for until, points in purse:
            taken = min(points, amount)
            amount -= taken
            left.append((until, points - taken))
        self.purses[code] = [one for one in left if one[1]]
        return True

    def lapse(self, on: date) -> None:
        self.purses = {code: [one for one in purse if one[0] >= on] for code, purse in self.purses.items()}


STEP = st.tuples(
    st.sampled_from(["earn", "redeem", "lapse", "break"]),
    st.integers(0, 2),
    st.integers(1, 4),
    st.integers(0, 27),
)


async def follow(book: Book, steps: Any) -> None:
    """Take the steps on the book and on the model, and compare after each."""
    model = Model({code: [] for code in MEMBERS})
    on = OPENED
    rule = replace(EGGS_FOR_POINTS, windows=())
    for number, (verb, who, amount, days) in enumerate(steps):
        on, code = on + timedelta(days=days), MEMBERS[who]
        if verb == "earn":
            await book.post(
                monthly_points(RULES, month=f"m{number}", points={code: amount * 10}, on=on), at=AT
            )
            model.purses[code].append((RULES[0].usable_until(on), amount * 10))  # type: ignore[arg-type]
        elif verb == "lapse":
            batch = expire_points(RULES, on=on, statements=await statements(book))
            if batch is not None:
                await book.post(batch, at=AT)
            model.lapse(on)
        else:
            command = (
                write_off(EGG, key=f"b{number}", pieces=amount, on=on)
                if verb == "break"
                else exchange(rule, key=f"x{number}", member=code, times=1, on=on)
            )
            pieces = amount if verb == "break" else 1
            can = model.eggs >= pieces and (verb == "break" or model.spend(code, 30))
            model.eggs -= pieces if can else 0
            try:
                await book.post(command, at=AT)
                assert can
            except LedgerRefusal:
                assert not can
        for member in MEMBERS:
            held = lots(RULES, await lines_of(book, member))
            assert by_month((lot.usable_until, lot.left) for lot in held) == by_month(model.purses[member])
            assert sum(lot.left for lot in held) == await points_of(book, member)
        issued, redeemed, expired = [
            (await book.balance(one, "PTS")).balance
            for one in (RULES[0].issued, RULES[0].redeemed, RULES[0].expired)
        ]
        assert -issued - redeemed - expired == sum([await points_of(book, member) for member in MEMBERS])
        assert (await book.balance(EGG.stock, "EGG")).balance == model.eggs >= 0


def by_month(lots_of_a_member: Any) -> Counter[date]:
    """Points by the last day they can be used; within one month it does not matter which go first."""
    found: Counter[date] = Counter()
    for until, points in lots_of_a_member:
        found[until] += points
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_issued_less_redeemed_less_expired_is_what_members_hold(steps: Any) -> None:
    async def run() -> None:
        book = await opened(MemoryBook(code="shop"))
        await follow(book, steps)
        assert await book.verify() == []

    asyncio.run(run())


async def test_the_same_holds_in_a_database(shop: Any) -> None:
    dice = random.Random(3)
    verbs = ["earn", "redeem", "lapse", "break"]
    steps = [(dice.choice(verbs[:3] if n < 30 else verbs), dice.randrange(3), dice.randrange(1, 5), dice.randrange(9)) for n in range(40)]  # fmt: skip
    await follow(shop, steps)
    assert await shop.verify() == []


async def test_points_handed_on_are_new_points_to_whoever_gets_them(shop: Any) -> None:
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=40), at=AT)
    legs = (Leg(ZHANG, 15, "PTS"), Leg(WANG, -15, "PTS"))
    await shop.post(Transfer(key="gift-of-points", legs=legs, effective_on=date(2026, 2, 3)), at=AT)
    assert [lot.earned_on for lot in lots(RULES, await lines_of(shop, WANG))] == [date(2026, 2, 3)]
    await shop.post(ReverseTransfer(key="undo", transfer=(await lines_of(shop, WANG))[0].uid), at=AT)
    assert lots(RULES, await lines_of(shop, WANG)) == []
    assert [lot.left for lot in lots(RULES, await lines_of(shop, ZHANG))] == [40]


async def test_points_issued_by_mistake_are_taken_back_from_themselves(shop: Any) -> None:
    await shop.post(scored("2026-01", date(2026, 1, 31), M00001=40), at=AT)
    mistaken = await shop.post(scored("2026-02", date(2026, 2, 28), M00001=30), at=AT)
    await shop.post(ReverseTransfer(key="undo", transfer=mistaken.members[0].uid), at=AT)
    assert [lot.earned_on for lot in lots(RULES, await lines_of(shop, ZHANG))] == [date(2026, 1, 31)]
