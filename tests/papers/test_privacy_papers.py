"""The record of processing names every place in which something personal stands, and the papers cite the law as it is."""

from __future__ import annotations

import re
from pathlib import Path

from piccolo.columns import ForeignKey
from piccolo.table import Table

from marketplace.store import tables as lists
from timebank.policy import Policy
from timebank.store import personal
from timebank.store import tables as t
from timebank.store.channels import outbox
from tools import papers

ROOT = Path(__file__).resolve().parents[2]
OF_A_LINE = {"mp_need", "mp_resource", "mp_claim", "mp_plan", "mp_proposal", "mp_override", "mp_import_row"}
"""What `marketplace.store.forgetting` empties."""


def _name(table: type[Table]) -> str:
    return str(table._meta.tablename)


def _held() -> set[str]:
    return {place for one in papers.record() for place in one.holds}


def test_every_table_with_personal_data_stands_in_the_record() -> None:
    personal_ = {_name(kept.table) for kept in personal.PLACES} | {
        _name(table) for table, _column in personal.QUOTING
    }
    about_somebody = {
        _name(table)
        for table in t.TABLES
        for column in table._meta.columns
        if isinstance(column, ForeignKey) and column._foreign_key_meta.resolved_references is t.Member
    }
    recorded = {place.partition(".")[0] for place in _held()}
    assert sorted((personal_ | about_somebody | OF_A_LINE) - recorded) == []


def test_of_what_names_a_person_every_column_has_its_purpose() -> None:
    columns = {f"tb_person.{column._meta.name}" for column in t.Person._meta.columns} - {
        "tb_person.id", "tb_person.member", "tb_person.community",
    }  # fmt: skip
    assert {place for place in _held() if "." in place} == columns


def test_the_record_names_nothing_that_is_not_there() -> None:
    known = {_name(table) for table in (*t.TABLES, *lists.TABLES)}
    places = [place for one in papers.record() for place in one.holds]
    assert len(places) == len(set(places)), "each stands under one purpose"
    assert {place.partition(".")[0] for place in places} <= known
    assert [place for one in papers.record() for place in one.code_at if not (ROOT / place).exists()] == []


def test_the_days_in_the_record_are_those_of_the_shipped_rules() -> None:
    policy = Policy.read("")
    days = {
        "name": policy.identity.private_card_days_after, "asked": policy.keeping.words_days, "lists": policy.keeping.files_days,
        "looked": policy.keeping.readings_days, "news": outbox.KEPT_DAYS,
    }  # fmt: skip
    for one in papers.record():
        if one.code in days:
            said = {lang: set(re.findall(r"\d+", one.sees[lang] + one.until[lang])) for lang in ("zh", "en")}
            assert said["zh"] == said["en"], one.code
            assert str(days[one.code]) in said["zh"], one.code


def test_sensitive_kinds_rest_on_the_articles_on_sensitive_data_or_say_what_guards_them() -> None:
    health = next(one for one in papers.record() if one.code == "health")
    assert health.sensitive
    assert {28, 29, 30} <= set(health.articles)
    assert all(1 <= article <= 74 for one in papers.record() for article in one.articles)
