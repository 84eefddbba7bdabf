"""Who is it? Loading what `timebank.rules.people.recognising` compares, and keeping what was answered.

Everything that has to know who somebody is asks here: lists, sheets, walk-ups, the telephone, the counter, people who join
by themselves. A flow does the same three things each time, in its own unit of work:

    bench = await load(ctx, community, [described, ...])     # few queries for all of them
    found = bench.recognise(described)                       # pure: Known, Maybe or New
    await keep(ctx, community, described, found, uid, by)    # beside every Known and New that is carried out
    await ask(ctx, community, found, seen_in=...)            # a Maybe: one open question, never asked again

Only Known writes by itself. Whoever answers calls `answer`, and the next look at the same description is Known, or New.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from marketplace.names import name_key, sound
from marketplace.store import give_way
from timebank.context import Context
from timebank.errors import WrongMoment
from timebank.rules.people.described import Answer, Candidate, Described, digests
from timebank.rules.people.recognising import (
    Fit,
    Known,
    Maybe,
    New,
    Recognised,
    Why,
    answer_worth_keeping,
    recognise,
)
from timebank.store.members import recognition
from timebank.store.members.recognition import Question, Wanted

MANY = 8
"""Of more descriptions than this at a time, others on the event loop go on between the steps."""


class ComesBackFirst(WrongMoment):
    """Whoever was named has left or died; a list does not bring anybody back."""

    code = "comes_back_first"
    zh = "这一位登记为已离开或已去世。请先在他的页面上办好，再来收这一行。"
    en = "This person is recorded as having left or died. Put that right on their page first."


@dataclass(slots=True)
class Bench:
    """Everybody who may be meant by the descriptions it was loaded for, and what was answered about them.

    Whoever is registered along the way is added, so that the second row of a file about one person finds the first.
    """

    _people: dict[str, list[Candidate]] = field(default_factory=dict)
    _by: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _answers: dict[str, list[Answer]] = field(default_factory=dict)

    def add(self, one: Candidate) -> None:
        """Somebody on record; one joined record may stand here under several names."""
        self._people.setdefault(one.uid, []).append(one)
        places = [("sound", sound(one.name)), *(("key", key) for key in one.keys)]
        places += [("number", number) for number in one.numbers]
        places += [("team", team) for team in one.teams]
        for place in places:
            self._by.setdefault(place, set()).add(one.uid)

    def completed(self, uid: str, described: Described) -> None:
        """What a row told of somebody on record: its numbers and teams count from now on."""
        for one in self._people.pop(uid, []):
            phones = (*one.phones, *(phone for phone in described.phones if phone not in one.phones))
            self.add(replace(one, phones=phones, teams=one.teams | described.teams, gives=True, listed=True))

    def teams_of(self, uid: str) -> frozenset[str]:
        """Codes of the teams that somebody among them belongs to."""
        return frozenset(team for one in self._people.get(uid, []) for team in one.teams)

    def reached_at(self, numbers: Iterable[str]) -> set[str]:
        """Uids of those among them who have one of these numbers."""
        return set().union(*(self._by.get(("number", number), ()) for number in numbers))

    def answered(self, one: Answer) -> None:
        """What somebody said, or what is kept so that nobody need be asked."""
        self._answers.setdefault(one.described, []).append(one)

    def recognise(self, described: Described) -> Recognised:
        """Known, Maybe or New, by the decision table."""
        given = [one for digest in digests(described) for one in self._answers.get(digest, [])]
        places = [("key", name_key(described.name)), ("sound", sound(described.name))]
        places += [("number", number) for number in described.numbers]
        places += [("team", team) for team in described.teams if described.sheet]
        uids = {one.uid for one in given}.union(*(self._by.get(place, ()) for place in places if place[1]))
        people = [one for uid in sorted(uids) for one in self._people.get(uid, [])]
        return recognise(described, people, given)


async def load(
    ctx: Context,
    community: str,
    described: Sequence[Described],
    *,
    source: str = "",
    row_keys: frozenset[str] = frozenset(),
    uids: Iterable[str] = (),
) -> Bench:
    """Candidates and answers for many descriptions, in as many queries as for one.

    Args:
        source: the list that the descriptions come from, when it is one that is sent again and again.
        row_keys: keys of all its rows now; whoever stood in it before and does not any more has left it.
        uids: people to have among the candidates whatever the descriptions say.
    """
    bench = Bench()
    kept = [digest for one in described for digest in digests(one)]
    for answer in await recognition.answers(ctx.engine, community, kept):
        bench.answered(answer)
    wanted = Wanted(
        keys=frozenset(name_key(one.name) for one in described),
        sounds=frozenset(sound(one.name) for one in described),
        numbers=frozenset(number for one in described for number in one.numbers),
        teams=frozenset(team for one in described if one.sheet for team in one.teams),
        uids=frozenset(uids) | {one.uid for given in bench._answers.values() for one in given},
    )
    if len(described) > MANY:
        await give_way()
    found = await recognition.candidates(ctx.engine, community, wanted, on=ctx.today(), source=source)
    for one in found:
        listed = bool(one.source_numbers & row_keys)
        left = bool(source and one.source_numbers) and not listed
        bench.add(replace(one, source_numbers=frozenset(), left_the_list=left, listed=listed))
    return bench


async def who(ctx: Context, community: str, described: Described) -> Recognised:
    """One description looked up by itself: a call, a form, a name called across a square."""
    return (await load(ctx, community, [described])).recognise(described)


async def keep(
    ctx: Context, community: str, described: Described, found: Recognised, uid: str, *, by: str
) -> Answer | None:
    """Remember who it was where nothing but a word would tell the next time; in the caller's unit of work."""
    kept = worth_keeping(described, found, uid)
    if kept is not None:
        await keep_answer(ctx, community, kept, by=by)
    return kept


