"""Hours from paper passbooks: entered by one, approved by another, posted once, and taken back by two."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.timebank.settling import settle
from tests.timebank.told import told as told_to
from timebank.context import issuing_account
from timebank.errors import AlreadyDone, NotFound
from timebank.help.hours import flow as hours
from timebank.help.opening import entering, flow
from timebank.help.opening.flow import PassbooksExist
from timebank.rules.hours.passbooks import (
    AnotherPassbook,
    HoursUsed,
    ListChanged,
    NothingEntered,
    OwnPassbook,
    PassbookTaken,
    ReserveTooSmall,
)
from timebank.rules.people.by_two import ChangeState
from timebank.rules.relationships import Life
from timebank.rules.relationships.refusals import SecondPerson
from timebank.store.members import households, people
from timebank.store.office import opening


@pytest.fixture
def app_database_url(database_url: str) -> str:
    return database_url


async def test_nothing_moves_before_the_second_person_and_everything_after(paper: Any) -> None:
    batch = await paper.batch()
    await paper.enter(batch, "volunteer", "15 h 30", book="A-012", said_on="2026-10-31")
    await paper.enter(batch, "elder", "930分")
    assert await paper.saved("volunteer") == await paper.saved("elder") == 0
    shown = await flow.show(paper.ctx, await paper.actor("worker2"), batch)
    assert (shown.totals.lines, shown.totals.minutes, shown.refused) == (2, 1860, None)
    done = await paper.approve(batch)
    assert done.state is ChangeState.DONE
    assert await paper.saved("volunteer") == await paper.saved("elder") == 930
    assert await paper.ctx.book("dongqu").verify() == []
    told = [one.kind for one in await told_to(paper.ctx.engine) if not one.matter_of]
    assert told.count("opening_posted") == 2


async def test_older_batches_follow_the_last_one_seen(paper: Any) -> None:
    batches = [await paper.posted(who, "3小时", book=f"A-{who}") for who in ("volunteer", "elder", "leader")]

    async def done(before: str = "") -> list[str]:
        states = (ChangeState.DONE,)
        found = await opening.openings(paper.ctx.engine, "dongqu", states=states, before=before, size=2)
        return [one.uid for one in found]

    newest = await done()
    assert newest == batches[:0:-1]
    assert await done(before=newest[-1]) == batches[:1]
    assert await done(before="X0000000Z") == []


async def test_the_owner_reads_it_in_the_passbook_as_hours_brought_forward(paper: Any) -> None:
    batch = await paper.posted("volunteer", book="A-012")
    book = await hours.statement(paper.ctx, await paper.actor("volunteer"))
    [line] = book.lines
    assert (line.zh, line.minutes_in, line.minutes_left) == ("以前的时间转入", 930, 930)
    assert "A-012" in line.note_zh
    entry = await paper.ctx.book("dongqu").transfer(line.uid)
    assert (entry.reason, entry.memo) == ("opening", batch)


async def test_whoever_entered_a_line_approves_nothing_of_the_batch(paper: Any) -> None:
    batch = await paper.batch()
    await paper.enter(batch, "volunteer")
    line = await paper.enter(batch, "elder", by="worker2")
    for who in ("worker", "worker2"):
        with pytest.raises(SecondPerson):
            await paper.approve(batch, who)
    actor = await paper.actor("worker3")
    await entering.correct(paper.ctx, actor, batch, line.uid, member="", typed=entering.Typed(amount="2小时"))
    with pytest.raises(SecondPerson):
        await paper.approve(batch, "worker3")
    # Worker two's word was replaced, so nothing of the batch is theirs any more.
    await paper.approve(batch, "worker2")
    assert await paper.saved("elder") == 120


async def test_a_batch_too_large_for_two_comes_in_once_a_third_has_agreed_to_the_same_list(
    paper: Any,
) -> None:
    batch = await paper.batch()
    line = await paper.enter(batch, "volunteer", "50小时")
    agreed = await paper.approve(batch, "worker2")
    assert (agreed.state, agreed.second_by) == (ChangeState.WAITS, paper.town.uids["worker2"])
    assert await paper.saved("volunteer") == 0
    for who in ("worker", "worker2"):
        with pytest.raises(SecondPerson):
            await paper.approve(batch, who)
    # What is changed afterwards was agreed to by nobody.
    actor = await paper.actor("worker")
    await entering.correct(
        paper.ctx, actor, batch, line.uid, member="", typed=entering.Typed(amount="60小时")
    )
    again = await paper.approve(batch, "worker3")
    assert (again.state, again.second_by) == (ChangeState.WAITS, paper.town.uids["worker3"])
    done = await paper.approve(batch, "worker2")
    assert done.state is ChangeState.DONE
    assert (done.second_by, done.third_by) == (paper.town.uids["worker3"], paper.town.uids["worker2"])
    assert await paper.saved("volunteer") == 3_600


async def test_small_batches_of_the_same_two_add_up(paper: Any) -> None:
    for owner in ("volunteer", "elder"):
        await paper.posted(owner)
    batch = await paper.batch()
    await paper.enter(batch, "leader")
    assert (await paper.approve(batch, "worker2")).state is ChangeState.WAITS, "46 hours 30 of 40"
    assert await paper.saved("leader") == 0
    assert (await paper.approve(batch, "worker3")).state is ChangeState.DONE
    another = await paper.batch()
    await paper.enter(another, "volunteer2")
    assert (await paper.approve(another, "worker3")).state is ChangeState.DONE, (
        "these two brought in nothing yet"
    )


async def test_nobody_approves_their_own_hours_or_those_of_their_household(paper: Any) -> None:
    batch = await paper.batch()
    await paper.enter(batch, "worker2")
    with pytest.raises(OwnPassbook):
        await paper.approve(batch, "worker2")
    await paper.approve(batch, "worker3")
    async with paper.ctx.engine.atomic():
        await households.add_household(paper.ctx.engine, "H1", community="dongqu", area="dongqu-1")
        for who in ("worker2", "elder"):
            row = await people.member(paper.ctx.engine, paper.town.uids[who])
            assert row is not None
            await people.save_member(paper.ctx.engine, replace(row, household="H1"))
    batch = await paper.batch()
    await paper.enter(batch, "elder")
    with pytest.raises(OwnPassbook):
        await paper.approve(batch, "worker2")
    assert await paper.saved("elder") == 0


async def test_a_passbook_stands_once_whatever_the_batch_and_however_its_number_is_written(
    paper: Any,
) -> None:
    batch = await paper.batch()
    await paper.enter(batch, "volunteer", book="A-012")
    with pytest.raises(PassbookTaken):
        await paper.enter(batch, "elder", book="a 012")
    await paper.approve(batch)
    later = await paper.batch()
    for owner, book in (("volunteer", "A012"), ("elder", "Ａ－０１２")):
        with pytest.raises(PassbookTaken):
            await paper.enter(later, owner, book=book)
    with pytest.raises(AnotherPassbook):
        await paper.enter(later, "volunteer", book="B-7")
    with pytest.raises(AnotherPassbook):
        await paper.enter(later, "volunteer", another=True)
    await paper.enter(later, "volunteer", "1小时", book="B-7", another=True)
    await paper.approve(later)
    assert await paper.saved("volunteer") == 990


async def test_approved_twice_is_once(paper: Any) -> None:
    batch = await paper.posted("volunteer")
    with pytest.raises(AlreadyDone):
        await paper.approve(batch, "worker3")
    assert await paper.saved("volunteer") == 930


async def test_two_colleagues_who_press_at_once_post_once(paper: Any) -> None:
    batch = await paper.batch()
    await paper.enter(batch, "volunteer")
    two = await asyncio.gather(
        paper.approve(batch, "worker2"), paper.approve(batch, "worker3"), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in two) == ["AlreadyDone", "Opening"]
    assert await paper.saved("volunteer") == 930


async def test_a_list_that_changed_after_the_look_is_looked_at_again(paper: Any) -> None:
    batch = await paper.batch()
    line = await paper.enter(batch, "volunteer")
    seen = (await flow.show(paper.ctx, await paper.actor("worker2"), batch)).seen
    await entering.correct(
        paper.ctx, await paper.actor("worker"), batch, line.uid, member="",
        typed=entering.Typed(amount="99小时"),
    )  # fmt: skip
    with pytest.raises(ListChanged):
        await paper.approve(batch, seen=seen)
    assert await paper.saved("volunteer") == 0


async def test_an_empty_batch_is_not_approved_and_a_dropped_one_frees_its_passbooks(paper: Any) -> None:
    batch = await paper.batch()
    with pytest.raises(NothingEntered):
        await paper.approve(batch)
    line = await paper.enter(batch, "volunteer", book="A-1")
    await entering.remove(paper.ctx, await paper.actor("worker"), batch, line.uid)
    await paper.enter(batch, "volunteer", book="A-1")
    await flow.drop(paper.ctx, await paper.actor("worker"), batch)
    with pytest.raises(AlreadyDone):
        await paper.enter(batch, "elder")
    with pytest.raises(AlreadyDone):
        await paper.approve(batch)
    await paper.posted("volunteer", book="A-1")
    assert await paper.saved("volunteer") == 930


async def test_a_reserve_that_is_too_small_posts_nothing_at_all(paper: Any) -> None:
    batch = await paper.batch()
    for who in ("volunteer", "elder", "leader"):
        await paper.enter(batch, who, "9999小时")
    issuer = await paper.ctx.book("dongqu").balance(issuing_account("dongqu"))
    from ledger import ChangeLimits

    await paper.ctx.book("dongqu").post(
        ChangeLimits(
            key="small", code=issuing_account("dongqu"), floor=-1_300_000, ceiling=None,
            effective_on=paper.ctx.today(), reason="policy",
        ),
        at=paper.ctx.now(),
    )  # fmt: skip
    assert issuer.balance == 0
    shown = await flow.show(paper.ctx, await paper.actor("worker2"), batch)
    assert shown.short == 3 * 599_940 - 1_300_000
    with pytest.raises(ReserveTooSmall):
        await paper.approve(batch)
    assert await paper.saved("volunteer") == 0
    assert (await opening.opening(paper.ctx.engine, batch)).state is ChangeState.WAITS  # type: ignore[union-attr]


async def test_what_was_approved_goes_back_by_reversal_and_by_two(paper: Any) -> None:
    batch = await paper.batch()
    await paper.enter(batch, "volunteer", book="A-1")
    await paper.enter(batch, "elder", book="A-2")
    await paper.approve(batch)
    [first, _second] = await opening.lines(paper.ctx.engine, batch)
    back = await flow.take_back(paper.ctx, await paper.actor("worker2"), batch, lines=[first.uid])
    with pytest.raises(SecondPerson):
        await paper.approve(back.uid, "worker2")
    assert await paper.saved("volunteer") == 930
    with pytest.raises(AlreadyDone):
        await flow.take_back(paper.ctx, await paper.actor("worker2"), batch, lines=[first.uid])
    await paper.approve(back.uid, "worker")
    assert (await paper.saved("volunteer"), await paper.saved("elder")) == (0, 930)
    # Rightly this time: the passbook counts as never entered.
    await paper.posted("volunteer", "2小时", book="A-1")
    assert await paper.saved("volunteer") == 120
    assert await paper.ctx.book("dongqu").verify() == []


async def test_a_taking_back_that_is_dropped_leaves_the_hours_and_may_be_asked_for_again(paper: Any) -> None:
    batch = await paper.posted("volunteer")
    back = await flow.take_back(paper.ctx, await paper.actor("worker"), batch)
    await flow.drop(paper.ctx, await paper.actor("worker"), back.uid)
    again = await flow.take_back(paper.ctx, await paper.actor("worker"), batch)
    await paper.approve(again.uid)
    assert await paper.saved("volunteer") == 0
    assert not await opening.opened(paper.ctx.engine, "dongqu")


async def test_hours_that_were_used_do_not_go_back(paper: Any) -> None:
    from timebank.help.hours import giving

    batch = await paper.batch()
    await paper.enter(batch, "volunteer")
    await paper.enter(batch, "elder")
    await paper.approve(batch)
    await giving.donate(paper.ctx, await paper.actor("volunteer"), minutes=60)
    back = await flow.take_back(paper.ctx, await paper.actor("worker"), batch)
    with pytest.raises(HoursUsed):
        await paper.approve(back.uid)
    assert (await paper.saved("volunteer"), await paper.saved("elder")) == (870, 930)


async def test_one_person_alone_cannot_take_an_opening_back_through_the_books(paper: Any) -> None:
    await paper.posted("volunteer")
    book = await hours.statement(paper.ctx, await paper.actor("volunteer"))
    with pytest.raises(hours.TwoPeople):
        await hours.reverse(paper.ctx, await paper.actor("worker"), book.lines[0].uid, reason="wrong_minutes")
    assert await paper.saved("volunteer") == 930


async def test_no_passbooks_is_a_word_of_two_and_ends_with_the_first_passbook(paper: Any) -> None:
    said = await flow.say_none(paper.ctx, await paper.actor("worker"))
    with pytest.raises(AlreadyDone):
        await flow.say_none(paper.ctx, await paper.actor("worker2"))
    with pytest.raises(SecondPerson):
        await paper.approve(said.uid, "worker")
    assert not await opening.opened(paper.ctx.engine, "dongqu")
    await paper.approve(said.uid)
    assert await opening.opened(paper.ctx.engine, "dongqu")
    assert not await opening.opened(paper.ctx.engine, "nanqu")


async def test_nobody_signs_that_there_are_none_when_there_are(paper: Any) -> None:
    said = await flow.say_none(paper.ctx, await paper.actor("worker"))
    await paper.posted("volunteer")
    with pytest.raises(PassbooksExist):
        await paper.approve(said.uid)
    assert await opening.opened(paper.ctx.engine, "dongqu")
    await flow.drop(paper.ctx, await paper.actor("worker"), said.uid)
    with pytest.raises(PassbooksExist):
        await flow.say_none(paper.ctx, await paper.actor("worker"))


async def test_another_community_has_batches_and_people_of_its_own(paper: Any) -> None:
    batch = await paper.batch()
    with pytest.raises(NotFound):
        await paper.enter(batch, "stranger_elder")
    for step in (flow.show, flow.drop, flow.take_back):
        with pytest.raises(NotFound):
            await step(paper.ctx, await paper.actor("stranger_worker"), batch)
    with pytest.raises(NotFound):
        await paper.approve(batch, "stranger_worker", seen="0" * 64)


async def test_somebody_who_left_meanwhile_is_no_owner_to_post_to(paper: Any) -> None:
    from timebank.rules.hours.passbooks import PeopleUnclear

    async with paper.ctx.engine.atomic():
        paper.town.uids["gone"] = await settle(paper.ctx, "dongqu", "要走的")
    batch = await paper.batch()
    await paper.enter(batch, "gone")
    row = await people.member(paper.ctx.engine, paper.town.uids["gone"])
    assert row is not None
    async with paper.ctx.engine.atomic():
        await people.save_member(paper.ctx.engine, replace(row, life=Life.LEFT))
    with pytest.raises(PeopleUnclear):
        await paper.approve(batch)


async def test_the_passbook_of_a_record_that_was_joined_counts_for_the_one_that_is_kept(paper: Any) -> None:
    from timebank.community.people import by_two

    async with paper.ctx.engine.atomic():
        paper.town.uids["double"] = await settle(paper.ctx, "dongqu", "李四四")
    await paper.posted("double")
    change = await by_two.enter_joining(
        paper.ctx,
        await paper.actor("worker"),
        kept=paper.town.uids["volunteer"],
        gone=paper.town.uids["double"],
    )
    await by_two.approve(paper.ctx, await paper.actor("worker2"), change.uid)
    assert await paper.saved("volunteer") == 930
    batch = await paper.batch()
    with pytest.raises(AnotherPassbook):
        await paper.enter(batch, "volunteer")
