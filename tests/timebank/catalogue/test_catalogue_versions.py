"""A community's own version may rename, add and drop kinds, but not touch who runs it nor drop what is in use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from timebank.catalogue import InUse, OrganisationKind, Texts, faults, own_version, shipped, shipped_texts

NEW_KIND = """
[kinds.night_watch]
zh = "夜巡"
en = "night watch"
group = "place"
holder = ["member"]
to = ["grid"]
yes = ["holder"]
"""
NEW_FOUNDING = """
[kinds.second_auditor]
zh = "监督员二"
en = "second auditor"
group = "office"
holder = ["member"]
to = ["community"]
yes = ["holder"]
grants = [{ role = "auditor", relation = "below" }]
second = true
founding = true
"""


def relationships(old: str = "", new: str = "", *, more: str = "") -> Texts:
    text = shipped_texts().relationships
    assert old in text
    return replace(shipped_texts(), relationships=text.replace(old, new, 1) + more)


def without(text: str, kind: str) -> str:
    before, _, rest = text.partition(f"[kinds.{kind}]\n")
    return before + rest[rest.index("\n[") + 1 :]


def test_the_shipped_files_are_a_version_that_changes_nothing() -> None:
    assert own_version(shipped_texts(), shipped=shipped(), in_use=InUse()) == shipped()


def test_a_community_adds_a_kind_and_renames_another() -> None:
    own = own_version(
        relationships('zh = "楼栋长"', 'zh = "楼长"', more=NEW_KIND), shipped=shipped(), in_use=InUse()
    )
    assert own.relationships["night_watch"].zh == "夜巡"
    assert own.relationships["building_head"].zh == "楼长"


def test_founding_kinds_that_are_left_out_stay_as_shipped() -> None:
    texts = replace(shipped_texts(), relationships=without(shipped_texts().relationships, "auditor"))
    own = own_version(texts, shipped=shipped(), in_use=InUse())
    assert own.relationships["auditor"] == shipped().relationships["auditor"]


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        pytest.param(relationships('zh = "监督员（查账）"', 'zh = "监督"'), "auditor", id="another word"),
        pytest.param(relationships("term_days = 730\nstand_in", "term_days = 9\nstand_in"), "auditor", id="another term"),
        pytest.param(relationships(more=NEW_FOUNDING), "second_auditor", id="one more"),
    ],
)  # fmt: skip
def test_a_founding_kind_is_not_touched(texts: Texts, kind: str) -> None:
    with pytest.raises(faults.FoundingTouched) as caught:
        own_version(texts, shipped=shipped(), in_use=InUse())
    assert caught.value.kind == kind


def test_a_founding_kind_cannot_be_made_an_ordinary_one() -> None:
    texts = relationships(
        'grants = [{ role = "overseer", relation = "below" }]\nheard = ["page", "paper"]\nsecond = true\nfounding = true',
        'grants = [{ role = "overseer", relation = "below" }]\nheard = ["page", "paper"]\nsecond = true',
    )
    with pytest.raises(faults.FoundingTouched) as caught:
        own_version(texts, shipped=shipped(), in_use=InUse())
    assert caught.value.kind == "street_officer"


def test_a_founding_kind_needs_its_places_even_when_it_is_left_out() -> None:
    texts = Texts(
        areas=without(shipped_texts().areas, "street").replace('"street", ', ""),
        organisations=shipped_texts().organisations.replace('"street", ', ""),
        relationships=without(without(shipped_texts().relationships, "street_officer"), "auditor"),
    )
    with pytest.raises(faults.UnknownKind) as caught:
        own_version(texts, shipped=shipped(), in_use=InUse())
    assert (caught.value.kind, caught.value.detail) == ("auditor", "street")


def test_the_kind_with_the_book_keeps_its_code() -> None:
    texts = replace(
        shipped_texts(),
        areas=shipped_texts()
        .areas.replace("book = true\n", "")
        .replace("[kinds.grid]", "[kinds.grid]\nbook = true"),
        organisations=shipped_texts()
        .organisations.replace('area = ["community", "grid"]', 'area = ["grid"]')
        .replace('area = ["community", "grid", ', 'area = ["grid", '),
    )
    with pytest.raises(faults.FoundingTouched) as caught:
        own_version(texts, shipped=shipped(), in_use=InUse())
    assert (caught.value.kind, caught.value.key) == ("grid", "book")


def test_a_kind_nothing_is_of_may_be_dropped() -> None:
    texts = replace(shipped_texts(), relationships=without(shipped_texts().relationships, "law_guide"))
    own = own_version(
        texts, shipped=shipped(), in_use=InUse(relationships={"pair": [("member", "household")]})
    )
    assert "law_guide" not in own.relationships


def test_a_kind_with_an_open_relationship_may_not_be_dropped() -> None:
    texts = replace(shipped_texts(), relationships=without(shipped_texts().relationships, "law_guide"))
    with pytest.raises(faults.KindInUse) as caught:
        own_version(texts, shipped=shipped(), in_use=InUse(relationships={"law_guide": [("member", "grid")]}))
    assert (caught.value.file, caught.value.kind, caught.value.key) == ("relationships", "law_guide", "")


def test_a_kind_may_not_be_narrowed_below_what_is_open() -> None:
    texts = relationships('to = ["building", "estate"]', 'to = ["building"]')
    own_version(
        texts, shipped=shipped(), in_use=InUse(relationships={"building_head": [("member", "building")]})
    )
    with pytest.raises(faults.KindInUse) as caught:
        own_version(
            texts, shipped=shipped(), in_use=InUse(relationships={"building_head": [("member", "estate")]})
        )
    assert (caught.value.kind, caught.value.key, caught.value.detail) == ("building_head", "to", "estate")


def test_a_kind_may_not_lose_a_sort_of_holder_that_is_open() -> None:
    texts = relationships('holder = ["member", "organisation"]\nto = ["green", "line"]', 'holder = ["member"]\nto = ["green", "line"]')  # fmt: skip
    with pytest.raises(faults.KindInUse) as caught:
        own_version(
            texts,
            shipped=shipped(),
            in_use=InUse(relationships={"adopted_green": [("organisation", "green")]}),
        )
    assert (caught.value.kind, caught.value.key) == ("adopted_green", "holder")


def test_a_place_that_stands_keeps_its_kind_and_its_parents_kind() -> None:
    texts = replace(
        shipped_texts(), areas=shipped_texts().areas.replace('["estate", "grid", "community"]', '["estate"]')
    )
    used = InUse(areas=frozenset({"building"}), parents={"building": ["estate"]})
    assert own_version(texts, shipped=shipped(), in_use=used).areas["building"].parents == ("estate",)
    with pytest.raises(faults.KindInUse) as caught:
        own_version(
            texts,
            shipped=shipped(),
            in_use=InUse(areas=frozenset({"building"}), parents={"building": ["grid"]}),
        )
    assert (caught.value.file, caught.value.kind, caught.value.key) == ("areas", "building", "parents")


def test_an_organisation_that_stands_keeps_its_kind() -> None:
    texts = replace(
        shipped_texts(),
        organisations=without(shipped_texts().organisations, "corps").replace('"corps", ', ""),
        relationships=shipped_texts().relationships.replace(', "corps"]', "]"),
    )
    kinds: dict[str, OrganisationKind] = dict(
        own_version(texts, shipped=shipped(), in_use=InUse()).organisations
    )
    assert "corps" not in kinds
    with pytest.raises(faults.KindInUse) as caught:
        own_version(texts, shipped=shipped(), in_use=InUse(organisations=frozenset({"corps"})))
    assert (caught.value.file, caught.value.kind) == ("organisations", "corps")


BY_LIST = InUse(relationships={"building_head": [("member", "building")]})
HEAD = 'en = "building head"\ngroup = "place"\nholder = ["member"]\nto = ["building", "estate"]\nyes = ["holder"]\ngrants = []\nheard = ["page", "told", "paper", "list"]'
HEAD_RULES = HEAD.replace("grants = []", 'grants = [{ role = "officer", relation = "below" }]').replace(
    ', "list"]', "]"
)


def test_what_was_agreed_to_by_a_list_does_not_come_to_mean_a_right() -> None:
    texts = relationships(HEAD, HEAD_RULES)
    assert own_version(texts, shipped=shipped(), in_use=InUse()).relationships["building_head"].grants
    with pytest.raises(faults.KindInUse) as caught:
        own_version(texts, shipped=shipped(), in_use=BY_LIST)
    assert (caught.value.kind, caught.value.key) == ("building_head", "grants")


def test_a_right_that_stands_today_goes_on() -> None:
    texts = relationships(HEAD, HEAD_RULES)
    today = own_version(texts, shipped=shipped(), in_use=InUse())
    assert own_version(texts, shipped=shipped(), in_use=BY_LIST, current=today) == today
    own_version(shipped_texts(), shipped=shipped(), in_use=BY_LIST, current=today)


def test_what_stands_does_not_come_to_speak_or_to_act() -> None:
    speaks = relationships('zh = "楼栋长"', 'zh = "楼栋长"\nspeaks = true')
    with pytest.raises(faults.KindInUse) as caught:
        own_version(speaks, shipped=shipped(), in_use=BY_LIST)
    assert caught.value.key == "speaks"
    acts = relationships('zh = "亲友"', 'zh = "亲友"\nscope = ["acts"]')
    with pytest.raises(faults.KindInUse) as caught:
        own_version(acts, shipped=shipped(), in_use=InUse(relationships={"friend": [("member", "member")]}))
    assert caught.value.key == "scope"


def test_a_place_where_people_live_stays_one() -> None:
    text = shipped_texts().areas
    at = text.index("[kinds.entrance]")
    texts = replace(shipped_texts(), areas=text[:at] + text[at:].replace("lives = true", "lives = false", 1))
    own_version(texts, shipped=shipped(), in_use=InUse(lived_in=frozenset({"building"})))
    with pytest.raises(faults.KindInUse) as caught:
        own_version(texts, shipped=shipped(), in_use=InUse(lived_in=frozenset({"entrance"})))
    assert (caught.value.file, caught.value.kind, caught.value.key) == ("areas", "entrance", "lives")


def test_an_organisation_keeps_the_kind_of_place_it_is_at_home_in() -> None:
    texts = replace(
        shipped_texts(),
        organisations=shipped_texts().organisations.replace('["community", "grid"]', '["community"]', 1),
    )
    own_version(texts, shipped=shipped(), in_use=InUse(homes={"team": ["community"]}))
    with pytest.raises(faults.KindInUse) as caught:
        own_version(texts, shipped=shipped(), in_use=InUse(homes={"team": ["community", "grid"]}))
    assert (caught.value.kind, caught.value.key, caught.value.detail) == ("team", "area", "grid")
