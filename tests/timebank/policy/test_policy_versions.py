"""A version's life: entered by one, approved by another, never changed once it has begun."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from timebank.errors import AppRefusal
from timebank.policy import (
    AlreadyBegan,
    DayTaken,
    NotADraft,
    PreviewChanged,
    SecondPerson,
    StartsTooSoon,
)
from timebank.policy.versions import (
    Version,
    VersionState,
    approved,
    drafted,
    fingerprint,
    founding,
    in_force,
    revised,
    withdrawn,
)

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
FIRST = founding(community="dongqu", text="first", on=date(2026, 11, 1), by="operator", at=NOW)


def draft(
    *others: Version, text: str = "new", starts_on: date = date(2026, 12, 15), today: date = TODAY
) -> Version:
    return drafted(
        others, community="dongqu", text=text, preview="{}", starts_on=starts_on, today=today, by="anna", at=NOW
    )  # fmt: skip


def approve(one: Version, *others: Version, by: str = "bert", seen: str = "", today: date = TODAY) -> Version:
    return approved(others, one, seen=seen or one.fingerprint, today=today, by=by, at=NOW)


def test_the_founding_version_holds_at_once_and_before() -> None:
    assert FIRST.number == 1
    assert in_force([FIRST], TODAY) is FIRST
    assert in_force([FIRST], date(2020, 1, 1)) is FIRST
    assert in_force([], TODAY) is None


def test_a_draft_takes_the_next_number_and_does_not_hold() -> None:
    new = draft(FIRST)
    assert (new.number, new.state) == (2, VersionState.DRAFTED)
    assert in_force([FIRST, new], date(2026, 12, 20)) is FIRST


def test_an_approved_version_holds_from_its_day_on() -> None:
    new = approve(draft(FIRST), FIRST)
    assert (new.state, new.approved_by, new.approved_at) == (VersionState.APPROVED, "bert", NOW)
    assert in_force([FIRST, new], date(2026, 12, 14)) is FIRST
    assert in_force([new, FIRST], date(2026, 12, 15)) is new


@pytest.mark.parametrize("starts_on", [TODAY, TODAY - timedelta(days=1), date(1999, 1, 1)])
def test_a_rule_begins_tomorrow_at_the_earliest(starts_on: date) -> None:
    with pytest.raises(StartsTooSoon) as refused:
        draft(FIRST, starts_on=starts_on)
    assert refused.value.field == "starts_on"


def test_two_approved_versions_never_begin_on_one_day() -> None:
    rival = draft(FIRST)
    taken = approve(draft(FIRST, rival), FIRST, rival)
    with pytest.raises(DayTaken):
        draft(FIRST, rival, taken)
    with pytest.raises(DayTaken):
        approve(rival, FIRST, taken)
    freed = withdrawn(taken, today=TODAY)
    assert approve(rival, FIRST, freed).state is VersionState.APPROVED


def test_who_entered_a_version_does_not_approve_it() -> None:
    with pytest.raises(SecondPerson):
        approve(draft(FIRST), FIRST, by="anna")


def test_who_changed_a_draft_last_has_entered_it() -> None:
    changed = revised(
        [FIRST], draft(FIRST), text="other", preview="{}", starts_on=date(2026, 12, 16), today=TODAY, by="bert", at=NOW
    )  # fmt: skip
    assert changed.number == 2
    with pytest.raises(SecondPerson):
        approve(changed, FIRST, by="bert")
    assert approve(changed, FIRST, by="anna").state is VersionState.APPROVED


def test_what_was_not_shown_cannot_be_approved() -> None:
    one = draft(FIRST)
    changed = revised(
        [FIRST], one, text="other", preview="{}", starts_on=one.starts_on, today=TODAY, by="anna", at=NOW
    )
    with pytest.raises(PreviewChanged):
        approve(changed, FIRST, seen=one.fingerprint)


def test_a_draft_whose_day_has_come_is_too_late_to_approve() -> None:
    with pytest.raises(StartsTooSoon):
        approve(draft(FIRST), FIRST, today=date(2026, 12, 15))


def test_a_version_that_began_never_changes() -> None:
    new = approve(draft(FIRST), FIRST)
    later = date(2026, 12, 15)
    with pytest.raises(AlreadyBegan):
        withdrawn(new, today=later)
    with pytest.raises(AlreadyBegan):
        revised([FIRST, new], new, text="x", preview="", starts_on=later + timedelta(days=1), today=later, by="c", at=NOW)  # fmt: skip
    with pytest.raises(AlreadyBegan):
        approve(new, FIRST, by="carl", today=later)
    with pytest.raises(AlreadyBegan):
        withdrawn(FIRST, today=TODAY)


def test_nothing_is_approved_or_withdrawn_twice() -> None:
    new = approve(draft(FIRST), FIRST)
    with pytest.raises(NotADraft):
        approve(new, FIRST, by="carl")
    gone = withdrawn(new, today=TODAY)
    with pytest.raises(NotADraft):
        withdrawn(gone, today=TODAY)
    with pytest.raises(NotADraft):
        approve(gone, FIRST)


def test_every_refusal_speaks_both_languages() -> None:
    for kind in (AlreadyBegan, DayTaken, NotADraft, PreviewChanged, SecondPerson, StartsTooSoon):
        refusal = kind()
        assert refusal.said("zh-CN") != refusal.said("en")
        assert refusal.status in (403, 409, 422)


@given(st.text(), st.text(), st.text(), st.text())
def test_a_fingerprint_tells_any_two_pairs_apart(text: str, preview: str, text2: str, preview2: str) -> None:
    same = (text, preview) == (text2, preview2)
    assert (fingerprint(text, preview) == fingerprint(text2, preview2)) is same
    assert fingerprint(text + "a", preview) != fingerprint(text, "a" + preview)


class Office(RuleBasedStateMachine):
    """People who draft, change, approve and withdraw while days go by; what once held stays as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.today = TODAY
        self.versions: dict[int, Version] = {1: FIRST}
        self.held: dict[date, Version] = {}

    @initialize()
    def opens(self) -> None:
        self._remember()

    def _remember(self) -> None:
        found = in_force(self.versions.values(), self.today)
        assert found is not None
        self.held[self.today] = found

    def _try(self, step: object) -> None:
        try:
            made = step()  # type: ignore[operator]
        except AppRefusal:
            return
        self.versions[made.number] = made

    @rule(ahead=st.integers(-1, 4), by=st.sampled_from("abc"))
    def draft(self, ahead: int, by: str) -> None:
        self._try(
            lambda: drafted(
                list(self.versions.values()), community="dongqu", text=f"{len(self.versions)}", preview="",
                starts_on=self.today + timedelta(days=ahead), today=self.today, by=by, at=NOW,
            )
        )  # fmt: skip

    @rule(number=st.integers(1, 12), by=st.sampled_from("abc"))
    def approve(self, number: int, by: str) -> None:
        if one := self.versions.get(number):
            self._try(
                lambda: approved(
                    list(self.versions.values()), one, seen=one.fingerprint, today=self.today, by=by, at=NOW
                )
            )

    @rule(number=st.integers(1, 12), ahead=st.integers(0, 3), by=st.sampled_from("abc"))
    def revise(self, number: int, ahead: int, by: str) -> None:
        if one := self.versions.get(number):
            self._try(
                lambda: revised(
                    list(self.versions.values()), one, text="revised", preview="",
                    starts_on=self.today + timedelta(days=ahead), today=self.today, by=by, at=NOW,
                )
            )  # fmt: skip

    @rule(number=st.integers(1, 12))
    def withdraw(self, number: int) -> None:
        if one := self.versions.get(number):
            self._try(lambda: withdrawn(one, today=self.today))

    @rule()
    def sleep(self) -> None:
        self.today += timedelta(days=1)
        self._remember()

    @invariant()
    def no_day_is_judged_by_another_rule_than_then(self) -> None:
        for on, version in self.held.items():
            assert in_force(self.versions.values(), on) == version

    @invariant()
    def two_people_stand_behind_every_rule(self) -> None:
        for one in self.versions.values():
            if one.state is VersionState.APPROVED and one.number > 1:
                assert one.approved_by not in ("", one.entered_by)

    @invariant()
    def no_day_begins_two_rules(self) -> None:
        days = [one.starts_on for one in self.versions.values() if one.state is VersionState.APPROVED]
        assert len(days) == len(set(days))


TestOffice = Office.TestCase
