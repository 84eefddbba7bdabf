"""One hand alone posts nothing, two post within their bound: the rule against brute force, and each line of its table."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.policy import Grade, HandsPolicy, SecondHand
from timebank.rules.parts.hands import (
    DAY,
    DESK,
    TEXTS,
    Case,
    Hand,
    People,
    Spoken,
    Waits,
    client_key,
    could,
    decide,
    month_key,
    pair_key,
    strength,
)

POLICY = HandsPolicy()
WORKER, COLLEAGUE, LEADER, AUDITOR, VOLUNTEER, ELDER, WIFE = "w", "w2", "l", "au", "v", "r", "wife"


def own(uid: str) -> Hand:
    return Hand(by=uid)


def entered(
    uid: str, via: str = "", *, live: bool = True, placed: bool = False, own_place: bool = False
) -> Spoken:
    return Spoken(hand=Hand(by=uid, via=via), live=live, placed=placed, own_place=own_place)


def said(uid: str, standing: SecondHand, via: str = "") -> Spoken:
    return Spoken(hand=Hand(by=uid, via=via), standing=standing)


def visit(*entries: Spoken, words: tuple[Spoken, ...], **known: object) -> Case:
    base = Case(
        earner=VOLUNTEER,
        client=ELDER,
        visit=True,
        entries=entries,
        words=words,
        minutes=60,
        days_free=30,
        over_free=60,
    )
    return replace(base, **known)  # type: ignore[arg-type]


def shift(*entries: Spoken, words: tuple[Spoken, ...], **known: object) -> Case:
    return visit(*entries, words=words, visit=False, client="", **known)


BY_DESK = People(backing={"code": frozenset({own(WORKER)})}, desk=frozenset({WORKER, COLLEAGUE}))
KNOWN = People(backing={"code": frozenset({own(WORKER), own(LEADER)})}, desk=frozenset({WORKER, COLLEAGUE}))
RESET = People(
    backing={"reset": frozenset({own(WORKER)}), "by_reset": frozenset({Hand(by=COLLEAGUE, via="reset")})}
)
NOBODY = People()


@pytest.mark.parametrize(
    ("people", "entries", "words", "level"),
    [
        pytest.param(NOBODY, [own(VOLUNTEER)], [own(ELDER)], 2, id="own check-in, the elder's own word"),
        pytest.param(NOBODY, [own(VOLUNTEER)], [own(WORKER)], 2, id="own check-in, the desk rang"),
        pytest.param(NOBODY, [own(WORKER)], [own(WORKER)], 1, id="a sheet and a word by one worker"),
        pytest.param(NOBODY, [own(LEADER)], [own(LEADER)], 1, id="a leader's roll-call and word"),
        pytest.param(NOBODY, [own(WORKER)], [own(COLLEAGUE)], 2, id="a sheet, and a colleague's word"),
        pytest.param(NOBODY, [own(WORKER)], [own(COLLEAGUE), own(AUDITOR)], 3, id="and the auditor's"),
        pytest.param(NOBODY, [own(WORKER)], [own(COLLEAGUE), own(WORKER)], 2, id="the enterer's word adds nobody"),
        pytest.param(NOBODY, [own(VOLUNTEER), own(WORKER)], [own(WORKER)], 1, id="honest arrival, leaving typed by the thief"),
        pytest.param(BY_DESK, [own(WORKER)], [Hand(by=ELDER, via="code")], 1, id="the worker's own code"),
        pytest.param(BY_DESK, [Hand(by=VOLUNTEER, via="code")], [own(WORKER)], 1, id="the volunteer's phone by her code"),
        pytest.param(KNOWN, [Hand(by=VOLUNTEER, via="code")], [own(WORKER)], 2, id="once the leader has met him with it"),
        pytest.param(KNOWN, [own(WORKER)], [Hand(by=ELDER, via="code")], 2, id="the elder's acknowledged phone"),
        pytest.param(KNOWN, [Hand(by=VOLUNTEER, via="code")], [own(COLLEAGUE)], 2, id="acknowledged, a colleague rang"),
        pytest.param(RESET, [own(WORKER)], [Hand(by=COLLEAGUE, via="reset")], 1, id="a colleague's password she reset"),
        pytest.param(RESET, [own(WORKER)], [Hand(by=AUDITOR, via="by_reset")], 1, id="an auditor made by that colleague"),
        pytest.param(BY_DESK, [own(WORKER)], [Hand(by=ELDER, via=TEXTS)], 1, id="a text from a number the desk wrote"),
        pytest.param(BY_DESK, [own(VOLUNTEER)], [Hand(by=ELDER, via=TEXTS)], 2, id="own check-in, the elder's text"),
        pytest.param(
            People(homes={VOLUNTEER: ELDER, ELDER: ELDER}), [own(VOLUNTEER)], [own(ELDER)], 1, id="one household is one"
        ),
    ],
)  # fmt: skip
def test_the_smallest_number_of_people_who_could_have_said_it_all(
    people: People, entries: list[Hand], words: list[Hand], level: int
) -> None:
    assert strength(entries, words, people).level == level


def test_the_pairs_that_could_have_done_it_are_named() -> None:
    found = strength([own(VOLUNTEER)], [Hand(by=ELDER, via="code")], BY_DESK)
    assert found.pairs == {"r+v", "v+w"}


UIDS = ("a", "b", "c", "d", "e")
HANDS = st.builds(Hand, by=st.sampled_from(UIDS), via=st.sampled_from(("", "1", "2", "3")))


@st.composite
def anybody_at_all(draw: st.DrawFn) -> People:
    # Two ways may have been acknowledged by each other.
    backing = {way: draw(st.frozensets(HANDS, max_size=2)) for way in ("1", "2", "3")}
    homes = draw(st.sampled_from(({}, {"b": "a"}, {"d": "c", "e": "c"})))
    return People(backing=backing, homes=homes)


def _could(group: frozenset[str], hand: Hand, people: People) -> bool:
    """The rule once more, from the other end: of all ways in those are struck out that somebody outside the group vouches for."""
    ours = {people.home(one) for one in group}
    usable = {way for way, backing in people.backing.items() if backing}

    def pressed(one: Hand) -> bool:
        return people.home(one.by) in ours or one.via in usable

    while struck := {way for way in usable if not all(map(pressed, people.backing[way]))}:
        usable -= struck
    return pressed(hand)


@given(
    people=anybody_at_all(),
    entries=st.lists(HANDS, min_size=1, max_size=2),
    words=st.lists(HANDS, min_size=1, max_size=3),
)
def test_strength_is_what_every_subset_of_people_says(
    people: People, entries: list[Hand], words: list[Hand]
) -> None:
    def done_by(size: int) -> bool:
        return any(
            any(_could(frozenset(group), one, people) for one in entries)
            and all(_could(frozenset(group), one, people) for one in words)
            for group in combinations(UIDS, size)
        )

    found = strength(entries, words, people)
    assert found.level == next((size for size in (1, 2) if done_by(size)), 3)
    assert bool(found.pairs) == (found.level == 2)


CLIENTS = said(ELDER, SecondHand.CLIENT)
SHEET = entered(WORKER, live=False)


@pytest.mark.parametrize(
    ("case", "waits"),
    [
        pytest.param(visit(entered(VOLUNTEER), words=(CLIENTS,)), None, id="the elder's word"),
        pytest.param(visit(entered(VOLUNTEER), words=()), Waits.NO_WORD, id="nobody's word"),
        pytest.param(visit(entered(VOLUNTEER), words=(said(VOLUNTEER, SecondHand.WORKER),)), Waits.NO_WORD, id="the earner's own"),
        pytest.param(visit(entered(VOLUNTEER), words=(said(WIFE, SecondHand.CLIENT),)), Waits.NO_WORD, id="of the household"),
        pytest.param(visit(entered(VOLUNTEER), words=(said(AUDITOR, SecondHand.AUDITOR),)), Waits.NO_WORD, id="the auditor only approves"),
        pytest.param(shift(entered(LEADER), words=(CLIENTS,)), Waits.NO_WORD, id="who was helped does not speak for a shift"),
        pytest.param(shift(entered(LEADER), words=(said(LEADER, SecondHand.LEADER),)), Waits.ONE_HAND, id="roll-call and word by one"),
        pytest.param(shift(entered(LEADER), words=(said(WORKER, SecondHand.WORKER),)), None, id="roll-call, and the desk's word"),
        pytest.param(shift(SHEET, words=(said(WORKER, SecondHand.WORKER),)), Waits.ONE_HAND, id="a sheet by one worker"),
        pytest.param(shift(SHEET, words=(said(LEADER, SecondHand.LEADER),)), None, id="a sheet, and its leader's word"),
        pytest.param(visit(entered(VOLUNTEER), words=(CLIENTS,), days_late=31), Waits.APPROVER, id="late"),
        pytest.param(visit(entered(VOLUNTEER), words=(CLIENTS,), days_late=30), None, id="not late yet"),
        pytest.param(visit(entered(VOLUNTEER), words=(CLIENTS,), over_minutes=61), Waits.APPROVER, id="longer than planned"),
        pytest.param(visit(entered(WORKER), words=(CLIENTS,), raised=True), Waits.APPROVER, id="lengthened by a decision"),
        pytest.param(
            visit(entered(WORKER), words=(CLIENTS, said(AUDITOR, SecondHand.AUDITOR)), raised=True), None, id="and approved"
        ),
        pytest.param(visit(entered(VOLUNTEER), words=(CLIENTS,), minutes=481), Waits.CLIENT_DAY, id="a client's day"),
        pytest.param(shift(entered(LEADER), words=(said(WORKER, SecondHand.WORKER),), minutes=2_401), Waits.PAIR, id="a pair's day"),
        pytest.param(
            shift(entered(LEADER), words=(said(WORKER, SecondHand.WORKER), said(AUDITOR, SecondHand.AUDITOR)), minutes=9_999),
            None, id="three are enough for any day",
        ),
    ],
)  # fmt: skip
def test_the_first_line_that_fits_decides(case: Case, waits: Waits | None) -> None:
    people = People(homes={VOLUNTEER: VOLUNTEER, WIFE: VOLUNTEER})
    assert decide(case, POLICY, people, used={}).waits is waits


@pytest.mark.parametrize(
    ("used", "waits"),
    [
        ({pair_key("l+w"): 2_340}, None),
        ({pair_key("l+w"): 2_341}, Waits.PAIR),
        ({month_key("l+w"): 9_540}, None),
        ({month_key("l+w"): 9_541}, Waits.PAIR),
        ({DAY: 5_940}, None),
        ({DAY: 5_941}, Waits.DAY),
        ({pair_key("someone+else"): 99_999}, None),
        ({client_key(ELDER): 99_999}, None),
    ],
)
def test_what_two_have_brought_in_before_counts(used: dict[str, int], waits: Waits | None) -> None:
    case = shift(entered(LEADER), words=(said(WORKER, SecondHand.WORKER),))
    assert decide(case, POLICY, NOBODY, used=used).waits is waits


def test_which_relationship_may_be_the_second_hand_is_policy() -> None:
    case = shift(entered(WORKER), words=(said(LEADER, SecondHand.LEADER),))
    assert decide(case, POLICY, NOBODY, used={}).waits is None
    desk_only = replace(POLICY, shift_words=(SecondHand.WORKER,))
    assert decide(case, desk_only, NOBODY, used={}).waits is Waits.NO_WORD
    unbounded = replace(POLICY, pair_day_minutes=0, pair_month_minutes=0, community_day_minutes=0)
    assert decide(replace(case, minutes=99_999), unbounded, NOBODY, used={}).waits is None


@pytest.mark.parametrize(
    ("case", "grade"),
    [
        (visit(entered(VOLUNTEER, placed=True, own_place=True), words=(CLIENTS, said(WORKER, SecondHand.WORKER))), Grade.A),
        (visit(entered(VOLUNTEER), words=(CLIENTS,)), Grade.B),
        (visit(entered(VOLUNTEER, placed=True, own_place=True), words=(said(WORKER, SecondHand.WORKER),)), Grade.B),
        (shift(entered(LEADER, placed=True), words=(said(WORKER, SecondHand.WORKER),)), Grade.C),
        (visit(entered(VOLUNTEER), words=(said(WORKER, SecondHand.WORKER),)), Grade.C),
        (shift(SHEET, words=(said(LEADER, SecondHand.LEADER),)), Grade.D),
        (visit(entered(VOLUNTEER), entered(WORKER, live=False), words=(CLIENTS,)), Grade.D),
        (shift(SHEET, words=(said(WORKER, SecondHand.WORKER),)), Grade.E),
    ],
)  # fmt: skip
def test_the_grade_is_that_of_the_weakest_entry(case: Case, grade: Grade) -> None:
    assert decide(case, POLICY, NOBODY, used={}).grade is grade


def test_a_message_is_somebodys_at_the_desk() -> None:
    message = Hand(by=ELDER, via=TEXTS)
    assert could({WORKER}, message, BY_DESK)
    assert could({COLLEAGUE}, message, BY_DESK)
    assert not could({LEADER}, message, BY_DESK)
    assert could({WORKER}, own(DESK), BY_DESK)
