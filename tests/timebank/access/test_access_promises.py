"""What the privacy page and the slips promise, sentence by sentence, and the test that holds each.

A sentence without a proof, a proof without a sentence, and a proof that is no test any more are each refused here.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

from timebank.community.identity import promising
from timebank.community.people.correcting import Corrections
from timebank.policy import Policy
from timebank.store.members import people
from timebank.store.tables import TABLES
from timebank.web.i18n import speaking

HERE = "tests.timebank.access.test_access_promises"
CANARIES = "tests.timebank.access.test_access_canaries"
READINGS = "tests.timebank.access.test_access_readings"
ERASING = "tests.timebank.access.test_access_erasing"
CONSENTS = "tests.timebank.people.test_people_consents"
KEEPING = "tests.timebank.people.test_people_keeping"
WORDS = "tests.marketplace.lists.test_public_words"
NOBODY_ELSE = f"{CANARIES}:test_nobody_meets_a_word_that_is_not_for_them"
UNTIL = f"{CANARIES}:test_the_helper_reads_the_card_until_seven_days_after"

PROVED_BY: dict[str, tuple[str, ...]] = {
    "need": (
        NOBODY_ELSE,
        f"{WORDS}:test_a_residents_line_says_the_kind_of_help_and_none_of_their_words",
        "tests.timebank.lists.test_lists_pages:test_every_reader_of_a_list_reads_the_kind_of_help_and_not_a_residents_own_words",
    ),
    "words": (NOBODY_ELSE, UNTIL, f"{CANARIES}:test_whom_a_word_is_for_does_read_it"),
    "card": (
        NOBODY_ELSE,
        UNTIL,
        f"{CANARIES}:test_what_the_desk_reads_of_a_private_card_leaves_a_line",
        f"{READINGS}:test_every_private_word_that_somebody_meets_is_written_down_for_the_person",
    ),
    "called": (NOBODY_ELSE,),
    "dispute": (NOBODY_ELSE, f"{HERE}:test_what_somebody_disputed_is_read_by_both_sides_and_the_desk_alone"),
    "hours": (
        "tests.timebank.hours.test_hours_passbook:test_only_the_owner_their_proxy_and_the_desk_read_a_passbook",
    ),
    "book": (f"{CANARIES}:test_the_books_name_nobody",),
    "others": (
        NOBODY_ELSE,
        "tests.timebank.access.test_access_matrix:test_the_answer_to_everybody_is_what_the_registry_promises",
    ),
    "no_health_in_titles": (
        NOBODY_ELSE,
        f"{WORDS}:test_no_shipped_kind_of_help_and_no_word_for_somebody_tells_of_health",
        f"{WORDS}:test_a_bodys_line_says_its_own_title_unless_that_tells_of_health",
        f"{WORDS}:test_a_communitys_own_kind_named_after_an_illness_is_called_by_the_kind_above_it",
    ),
    "looked": (
        f"{READINGS}:test_every_private_word_that_somebody_meets_is_written_down_for_the_person",
        f"{READINGS}:test_a_look_is_one_line_a_day_with_when_who_as_what_and_why",
        f"{READINGS}:test_only_the_person_who_reads_for_them_and_the_desk_see_who_looked",
    ),
    "consent": (
        f"{CONSENTS}:test_without_a_yes_to_health_the_note_is_gone_and_none_is_written",
        f"{CONSENTS}:test_without_a_yes_to_the_family_no_letter_is_written_and_none_is_opened",
        f"{CONSENTS}:test_without_a_guardians_yes_a_minor_gives_back_what_is_to_come_and_signs_up_for_nothing",
    ),
    "not_kept": (
        f"{HERE}:test_no_table_and_no_form_has_a_place_for_what_we_say_we_do_not_keep",
        "tests.timebank.hands.test_abuses:test_nobody_of_the_household_vouches_for_the_hours",
    ),
    "health_optional": (f"{CONSENTS}:test_without_a_yes_to_health_the_note_is_gone_and_none_is_written",),
    "device": (f"{HERE}:test_a_telephone_keeps_the_community_the_language_the_size_and_one_key",),
    "kept_until": (
        f"{KEEPING}:test_words_of_a_closed_request_go_a_year_later_and_those_of_an_open_one_stay",
        f"{KEEPING}:test_door_and_note_of_a_visit_that_is_over_go_and_those_of_one_to_come_stay",
        f"{KEEPING}:test_cells_of_an_imported_list_go_and_the_list_brought_again_is_the_same",
        f"{KEEPING}:test_how_long_is_the_communitys_own_rule",
    ),
    "few": (
        "tests.timebank.board.test_board_pages:test_hours_of_fewer_than_five_people_are_not_published",
        "tests.timebank.board.test_board_pages:test_a_place_shows_no_sum_of_fewer_people_than_its_community_asks_for",
        "tests.timebank.funnel.test_funnel:test_the_workbook_for_outside_names_nobody_and_tells_of_no_few_people",
    ),
    "rights": (
        f"{ERASING}:test_nothing_of_somebody_erased_stands_in_any_file",
        f"{ERASING}:test_every_page_still_opens_and_shows_nothing_of_them",
        f"{ERASING}:test_a_copy_for_the_person_holds_every_word_of_theirs",
    ),
    "after_death": (
        "tests.timebank.access.test_access_matrix:test_the_answer_to_everybody_is_what_the_registry_promises",
        f"{HERE}:test_a_relative_reads_after_a_death_only_when_two_checked_them_and_for_a_time",
    ),
}
"""Key of a sentence of the privacy page -> the tests that would fail if it were not so."""

SLIPS: dict[str, tuple[str, str]] = {
    "以前的卡从现在起不能用了": (
        "timebank/templates/identity/card_sheet.html",
        "tests.timebank.identity.test_identity_cards:test_a_new_card_ends_the_one_before_and_its_sign_ins_but_no_other",
    ),
    "只给上门的人和社区看：耳背、膝盖不好。": ("timebank/templates/people/fields.html", NOBODY_ELSE),
    "只给上门的人看。": ("timebank/templates/requests/phone.html", NOBODY_ELSE),
    "删了就找不回来。": (
        "timebank/templates/people/erase.html",
        f"{ERASING}:test_nothing_of_somebody_erased_stands_in_any_file",
    ),
    "用旧备份恢复时会马上再删一次": (
        "timebank/templates/people/erase.html",
        f"{ERASING}:test_an_older_copy_that_comes_back_is_told_who_was_erased",
    ),
}
"""A promise printed elsewhere -> the template that makes it, and the test that holds it."""


def _is_a_test(place: str) -> bool:
    module, _, name = place.partition(":")
    found = getattr(importlib.import_module(module), name, None)
    return name.startswith("test_") and inspect.isfunction(found)


def test_every_sentence_of_the_page_has_a_test_and_every_test_a_sentence() -> None:
    keys = [row.key for row in promising.ROWS] + [said.key for said in promising.SENTENCES]
    assert len(keys) == len(set(keys))
    assert sorted(PROVED_BY) == sorted(keys)
    assert [place for places in PROVED_BY.values() for place in places if not _is_a_test(place)] == []
    assert all(PROVED_BY.values())


def test_every_promise_on_paper_and_in_forms_stands_there_and_has_its_test() -> None:
    root = Path(__file__).resolve().parents[3]
    for words, (template, place) in SLIPS.items():
        assert words in (root / template).read_text(encoding="utf-8"), words
        assert _is_a_test(place), place


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_page_says_every_sentence_with_the_communitys_own_numbers(
    street: Any, language: str
) -> None:
    answer = await street.ask(
        "public",
        {"method": "GET", "url": "/privacy?community=dongqu"},
        accept="text/html",
        **{"accept-language": language},
    )
    known = promising.figures(street.ctx.policy_of("dongqu"))
    with speaking(language):
        said = [promising.said(text, known) for one in promising.ROWS for text in (one.what, one.who)]
        said += [promising.said(one.says, known) for one in promising.SENTENCES]
    text = answer.text.replace("&#39;", "'")
    assert [one for one in said if one not in text] == []
    if language == "en":
        assert not [one for one in said if any("一" <= letter <= "鿿" for letter in one)]


def test_the_numbers_are_those_of_the_rules() -> None:
    policy = Policy.read("[identity]\nprivate_card_days_after = 3\n[keeping]\nwords_days = 100\n")
    known = promising.figures(policy)
    assert (known["days"], known["words"], known["files"], known["people"]) == (3, 100, 180, 5)


def test_no_table_and_no_form_has_a_place_for_what_we_say_we_do_not_keep() -> None:
    never = (
        "ethnic",
        "religi",
        "hukou",
        "politic",
        "party",
        "marital",
        "income",
        "salary",
        "id_card",
        "passport_no",
    )
    columns = {
        f"{table._meta.tablename}.{column._meta.name}" for table in TABLES for column in table._meta.columns
    }
    fields = {
        f"{kind.__name__}.{name}"
        for kind in (Corrections, people.Person, people.Profile)
        for name in kind.__slots__
    }
    assert [name for name in columns | fields if any(word in name for word in never)] == []
    # Who lives together is one word beside the member, and the household says nothing of itself but where.
    household = next(table for table in TABLES if table._meta.tablename == "tb_household")
    assert {column._meta.name for column in household._meta.columns} == {"id", "uid", "community", "area"}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_telephone_keeps_the_community_the_language_the_size_and_one_key(street: Any) -> None:
    client = await street.client("elder")
    for url in ("/", "/elder", "/preferences?lang=en&size=elder", "/lists/needs", "/privacy"):
        await client.get(url, headers={"accept": "text/html"})
    kept = {name.removeprefix("__Host-") for name in client.cookies}
    assert kept <= {"sid", "csrftoken", "community", "lang", "size"}, kept


@pytest.mark.asyncio(loop_scope="module")
async def test_what_somebody_disputed_is_read_by_both_sides_and_the_desk_alone(street: Any) -> None:
    [canary] = [one for one in street.world.canaries if one.word == "zqdisputeq"]
    assert {"elder", "proxy", "volunteer", "worker", "desk_2"} <= canary.may
    assert (
        not {"leader", "officer", "unit", "auditor", "helper", "former", "asker", "asker_acting", "public"}
        & canary.may
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_a_relative_reads_after_a_death_only_when_two_checked_them_and_for_a_time(street: Any) -> None:
    kind = street.ctx.catalogue_of("dongqu").relationships["heir_reader"]
    assert kind.second
    assert kind.term_days
    assert [one.value for one in kind.scope] == ["read"]
    page = {"method": "GET", "url": f"/members/{street.world.uids['late']}/archive"}
    assert (await street.ask("heir", page)).status_code == 200
    for name in ("elder", "volunteer", "leader", "proxy"):
        assert (await street.ask(name, page)).status_code == 404, name
