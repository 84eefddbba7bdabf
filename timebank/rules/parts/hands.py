"""How many people it took to bring an hour about: two different hands post it, one alone never does.

    strength(entries=[her own check-in, her own leaving], words=[the elder's word], people=people).level      # 2
    decide(case, HandsPolicy(), used={})                                                                    # posts, grade B

A statement is the word of whoever pressed. What one person could have pressed alone is one hand: their own sign-in, one
that they issued a code for and nobody else acknowledged, one of their household. So an invented volunteer, a colleague's
new password and a code read out at the desk bring nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from timebank.policy import Grade, HandsPolicy, SecondHand

OPERATOR = "operator"
"""Whose hand a command of the machine's operator is; no member's uid looks like it."""
DESK = "desk"
"""Somebody at the desk, nobody knows who: any worker could have written the number that a message came from."""
TEXTS = "texts"
"""The way in of a text message, which nobody's phone is acknowledged for."""
USUAL_SHIFT = (SecondHand.WORKER, SecondHand.LEADER, SecondHand.UNIT, SecondHand.OFFICER)
USUAL_VISIT = (SecondHand.CLIENT, SecondHand.PROXY, *USUAL_SHIFT)
ENOUGH = 3
"""From so many people on nobody asks for more."""


class Waits(StrEnum):
    """Why a part with its times and perhaps a word is not posted; each names the next person."""

    NO_WORD = "no_word"
    ONE_HAND = "one_hand"
    CLIENT_DAY = "client_day"
    APPROVER = "approver"
    PAIR = "pair"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who was at the keys, and by which way in.

    Attributes:
        via: uid of the way in; "" for one that nobody but its owner was ever given.
    """

    by: str
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What is known of the people behind some statements.

    Attributes:
        backing: way in -> everybody who, all together, could use it instead of its owner; nothing for nobody.
        homes: uid -> one uid for everybody behind the same door or number; a person alone is left out.
        desk: who works at the desk.
    """

    backing: Mapping[str, frozenset[Hand]] = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)
    desk: frozenset[str] = frozenset()

    def home(self, uid: str) -> str:
        """The person, or the one who stands for their household."""
        return self.homes.get(uid, uid)

    def backs(self, via: str) -> frozenset[Hand]:
        """Who, all together, could use a way in instead of its owner."""
        if via == TEXTS:
            return frozenset({Hand(by=DESK)})
        return self.backing.get(via, frozenset()) if via else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One statement as evidence.

    Attributes:
        standing: who they were to the part when they said it.
        live: said within half an hour of the moment that it speaks of.
        placed: the place itself showed it: its code, or somebody who stood there; `own_place` when it was the earner's.
    """

    hand: Hand
    standing: SecondHand | None = None
    live: bool = False
    placed: bool = False
    own_place: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """The smallest number of people who together could have said it all, at most 3.

    Attributes:
        pairs: where it took two, each pair that could have, as `a+b` in the order of their uids.
    """

    level: int
    pairs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One part that is to be decided.

    Attributes:
        entries: arrival and leaving as they stand, or the decision that raised them.
        words: everybody who said that it was so, and whose word nothing has undone since.
        visit: help for one person, whose uid `client` then is; a shift otherwise.
        minutes: what it would bring. days_late: between leaving and now. over_minutes: longer than planned.
        raised: somebody decided that it was longer than those who were there had said.
    """

    earner: str
    client: str = ""
    visit: bool = False
    entries: tuple[Spoken, ...]
    words: tuple[Spoken, ...]
    minutes: int
    days_late: int = 0
    days_free: int
    over_minutes: int = 0
    over_free: int
    raised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided: posted when `waits` is None."""

    waits: Waits | None
    strength: Strength
    grade: Grade


def could(group: Collection[str], hand: Hand, people: People, asked: frozenset[Hand] = frozenset()) -> bool:
    """Whether these people (homes) together could have pressed what this hand pressed.

    Args:
        asked: hands that are being asked for already. Ways in that were acknowledged by each other show nobody else behind them.
    """
    if hand.by == DESK:
        return any(people.home(one) in group for one in people.desk)
    if people.home(hand.by) in group or hand in asked:
        return True
    backing = people.backs(hand.via)
    return bool(backing) and all(could(group, one, people, asked | {hand}) for one in backing)


def strength(entries: Iterable[Hand], words: Sequence[Hand], people: People) -> Strength:
    """How many people it takes to say one entry and all the words; the weakest entry counts.

    Each entry counts by itself: an honest arrival must not cover a leaving that the thief typed.
    """
    entries = list(entries)
    known = sorted({uid for one in (*entries, *words) for uid in anybody(one, people)})
    assert known
    for size in (1, 2):
        found = {
            "+".join(group)
            for group in combinations(known, size)
            if any(could(group, one, people) for one in entries)
            and all(could(group, one, people) for one in words)
        }
        if found:
            return Strength(level=size, pairs=frozenset(found if size == 2 else ()))
    return Strength(level=ENOUGH)


def anybody(hand: Hand, people: People) -> set[str]:
    """Everybody who could have to do with a statement."""
    found: set[str] = set()
    asked: set[Hand] = set()
    todo = [hand]
    while todo:
        one = todo.pop()
        if one not in asked:
            asked.add(one)
            found |= {people.home(uid) for uid in (people.desk if one.by == DESK else (one.by,))}
            todo += people.backs(one.via)
    return found


def counted_words(policy: HandsPolicy, *, visit: bool) -> tuple[SecondHand, ...]:
    """Whose word counts; the usual ones where a community's rules name nobody, or no hour ever would."""
    return (policy.visit_words or USUAL_VISIT) if visit else (policy.shift_words or USUAL_SHIFT)


