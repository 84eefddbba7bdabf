"""Reading and writing a policy: whatever is not exactly a rule is refused by name, whatever is written comes back."""

from __future__ import annotations

import tomllib
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.categories import default_tree
from timebank.policy import BadPolicy, CreditPolicy, Policy, Rounding, ServedGroup, Weight, reading
from timebank.policy.knobs import Shape, Spec, all_specs, parts_of, specs_of
from timebank.policy.words import CHOICES


def test_an_empty_text_sets_no_rule() -> None:
    policy = Policy.read("")
    assert policy == Policy()
    assert policy.credit.minutes_per_day_max == 0
    assert policy.credit.minutes_total_max == 0
    assert policy.credit.step_minutes == 1
    assert policy.earning.age_min == 0


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("minutes = 1", "minutes"),  # unknown at the top
        ("[credit]\nstep = 15", "credit.step"),  # unknown in a part
        ("[debit]\nx = 1", "debit"),  # unknown part
        ("credit = 15", "credit"),  # a part that is no table
        ("[credit]\nstep_minutes = 0", "credit.step_minutes"),  # below its bound
        ("[credit]\nstep_minutes = '15'", "credit.step_minutes"),  # a text for a number
        ("[credit]\nstep_minutes = 15.0", "credit.step_minutes"),  # a fraction
        ("[credit]\nstep_minutes = true", "credit.step_minutes"),  # True is no 1
        ("[credit]\nminutes_per_day_max = -1", "credit.minutes_per_day_max"),
        ("[credit]\nminutes_per_day_max = 1441", "credit.minutes_per_day_max"),  # more than a day has
        ("[credit]\nrounding = 'half'", "credit.rounding"),
        ("[credit]\npayer = 1", "credit.payer"),
        ("[earning]\nfree_only = 1", "earning.free_only"),
        ("[earning]\ncategories = 'errand'", "earning.categories"),
        ("[earning]\ncategories = ['']", "earning.categories"),
        ("[earning]\ncategories = ['errand', 'errand']", "earning.categories"),
        ("[giving]\nto = ['cousin']", "giving.to"),
        ("[giving]\nto = 'fund'", "giving.to"),
        ("[[served.groups]]\nage = 60", "served.groups.0.age"),
        ("[[served.groups]]\nage_min = 80\nage_max = 60", "served.groups.0.age_max"),
        ("[served]\ngroups = [1]", "served.groups"),
        ("[[credit.weights]]\npercent = 150", "credit.weights.0.category"),
        ("[[credit.weights]]\ncategory = 'a'\n[[credit.weights]]\ncategory = 'a'", "credit.weights"),
        ("[earning]\nage_min = 70\nage_max = 60", "earning.age_max"),
        ("[earning]\nbackdate_days_free = 30\nbackdate_days_max = 10", "earning.backdate_days_max"),
        ("[redeeming]\nage_min = 60\nage_min_hardship = 65", "redeeming.age_min_hardship"),
        ("[public]\npeople_min = 4", "public.people_min"),  # privacy may be raised, never lowered
        ("timezone = 'Asia/Nowhere'", "timezone"),
        ("timezone = '../../etc/passwd'", "timezone"),
        ("title_zh = 5", "title_zh"),
        ("valid_from_on = 2026-01-01", "valid_from_on"),  # an earlier edition's key
        ("[credit]\nminors_earn = false", "credit.minors_earn"),
        ("[credit", ""),  # no TOML
    ],
)
def test_what_is_no_rule_is_refused_by_its_key(text: str, key: str) -> None:
    with pytest.raises(BadPolicy) as refused:
        Policy.read(text)
    assert refused.value.key == refused.value.field == key
    assert key in str(refused.value)
    assert refused.value.said("zh-CN") != refused.value.said("en") != ""
    assert refused.value.status == 422


def test_an_earlier_editions_key_says_what_took_its_place() -> None:
    with pytest.raises(BadPolicy, match="banked_from_age"):
        Policy.read("[credit]\nminors_earn = false")


def test_what_a_text_leaves_out_stays_unset() -> None:
    text = "title_zh = 'x'\n[credit]\nminutes_per_day_max = 120\n"
    assert reading.said(text) == {"title_zh", "credit.minutes_per_day_max"}


def test_a_missing_file_and_an_unknown_city_are_refused() -> None:
    with pytest.raises(BadPolicy, match="no policy file"):
        Policy.load("/nowhere/town.toml")
    with pytest.raises(BadPolicy, match="plain"):
        Policy.load("atlantis")
    with pytest.raises(BadPolicy):
        Policy.load("../cities/plain")


