"""Who pressed: late, for the same person again and again, alone, and several people on one telephone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from timebank.policy import RadarPolicy, SecondHand
from timebank.rules.parts.hands import DESK, OPERATOR, People, anybody, could
from timebank.rules.radar.chance import at_least, percent
from timebank.rules.radar.flags import Flag, Pattern, flag
from timebank.rules.radar.seen import Part, Seen

OFFICE_HANDS = frozenset({SecondHand.WORKER, SecondHand.OFFICER, SecondHand.AUDITOR})
BY_CHANCE = 0.001
"""What one hand says for the same person is a pattern when fewer than one in a thousand would fare so by how work is shared."""
SPARED = timedelta(days=7)
"""So long another person may still come to it."""
THREE = 3
MONTH = 30


def late(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each hand that enters much that lies weeks back; what a third person has looked at does not count."""
    since = seen.now - timedelta(days=MONTH)
    entered: dict[str, set[str]] = defaultdict(set)
    behind: dict[str, dict[str, int]] = defaultdict(dict)
    for part in seen.parts:
        for one in part.entries:
            if one.said_at < since or one.by == OPERATOR:
                continue
            entered[one.by].add(part.uid)
            days = (one.said_at - one.at).days
            if days >= policy.late_days and len({one.by, *(word.by for word in part.words)}) < THREE:
                behind[one.by][part.uid] = days
    for hand, found in sorted(behind.items()):
        share = percent(len(found), len(entered[hand]))
        if len(found) >= policy.late_parts and share >= policy.late_percent:
            yield flag(Pattern.LATE, [hand], found, parts=len(found), days=max(found.values()), percent=share)


def office(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each office hand and the person who has nearly all their words from it, although others speak too."""
    had: dict[str, Counter[str]] = defaultdict(Counter)
    parts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for part in seen.lately(policy.span_days):
        for word in part.words:
            if word.standing in OFFICE_HANDS and word.by != part.earner:
                had[part.earner][word.by] += 1
                parts[part.earner, word.by].append(part.uid)
    whole: Counter[str] = sum(had.values(), Counter())
    if len(whole) < 2:
        return
    for earner, words in sorted(had.items()):
        hand, times = max(words.items(), key=lambda found: (found[1], found[0]))
        if times < policy.office_words or percent(times, words.total()) < policy.office_percent:
            continue
        # How often this hand speaks for everybody else; one word more for each, so that nobody's share is nothing or all.
        others = whole.total() - words.total() + len(whole)
        share = (whole[hand] - times + 1) / others
        if at_least(times, words.total(), share=share) < BY_CHANCE:
            yield flag(
                Pattern.OFFICE, [earner, hand], parts[earner, hand], words=times,
                percent=percent(times, words.total()), usual=int(share * 100),
            )  # fmt: skip


def alone(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each who entered parts and vouched for them, where for a week nobody else has come to it.

    Whose sign-in the first could use, or who lives behind the same door, is no second person and stands in the flag too.
    """
    parts: dict[str, list[str]] = defaultdict(list)
    hands: dict[str, set[str]] = defaultdict(set)
    for part in seen.lately(MONTH):
        if not part.words or not part.entries:
            continue
        if seen.now - max(one.said_at for one in (*part.entries, *part.words)) < SPARED:
            continue
        for who, pressed in _alone(part, seen.people).items():
            parts[who].append(part.uid)
            hands[who] |= pressed
    for who, found in sorted(parts.items()):
        if len(found) >= policy.alone_parts:
            yield flag(Pattern.ALONE, hands[who], found, parts=len(found))


def _alone(part: Part, people: People) -> dict[str, set[str]]:
    """Who could have made one entry and all the words alone, each with whose sign-ins were used for it."""
    entries, words = [one.hand for one in part.entries], [one.hand for one in part.words]
    known = {uid for one in (*entries, *words) for uid in anybody(one, people)} - {OPERATOR}
    found = {}
    for who in sorted(known):
        entered = {one.by for one in entries if could({who}, one, people)}
        if entered and all(could({who}, one, people) for one in words):
            found[who] = (entered | {one.by for one in words}) - {OPERATOR, DESK}
    return found


def device(seen: Seen, policy: RadarPolicy) -> Iterator[Flag]:
    """One flag for each telephone on which several people spoke on one day, with all of them."""
    spoke: dict[tuple[str, date], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for part in seen.parts:
        for one in part.presses:
            if behind := seen.devices.get(one.via):
                spoke[behind, seen.day(one.said_at)][one.by].add(part.uid)
    found: dict[str, list[dict[str, set[str]]]] = defaultdict(list)
    for (behind, _on), by in sorted(spoke.items()):
        if len(by) >= policy.device_people:
            found[behind].append(by)
    for days in found.values():
        people = {uid for by in days for uid in by}
        parts = {uid for by in days for parts in by.values() for uid in parts}
        yield flag(Pattern.DEVICE, people, parts, people=len(people), days=len(days))
