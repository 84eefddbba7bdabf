"""Claims from either side: what is held, who answers, and every refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.claims import (
    Claim,
    Line,
    Side,
    Stage,
    accept,
    complete,
    decline,
    expire,
    open_claim,
    release,
    withdraw,
)
from marketplace.errors import (
    ClaimedTwice,
    LineClosed,
    MarketplaceRefusal,
    NotTheClaimant,
    NotTheOwner,
    NotWholeNumber,
    OverRemaining,
    OwnLine,
    WrongStage,
)
from marketplace.values import Need, Quantity, Resource, Unit, Window

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
CLINIC = Line(side=Side.RESOURCE, key="R1", owner="医院", is_open=True, amount=6, repeats=True)


def tuesday(weeks: int = 0) -> Window:
    starts_at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC) + timedelta(weeks=weeks)
    return Window(starts_at, starts_at + timedelta(hours=2))


def claimed(line: Line = CLINIC, claims: tuple[Claim, ...] = (), **more) -> Claim:
    given = {"uid": "C1", "claimant": "张", "window": tuesday(), "at": NOW, "expires_at": LATER, **more}
    return open_claim(line, claims, **given)


def test_a_claim_is_opened_accepted_and_done():
    done = complete(accept(claimed(), CLINIC, by="医院", at=NOW), by="张", at=LATER)
    assert (done.stage, done.answered_by) == (Stage.DONE, "张")


@pytest.mark.parametrize(
    ("refusal", "attempt"),
    [
        (LineClosed, lambda: claimed(replace(CLINIC, is_open=False))),
        (OwnLine, lambda: claimed(claimant="医院")),
        (ClaimedTwice, lambda: claimed(claims=(claimed(),), uid="C2")),
        (OverRemaining, lambda: claimed(quantity=7)),
        (OverRemaining, lambda: claimed(claims=(claimed(quantity=6),), uid="C2", claimant="李")),
        (NotWholeNumber, lambda: claimed(quantity=0)),
        (NotWholeNumber, lambda: claimed(quantity=True)),
        (NotWholeNumber, lambda: claimed(quantity=1.0)),
        (NotTheOwner, lambda: accept(claimed(), CLINIC, by="李", at=NOW)),
        (NotTheOwner, lambda: decline(claimed(), CLINIC, by="张", at=NOW)),
        (NotTheClaimant, lambda: withdraw(claimed(), by="医院", at=NOW)),
        (WrongStage, lambda: accept(withdraw(claimed(), by="张", at=NOW), CLINIC, by="医院", at=NOW)),
        (
            WrongStage,
            lambda: accept(claimed(), CLINIC, by="医院", at=LATER),
        ),  # the time for an answer is over
        (WrongStage, lambda: complete(claimed(), by="张", at=NOW)),
        (WrongStage, lambda: release(claimed(), by="张", at=NOW, reason="雨")),
        (WrongStage, lambda: withdraw(accept(claimed(), CLINIC, by="医院", at=NOW), by="张", at=NOW)),
    ],
)
def test_what_is_not_allowed_is_refused_in_words(refusal, attempt):
    with pytest.raises(refusal) as caught:
        attempt()
    assert caught.value.code == refusal.code
    assert all(caught.value.sentence(lang) for lang in ("zh", "en"))
    assert isinstance(caught.value, MarketplaceRefusal)


def test_places_that_repeat_are_counted_for_each_week_alone():
    full = claimed(quantity=6)
    assert claimed(claims=(full,), uid="C2", window=tuesday(weeks=1)).quantity == 1


@pytest.mark.parametrize(
    "freed",
    [
        lambda one: withdraw(one, by="张", at=NOW),
        lambda one: decline(one, CLINIC, by="医院", at=NOW),
        lambda one: release(accept(one, CLINIC, by="医院", at=NOW), by="医院", at=NOW, reason="停诊"),
        lambda one: expire(one, at=LATER),
    ],
)
def test_a_claim_that_came_to_nothing_holds_nothing(freed):
    after = freed(claimed(quantity=6))
    assert claimed(claims=(after,), uid="C2", quantity=6, at=LATER, expires_at=LATER + timedelta(days=1))


def test_a_claim_done_still_holds_what_it_used():
    done = complete(accept(claimed(quantity=6), CLINIC, by="医院", at=NOW), by="张", at=LATER)
    with pytest.raises(OverRemaining):
        claimed(claims=(done,), uid="C2", claimant="李")


def test_the_same_party_may_claim_another_hour():
    assert claimed(claims=(claimed(),), uid="C2", window=tuesday(weeks=1))


def test_a_claim_in_time_does_not_expire():
    one = claimed()
    assert expire(one, at=LATER - timedelta(seconds=1)) is one


def test_lines_of_both_lists_can_be_claimed():
    need = Need(
        line_key="N1",
        title="清理楼道",
        owner="网格长",
        filed_on=date(2026, 11, 10),
        quantity=Quantity(amount=8, unit=Unit.HELPER, helpers=8, minutes_each=120),
    )
    assert Line.of_need(need).amount == 8
    offer = Resource(line_key="R1", title="理发", owner="店", quantity=Quantity(amount=12, unit=Unit.PERSON))
    line = Line.of_resource(offer, is_open=False)
    assert (line.side, line.amount, line.is_open) == (Side.RESOURCE, 12, False)
