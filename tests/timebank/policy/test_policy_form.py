"""The form made from the knobs: what is shown comes back as the same policy, and every mistake names its field."""

from __future__ import annotations

import pytest

from timebank.community.policy.form import Field, changes, groups_of, policy_of, said, typed_into
from timebank.policy import CreditPolicy, GiftTo, GivingPolicy, Policy, Rounding, Weight, reading
from timebank.policy.knobs import Shape, all_specs


def sent(policy: Policy) -> dict[str, list[str]]:
    """What a browser sends for an untouched form."""
    found: dict[str, list[str]] = {}

    def put(field: Field) -> None:
        for row in field.rows:
            for one in row:
                put(one)
        if field.shape is Shape.CHOICES:
            if field.values:
                found[field.name] = [str(one) for one in field.values]
        elif field.shape is Shape.SWITCH:
            if field.value:
                found[field.name] = [field.value]
        elif field.shape is not Shape.TABLES:
            found[field.name] = [field.value]

    for group in groups_of(policy):
        for field in group.fields:
            put(field)
    return found


@pytest.mark.parametrize("name", reading.shipped())
def test_an_untouched_form_is_the_same_policy(name: str) -> None:
    policy = Policy.load(name)
    assert policy_of(sent(policy)) == (policy, {})


def test_every_knob_stands_on_the_form_once() -> None:
    names = [field.name for group in groups_of(Policy()) for field in group.fields]
    assert sorted(names) == sorted(spec.key for spec in all_specs(Policy))


def test_what_is_left_empty_is_left_unset() -> None:
    form = sent(Policy.load("plain"))
    form["credit.minutes_per_day_max"] = [""]
    form["credit.step_minutes"] = [""]
    policy, errors = policy_of(form)
    assert not errors
    assert policy is not None
    assert (policy.credit.minutes_per_day_max, policy.credit.step_minutes) == (0, 1)


def test_digits_are_read_as_people_type_them() -> None:
    form = sent(Policy())
    form["credit.minutes_total_max"] = [" ９０,000 "]
    policy, _errors = policy_of(form)
    assert policy is not None
    assert policy.credit.minutes_total_max == 90_000


def test_a_switch_that_is_not_ticked_is_off() -> None:
    form = sent(Policy())
    del form["earning.free_only"]
    policy, _errors = policy_of(form)
    assert policy is not None
    assert policy.earning.free_only is False


def test_rows_are_added_and_taken_away() -> None:
    form = sent(Policy(credit=CreditPolicy(weights=(Weight(category="daily", percent=150),))))
    form["credit.weights.0.category"], form["credit.weights.0.percent"] = [""], [""]
    form["credit.weights.1.category"], form["credit.weights.1.percent"] = ["patrol"], ["80"]
    policy, errors = policy_of(form)
    assert not errors
    assert policy is not None
    assert policy.credit.weights == (Weight(category="patrol", percent=80),)


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("credit.step_minutes", "0", "credit.step_minutes"),
        ("credit.step_minutes", "15.5", "credit.step_minutes"),
        ("credit.step_minutes", "-15", "credit.step_minutes"),
        ("credit.step_minutes", "9" * 20, "credit.step_minutes"),
        ("credit.rounding", "half", "credit.rounding"),
        ("giving.to", "cousin", "giving.to"),
        ("credit.weights.0.percent", "x", "credit.weights.0.percent"),
        ("credit.weights.0.percent", "150", "credit.weights.0.category"),  # a weight of no kind
        ("served.groups.0.age_max", "121", "served.groups.0.age_max"),
        ("earning.age_max", "5", "earning.age_max"),  # below the youngest
        ("timezone", "Asia/Nowhere", "timezone"),
        ("credit.surprise", "1", "credit.surprise"),
    ],
)
def test_a_mistake_names_its_field_and_nothing_typed_is_lost(name: str, value: str, at: str) -> None:
    form = sent(Policy.load("plain"))
    form["title_zh"] = ["新名字"]
    form[name] = [value]
    policy, errors = policy_of(form)
    assert policy is None
    assert list(errors) == [at]
    assert errors[at].said("zh-CN")
    shown = {one.name: one for group in typed_into(groups_of(Policy()), form) for one in group.fields}
    assert shown["title_zh"].value == "新名字"
    if name in shown and shown[name].shape is Shape.NUMBER:
        assert shown[name].value == value


def test_several_mistakes_are_told_at_once() -> None:
    form = sent(Policy())
    form["credit.step_minutes"], form["lists.days_to_answer"] = ["x"], ["0"]
    _policy, errors = policy_of(form)
    assert set(errors) == {"credit.step_minutes", "lists.days_to_answer"}


def test_what_differs_is_said_in_words() -> None:
    before = Policy()
    after = Policy(
        credit=CreditPolicy(
            step_minutes=15, rounding=Rounding.UP, minutes_per_day_max=120,
            weights=(Weight(category="daily", percent=150),),
        ),
        giving=GivingPolicy(to=(GiftTo.FUND, GiftTo.SPOUSE)),
    )  # fmt: skip
    told = {
        spec.key: (said(spec, old, "zh-CN"), said(spec, new, "zh-CN"))
        for spec, old, new in changes(before, after)
    }
    assert told == {
        "credit.step_minutes": ("1 分钟", "15 分钟"),
        "credit.rounding": ("四舍五入", "进一"),
        "credit.minutes_per_day_max": ("不限", "120 分钟"),
        "credit.weights": ("不用", "类别代码 daily，系数 150 %"),
        "giving.to": ("社区基金", "社区基金、配偶"),
    }
    assert [said(spec, new, "en") for spec, _old, new in changes(before, after)][2] == "120 minutes"
    assert changes(before, before) == ()
