"""准入: what a unit must state before a community takes its task on, and every step until it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from marketplace.admission import (
    STATES_ZH,
    STEPS_ZH,
    TRANSITIONS,
    Brings,
    ComesWith,
    Difficulty,
    Step,
    TaskAdmission,
    TaskState,
    admit,
    ask,
    close,
    need_of,
    refuse,
    restate,
    withdraw,
)
from marketplace.errors import (
    AdmissionRefused,
    BadTerm,
    MarketplaceRefusal,
    NotTheTasksUnit,
    NotWholeNumber,
    RefusedWithoutReason,
    TaskIncomplete,
    TaskStage,
)
from marketplace.values import Per, Unit, When

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def stated(**more: Any) -> TaskAdmission:
    given = {
        "uid": "T1",
        "unit": "统计所",
        "title": "入户登记",
        "minutes_per_week": 250,
        "difficulty": Difficulty.ORDINARY,
        "first_on": date(2026, 12, 1),
        "last_on": date(2026, 12, 31),
        "comes_with": (ComesWith(kind=Brings.PEOPLE, text="两名干部每周半天"),),
        "stated_at": NOW,
        **more,
    }
    return TaskAdmission(**given)


@pytest.mark.parametrize(
    ("refusal", "missing"),
    [
        (TaskIncomplete, {"title": " "}),
        (TaskIncomplete, {"minutes_per_week": 0}),
        (TaskIncomplete, {"comes_with": ()}),
        (BadTerm, {"last_on": date(2026, 11, 30)}),
        (NotWholeNumber, {"minutes_per_week": 2.5}),
        (NotWholeNumber, {"minutes_per_week": True}),
    ],
)
def test_a_task_states_its_workload_its_duration_and_what_comes_with_it(refusal: Any, missing: Any) -> None:
    with pytest.raises(refusal) as caught:
        stated(**missing)
    assert isinstance(caught.value, MarketplaceRefusal)
    assert all("{" not in caught.value.sentence(lang) for lang in ("zh", "en"))


def test_the_workload_of_the_whole_duration_counts_begun_weeks() -> None:
    assert stated().minutes_in_all == 250 * 5
    assert stated(last_on=date(2026, 12, 7)).minutes_in_all == 250


def test_the_community_may_ask_and_the_unit_answers() -> None:
    waiting = ask(stated(), by="W1", at=LATER, question="要几户?")
    assert (waiting.state, waiting.reason) == (TaskState.ASKED, "要几户?")
    again = restate(
        waiting,
        unit="统计所",
        by="M7",
        at=LATER,
        minutes_per_week=120,
        last_on=date(2027, 1, 31),
        difficulty=Difficulty.EASY,
        comes_with=(ComesWith(kind=Brings.TRAINING, text="半天培训"),),
    )
    assert (again.state, again.minutes_per_week, again.title) == (TaskState.STATED, 120, "入户登记")
    assert (again.stated_by, again.stated_at, again.difficulty) == ("M7", LATER, Difficulty.EASY)
    assert again.comes_with[0].kind is Brings.TRAINING


def test_a_community_refuses_and_says_why() -> None:
    refused = refuse(stated(), by="W1", at=LATER, reason="没有随任务来的人")
    assert (refused.state, refused.answered_by) == (TaskState.REFUSED, "W1")
    for attempt in (
        lambda: refuse(stated(), by="W1", at=LATER, reason="  "),
        lambda: ask(stated(), by="W1", at=LATER, question=""),
    ):
        with pytest.raises(RefusedWithoutReason):
            attempt()  # type: ignore[no-untyped-call]


def test_an_admitted_task_becomes_a_line_of_the_needs_list() -> None:
    taken = admit(stated(categories=("survey",)), by="W1", at=LATER)
    need = need_of(taken, line_key="N9", when=When(phrase="工作日"), filed_on=date(2026, 11, 19))
    assert (need.owner, need.source, need.categories) == ("统计所", "unit", ("survey",))
    assert (need.quantity.amount, need.quantity.unit, need.quantity.per) == (5, Unit.VISIT, Per.WEEK)
    assert need.quantity.minutes_each == 60
    with pytest.raises(TaskStage):
        need_of(stated(), line_key="N9", when=When(), filed_on=date(2026, 11, 19))


def test_only_its_unit_changes_or_withdraws_a_task() -> None:
    for attempt in (
        lambda: withdraw(stated(), unit="别的单位"),
        lambda: restate(stated(), unit="别的单位", at=LATER),
    ):
        with pytest.raises(NotTheTasksUnit) as caught:
            attempt()  # type: ignore[no-untyped-call]
        assert isinstance(caught.value, AdmissionRefused)
        assert "统计所" in caught.value.sentence("zh")


STEPS = {
    Step.ASK: lambda one: ask(one, by="W1", at=LATER, question="?"),
    Step.RESTATE: lambda one: restate(one, unit="统计所", at=LATER),
    Step.ADMIT: lambda one: admit(one, by="W1", at=LATER),
    Step.REFUSE: lambda one: refuse(one, by="W1", at=LATER, reason="忙不过来"),
    Step.WITHDRAW: lambda one: withdraw(one, unit="统计所"),
    Step.CLOSE: lambda one: close(one, by="W1", at=LATER, reason="做完了"),
}


@pytest.mark.parametrize("state", list(TaskState))
@pytest.mark.parametrize("step", list(Step))
def test_a_task_takes_the_steps_of_the_table_and_no_others(state: Any, step: Any) -> None:
    one = replace(stated(), state=state)
    if (state, step) in TRANSITIONS:
        assert STEPS[step](one).state is TRANSITIONS[state, step]
    else:
        with pytest.raises(TaskStage) as caught:
            STEPS[step](one)
        assert STATES_ZH[state] in caught.value.sentence("zh")
        assert STEPS_ZH[step] in caught.value.sentence("zh")
