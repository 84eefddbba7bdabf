"""The shipped kinds hold together, and a file that does not is refused with its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from timebank.catalogue import BadCatalogue, Side, Texts, faults, load, shipped, shipped_texts
from timebank.catalogue.checking import GRANTS, check_registry
from timebank.catalogue.kinds import StandIn, TargetIs


@dataclass(frozen=True)
class Broken:
    """One change of one shipped file, and the refusal it must meet."""

    remark: str
    file: str
    old: str
    new: str
    fault: type[BadCatalogue]
    kind: str = ""
    key: str = ""


def changed(file: str, old: str, new: str) -> Texts:
    texts = shipped_texts()
    text: str = getattr(texts, file)
    assert old in text
    return replace(texts, **{file: text.replace(old, new, 1)})


AREA_GREEN = "[kinds.green]"
BROKEN = [
    # --- files
    Broken("no TOML", "areas", "format = 1", "format 1", faults.NotReadable),
    Broken("another format", "areas", "format = 1", "format = 2", faults.NotReadable, key="format"),
    Broken("format is no number", "areas", "format = 1", "format = true", faults.NotReadable, key="format"),
    Broken("no format", "organisations", "format = 1", "", faults.NotReadable, key="format"),
    Broken("nested without end", "areas", "format = 1", "format = 1\ndeep = " + "[" * 5000, faults.NotReadable),
    Broken("larger than any catalogue", "areas", "format = 1", "format = 1\n" + "#" * 200_001, faults.NotReadable),
    Broken("an unknown part", "areas", "format = 1", "format = 1\nextra = 1", faults.UnknownKey, key="extra"),
    Broken("a kind twice", "areas", AREA_GREEN, "[kinds.city]", faults.NotReadable),
    Broken("a kind is no table", "areas", "[kinds.city]", "[kinds]\ncity2 = 3\n[kinds.city]", faults.WrongValue, "city2"),
    # --- values
    Broken("unknown key of a place", "areas", 'zh = "绿地"', 'zh = "绿地"\nbeds = 4', faults.UnknownKey, "green", "beds"),
    Broken("unknown key of a relationship", "relationships", 'zh = "队长"', 'zh = "队长"\npay = 1', faults.UnknownKey, "leader", "pay"),
    Broken("a key is missing", "areas", 'zh = "绿地"\n', "", faults.KeyMissing, "green", "zh"),
    Broken("no holder", "relationships", 'zh = "队长"\nen = "team leader"\ngroup = "team"\nholder = ["member"]', 'zh = "队长"\nen = "team leader"\ngroup = "team"', faults.KeyMissing, "leader", "holder"),
    Broken("empty words", "areas", 'zh = "绿地"', 'zh = " "', faults.WrongValue, "green", "zh"),
    Broken("a word that cannot be printed", "areas", 'zh = "绿地"', 'zh = "绿\\u0007地"', faults.WrongValue, "green", "zh"),
    Broken("words longer than a page bears", "areas", 'zh = "绿地"', f'zh = "{"绿" * 81}"', faults.WrongValue, "green", "zh"),
    Broken("rank is a word", "areas", "rank = 65", 'rank = "65"', faults.WrongValue, "green", "rank"),
    Broken("rank below zero", "areas", "rank = 65", "rank = -1", faults.WrongValue, "green", "rank"),
    Broken("rank is true", "areas", "rank = 65", "rank = true", faults.WrongValue, "green", "rank"),
    Broken("a flag is a number", "areas", "book = true", "book = 1", faults.WrongValue, "community", "book"),
    Broken("no parents", "areas", 'parents = [""]', "parents = []", faults.WrongValue, "city", "parents"),
    Broken("a parent twice", "areas", 'parents = ["city", ""]', 'parents = ["city", "city"]', faults.WrongValue, "district", "parents"),
    Broken("unknown group", "relationships", 'group = "office"', 'group = "party"', faults.WrongValue, "worker", "group"),
    Broken("unknown holder", "relationships", 'holder = ["member"]', 'holder = ["area"]', faults.WrongValue, "worker", "holder"),
    Broken("unknown way of hearing", "relationships", 'heard = ["page", "paper"]', 'heard = ["rumour"]', faults.WrongValue, "worker", "heard"),
    Broken("unknown scope", "relationships", 'scope = ["ask", "call_off", "confirm"]', 'scope = ["spend"]', faults.WrongValue, "neighbour_proxy", "scope"),
    Broken("term longer than the longest", "relationships", "term_max_days = 1825", "term_max_days = 100\nterm_days = 101", faults.WrongValue, "proxy", "term_days"),
    Broken("places of something else", "relationships", 'per_target = "line"', 'per_target = "team"', faults.WrongValue, "post", "per_target"),
    Broken("an empty subkind", "organisations", 'words = ["红马甲"', 'words = ["", "红马甲"', faults.WrongValue, "team", "words"),
    Broken("an empty title", "relationships", 'names = ["楼道保洁"', 'names = [" "', faults.WrongValue, "care", "names"),
    Broken("an empty code", "areas", AREA_GREEN, '[kinds.""]', faults.BadCode),
    Broken("a code with capitals", "areas", AREA_GREEN, "[kinds.Green]", faults.BadCode, "Green"),
    Broken("a code that is a word already", "areas", AREA_GREEN, "[kinds.member]", faults.BadCode, "member"),
    Broken("needs without towards", "relationships", ', towards = "above" }', " }", faults.KeyMissing, "neighbour_proxy", "towards"),
    Broken("grant with a third word", "relationships", 'relation = "own_unit" }', 'relation = "own_unit", sees = "all" }', faults.UnknownKey, "unit_contact", "sees"),
    # --- trees
    Broken("unknown parent", "areas", 'parents = ["building"]', 'parents = ["tower"]', faults.UnknownKind, "entrance", "parents"),
    Broken("unknown parent organisation", "organisations", 'parents = ["station", "unit", "team", ""]', 'parents = ["ministry"]', faults.UnknownKind, "room", "parents"),
    Broken("parent of equal rank", "areas", "rank = 80", "rank = 70", faults.ParentNotLarger, "entrance", "parents"),
    Broken("a circle", "areas", 'parents = [""]', 'parents = ["entrance", ""]', faults.ParentNotLarger, "city", "parents"),
    Broken("two kinds with a book", "areas", 'zh = "网格"', 'zh = "网格"\nbook = true', faults.OneBook, key="book"),
    Broken("no kind with a book", "areas", "book = true\n", "", faults.OneBook, key="book"),
    Broken("a code in both trees", "organisations", "[kinds.room]", "[kinds.grid]", faults.CodeInBothTrees, "grid"),
    Broken("an organisation in an unknown place", "organisations", 'area = ["community", "grid"]', 'area = ["village"]', faults.UnknownKind, "team", "area"),
    Broken("one community's team at home in a street", "organisations", 'area = ["community", "grid"]', 'area = ["street"]', faults.ConditionDoesNotFit, "team", "area"),
    # --- relationships
    Broken("unknown target", "relationships", 'to = ["team"]', 'to = ["squad"]', faults.UnknownKind, "team_member", "to"),
    Broken("needs an unknown kind", "relationships", '"household_contact", "grid_worker"]', '"warden"]', faults.UnknownKind, "neighbour_proxy", "needs"),
    Broken("needs itself", "relationships", '"household_contact", "grid_worker"]', '"neighbour_proxy"]', faults.ConditionDoesNotFit, "neighbour_proxy", "needs"),
    Broken("titles of an unknown kind", "relationships", 'kind = "post_with_duty"', 'kind = "duty"', faults.UnknownKind, "elders", "kind"),
    Broken("an eighth grant", "relationships", 'role = "unit", relation = "own_unit"', 'role = "mayor", relation = "below"', faults.UnknownGrant, "unit_contact", "grants"),
    Broken("a known role with another's relation", "relationships", 'role = "unit", relation = "own_unit"', 'role = "unit", relation = "below"', faults.UnknownGrant, "unit_contact", "grants"),
    Broken("a right of a team towards a unit", "relationships", 'role = "unit", relation = "own_unit"', 'role = "leader", relation = "own_team"', faults.GrantDoesNotFit, "unit_contact", "grants"),
    Broken("a right below a person", "relationships", 'role = "proxy", relation = "for_member"', 'role = "officer", relation = "below"', faults.GrantDoesNotFit, "proxy", "grants"),
    Broken("a right for an organisation", "relationships", 'holder = ["member", "organisation"]\nto = ["community", "grid"]\nyes = ["holder", "target"]\ngrants = []', 'holder = ["member", "organisation"]\nto = ["community", "grid"]\nyes = ["holder", "target"]\ngrants = [{ role = "officer", relation = "below" }]', faults.GrantDoesNotFit, "law_adviser", "grants"),
    Broken("bound without their own yes", "relationships", 'zh = "网格长"\nen = "grid head"\ngroup = "place"\nholder = ["member"]\nto = ["grid"]\nyes = ["holder"]', 'zh = "网格长"\nen = "grid head"\ngroup = "place"\nholder = ["member"]\nto = ["grid"]\nyes = []', faults.HolderUnasked, "grid_head", "yes"),
    Broken("a proof that grants unasked", "relationships", 'to = ["category"]\nyes = []\ngrants = []', 'to = ["grid"]\nyes = []\nplanner = true\ngrants = [{ role = "officer", relation = "below" }]\n[kinds.rest]\nzh = "x"\nen = "x"\ngroup = "proof"\nholder = ["member"]\nto = ["category"]\nyes = []', faults.HolderUnasked, "certificate", "yes"),
    Broken("acted for without their yes", "relationships", 'zh = "代办人"\nen = "proxy"\ngroup = "person"\nholder = ["member"]\nto = ["member"]\nyes = ["holder", "target"]', 'zh = "代办人"\nen = "proxy"\ngroup = "person"\nholder = ["member"]\nto = ["member"]\nyes = ["holder"]', faults.TargetUnasked, "proxy", "yes"),
    Broken("stood in for without their yes", "relationships", 'zh = "AB岗"\nen = "stand-in"\ngroup = "office"\nholder = ["member"]\nto = ["member"]\nyes = ["holder", "target"]', 'zh = "AB岗"\nen = "stand-in"\ngroup = "office"\nholder = ["member"]\nto = ["member"]\nyes = ["holder"]', faults.TargetUnasked, "stand_in", "yes"),
    Broken("a right by list", "relationships", 'heard = ["page", "told", "paper"]\noffer = ["target"]\nterm_max_days', 'heard = ["page", "list"]\noffer = ["target"]\nterm_max_days', faults.ListGrants, "proxy", "heard"),
    Broken("a stand-in by list", "relationships", 'offer = ["target"]\nper_target = 2', 'heard = ["list"]\noffer = ["target"]\nper_target = 2', faults.ListGrants, "stand_in", "heard"),
    Broken("a yes nobody can give", "relationships", 'heard = ["page", "told", "paper", "list"]', "heard = []", faults.WrongValue, "team_member", "heard"),
    Broken("a worker by another kind", "relationships", 'zh = "网格长"\nen = "grid head"\ngroup = "place"\nholder = ["member"]\nto = ["grid"]\nyes = ["holder"]\ngrants = [{ role = "officer"', 'zh = "网格长"\nen = "grid head"\ngroup = "place"\nholder = ["member"]\nto = ["grid"]\nyes = ["holder"]\ngrants = [{ role = "worker"', faults.FoundingOnly, "grid_head", "grants"),
    Broken("an auditor by another kind", "relationships", 'grants = [{ role = "auditor", relation = "below" }]\nheard = ["page", "paper"]\nsecond = true\nfounding = true', 'grants = [{ role = "auditor", relation = "below" }]\nheard = ["page", "paper"]\nsecond = true', faults.FoundingOnly, "auditor", "grants"),
    Broken("a founding kind by one alone", "relationships", "second = true\nfounding = true", "founding = true", faults.SecondMissing, "worker", "second"),
    Broken("a founding kind that anybody may propose", "relationships", "second = true\nfounding = true", 'second = true\nfounding = true\noffer = ["holder"]', faults.FoundingOnly, "worker", "offer"),
    Broken("somebody acts as a worker", "relationships", 'speaks = true\nstand_in = "notices"', 'speaks = true\nstand_in = "acts"', faults.ActsTooFar, "worker", "stand_in"),
    Broken("somebody acts under a proxy's mandate", "relationships", 'stand_in = "none"\ndetail = "how they are related, such as 女儿"', 'stand_in = "acts"\ndetail = "how they are related, such as 女儿"', faults.ActsTooFar, "proxy", "stand_in"),
    Broken("the dead are asked", "relationships", 'target_is = "died"\nyes = ["holder"]', 'target_is = "died"\nyes = ["holder", "target"]', faults.ConditionDoesNotFit, "heir_reader", "yes"),
    Broken("places of a line without a line", "relationships", 'to = ["line"]\nyes = ["holder", "target"]\ngrants = []\nheard = ["page", "told", "paper", "list"]\noffer = ["holder"]\nterm_days = 365\nper_target = "line"', 'to = ["grid"]\nyes = ["holder", "target"]\ngrants = []\nheard = ["page", "told", "paper", "list"]\noffer = ["holder"]\nterm_days = 365\nper_target = "line"', faults.ConditionDoesNotFit, "post", "per_target"),
    Broken("lives in a person", "relationships", 'zh = "亲友"', 'zh = "亲友"\nlives_in = true', faults.ConditionDoesNotFit, "friend", "lives_in"),
    Broken("a household bar towards a grid", "relationships", 'zh = "网格长"', 'zh = "网格长"\nhousehold_bar = true', faults.ConditionDoesNotFit, "grid_head", "household_bar"),
    Broken("an organisation of age", "relationships", 'zh = "牵头单位"', 'zh = "牵头单位"\nadult = true', faults.ConditionDoesNotFit, "lead_unit", "adult"),
    Broken("a minor that is a grid", "relationships", 'zh = "网格长"', 'zh = "网格长"\ntarget_is = "minor"', faults.ConditionDoesNotFit, "grid_head", "target_is"),
    Broken("speaks for a person", "relationships", 'zh = "亲友"', 'zh = "亲友"\nspeaks = true', faults.ConditionDoesNotFit, "friend", "speaks"),
    Broken("an organisation stands in as a person", "relationships", 'stand_in = "none"\nprivate = "public"\n\n[kinds.paired_unit]', 'stand_in = "notices"\nprivate = "public"\n\n[kinds.paired_unit]', faults.ConditionDoesNotFit, "lead_unit", "stand_in"),
]  # fmt: skip


def test_the_shipped_kinds_hold_together() -> None:
    catalogue = shipped()
    assert (len(catalogue.areas), len(catalogue.organisations), len(catalogue.relationships)) == (9, 7, 47)
    assert catalogue.book_kind.code == "community"
    assert list(catalogue.areas) == [
        "city", "district", "street", "community", "grid", "estate", "green", "building", "entrance",
    ]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.remark)
def test_a_broken_file_is_refused_with_file_kind_and_key(broken: Broken) -> None:
    with pytest.raises(BadCatalogue) as caught:
        load(changed(broken.file, broken.old, broken.new))
    refusal = caught.value
    assert type(refusal) is broken.fault, refusal
    assert refusal.file == broken.file
    if broken.fault is not faults.NotReadable or broken.key:
        assert (refusal.kind, refusal.key) == (broken.kind, broken.key)


@pytest.mark.parametrize(
    "broken",
    [one for one in BROKEN if one.fault is faults.UnknownKey and one.kind],
    ids=lambda broken: broken.remark,
)
def test_the_refusal_names_its_place_in_both_languages(broken: Broken) -> None:
    with pytest.raises(BadCatalogue) as caught:
        load(changed(broken.file, broken.old, broken.new))
    for lang in ("zh-CN", "en"):
        assert caught.value.said(lang).startswith(f"{broken.file}.{broken.kind}.{broken.key}")


def test_every_fault_of_the_catalogue_has_been_seen() -> None:
    every = {
        fault
        for fault in vars(faults).values()
        if isinstance(fault, type) and issubclass(fault, BadCatalogue)
    }
    of_versions = {faults.FoundingTouched, faults.KindInUse}
    assert every - of_versions - {BadCatalogue} == {broken.fault for broken in BROKEN}


def test_every_fault_has_its_own_code_and_sentences() -> None:
    every = [
        fault
        for fault in vars(faults).values()
        if isinstance(fault, type) and issubclass(fault, BadCatalogue)
    ]
    for texts in (
        {fault.code for fault in every},
        {fault.zh for fault in every},
        {fault.en for fault in every},
    ):
        assert len(texts) == len(every)


def test_the_registry_must_know_every_grant() -> None:
    pairs = {(grant.role, grant.relation) for grant in GRANTS}
    check_registry(shipped(), pairs)
    with pytest.raises(faults.UnknownGrant) as caught:
        check_registry(shipped(), pairs - {("leader", "own_team")})
    assert (caught.value.kind, caught.value.key) == ("leader", "grants")


def test_heads_pairs_posts_and_doctors_grant_nothing() -> None:
    kinds = shipped().relationships
    for code in ("building_head", "entrance_head", "household_contact", "pair", "post", "family_doctor"):
        assert kinds[code].grants == (), code


def test_only_founding_kinds_make_workers_and_auditors() -> None:
    staff = [
        kind.code
        for kind in shipped().relationships.values()
        if {"worker", "auditor"} & {grant.role for grant in kind.grants}
    ]
    assert staff == ["worker", "auditor"]
    assert all(shipped().relationships[code].second for code in staff)


def test_nobody_acts_in_place_of_staff_or_under_a_mandate() -> None:
    for kind in shipped().relationships.values():
        if kind.stand_in is StandIn.ACTS:
            assert not {"worker", "auditor", "proxy"} & {grant.role for grant in kind.grants}, kind.code


def test_a_mandate_towards_the_living_takes_their_yes() -> None:
    for kind in shipped().relationships.values():
        if any(grant.relation == "for_member" for grant in kind.grants) and kind.target_is is TargetIs.LIVING:
            assert Side.TARGET in kind.yes, kind.code


def test_the_kinds_cannot_be_changed_in_memory() -> None:
    with pytest.raises(TypeError):
        shipped().relationships["mayor"] = shipped().relationships["worker"]  # type: ignore[index]
