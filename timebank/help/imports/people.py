"""A volunteers' list becomes members: one person once, in as many teams as the list says, with an offer of their own.

Who a row means is decided by `community.recognition` alone: a person who is known is completed, a new one registered, and
whoever may be somebody is asked about once. A row that only its writer can explain (a formula for a name) makes nobody.
Somebody under 18 is registered, and asked about: signing up waits for the guardian's consent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from marketplace import store as lists
from marketplace.lists import RowReport, Verdict
from marketplace.names import name_key
from marketplace.store import give_way
from marketplace.values import Resource, VolunteerEntry
from timebank.catalogue import Heard
from timebank.catalogue.named import TEAM_MEMBER
from timebank.community import recognition, relating
from timebank.community.organising import found_organisation
from timebank.community.recognition import Bench, Known, Maybe, New
from timebank.community.registering import Newcomer, new_uid, register_all
from timebank.context import Context
from timebank.errors import BadField
from timebank.help.imports import saved
from timebank.help.imports.completing import Record, complete, recorded, wishes
from timebank.help.imports.kept import People
from timebank.help.imports.saved import Saved
from timebank.rules.people.described import Answer, Described
from timebank.rules.people.recognising import Recognised
from timebank.rules.relationships import OPERATOR, Relationship
from timebank.rules.relationships import member as party
from timebank.store.members import ages, people, source_keys
from timebank.store.members.source_keys import RowOfList
from timebank.store.relations import organisations
from timebank.store.relations.organisations import TEAM

# Lines written before whoever else waits may go on.
OFFERS_AT_A_STRETCH = 40
NAME_FIELD = "姓名"
# A name that a person must first spell out.
NAMELESS = frozenset({"cell_formula", "name_doubtful"})


@dataclass(slots=True, kw_only=True)
class Teams:
    """The teams that the rows of a list named so far: name key -> code, and the name keys by which several teams go."""

    codes: dict[str, str] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Batch:
    """Rows of one file that are decided one after another and saved together, with everything that was loaded for them.

    Attributes:
        teams: those that the rows name.
        records: what is on record of those who are likely meant, by uid.
        newcomers, keys, answers, joins, offers: what `save_batch` writes: people to register by uid, which row is whom, what
            need not be asked again, who belongs to which team, and lines of the resources list.
    """

    source: People
    bench: Bench
    teams: Teams
    next_number: int
    records: dict[str, Record] = field(default_factory=dict)
    newcomers: dict[str, Newcomer] = field(default_factory=dict)
    keys: list[RowOfList] = field(default_factory=list)
    answers: list[tuple[Answer, str]] = field(default_factory=list)
    joins: list[relating.Wanted] = field(default_factory=list)
    offers: list[Resource] = field(default_factory=list)

    def number(self) -> str:
        """The next vest number."""
        self.next_number += 1
        return f"{self.next_number - 1:03d}"


def described(entry: VolunteerEntry, teams: Teams, source: People) -> Described:
    """The person of a row, as recognising compares them."""
    codes = (teams.codes.get(name_key(name), "") for name in entry.teams)
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
    teams: Teams | None = None,
) -> tuple[Batch, int]:
    """(everything that saving these rows needs, how many teams had to be made). In the caller's unit of work.

    Args:
        row_keys: keys of all rows of the list, so that whoever is not in it any more is seen; empty for one row by itself.
        teams: what earlier rows of the list named; the teams of these rows are added.
    """
    entries = [row.value for row in rows if _is_person(row) and isinstance(row.value, VolunteerEntry)]
    known_teams = Teams() if teams is None else teams
    made = await _find_teams(ctx, community, [name for entry in entries for name in entry.teams], known_teams)
    said = [described(entry, known_teams, source) for entry in entries]
    bench = await recognition.load(
        ctx, community, said, source=source.lineage if row_keys else "", row_keys=row_keys
    )
    await give_way()
    likely = bench.reached_at(number for one in said for number in one.numbers)
    records = await recorded(ctx.engine, sorted(likely))
    number = int(await people.next_number(ctx.engine, community))
    return (
        Batch(source=source, bench=bench, teams=known_teams, next_number=number, records=records),
        made,
    )


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
    """The person of one row registered, or found and completed. In the caller's unit of work; then `save_batch`.

    Args:
        sure: the desk has seen the doubts and says that the row is right; consent of a minor's guardian is there.
        who: uid of the person meant, or `another`, where the desk was asked; "" while it was not.
        target: uid of the member whom this row became before, when it is corrected now.
        by: uid of who answers; "" while nobody is asked.

    Raises:
        BadField: sure, but the name still is no name, or nobody said who of several, or which of several teams, is meant.
    """
    entry = row.value
    if not _is_person(row) or not isinstance(entry, VolunteerEntry):
        return saved.kept(row)
    if _nameless(row):
        if sure:
            raise BadField("请写上真实的姓名。", "Please give the person's real name.", field="name")
        return saved.asked(row)
    if unclear := [name for name in entry.teams if name_key(name) in batch.teams.unclear]:
        if sure:
            raise saved.say_whose(row, unclear[0])
        return saved.asked(row, saved.whose_is_it(row, unclear[0]))
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
        uid, changes = found.uid, await _complete(ctx, community, batch, found.uid, entry)
    else:
        uid, changes = _newcomer(ctx, entry, batch), 1
    _belongs(community, entry, uid, batch)
    kept = recognition.worth_keeping(said, found, uid)
    batch.answers += [(kept, by or OPERATOR)] if kept is not None else []
    if known:
        batch.bench.completed(uid, said)
    else:
        batch.bench.add(recognition.candidate(uid, said, gives=True))
    if sure and entry.minor:
        await _register_newcomers(ctx, community, batch)
        changes += await ages.add_consent(
            ctx.engine, uid, ages.GUARDIAN, heard="told", on=ctx.today(), recorded_by=by
        )
    if known and not target:
        return saved.merged(row, saved.known_person(entry.name, NAME_FIELD), uid, changes)
    return saved.kept(row, uid, changes)


async def save_batch(ctx: Context, community: str, batch: Batch) -> int:
    """Everything that was decided about the batch, written together; how many teams joined and offers changed."""
    await _register_newcomers(ctx, community, batch)
    await give_way()
    await source_keys.add_source_keys(ctx.engine, community, batch.keys)
    for answer, by in batch.answers:
        await recognition.keep_answer(ctx, community, answer, by=by)
    await give_way()
    changes = 0
    if batch.joins:
        made = await relating.offer_all(ctx, relating.operator(community), batch.joins)
        changes += sum(isinstance(one, Relationship) for one in made)
        await give_way()
    # Their own line on the resources list, so that the plan can propose them.
    for at in range(0, len(batch.offers), OFFERS_AT_A_STRETCH):
        some = batch.offers[at : at + OFFERS_AT_A_STRETCH]
        changes += (await lists.save_resources(ctx.engine, community, some, at=ctx.now())).changes
        await give_way()
    for written in (batch.keys, batch.answers, batch.joins, batch.offers):
        written.clear()
    return changes


async def _register_newcomers(ctx: Context, community: str, batch: Batch) -> None:
    await register_all(ctx, community, batch.newcomers, recorded_by=OPERATOR)
    batch.newcomers.clear()


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


async def _find_teams(ctx: Context, community: str, names: Sequence[str], known: Teams) -> int:
    """How many teams nobody knew; `known` learns the code of each. Made first, so that a row reads the same the next time."""
    wanted = {name_key(name): name for name in names}
    wanted = {
        key: name for key, name in wanted.items() if key not in known.codes and key not in known.unclear
    }
    if not wanted:
        return 0
    every = await organisations.every_name(ctx.engine, community)
    called = organisations.by_name(one for one in every if one.kind == TEAM)
    made = 0
    for key, name in wanted.items():
        codes = organisations.meant(called.get(key, ()))
        if len(codes) > 1:
            known.unclear.add(key)
        elif codes:
            known.codes[key] = codes[0]
        else:
            known.codes[key] = (await found_organisation(ctx, community, kind=TEAM, name=name)).code
            made += 1
    return made


def _belongs(community: str, entry: VolunteerEntry, uid: str, batch: Batch) -> None:
    """Teams, the list's own key, and the person's offer."""
    known = batch.bench.teams_of(uid)
    batch.joins += [
        relating.Wanted(
            kind=TEAM_MEMBER, holder=party(uid), target=relating.organisation(batch.teams.codes[name_key(name)]),
            holder_yes=Heard.LIST, target_yes=Heard.LIST,
        )
        for name in entry.teams
        if batch.teams.codes[name_key(name)] not in known
    ]  # fmt: skip
    batch.keys.append(RowOfList(source=batch.source.lineage, row_key=entry.line_key, member=uid))
    record = batch.records.get(uid)
    if record is not None and not record.first_key:
        batch.records[uid] = replace(record, first_key=entry.line_key)
    if entry.categories:
        # It names nobody, and keeps the key it was first listed under.
        key = batch.records[uid].first_key if uid in batch.records else entry.line_key
        batch.offers.append(replace(entry.as_resource(uid), line_key=key))


def _newcomer(ctx: Context, entry: VolunteerEntry, batch: Batch) -> str:
    """The uid of somebody who is registered with the batch."""
    uid = new_uid(ctx)
    batch.newcomers[uid] = Newcomer(
        name=entry.name,
        number=batch.number(),
        phones=entry.phones,
        occupation=entry.occupation,
        ages=entry.ages,
        gives=True,
        wishes=wishes(entry),
        skills="、".join(entry.skills),
    )
    return uid


async def _complete(ctx: Context, community: str, batch: Batch, uid: str, entry: VolunteerEntry) -> int:
    """What the list adds to somebody who is known; what the office wrote is never taken away. 1 when anything changed."""
    if uid in batch.newcomers:
        # A second row of the same person: the first one is written, and read like everybody else's.
        await _register_newcomers(ctx, community, batch)
        await source_keys.add_source_keys(ctx.engine, community, batch.keys)
        batch.keys.clear()
    if uid not in batch.records:
        batch.records |= await recorded(ctx.engine, [uid])
    changed = await complete(ctx, community, batch.records[uid], entry)
    if changed:
        batch.records |= await recorded(ctx.engine, [uid])
    return int(changed)
