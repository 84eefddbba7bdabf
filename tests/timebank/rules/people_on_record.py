"""Short words for the tests of recognising: somebody described, somebody on record, and a small town in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from marketplace.age_words import read_age
from marketplace.ages import AgeFact
from marketplace.names import name_key, sound
from marketplace.phones import read_phones
from timebank.rules.people.described import Answer, Candidate, Described, digests
from timebank.rules.people.recognising import Known, Maybe, New, Recognised, answer_worth_keeping, recognise
from timebank.rules.relationships import Life

SAID = date(2026, 11, 24)


def ages(born: str) -> tuple[AgeFact, ...]:
    fact = read_age(born, said_on=SAID, source="test")
    return (fact,) if fact else ()


def described(
    name: str = "",
    phone: str = "",
    *,
    born: str = "",
    occupation: str = "",
    team: str = "",
    area: str = "",
    sheet: bool = False,
    source_number: str = "",
    lineage: str = "list",
    file: str = "one",
) -> Described:
    return Described(
        name=name,
        phones=read_phones(phone),
        ages=ages(born),
        occupation=occupation,
        teams=frozenset(filter(None, [team])),
        area=area,
        sheet=sheet,
        source_number=source_number,
        lineage=lineage,
        file=file,
    )


def on_record(
    uid: str,
    name: str,
    phone: str = "",
    *,
    called: str = "",
    born: str = "",
    team: str = "",
    area: str = "",
    life: Life = Life.ACTIVE,
    gives: bool = True,
    source_number: str = "",
    left_the_list: bool = False,
) -> Candidate:
    return Candidate(
        uid=uid,
        name=name,
        called=called,
        phones=read_phones(phone),
        ages=ages(born),
        teams=frozenset(filter(None, [team])),
        area=area,
        life=life,
        gives=gives,
        source_numbers=frozenset(filter(None, [source_number])),
        left_the_list=left_the_list,
    )


def said(found: Recognised) -> str:
    """The answer in one line: `known A`, `maybe A B number_changed`, `new same_name`."""
    match found:
        case Known():
            return f"known {found.uid}"
        case Maybe():
            return " ".join(["maybe", *sorted(found.uids), found.why])
        case New():
            return " ".join(["new", *(note.code for note in found.notes)])


@dataclass(slots=True)
class Town:
    """People on record, answers and open questions in memory, found as a store would find them."""

    people: dict[str, Candidate] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    questions: dict[str, Maybe] = field(default_factory=dict)
    _places: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))

    def add(self, one: Candidate) -> None:
        self.people[one.uid] = one
        for what, value in self._found_by(one):
            self._places[what, value].add(one.uid)

    def _found_by(self, one: Candidate) -> Iterable[tuple[str, str]]:
        yield from (("key", key) for key in one.keys)
        yield from (("number", number) for number in one.numbers)
        yield "sound", sound(one.name)
        yield from (("source", number) for number in one.source_numbers)
        yield from (("team", team) for team in one.teams)

    def answer(self, answer: Answer) -> None:
        self.answers.append(answer)
        self._answers[answer.described].append(answer)

    def candidates(self, row: Described) -> Sequence[Candidate]:
        wanted = [("key", name_key(row.name)), ("sound", sound(row.name)), ("source", row.source_number)]
        wanted += [("number", number) for number in row.numbers]
        wanted += [("team", team) for team in row.teams if row.sheet]
        uids = set().union(*(self._places.get(one, set()) for one in wanted if one[1]))
        uids |= {answer.uid for answer in self.given(row)}
        return [self.people[uid] for uid in sorted(uids) if uid in self.people]

    def given(self, row: Described) -> list[Answer]:
        return [answer for digest in digests(row) for answer in self._answers.get(digest, [])]

    def bring(self, row: Described, uid: str) -> Recognised:
        """One row as an import does it: Known and New written, a Maybe left as one question; `uid` is a newcomer's."""
        found = recognise(row, self.candidates(row), self.given(row))
        if isinstance(found, Maybe):
            self.questions.setdefault(found.digest, found)
            return found
        if isinstance(found, New):
            self.add(_registered(row, uid))
        known = found.uid if isinstance(found, Known) else uid
        if kept := answer_worth_keeping(row, found, known):
            self.answer(kept)
        return found


def _registered(row: Described, uid: str) -> Candidate:
    return Candidate(
        uid=uid,
        name=row.name,
        phones=row.phones,
        ages=row.ages,
        teams=row.teams,
        area=row.area,
        source_numbers=frozenset(filter(None, [row.source_number])),
    )
