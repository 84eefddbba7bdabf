"""People for programs: found, registered, corrected, archived, moved, gone; and what takes two people at the desk."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from timebank.access import Actor, Facts, sees
from timebank.community import finding, reading
from timebank.community.people import by_two, copying, correcting, households, lives, newcomers, views
from timebank.community.people.api_schemas import (
    ArchiveOut,
    ChangeOut,
    ChangesOut,
    CopyOut,
    CorrectIn,
    DeathIn,
    LeaveIn,
    LifeOut,
    MemberLine,
    MemberOut,
    MembersOut,
    MovedOut,
    MoveIn,
    OtherIn,
    ProfileIn,
    ProfileOut,
    RegisteredOut,
    RegisterIn,
    SearchIn,
    WhoLookedOut,
)
from timebank.context import Context
from timebank.store.members import record_changes

Ctx = NamedDependency[Context]
Who = NamedDependency[Actor]


# --- found and registered


@get("/api/members", operation_id="ApiMembers")
async def api_members(ctx: Ctx, actor: Who, after: FromQuery[str] = "") -> MembersOut:
    """Everybody of the desk's community, page by page."""
    found, following = await finding.everybody(ctx, actor, "DeskMembers", after=after[:40])
    return MembersOut(members=[MemberLine.of(one) for one in found], after=following)


@post("/api/members/search", operation_id="ApiSearchMembers", status_code=200)
async def api_search_members(ctx: Ctx, actor: Who, data: JSONBody[SearchIn]) -> MembersOut:
    """Whoever a name, a part of it, its sound, a number, a phone or its last four digits may mean."""
    found = await finding.search(ctx, actor, data.q, "SearchMembers")
    return MembersOut(members=[MemberLine.of(one) for one in found])


@post("/api/members", operation_id="ApiRegisterMember", status_code=201)
async def api_register_member(ctx: Ctx, actor: Who, data: JSONBody[RegisterIn]) -> RegisteredOut:
    """Somebody registered; 409 with `uids` while somebody on record may be meant and `who` does not say."""
    uid, new = await newcomers.register_at_counter(ctx, actor, data.told())
    return RegisteredOut(uid=uid, new=new)


# --- one person


@get("/api/members/{uid:str}", operation_id="ApiMember")
async def api_member(ctx: Ctx, actor: Who, uid: FromPath[str]) -> MemberOut:
    """One person for the desk; the reading is logged."""
    return MemberOut.shown(await views.member_page(ctx, actor, uid))


@post("/api/members/{uid:str}", operation_id="ApiCorrectMember", status_code=200)
async def api_correct_member(
    ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[CorrectIn]
) -> MemberOut:
    """The record with what is otherwise now."""
    found = await correcting.on_record(ctx, actor, uid, "CorrectMember")
    await correcting.correct(ctx, actor, uid, data.on(found))
    return MemberOut.shown(await views.member_page(ctx, actor, uid))


@get("/api/members/{uid:str}/profile", operation_id="ApiMemberProfile")
async def api_member_profile(ctx: Ctx, actor: Who, uid: FromPath[str]) -> ProfileOut:
    """What somebody offers, to whom, when, how far; and whether they ask for help themselves."""
    found = await correcting.on_record(ctx, actor, uid, "MemberProfile")
    return ProfileOut.of(await correcting.wants_of(ctx, found))


@post("/api/members/{uid:str}/profile", operation_id="ApiSaveProfile", status_code=200)
async def api_save_profile(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[ProfileIn]) -> ProfileOut:
    """Profile and own line of the resources list, saved together."""
    await correcting.save_wants(ctx, actor, uid, data.wants())
    found = await correcting.on_record(ctx, actor, uid, "MemberProfile")
    return ProfileOut.of(await correcting.wants_of(ctx, found))


@get("/api/members/{uid:str}/archive", operation_id="ApiMemberArchive")
async def api_member_archive(ctx: Ctx, actor: Who, uid: FromPath[str]) -> ArchiveOut:
    """Everything on record of somebody."""
    return ArchiveOut.shown(await views.archive(ctx, actor, uid))


@get("/api/members/{uid:str}/readings", operation_id="ApiWhoLooked")
async def api_who_looked(ctx: Ctx, actor: Who, uid: FromPath[str]) -> WhoLookedOut:
    """Who read somebody's private card, when and what for."""
    return WhoLookedOut.told(await reading.who_looked(ctx, actor, uid))


@get("/api/members/{uid:str}/copy", operation_id="ApiMemberCopy")
async def api_member_copy(ctx: Ctx, actor: Who, uid: FromPath[str]) -> CopyOut:
    """Everything that is kept about somebody."""
    return CopyOut.told(await copying.copy_of(ctx, actor, uid))


@post("/api/members/{uid:str}/household", operation_id="ApiLiveTogether", status_code=200)
async def api_live_together(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[OtherIn]) -> MemberOut:
    """Both in one household from now on."""
    await households.live_together(ctx, actor, uid, other=data.other)
    return MemberOut.shown(await views.member_page(ctx, actor, uid))