def counting(case: Case, policy: HandsPolicy, people: People) -> tuple[Spoken, ...]:
    """The words that count: not the earner's, nor their household's, nor of a sign-in that they could use.

    Somebody who may only approve counts where another's word does.
    """
    own = {people.home(case.earner)}
    others = [one for one in case.words if not could(own, one.hand, people)]
    allowed = counted_words(policy, visit=case.visit)
    words = [one for one in others if one.standing in allowed]
    if not words:
        return ()
    return tuple(one for one in others if one in words or one.standing in policy.approvers)


def decide(case: Case, policy: HandsPolicy, people: People, *, used: Mapping[str, int]) -> Ruling:
    """Whether a part is posted, or for whom it waits; the first line that fits.

    Args:
        used: minutes brought in before today and this month, by `uses_of` keys.
    """
    words = counting(case, policy, people)
    if not words:
        return Ruling(waits=Waits.NO_WORD, strength=Strength(level=1), grade=Grade.E)
    found = strength([one.hand for one in case.entries], [one.hand for one in words], people)
    grade = grade_of(case, words, found.level)
    return Ruling(waits=_waits(case, policy, found, used), strength=found, grade=grade)


def _waits(case: Case, policy: HandsPolicy, found: Strength, used: Mapping[str, int]) -> Waits | None:
    if found.level == 1:
        return Waits.ONE_HAND
    if found.level >= ENOUGH:
        return None
    if case.visit and _over(policy.client_day_minutes, case, used.get(client_key(case.client), 0)):
        return Waits.CLIENT_DAY
    if case.days_late > case.days_free or case.over_minutes > case.over_free or case.raised:
        return Waits.APPROVER
    for pair in found.pairs:
        if _over(policy.pair_day_minutes, case, used.get(pair_key(pair), 0)):
            return Waits.PAIR
        if _over(policy.pair_month_minutes, case, used.get(month_key(pair), 0)):
            return Waits.PAIR
    if _over(policy.community_day_minutes, case, used.get(DAY, 0)):
        return Waits.DAY
    return None


DAY = "day"
"""Under which a community's whole day is counted."""


def pair_key(pair: str) -> str:
    """Under which a pair's day is counted."""
    return f"pair:{pair}"


def pair_keys(home: Collection[str], other: Collection[str]) -> frozenset[str]:
    """Every key under which anybody of one household and anybody of another may have counted as a pair."""
    return frozenset(pair_key("+".join(sorted({one, two}))) for one in home for two in other)


def month_key(pair: str) -> str:
    """Under which a pair's month is read; nothing is written under it."""
    return f"month:{pair}"


def client_key(client: str) -> str:
    """Under which the day of somebody who is helped is counted."""
    return f"client:{client}"


def uses_of(case: Case, found: Strength) -> tuple[str, ...]:
    """Under which keys a decided part counts for what comes after it."""
    pairs = tuple(pair_key(pair) for pair in sorted(found.pairs))
    return (DAY, *((client_key(case.client),) if case.visit else ()), *pairs)


def _over(bound: int, case: Case, used: int) -> bool:
    return bool(bound) and used + case.minutes > bound


def grade_of(case: Case, words: Sequence[Spoken], level: int) -> Grade:
    """How well it is vouched for; the worst of its entries counts."""
    if level < 2:
        return Grade.E
    if not all(one.live for one in case.entries):
        return Grade.D
    by_client = any(one.standing is SecondHand.CLIENT for one in words)
    if level >= ENOUGH and (by_client or any(one.placed for one in case.entries)):
        return Grade.A
    return Grade.B if by_client or any(one.own_place for one in case.entries) else Grade.C