def worth_keeping(described: Described, found: Recognised, uid: str) -> Answer | None:
    """What to remember of a description that was this member, None when it tells by itself the next time."""
    return None if isinstance(found, Maybe) else answer_worth_keeping(described, found, uid)


async def keep_answer(ctx: Context, community: str, kept: Answer, *, by: str) -> None:
    """Remember it; the member is on record by now."""
    await recognition.keep_answer(ctx.engine, community, kept, by=by, at=ctx.now())


async def ask(ctx: Context, community: str, found: Maybe, *, seen_in: str) -> bool:
    """One open question for the desk; False when the very same was asked before."""
    question = Question(
        described=found.digest, why=found.why.value, uids=found.uids, seen_in=seen_in, asked_at=ctx.now(),
        answered_at=None,
    )  # fmt: skip
    return await recognition.ask(ctx.engine, community, question)


async def answer(ctx: Context, community: str, found: Maybe, *, uid: str, by: str) -> list[Answer]:
    """Somebody said who it is: one of those who fit, or with "" none of them; in the caller's unit of work.

    The answers are kept for ever under the description, and the question is closed.
    """
    said = [Answer(described=found.digest, uid=uid, same=True)] if uid else []
    said += [
        Answer(described=found.digest, uid=fit.uid, same=False)
        for fit in found.fits
        if fit.uid != uid and not uid
    ]
    for one in said:
        await recognition.keep_answer(ctx.engine, community, one, by=by, at=ctx.now())
    await recognition.close_question(ctx.engine, community, found.digest, at=ctx.now())
    return said


async def open_question(ctx: Context, community: str, described: Described) -> Maybe | None:
    """What was asked about a description and not answered yet, as it was asked then."""
    for digest in digests(described):
        one = await recognition.question(ctx.engine, community, digest)
        if one is not None and one.answered_at is None:
            why = Why(one.why)
            return Maybe(fits=tuple(Fit(uid=uid, why=why) for uid in one.uids), why=why, digest=digest)
    return None


async def answered(
    ctx: Context, community: str, bench: Bench, described: Described, found: Maybe, *, who: str, by: str
) -> Recognised:
    """The description looked at again after the desk's word; in the caller's unit of work.

    Args:
        who: uid of one of those who fit, or anything else for none of them.

    Raises:
        ComesBackFirst: the one named has left or died; their record is opened again before anything is written to it.
    """
    uid = who if who in found.uids else ""
    gone = next(
        (fit for fit in found.fits if fit.uid == uid and fit.why in (Why.HAS_LEFT, Why.HAS_DIED)), None
    )
    if gone is not None:
        raise ComesBackFirst()
    for one in await answer(ctx, community, found, uid=uid, by=by):
        bench.answered(one)
    again = bench.recognise(described)
    if isinstance(again, Maybe) and not uid and not again.fits and name_key(described.name):
        # Nobody on record can be meant, and a person has seen the name as it is.
        return New()
    return again


def candidate(uid: str, described: Described, *, gives: bool) -> Candidate:
    """Somebody just registered from a list, as its next row finds them."""
    return Candidate(
        uid=uid, name=described.name, phones=described.phones, ages=described.ages, teams=described.teams,
        area=described.area, gives=gives, listed=True,
    )  # fmt: skip


def why_said(why: Why) -> tuple[str, str]:
    """What a Maybe asks, in Chinese and English."""
    return _WHY[why]


_WHY: dict[Why, tuple[str, str]] = {
    Why.NOTHING_TO_GO_BY: ("没有姓名也没有电话，不知道是谁。", "Neither a name nor a phone: nobody knows who is meant."),
    Why.NAME_UNREADABLE: ("姓名里有字没显示出来，请写上真实的字。", "A letter of the name is lost; please write it out."),
    Why.SOURCE_NUMBER_OTHER_NAME: (
        "名单上的这个编号，以前是另一个名字。", "The list's number belonged to another name before.",
    ),
    Why.AGE_DIFFERS: ("名字和电话都一样，年龄却差得多。", "Name and phone agree, but the ages are far apart."),
    Why.SAME_NAME_NO_NUMBER: (
        "已经有一位同名的，这里没有电话可以对。", "Somebody of that name is on record, and there is no phone to compare.",
    ),
    Why.NUMBER_CHANGED: (
        "有一位同名的，电话不一样。是换了号码，还是另一个人？",
        "Somebody of that name has another phone. A new number, or another person?",
    ),
    Why.CALLED_NO_NUMBER: (
        "有一位平时这样称呼，没有电话可以对。", "Somebody is called so, and there is no phone to compare.",
    ),
    Why.NAME_SPELLED_DIFFERENTLY: ("有一位名字很像，可能写错了字。", "A very similar name is on record: perhaps a slip."),
    Why.NUMBER_ONLY: ("只有电话，没有姓名。是哪一位？", "Only a phone, no name. Who is it?"),
    Why.HAS_LEFT: ("登记过的这一位已经离开。", "The person on record has left."),
    Why.HAS_DIED: ("登记过的这一位已经去世。", "The person on record has died."),
    Why.SEVERAL_FIT: ("有几位都对得上。是哪一位？", "Several people fit. Which of them?"),
}  # fmt: skip

__all__ = [
    "Bench", "ComesBackFirst", "Known", "Maybe", "New", "Why", "answer", "answered", "ask", "candidate", "keep",
    "keep_answer", "load", "who", "why_said", "worth_keeping",
]  # fmt: skip