@post("/api/members/{uid:str}/household/leave", operation_id="ApiLiveApart", status_code=200)
async def api_live_apart(ctx: Ctx, actor: Who, uid: FromPath[str]) -> MemberOut:
    """They live with nobody on record any more."""
    await households.live_apart(ctx, actor, uid)
    return MemberOut.shown(await views.member_page(ctx, actor, uid))


# --- moved, gone and back


@post("/api/members/{uid:str}/move", operation_id="ApiMoveMember", status_code=200)
async def api_move_member(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[MoveIn]) -> MovedOut:
    """A new door inside the community; duties that no longer fit are asked about, none of them ends by itself."""
    asked = await lives.move(ctx, actor, uid, area=data.area, address=data.address)
    return MovedOut(uid=uid, asked=[one.uid for one in asked])


@post("/api/members/{uid:str}/leave", operation_id="ApiMemberLeaves", status_code=200)
async def api_member_leaves(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[LeaveIn]) -> LifeOut:
    """Gone: sign-ins and duties end, promises are looked for anew, hours stay in the book."""
    await lives.leave(ctx, actor, uid, moved=data.reason == "moved")
    return await _life(ctx, actor, uid, "MemberLeaves")


@post("/api/members/{uid:str}/return", operation_id="ApiMemberReturns", status_code=200)
async def api_member_returns(ctx: Ctx, actor: Who, uid: FromPath[str]) -> LifeOut:
    """Somebody who had left takes part again."""
    await lives.take_back(ctx, actor, uid)
    return await _life(ctx, actor, uid, "MemberReturns")


# --- what takes two people


@post("/api/members/{uid:str}/death", operation_id="ApiReportDeath", status_code=201)
async def api_report_death(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[DeathIn]) -> ChangeOut:
    """Entered by one; nothing happens before another confirms it."""
    return ChangeOut.of(await by_two.enter_death(ctx, actor, uid=uid, died_on=data.died_on))


@post("/api/members/{uid:str}/erase", operation_id="ApiEraseMember", status_code=201)
async def api_erase_member(ctx: Ctx, actor: Who, uid: FromPath[str]) -> ChangeOut:
    """Somebody's details are to go for good; nothing happens before a worker confirms it."""
    return ChangeOut.of(await by_two.enter_erasure(ctx, actor, uid=uid))


@post("/api/members/{uid:str}/join", operation_id="ApiJoinRecords", status_code=201)
async def api_join_records(ctx: Ctx, actor: Who, uid: FromPath[str], data: JSONBody[OtherIn]) -> ChangeOut:
    """`other` is the same person's second record; nothing happens before another worker approves."""
    return ChangeOut.of(await by_two.enter_joining(ctx, actor, kept=uid, gone=data.other))


@get("/api/changes", operation_id="ApiWaitingChanges")
async def api_waiting_changes(ctx: Ctx, actor: Who) -> ChangesOut:
    """Deaths and joinings that wait for a second person."""
    sees(actor, "WaitingChanges", Facts(community=actor.community))
    waiting = await record_changes.waiting(ctx.engine, actor.community)
    return ChangesOut(changes=[ChangeOut.of(one) for one in waiting])


@post("/api/changes/{change:str}/approve", operation_id="ApiApproveChange", status_code=200)
async def api_approve_change(ctx: Ctx, actor: Who, change: FromPath[str]) -> ChangeOut:
    """A second worker says that it is so, and it is done."""
    return ChangeOut.of(await by_two.approve(ctx, actor, change))


@post("/api/changes/{change:str}/drop", operation_id="ApiDropChange", status_code=200)
async def api_drop_change(ctx: Ctx, actor: Who, change: FromPath[str]) -> ChangeOut:
    """It was a mistake; nothing has happened."""
    return ChangeOut.of(await by_two.drop(ctx, actor, change))


@post("/api/changes/{change:str}/undo", operation_id="ApiUndoDeath", status_code=200)
async def api_undo_death(ctx: Ctx, actor: Who, change: FromPath[str]) -> ChangeOut:
    """A death was recorded by mistake; waits for a second worker."""
    return ChangeOut.of(await by_two.enter_return(ctx, actor, change))


async def _life(ctx: Context, actor: Actor, uid: str, operation: str) -> LifeOut:
    return LifeOut.of(await lives.record_of(ctx, actor, uid, operation))


handlers: list[Any] = [
    api_members, api_search_members, api_register_member, api_member, api_correct_member, api_member_profile,
    api_save_profile, api_member_archive, api_who_looked, api_member_copy, api_erase_member, api_live_together, api_live_apart, api_move_member, api_member_leaves,
    api_member_returns, api_report_death, api_join_records, api_waiting_changes, api_approve_change, api_drop_change,
    api_undo_death,
]  # fmt: skip