def test_a_kind_of_service_that_nobody_knows_is_refused() -> None:
    known = default_tree().categories
    reading.check_categories(Policy.read("[earning]\ncategories = ['errand', 'daily']"), known)
    with pytest.raises(BadPolicy) as refused:
        reading.check_categories(Policy.read("[redeeming]\ncategories = ['erand']"), known)
    assert refused.value.key == "redeeming.categories"
    with pytest.raises(BadPolicy) as refused:
        reading.check_categories(Policy(credit=CreditPolicy(weights=(Weight(category="x"),))), known)
    assert refused.value.key == "credit.weights"


def test_what_is_written_says_only_what_was_set() -> None:
    text = reading.written(Policy.read("[credit]\nrounding = 'up'\nstep_minutes = 15\n"))
    assert text == '[credit]\nstep_minutes = 15\nrounding = "up"\n'
    assert reading.written(Policy()) == "\n"


def _values(spec: Spec) -> st.SearchStrategy[object]:
    match spec.shape:
        case Shape.NUMBER:
            return st.integers(spec.knob.least, spec.knob.most)
        case Shape.SWITCH:
            return st.booleans()
        case Shape.TEXT:
            return st.just("Europe/Zurich") if spec.key == "timezone" else st.text(max_size=12)
        case Shape.CHOICE:
            return st.sampled_from(list(spec.choices or ()))
        case Shape.CHOICES:
            return st.lists(st.sampled_from(list(spec.choices or ())), unique=True)
        case Shape.CODES:
            return st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=3)
    raise AssertionError(spec)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy whose knobs agree with each other."""
    values: dict[str, object] = {}
    for name, (_section, part) in parts_of(Policy).items():
        inner = {}
        for spec in specs_of(part, name):
            if spec.shape is Shape.TABLES:
                continue
            value = draw(_values(spec))
            inner[spec.name] = tuple(value) if isinstance(value, list) else value
        try:
            values[name] = part(**inner)
        except BadPolicy:
            values[name] = part()
    top = {spec.name: draw(_values(spec)) for spec in specs_of(Policy)}
    policy = Policy(**values, **top)  # type: ignore[arg-type]
    groups = draw(st.lists(st.builds(ServedGroup, age_min=st.integers(0, 60)), max_size=2))
    return Policy(
        **{
            **{n: getattr(policy, n) for n in [*values, *top]},
            "served": type(policy.served)(groups=tuple(groups)),
        }
    )


@settings(deadline=None)
@given(policies())
def test_a_policy_that_is_written_and_read_is_the_same(policy: Policy) -> None:
    text = reading.written(policy)
    tomllib.loads(text)
    assert Policy.read(text) == policy


def test_every_choice_has_words_in_both_languages() -> None:
    used = {spec.choices for spec in all_specs(Policy) if spec.choices is not None}
    assert used == set(CHOICES)
    for kind in used:
        assert issubclass(kind, StrEnum)
        assert set(CHOICES[kind]) == {choice.value for choice in kind}
        assert all(zh and en for zh, en in CHOICES[kind].values())


def test_every_knob_has_words_and_a_default_within_its_bounds() -> None:
    for spec in all_specs(Policy):
        assert spec.knob.zh
        assert spec.knob.en
        if isinstance(spec.default, int) and not isinstance(spec.default, bool):
            assert spec.knob.least <= spec.default <= spec.knob.most, spec.key
        if spec.default == 0 and spec.shape is Shape.NUMBER and spec.knob.least == 0:
            assert spec.knob.none != ("", ""), f"{spec.key} does not say what 0 means"


def test_rounding_is_a_choice_and_not_a_text() -> None:
    assert Policy.read("[credit]\nrounding = 'up'").credit.rounding is Rounding.UP


def test_an_approved_version_that_names_women_still_holds_with_the_lower_age() -> None:
    """Nobody's sex was ever on record, so the lower age held for everybody before, too."""
    assert Policy.read("[earning]\nage_min = 60\nage_min_women = 50\n").earning.age_min == 50
    assert Policy.read("[earning]\nage_min_women = 50\n").earning.age_min == 0
    assert Policy.read("[earning]\nage_min = 60\nage_min_women = 0\n").earning.age_min == 60
    with pytest.raises(BadPolicy):
        Policy.read("[earning]\nage_min_men = 50\n")
