"""Claims from either side: what is held, who answers, and every refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from marketplace.claims import (
    STAGES_ZH,
    STEPS,
    Claim,
    Line,
    Side,
    Stage,
    accept,
    complete,
    decline,
    expire,
    kept_by,
    open_claim,
    release,
    withdraw,
)
from marketplace.errors import (
    CertificateExpired,
    CertificateMissing,
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

NURSING = replace(CLINIC, requires=frozenset({"护理证"}))


def tuesday(weeks: int = 0) -> Window:
    starts_at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC) + timedelta(weeks=weeks)
    return Window(starts_at, starts_at + timedelta(hours=2))


def claimed(line: Line = CLINIC, claims: tuple[Claim, ...] = (), **more: Any) -> Claim:
    given: dict[str, Any] = {
        "uid": "C1",
        "claimant": "张",
        "window": tuesday(),
        "at": NOW,
        "expires_at": LATER,
        **more,
    }
    return open_claim(line, claims, **given)


def test_a_claim_is_opened_accepted_and_done() -> None:
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
        (LineClosed, lambda: accept(claimed(), replace(CLINIC, is_open=False), by="医院", at=NOW)),
        (CertificateMissing, lambda: claimed(NURSING, certificates={"急救证": None})),
        (CertificateExpired, lambda: claimed(NURSING, certificates={"护理证": date(2026, 11, 23)})),
        (
            CertificateExpired,
            lambda: claimed(NURSING, window=None, certificates={"护理证": date(2026, 11, 17)}),
        ),
        (WrongStage, lambda: complete(claimed(), by="张", at=NOW)),
        (WrongStage, lambda: release(claimed(), by="张", at=NOW, reason="雨")),
        (WrongStage, lambda: withdraw(accept(claimed(), CLINIC, by="医院", at=NOW), by="张", at=NOW)),
    ],
)
def test_what_is_not_allowed_is_refused_in_words(refusal: Any, attempt: Any) -> None:
    with pytest.raises(refusal) as caught:
        attempt()
    assert caught.value.code == refusal.code
    assert all(caught.value.sentence(lang) for lang in ("zh", "en"))
    assert isinstance(caught.value, MarketplaceRefusal)


def test_places_that_repeat_are_counted_for_each_week_alone() -> None:
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
def test_a_claim_that_came_to_nothing_holds_nothing(freed: Any) -> None:
    after = freed(claimed(quantity=6))
    assert claimed(claims=(after,), uid="C2", quantity=6, at=LATER, expires_at=LATER + timedelta(days=1))


def test_a_claim_done_still_holds_what_it_used() -> None:
    done = complete(accept(claimed(quantity=6), CLINIC, by="医院", at=NOW), by="张", at=LATER)
    with pytest.raises(OverRemaining):
        claimed(claims=(done,), uid="C2", claimant="李")


def test_the_same_party_may_claim_another_hour() -> None:
    assert claimed(claims=(claimed(),), uid="C2", window=tuesday(weeks=1))


def test_a_claim_in_time_does_not_expire() -> None:
    one = claimed()
    assert expire(one, at=LATER - timedelta(seconds=1)) is one


def test_lines_of_both_lists_can_be_claimed() -> None:
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


@pytest.mark.parametrize("held", [None, {"护理证": None}, {"护理证": date(2026, 11, 24), "急救证": None}])
def test_a_certificate_that_holds_on_the_day_is_enough(held: Any) -> None:
    assert claimed(NURSING, certificates=held).stage is Stage.OPEN


def test_the_line_of_a_need_asks_for_what_the_need_asks_for() -> None:
    need = Need(line_key="N1", title="换药", filed_on=date(2026, 11, 10), requires=frozenset({"护理证"}))
    assert Line.of_need(need).requires == {"护理证"}


# ---------------------------------------------------------------------- called off, kept


@pytest.mark.parametrize(
    ("at", "on_the_day"),
    [
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), False),  # a minute to midnight in Shanghai
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 2, 0, tzinfo=UTC), True),
    ],
)
def test_a_claim_called_off_on_the_day_is_told_apart(at: Any, on_the_day: bool) -> None:
    accepted = accept(claimed(), CLINIC, by="医院", at=NOW)
    assert release(accepted, by="张", at=at, reason="病了").called_off_on_the_day() is on_the_day
    assert not accepted.called_off_on_the_day()
    without_hour = accept(claimed(window=None), CLINIC, by="医院", at=NOW)
    assert not release(without_hour, by="张", at=at, reason="病了").called_off_on_the_day()


def test_the_days_of_a_claim_are_those_of_the_place() -> None:
    accepted = accept(claimed(), CLINIC, by="医院", at=NOW)
    evening_before = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    off = release(accepted, by="张", at=evening_before, reason="病了")
    assert off.called_off_on_the_day(ZoneInfo("Asia/Shanghai"))
    assert not off.called_off_on_the_day(ZoneInfo("Europe/Madrid"))
    held = {"护理证": date(2026, 11, 23)}
    assert claimed(NURSING, certificates=held, zone=ZoneInfo("America/New_York"))
    with pytest.raises(CertificateExpired):
        claimed(NURSING, certificates=held)


def test_how_a_party_kept_its_claims_counts_only_what_it_called_off_itself() -> None:
    accepted = accept(claimed(), CLINIC, by="医院", at=NOW)
    on_the_day = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    claims = [
        complete(accepted, by="张", at=on_the_day),
        release(accepted, by="张", at=NOW, reason="出差"),
        release(accepted, by="张", at=on_the_day, reason="病了"),
        release(accepted, by="医院", at=on_the_day, reason="停诊"),
        claimed(),
        replace(complete(accepted, by="李", at=on_the_day), claimant="李"),
    ]
    found = kept_by(claims, "张")
    assert (found.done, found.called_off, found.on_the_day, found.percent) == (1, 2, 1, 33)
    assert kept_by(claims, "王").percent is None


# ---------------------------------------------------------------------- every stage and step

STEP_TO = {
    Stage.ACCEPTED: lambda one: accept(one, CLINIC, by="医院", at=NOW),
    Stage.DECLINED: lambda one: decline(one, CLINIC, by="医院", at=NOW),
    Stage.WITHDRAWN: lambda one: withdraw(one, by="张", at=NOW),
    Stage.DONE: lambda one: complete(one, by="张", at=NOW),
    Stage.RELEASED: lambda one: release(one, by="张", at=NOW, reason="雨"),
}


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("to", list(STEP_TO))
def test_a_claim_takes_the_steps_of_the_table_and_no_others(stage: Any, to: Any) -> None:
    one = replace(claimed(), stage=stage)
    if to in STEPS.get(stage, ()):
        assert STEP_TO[to](one).stage is to
    else:
        with pytest.raises(WrongStage) as caught:
            STEP_TO[to](one)
        assert STAGES_ZH[stage] in caught.value.sentence("zh")
