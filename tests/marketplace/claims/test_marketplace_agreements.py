"""Agreements: who signs, what is pledged both ways, how much of it was kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from marketplace.agreements import (
    COMMUNITY,
    Agreement,
    Direction,
    PledgedItem,
    Standing,
    balance,
    drop,
    end,
    fulfilment,
    kept,
    pledges_of,
    promised_in_return,
    renewed,
    revise,
    sign,
    with_claims,
)
from marketplace.claims import Claim, Side, Stage
from marketplace.errors import (
    AgreementDropped,
    AgreementRefused,
    AlreadyAgreed,
    BadTerm,
    EndedWithoutReason,
    ItemTwice,
    NotInForce,
    NotWholeNumber,
    SameHand,
    SignedTwice,
    TermOver,
    UnknownItem,
    UnknownUnit,
)
from marketplace.planning import Pledge
from marketplace.values import Window

ITEMS = (
    PledgedItem(key="room", unit="小学", title="音乐教室", line_key="R1", amount=8, due_on=date(2026, 6, 30)),
    PledgedItem(key="talk", unit="医院", title="健康讲座", amount=2, due_on=date(2026, 9, 30)),
    PledgedItem(
        key="help",
        unit="小学",
        title="护学岗",
        line_key="N1",
        amount=1,
        due_on=date(2026, 12, 31),
        direction=Direction.RECEIVES,
    ),
)
MAY = date(2026, 5, 5)


def draft(**more: Any) -> Agreement:
    given = {
        "uid": "A1",
        "title": "共驻共建协议书",
        "units": ("小学", "医院"),
        "first_on": date(2026, 1, 1),
        "last_on": date(2026, 12, 31),
        "items": ITEMS,
        **more,
    }
    return Agreement(**given)


def signed(**more: Any) -> Agreement:
    return draft(**{"signed_on": date(2026, 1, 5), **more})


def done(
    key: str, *, side: Side = Side.RESOURCE, on: date = MAY, stage: Stage = Stage.DONE, **more: Any
) -> Claim:
    starts_at = datetime(on.year, on.month, on.day, 1, 0, tzinfo=UTC)
    given = {
        "window": Window(starts_at, starts_at + timedelta(hours=1)),
        "opened_at": starts_at,
        "expires_at": starts_at,
        **more,
    }
    return Claim(uid="C1", side=side, line_key=key, claimant="x", stage=stage, **given)


# ---------------------------------------------------------------------- signing


def test_an_agreement_is_in_force_once_every_party_signed() -> None:
    one = draft()
    for number, party in enumerate(("小学", COMMUNITY, "医院"), start=3):
        assert not one.in_force(MAY)
        one = sign(one, party=party, by=f"{party}的人", on=date(2026, 1, number))
    assert one.signed_on == date(2026, 1, 5)
    assert one.in_force(date(2026, 12, 31))
    assert not one.in_force(date(2027, 1, 1))
    assert [signature.party for signature in one.signatures] == ["小学", COMMUNITY, "医院"]


def test_where_an_agreement_stands_follows_its_signatures_and_its_days() -> None:
    began = sign(draft(), party="小学", by="校长", on=MAY)
    ended = end(signed(), on=date(2026, 7, 1), reason="单位搬走")
    stands = [
        (draft(), MAY, Standing.DRAFT),
        (began, MAY, Standing.SIGNING),
        (drop(began, on=MAY, reason="不办了"), MAY, Standing.DROPPED),
        (signed(), date(2025, 12, 31), Standing.AHEAD),
        (signed(), MAY, Standing.IN_FORCE),
        (signed(), date(2027, 1, 1), Standing.OVER),
        (ended, date(2026, 6, 30), Standing.IN_FORCE),
        (ended, date(2026, 7, 1), Standing.ENDED),
        (end(signed(), on=date(2025, 12, 1), reason="没有开始"), date(2025, 12, 20), Standing.ENDED),
    ]
    assert [one.standing(on) for one, on, _ in stands] == [said for _, _, said in stands]


def test_a_draft_in_other_words_is_signed_again_and_an_agreed_one_is_not_changed() -> None:
    began = sign(draft(), party="小学", by="校长", on=MAY)
    other = revise(began, title="新协议书", last_on=date(2026, 11, 30), items=ITEMS[:1])
    assert (other.title, other.first_on, other.last_on) == ("新协议书", date(2026, 1, 1), date(2026, 11, 30))
    assert (other.items, other.signatures) == (ITEMS[:1], ())
    assert revise(began).items == ITEMS
    with pytest.raises(AlreadyAgreed):
        revise(signed(), title="x")
    with pytest.raises(AlreadyAgreed):
        drop(signed(), on=MAY)
    gone = drop(began, on=MAY)
    with pytest.raises(AgreementDropped):
        revise(gone)
    with pytest.raises(AgreementDropped):
        drop(gone, on=MAY)
    with pytest.raises(AgreementDropped):
        sign(gone, party="医院", by="院长", on=MAY)


def test_nobody_signs_for_two_parties_and_paper_is_complete_on_the_day_of_its_latest_signature() -> None:
    began = sign(draft(), party="小学", by="校长", on=MAY)
    with pytest.raises(SameHand):
        sign(began, party="医院", by="校长", on=MAY)
    paper = sign(began, party="医院", by="", on=date(2026, 5, 20), recorded_by="desk")
    whole = sign(paper, party=COMMUNITY, by="", on=date(2026, 5, 7), recorded_by="desk")
    assert [one.on_paper for one in whole.signatures] == [False, True, True]
    assert whole.signed_on == date(2026, 5, 20)


def test_a_renewed_agreement_is_a_draft_of_the_same_items_as_far_into_its_term() -> None:
    again = renewed(signed(), uid="A2", first_on=date(2027, 3, 1), last_on=date(2027, 12, 31))
    assert (again.follows, again.standing(MAY)) == ("A1", Standing.DRAFT)
    due = {item.key: item.due_on for item in again.items}
    assert due == {"room": date(2027, 8, 28), "talk": date(2027, 11, 28), "help": date(2027, 12, 31)}
    with pytest.raises(NotInForce):
        renewed(draft(), uid="A2", first_on=date(2027, 1, 1), last_on=date(2027, 12, 31))
    with pytest.raises(BadTerm):
        renewed(signed(), uid="A2", first_on=date(2027, 1, 2), last_on=date(2027, 1, 1))


def test_an_agreement_ended_early_holds_until_the_day_before() -> None:
    ended = end(signed(), on=date(2026, 7, 1), reason="单位搬走")
    assert ended.in_force(date(2026, 6, 30))
    assert not ended.in_force(date(2026, 7, 1))
    assert fulfilment(ended, on=date(2026, 12, 31)).due == 1


@pytest.mark.parametrize(
    ("refusal", "attempt"),
    [
        (BadTerm, lambda: signed(last_on=date(2025, 1, 1))),
        (UnknownUnit, lambda: signed(units=("小学",))),
        (ItemTwice, lambda: signed(items=(ITEMS[0], ITEMS[0]))),
        (UnknownUnit, lambda: sign(draft(), party="银行", by="某人", on=MAY)),
        (
            SignedTwice,
            lambda: sign(sign(draft(), party="小学", by="a", on=MAY), party="小学", by="b", on=MAY),
        ),
        (TermOver, lambda: sign(draft(), party="小学", by="a", on=date(2027, 1, 1))),
        (EndedWithoutReason, lambda: end(signed(), on=MAY, reason="")),
        (NotInForce, lambda: end(draft(), on=MAY, reason="x")),
        (NotInForce, lambda: end(signed(), on=date(2027, 1, 1), reason="x")),
        (UnknownItem, lambda: kept(signed(), key="没有")),
    ],
)
def test_what_contradicts_the_agreement_is_refused_in_words(refusal: Any, attempt: Any) -> None:
    with pytest.raises(refusal) as caught:
        attempt()
    assert isinstance(caught.value, AgreementRefused)
    assert all(caught.value.sentence(lang) for lang in ("zh", "en"))


@pytest.mark.parametrize("amount", [1.0, True, 0, -1])
def test_amounts_are_whole_numbers(amount: Any) -> None:
    with pytest.raises(NotWholeNumber):
        kept(signed(), key="room", amount=amount)
    if amount is not True and amount != 0:
        with pytest.raises(NotWholeNumber):
            PledgedItem(key="x", unit="y", title="z", amount=amount, due_on=MAY)


# ---------------------------------------------------------------------- what was kept


def test_the_rate_counts_what_is_due_and_kept_in_full() -> None:
    half = kept(signed(), key="room", amount=8)
    assert fulfilment(half, on=date(2026, 10, 1)).percent == 50
    assert fulfilment(half, on=date(2026, 10, 1), unit="小学").percent == 100
    assert fulfilment(half, on=date(2026, 12, 31), unit="小学", direction=Direction.RECEIVES).percent == 0
    assert fulfilment(half, on=date(2026, 1, 6)).percent is None


def test_what_was_kept_is_read_from_the_claims_that_were_done() -> None:
    claims = [
        done("R1", quantity=5),
        done("N9", side=Side.NEED, with_key="R1", quantity=3),
        done("R1", stage=Stage.ACCEPTED, quantity=100),
        done("R1", stage=Stage.RELEASED, quantity=100),
        done("R1", on=date(2025, 12, 31), quantity=100),
        done("R1", window=None),
        done("N1", side=Side.NEED),
    ]
    after = with_claims(kept(signed(), key="talk", amount=2), claims)
    assert [item.done for item in after.items] == [8, 2, 1]
    assert fulfilment(after, on=date(2026, 12, 31)).percent == 100
    assert balance([after]) == {"小学": (8, 1), "医院": (2, 0)}


def test_a_claim_without_an_hour_counts_on_the_day_it_was_done() -> None:
    at = datetime(2026, 5, 5, 1, 0, tzinfo=UTC)
    after = with_claims(signed(), [done("R1", window=None, answered_at=at, quantity=2)])
    assert after.items[0].done == 2


# ---------------------------------------------------------------------- what the planner is told


def test_the_planner_is_told_what_is_pledged_and_how_much_is_left() -> None:
    first = kept(signed(), key="room", amount=3)
    assert pledges_of([first]) == {
        "R1": Pledge(first_on=date(2026, 1, 1), last_on=date(2026, 12, 31), left=5)
    }
    second = signed(uid="A2", last_on=date(2027, 3, 31))
    assert pledges_of([first, second])["R1"] == Pledge(
        first_on=date(2026, 1, 1), last_on=date(2027, 3, 31), left=13
    )
    assert pledges_of([draft()]) == {}
    assert pledges_of([kept(signed(), key="room", amount=9)])["R1"].left == 0


def test_needs_promised_in_return_are_known_until_they_are_met() -> None:
    assert promised_in_return([signed()], on=MAY) == {"N1"}
    assert promised_in_return([draft()], on=MAY) == frozenset()
    assert promised_in_return([kept(signed(), key="help")], on=MAY) == frozenset()
    unlisted = replace(ITEMS[2], line_key="")
    assert promised_in_return([signed(items=(unlisted,))], on=MAY) == frozenset()
