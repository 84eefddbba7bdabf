"""Use cases of a community's policy: enter a draft, look at what it would do, approve it as somebody else, withdraw it.

Every step is pure in `timebank.policy.versions`; here it is loaded, written and noted, one at a time per community.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketplace.categories import default_tree
from timebank.access import Actor, Facts, Sees, sees
from timebank.community.hands import another_hand
from timebank.community.policy.previewing import preview_now
from timebank.context import Context
from timebank.errors import NotFound
from timebank.policy import BadPolicy, Policy, PreviewChanged, reading
from timebank.policy.versions import (
    POLICY,
    Version,
    approved,
    drafted,
    in_force,
    looked_again,
    revised,
    withdrawn,
)
from timebank.rules.hours.preview import Preview
from timebank.store.members import people
from timebank.store.office import rules
from timebank.store.oversight import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The policy page.

    Attributes:
        in_force: None where the community has no version of its own.
        versions: all of them, the newest first.
        says: how the people behind the versions are called, by uid.
    """

    policy: Policy
    in_force: Version | None
    versions: tuple[Version, ...]
    says: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One version with what it changes.

    Attributes:
        before: the policy that holds until this version begins.
        says: how the people in it are called, by uid; empty for an auditor, who reads numbers only.
    """

    version: Version
    policy: Policy
    before: Policy
    preview: Preview | None
    says: dict[str, str]
    mine: bool


async def home(ctx: Context, actor: Actor) -> Home:
    """The rules in force and every version there is."""
    seen = sees(actor, "PolicyHome", Facts(community=actor.community))
    versions = await rules.versions(ctx.engine, actor.community)
    hands = {uid for one in versions for uid in (one.entered_by, one.approved_by)}
    return Home(
        policy=ctx.policy_of(actor.community),
        in_force=in_force(versions, ctx.today()),
        versions=tuple(reversed(versions)),
        says=await _says(ctx, seen, hands),
    )


async def show(ctx: Context, actor: Actor, number: int, *, operation: str = "ShowPolicy") -> Shown:
    """One version, what it changes, and whom it would have touched.

    Raises:
        NotFound: no such version here.
    """
    seen = sees(actor, operation, Facts(community=actor.community))
    version = await _version(ctx, actor, number)
    versions = await rules.versions(ctx.engine, actor.community)
    before = in_force([one for one in versions if one.number != number], version.starts_on)
    preview = Preview.from_kept(version.preview) if version.preview else None
    uids = {version.entered_by, version.approved_by}
    if preview:
        uids |= {one.member for one in preview.differences} | {*preview.redeem_lost, *preview.redeem_gained}
    return Shown(
        version=version,
        policy=Policy.read(version.text),
        before=Policy.read(before.text) if before else ctx.policies.default,
        preview=preview,
        says=await _says(ctx, seen, uids),
        mine=version.entered_by == actor.uid,
    )


async def draft(ctx: Context, actor: Actor, *, text: str, starts_on: date, number: int = 0) -> Version:
    """A new draft with its preview, or another text or day for the draft `number`.

    Raises:
        BadPolicy: the text is no policy, names an unknown kind of service, or another time zone than the installation's.
        StartsTooSoon, DayTaken, AlreadyBegan, NotADraft: as named; NotFound: no such draft here.
    """
    sees(actor, "DraftPolicy", Facts(community=actor.community))
    policy = Policy.read(text)
    reading.check_categories(policy, default_tree().categories)
    if policy.timezone != ctx.zone.key:
        raise BadPolicy(
            "timezone",
            f"时区要和安装时一样：{ctx.zone.key}。",
            f"timezone is that of the installation, {ctx.zone.key}",
        )
    # Worked out before the unit of work, so that a long look back holds up nobody who writes.
    preview = (await preview_now(ctx, actor.community, policy)).kept()
    async with ctx.engine.atomic():
        await _one_at_a_time(ctx, actor.community)
        versions = await rules.versions(ctx.engine, actor.community)
        if number:
            made = revised(
                versions,
                await _version(ctx, actor, number),
                text=text,
                preview=preview,
                starts_on=starts_on,
                today=ctx.today(),
                by=actor.uid,
                at=ctx.now(),
            )
            await rules.save_version(ctx.engine, made)
        else:
            made = drafted(
                versions,
                community=actor.community,
                text=text,
                preview=preview,
                starts_on=starts_on,
                today=ctx.today(),
                by=actor.uid,
                at=ctx.now(),
            )
            await rules.add_version(ctx.engine, made)
        await audit.note(ctx, actor, "draft_policy", object=_object(made), reason=made.fingerprint[:16])
    return made


async def look_again(ctx: Context, actor: Actor, number: int) -> Version:
    """A draft with a preview of today; who entered it stays.

    Raises:
        NotFound; PreviewChanged: the draft was changed meanwhile; AlreadyBegan, NotADraft: as named.
    """
    sees(actor, "LookAgain", Facts(community=actor.community))
    looked_at = await _version(ctx, actor, number)
    preview = await preview_now(ctx, actor.community, Policy.read(looked_at.text))
    async with ctx.engine.atomic():
        await _one_at_a_time(ctx, actor.community)
        version = await _version(ctx, actor, number)
        if version.text != looked_at.text:
            raise PreviewChanged()
        made = looked_again(version, preview=preview.kept(), today=ctx.today())
        await rules.save_version(ctx.engine, made)
    return made


async def approve(ctx: Context, actor: Actor, number: int, *, seen: str) -> Version:
    """The draft is approved by somebody other than who entered it; `seen` is the fingerprint they were shown.

    Raises:
        NotFound; SecondPerson, PreviewChanged, StartsTooSoon, DayTaken, AlreadyBegan, NotADraft: as named.
    """
    sees(actor, "ApprovePolicy", Facts(community=actor.community))
    async with ctx.engine.atomic():
        await _one_at_a_time(ctx, actor.community)
        versions = await rules.versions(ctx.engine, actor.community)
        made = approved(
            versions, await _version(ctx, actor, number), seen=seen, today=ctx.today(), by=actor.uid, at=ctx.now()
        )  # fmt: skip
        await another_hand(ctx, actor, {made.entered_by})
        await rules.save_version(ctx.engine, made)
        await audit.note(ctx, actor, "approve_policy", object=_object(made), reason=made.fingerprint[:16])
    await ctx.policies.fresh(actor.community)
    return made


async def withdraw(ctx: Context, actor: Actor, number: int) -> Version:
    """A draft, or an approved version that has not begun, is taken back.

    Raises:
        NotFound; AlreadyBegan, NotADraft: as named.
    """
    sees(actor, "WithdrawPolicy", Facts(community=actor.community))
    async with ctx.engine.atomic():
        await _one_at_a_time(ctx, actor.community)
        made = withdrawn(await _version(ctx, actor, number), today=ctx.today())
        await rules.save_version(ctx.engine, made)
        await audit.note(ctx, actor, "withdraw_policy", object=_object(made))
    await ctx.policies.fresh(actor.community)
    return made


async def _says(ctx: Context, seen: Sees, uids: set[str]) -> dict[str, str]:
    """How people are called, for whoever may know; an auditor reads ids."""
    return await people.names(ctx.engine, sorted(uids - {""})) if seen is Sees.PRIVATE_CARD else {}


async def _version(ctx: Context, actor: Actor, number: int) -> Version:
    found = await rules.version(ctx.engine, actor.community, number)
    if found is None:
        raise NotFound()
    return found


async def _one_at_a_time(ctx: Context, community: str) -> None:
    """Two drafts never take one number, and two approvals never one day; SQLite's single writer sees to it by itself."""
    if ctx.engine.dialect == "postgres":
        await ctx.engine.fetch(
            "SELECT pg_advisory_xact_lock(hashtext(?))::text AS locked", [f"rules:{community}"]
        )


def _object(version: Version) -> str:
    return f"{POLICY}:{version.number}"
