"""A volunteers' list becomes members: one person once, in as many teams as the list says, with an offer of their own.

Who a row means is decided by `community.recognition` alone: a person who is known is completed, a new one registered, and
whoever may be somebody is asked about once. A row that only its writer can explain (a formula for a name) makes nobody.
Somebody under 18 is registered, and asked about: signing up waits for the guardian's consent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import PurePath

from marketplace import store as lists
from marketplace.ages import AgeFact, AgeSort
from marketplace.lists import RowReport, Verdict
from marketplace.names import name_key
from marketplace.values import Resource, VolunteerEntry
from timebank.catalogue import Heard
from timebank.community import recognition, relating
from timebank.community.organising import found_organisation
from timebank.community.recognition import Bench, Known, Maybe, New
from timebank.community.registering import Newcomer, register
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.imports import saved
from timebank.help.imports.saved import Saved
from timebank.rules.described import Described
from timebank.rules.recognising import Recognised
from timebank.rules.relationships import OPERATOR, Relationship
from timebank.rules.relationships import member as party
from timebank.store import ages, organisations, people, phones, source_keys
from timebank.store.organisations import TEAM
from timebank.store.rosters import TEAM_MEMBER

SOURCE = "volunteers"
NAME_FIELD = "姓名"
# A name that a person must first spell out.
NAMELESS = frozenset({"cell_formula", "name_doubtful"})
SAID_AGAIN = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The file that people are named in.

    Attributes:
        lineage: which list this is over the years. file: this very file, by its content.
        where: under which uid it is kept, for questions that stay open.
    """

    lineage: str
    file: str
    where: str

    def seen(self, row: RowReport) -> str:
        """Where a row's question was met."""
        return f"{self.where}/{row.row_number}/{row.part}/{row.sheet}"


@dataclass(slots=True, kw_only=True)
class Batch:
    """Rows of one file that are saved together, with everything that was loaded for them at once.

    Attributes:
        teams: name key -> code of the teams that the rows name.
        offers, joins: lines of the resources list, and who belongs to which team: written at the end, together.
    """

    source: People
    bench: Bench
    teams: dict[str, str]
    next_number: int
    offers: list[Resource] = field(default_factory=list)
    joins: list[relating.Wanted] = field(default_factory=list)

    def number(self) -> str:
        """The next vest number."""
        self.next_number += 1
        return f"{self.next_number - 1:03d}"


def lineage_of(filename: str, kind: str) -> str:
    """Which list a file is, over the years: its kind and its name without dates, copies and numbers."""
    stem = PurePath(filename).stem
    words = re.sub(r"[\d\W_]+|年|月|日|副本|最终版|最新|copy", "", stem, flags=re.IGNORECASE)
    return f"{kind}:{words}"[:60]


def described(entry: VolunteerEntry, teams: dict[str, str], source: People) -> Described:
    """The person of a row, as recognising compares them."""
    codes = (teams.get(name_key(name), "") for name in entry.teams)
    return Described(
        name=entry.name,
        phones=entry.phones,
        ages=entry.ages,
        occupation=entry.occupation,
        teams=frozenset(code for code in codes if code),
        lineage=source.lineage,
        file=source.file,
    )


async def batch(
    ctx: Context,
    community: str,
    rows: Sequence[RowReport],
    *,
    source: People,
    row_keys: frozenset[str],
) -> tuple[Batch, int]:
    """(everything that saving these rows needs, how many teams had to be made). In the caller's unit of work.

    Args:
        row_keys: keys of all rows of the list, so that whoever is not in it any more is seen; empty for one row by itself.
    """
    entries = [row.value for row in rows if _is_person(row) and isinstance(row.value, VolunteerEntry)]
    teams, made = await _teams(ctx, community, [name for entry in entries for name in entry.teams])
    said = [described(entry, teams, source) for entry in entries]
    bench = await recognition.load(
        ctx, community, said, source=source.lineage if row_keys else "", row_keys=row_keys
    )
    number = int(await people.next_number(ctx.engine, community))
    return Batch(source=source, bench=bench, teams=teams, next_number=number), made


