"""Posts (岗位): lines of the needs list that become a relationship: claimed or named, left, open again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from marketplace import store as lists
from marketplace.values import Need, Place, Quantity, Unit
from timebank.access import Actor, Facts, Role, Sees, sees
from timebank.catalogue import RelationshipKind
from timebank.catalogue.kinds import LINE, MEMBER
from timebank.community import relating
from timebank.community.relating import KindUnknown, LineUnknown, Wanted
from timebank.community.relationships.naming import names_of
from timebank.context import Context
from timebank.rules.relationships import Party, Relationship, Sort, State, member
from timebank.store.oversight import audit
from timebank.store.relations import relationships

POSTS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post with its places; `holders` are (relationship, name) for the desk, and empty for others.

    Attributes:
        mine: uid of the reader's own relationship to it, in force or asked for; "" for none.
        mine_waits: it waits for an answer.
    """

    need: Need
    kind: RelationshipKind
    taken: int
    holders: tuple[tuple[Relationship, str], ...] = ()
    mine: str = ""
    mine_waits: bool = False

    @property
    def free(self) -> int:
        return max(0, self.need.places - self.taken)


def post_kinds(ctx: Context, community: str) -> list[RelationshipKind]:
    """Kinds that a line of the needs list can become and a person can hold, those with titles of their own first."""
    catalogue = ctx.catalogue_of(community)
    titled = {titles.kind for titles in catalogue.titles.values()}
    found = [kind for kind in catalogue.relationships.values() if LINE in kind.to and MEMBER in kind.holder]
    return sorted(found, key=lambda kind: kind.code not in titled)


async def posts(ctx: Context, actor: Actor, lang: str) -> list[Post]:
    """The posts of the reader's community, those with free places first."""
    seen = sees(actor, "Posts", Facts(community=actor.community))
    assert seen is Sees.PUBLIC_CARD
    kinds = ctx.catalogue_of(actor.community).relationships
    needs = [
        need
        for need in await lists.needs(ctx.engine, actor.community, open_only=False)
        if need.becomes in kinds
    ][:POSTS_MAX]
    standing = await relationships.held_towards_any(
        ctx.engine,
        Sort.LINE,
        [need.line_key for need in needs],
        kinds=tuple({need.becomes for need in needs}),
    )
    at_desk = actor.has(Role.WORKER)
    names = await names_of(ctx, actor.community, [one.holder for one in standing], lang) if at_desk else {}
    if at_desk and standing:
        async with ctx.engine.atomic():
            await audit.note(ctx, actor, "read_relationships", reason="posts")
    made = [_post(need, kinds[need.becomes], standing, names, actor) for need in needs]
    return sorted(made, key=lambda post: (not post.free, post.need.title))


def _post(
    need: Need,
    kind: RelationshipKind,
    standing: Sequence[Relationship],
    names: Mapping[Party, str],
    actor: Actor,
) -> Post:
    here = [one for one in standing if one.target.code == need.line_key]
    own = next((one for one in here if one.holder == member(actor.uid)), None)
    return Post(
        need=need,
        kind=kind,
        taken=sum(one.state is State.IN_FORCE for one in here),
        holders=tuple((one, names[one.holder]) for one in here if one.holder in names),
        mine=own.uid if own else "",
        mine_waits=own is not None and own.state is State.OFFERED,
    )


async def open_post(
    ctx: Context, actor: Actor, *, kind: str, title: str, places: int, grid: str = "", duties: str = ""
) -> str:
    """A new post on the needs list; its line's key. The same twice is one line.

    Raises:
        KindUnknown: no kind that a line can become.
    """
    sees(actor, "OpenPost", Facts(community=actor.community))
    async with ctx.engine.atomic():
        key = await add_post(
            ctx, actor.community, kind=kind, title=title, places=places, grid=grid, duties=duties
        )
        await audit.note(ctx, actor, "open_post", object=key, reason=kind)
    return key


async def add_post(
    ctx: Context, community: str, *, kind: str, title: str, places: int, grid: str = "", duties: str = ""
) -> str:
    """The line of a post, made when it is not there yet; in the caller's unit of work."""
    if kind not in {one.code for one in post_kinds(ctx, community)}:
        raise KindUnknown()
    text = title.strip()
    key = "post-" + sha256(f"{kind}\n{text}\n{grid.strip()}".encode()).hexdigest()[:24]
    need = Need(
        line_key=key, title=text, source="community", place=Place(grid=grid.strip()),
        quantity=Quantity(phrase=f"{places}人", amount=places, unit=Unit.PERSON, helpers=places),
        filed_on=ctx.today(), channel="desk", private_note=duties.strip(), becomes=kind,
    )  # fmt: skip
    known = await lists.need(ctx.engine, community, key)
    if known is None:
        await lists.save_needs(ctx.engine, community, [need], at=ctx.now())
    return key


async def claim_post(ctx: Context, actor: Actor, key: str, note: str = "") -> Relationship:
    """The reader asks for a place of a post; where only their own yes is asked it is theirs at once.

    Raises:
        LineUnknown: no such post; RelationshipRefusal: no place is left, or it is theirs already.
    """
    sees(actor, "ClaimPost", Facts(community=actor.community))
    async with ctx.engine.atomic():
        need = await lists.need(ctx.engine, actor.community, key)
        if need is None or not need.becomes:
            raise LineUnknown()
        kind = ctx.catalogue_of(actor.community).relationships.get(need.becomes)
        if kind is None:
            raise KindUnknown()
        wanted = Wanted(
            kind=kind.code, holder=member(actor.uid), target=Party(Sort.LINE, key), note=note,
            scope=kind.scope,
        )  # fmt: skip
        return await relating.offer(ctx, actor, wanted)