async def save_volunteer(
    ctx: Context,
    community: str,
    row: RowReport,
    batch: Batch,
    *,
    sure: bool = False,
    who: str = "",
    target: str = "",
    by: str = "",
) -> Saved:
    """The person of one row registered, or found and completed. In the caller's unit of work; then `save_offers`.

    Args:
        sure: the desk has seen the doubts and says that the row is right; consent of a minor's guardian is there.
        who: uid of the person meant, or `another`, where the desk was asked; "" while it was not.
        target: uid of the member whom this row became before, when it is corrected now.
        by: uid of who answers; "" while nobody is asked.

    Raises:
        BadField: sure, but the name still is no name, or nobody said who of several is meant.
    """
    entry = row.value
    if not _is_person(row) or not isinstance(entry, VolunteerEntry):
        return saved.kept(row)
    if _nameless(row):
        if sure:
            raise BadField("请写上真实的姓名。", "Please give the person's real name.", field="name")
        return saved.asked(row)
    said = described(entry, batch.teams, batch.source)
    found = await _recognised(
        ctx, community, batch, said, who=who, target=target, by=by, asked=sure or bool(who)
    )
    if isinstance(found, Maybe):
        if sure:
            raise saved.choose(found)
        await recognition.ask(ctx, community, found, seen_in=batch.source.seen(row))
        return saved.asked(row, saved.who_is_it(found, entry.name, NAME_FIELD))
    known = isinstance(found, Known)
    if isinstance(found, Known):
        uid, changes = found.uid, await _complete(ctx, community, found.uid, entry)
    else:
        uid, changes = await _register(ctx, community, entry, batch), 1
    await _belongs(ctx, community, entry, uid, batch)
    await recognition.keep(ctx, community, said, found, uid, by=by or OPERATOR)
    if known:
        batch.bench.completed(uid, said)
    else:
        batch.bench.add(recognition.candidate(uid, said, gives=True))
    if sure and entry.minor:
        changes += await ages.add_consent(
            ctx.engine, uid, ages.GUARDIAN, heard="told", on=ctx.today(), recorded_by=by
        )
    if known and not target:
        return saved.merged(row, saved.known_person(entry.name, NAME_FIELD), uid, changes)
    return saved.kept(row, uid, changes)


async def save_offers(ctx: Context, community: str, batch: Batch) -> int:
    """The teams of everybody in the batch, and their own lines on the resources list, so that the plan can propose them;
    how many changed.
    """
    changes = 0
    if batch.joins:
        made = await relating.offer_all(ctx, relating.operator(community), batch.joins)
        changes += sum(isinstance(one, Relationship) for one in made)
        batch.joins.clear()
    if batch.offers:
        report = await lists.save_resources(ctx.engine, community, batch.offers, at=ctx.now())
        changes += report.changes
        batch.offers.clear()
    return changes


async def _recognised(
    ctx: Context,
    community: str,
    batch: Batch,
    said: Described,
    *,
    who: str,
    target: str,
    by: str,
    asked: bool,
) -> Recognised:
    """Who is meant, after what the desk answered."""
    if target:
        return Known(uid=target, why=recognition.Why.ANSWERED)
    found = batch.bench.recognise(said)
    if isinstance(found, New) and asked:
        # One row by itself does not show who left the list; the question that its file raised still stands.
        found = await recognition.open_question(ctx, community, said) or found
    if not isinstance(found, Maybe) or not who:
        return found
    return await recognition.answered(ctx, community, batch.bench, said, found, who=who, by=by)


def _is_person(row: RowReport) -> bool:
    return row.verdict not in (Verdict.MERGED, Verdict.REFUSED) and isinstance(row.value, VolunteerEntry)


def _nameless(row: RowReport) -> bool:
    entry = row.value
    assert isinstance(entry, VolunteerEntry)
    return entry.name.startswith("'") or any(reason.code in NAMELESS for reason in row.reasons)


async def _teams(ctx: Context, community: str, names: Sequence[str]) -> tuple[dict[str, str], int]:
    """(name key -> code of every team named, how many nobody knew); made first, so that a row reads the same the next time."""
    found: dict[str, str] = {}
    made = 0
    for name in dict.fromkeys(names):
        known = await organisations.organisation_named(ctx.engine, community, name, TEAM)
        if known is None:
            known = await found_organisation(ctx, community, kind=TEAM, name=name)
            made += 1
        found[name_key(name)] = known.code
    return found, made


async def _belongs(ctx: Context, community: str, entry: VolunteerEntry, uid: str, batch: Batch) -> None:
    """Teams, the list's own key, and the person's offer."""
    known = batch.bench.teams_of(uid)
    batch.joins += [
        relating.Wanted(
            kind=TEAM_MEMBER, holder=party(uid), target=relating.organisation(batch.teams[name_key(name)]),
            holder_yes=Heard.LIST, target_yes=Heard.LIST,
        )
        for name in entry.teams
        if batch.teams[name_key(name)] not in known
    ]  # fmt: skip
    await source_keys.add_source_key(
        ctx.engine, community=community, source=batch.source.lineage, row_key=entry.line_key, member=uid
    )
    if entry.categories:
        # It names nobody, and keeps the key it was first listed under.
        key = await source_keys.source_key_of(ctx.engine, uid)
        batch.offers.append(replace(entry.as_resource(uid), line_key=key or entry.line_key))


async def _register(ctx: Context, community: str, entry: VolunteerEntry, batch: Batch) -> str:
    return await register(
        ctx,
        community,
        Newcomer(
            name=entry.name,
            number=batch.number(),
            phones=entry.phones,
            occupation=entry.occupation,
            ages=entry.ages,
            gives=True,
            wishes=_wishes(entry),
            skills="、".join(entry.skills),
        ),
        recorded_by=OPERATOR,
    )


async def _complete(ctx: Context, community: str, uid: str, entry: VolunteerEntry) -> int:
    """What the list adds to somebody who is known; what the office wrote is never taken away. 1 when anything changed."""
    person, profile = await people.person(ctx.engine, uid), await people.profile(ctx.engine, uid)
    completed = replace(
        person,
        name=entry.name if person.name.startswith("'") else person.name,
        occupation=person.occupation or entry.occupation[:60],
    )
    skills = [skill for skill in profile.skills.split("、") if skill]
    told = replace(
        profile,
        gives=True,
        skills="、".join(dict.fromkeys((*skills, *entry.skills))),
        wishes=profile.wishes or _wishes(entry),
    )
    changed = False
    if completed != person:
        await people.save_person(ctx.engine, completed)
        changed = True
    if told != profile:
        await people.save_profile(ctx.engine, told)
        changed = True
    changed |= await phones.add_phones(ctx.engine, community=community, member=uid, numbers=entry.phones)
    known = await ages.ages(ctx.engine, uid) if entry.ages else []
    for fact in entry.ages:
        if not any(_says_no_more(fact, one) for one in known):
            changed |= await ages.add_age(ctx.engine, uid, fact, recorded_by=OPERATOR)
    return int(changed)


def _says_no_more(fact: AgeFact, known: AgeFact) -> bool:
    """The same said again: of a birth at any time, of an age within half a year."""
    apart = timedelta() if fact.sort in (AgeSort.BORN_ON, AgeSort.BORN_YEAR) else fact.said_on - known.said_on
    return (fact.sort, fact.value) == (known.sort, known.value) and abs(apart) < SAID_AGAIN


def _wishes(entry: VolunteerEntry) -> str:
    """When and for whom, in the person's own words."""
    return " · ".join(filter(None, (entry.when.phrase, "、".join(entry.serves))))
