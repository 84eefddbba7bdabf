"""Places and organisations as trees: paths, parents, and moves with their history.

A path is the ids from the top down in hexadecimal, each followed by `/`: `1/2/a/`. A node is below another when its path
begins with the other's, so below is one comparison in memory and one range in SQL, and a node is below itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from timebank.access import Role
from timebank.catalogue.kinds import TOP, AreaKind, Books, OrganisationKind, RelationshipKind
from timebank.errors import AppRefusal

DAY = timedelta(days=1)


class TreeRefusal(AppRefusal):
    """A place or organisation that cannot stand there."""

    status, code = 409, "tree_refused"


class UnknownNodeKind(TreeRefusal):
    """No kind of that code."""

    status, code = 422, "node_kind_unknown"
    zh, en = "没有这一种地方或组织。", "There is no such kind of place or organisation."


class WrongParent(TreeRefusal):
    """The kind may not stand under a node of that kind."""

    code = "wrong_parent"
    zh, en = "这一种不能放在这个上级下面。", "This kind cannot stand under that parent."


class WrongArea(TreeRefusal):
    """The organisation's kind does not belong to a place of that kind."""

    code = "wrong_area"
    zh, en = "这一种组织不能设在这样的地方。", "This kind of organisation does not belong to such a place."


class CommunityMissing(TreeRefusal):
    """The kind belongs to exactly one community, and none is named."""

    code = "community_missing"
    zh, en = "这一种组织要属于一个社区。", "This kind of organisation belongs to one community."


class ParentClosed(TreeRefusal):
    """The parent was closed before that day."""

    code = "parent_closed"
    zh, en = "这个上级那天已经撤销。", "That parent was closed by then."


class AnotherCommunity(TreeRefusal):
    """It would come under another community's node."""

    code = "another_community"
    zh, en = "不能移到别的社区下面。", "It cannot be moved under another community."


class SameParent(TreeRefusal):
    """It stands there already."""

    code = "same_parent"
    zh, en = "已经在这个上级下面了。", "It stands under that parent already."


class BeforeLastMove(TreeRefusal):
    """The day lies before the last change of parent."""

    code = "before_last_move"
    zh, en = "日期早于上一次变动。", "That day is before the last change."


class StillInUse(TreeRefusal):
    """Something stands or lives below it."""

    code = "node_in_use"
    zh, en = "下面还有别的地方、组织或居民。", "Something still stands or lives below it."


class NameTaken(TreeRefusal):
    """Another place of that kind and name stands under the same parent."""

    code = "place_name_taken"
    zh, en = "这个上级下面已经有同名的了。", "There is one of that name under the same parent already."


class OwnNode(TreeRefusal):
    """The community's own node carries its book and its office: its desk neither moves nor ends it."""

    code = "own_node"
    zh, en = "社区自己这一级不能在这里移动或撤销。", "The community's own place is not moved or ended here."


class DayAhead(TreeRefusal):
    """A place moves or ends when it has happened: the tree shows how things stand today."""

    status, code = 422, "day_ahead"
    zh, en = "日期不能晚于今天，到那天再改。", "The day cannot be after today; change it when it has come."


class PlaceUnknown(TreeRefusal):
    """No place of the community goes by that name."""

    status, code = 422, "place_unknown"
    zh, en = "没有找到这个地方，先加上它。", "No place of that name; add it first."


class PlaceUnclear(TreeRefusal):
    """Several places go by that name."""

    status, code = 422, "place_unclear"
    zh, en = (
        "有几个地方都叫这个名字，请把上级也写上，例如“一网格3号楼”。",
        "Several places have that name; write the place above with it, such as Grid 1 Building 3.",
    )


class MinutesUnreadable(TreeRefusal):
    """Minutes on foot are a whole number from 1 to 240."""

    status, code = 422, "walk_minutes"
    zh, en = "步行分钟要写1到240的整数。", "Minutes on foot are a whole number from 1 to 240."


class SamePlaceTwice(TreeRefusal):
    """A way leads from one place to another, and neither lies in the other."""

    status, code = 422, "same_place_twice"
    zh, en = (
        "要写两个不同的地方，一个不能在另一个里面。",
        "Name two different places, neither of which lies in the other.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place or an organisation in its tree.

    Attributes:
        id: number of its row, from 1 on. parent: id of the node above, 0 at the top.
        community: whose it is; "" above communities.
        until_on: last day, None while it stands.
    """

    id: int
    code: str
    kind: str
    parent: int
    path: str
    community: str = ""
    since_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentSpan:
    """From when until when a node stood under a parent; both days included, no last day for today's."""

    node: int
    parent: int
    since_on: date
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        """Stood there on that day."""
        return self.since_on <= day and (self.until_on is None or day <= self.until_on)


# ------------------------------------------------------------------ paths


def path_under(parent_path: str, node_id: int) -> str:
    """The path of node `node_id` under the node at `parent_path`, "" for the top."""
    if node_id < 1:
        raise ValueError("ids count from 1")
    return f"{parent_path}{node_id:x}/"


def below(path: str, of: str) -> bool:
    """Whether the node at `path` is the node at `of` or stands below it; nothing is below an unknown place."""
    return bool(of) and path.startswith(of)


def below_range(of: str) -> tuple[str, str]:
    """`first`, `end` such that exactly the paths below `of` are `>= first` and `< end`, compared byte by byte.

    `0` is the character after `/`. In PostgreSQL the column needs `COLLATE "C"` for this order.
    """
    if not of.endswith("/"):
        raise ValueError("a path ends with a stroke")
    return of, of[:-1] + "0"


def ids_of(path: str) -> tuple[int, ...]:
    """The ids from the top down, the node itself last."""
    return tuple(int(part, 16) for part in path.split("/")[:-1])


def paths_above(path: str) -> tuple[str, ...]:
    """The paths from the top down, the node's own last."""
    return tuple(path[: place + 1] for place, letter in enumerate(path) if letter == "/")


# ------------------------------------------------------------------ parents


def judge_area(kinds: Mapping[str, AreaKind], *, kind: str, parent: str) -> None:
    """Nothing when a place of `kind` may stand under a place of kind `parent`, `TOP` for none.

    Raises:
        UnknownNodeKind, WrongParent: as named.
    """
    if kind not in kinds:
        raise UnknownNodeKind()
    if parent not in kinds[kind].parents:
        raise WrongParent()


def judge_organisation(
    kinds: Mapping[str, OrganisationKind], *, kind: str, parent: str, area: str, community: str
) -> None:
    """Nothing when an organisation of `kind` may stand under one of kind `parent` and belong to a place of kind `area`.

    Raises:
        UnknownNodeKind, WrongParent, WrongArea: as named.
        CommunityMissing: the kind belongs to one community, and `community` is "".
    """
    if kind not in kinds:
        raise UnknownNodeKind()
    if parent not in kinds[kind].parents:
        raise WrongParent()
    if area not in kinds[kind].area:
        raise WrongArea()
    if kinds[kind].community is Books.ONE and not community:
        raise CommunityMissing()


def places_in_charge(relationships: Mapping[str, RelationshipKind]) -> Mapping[str, frozenset[str]]:
    """Kind of place -> the kinds of relationships whose holder looks after such a place: those that make an officer.

    Only these kinds of places need somebody: a building head is a neighbour and has no office.
    """
    found: dict[str, set[str]] = {}
    for kind in relationships.values():
        if any(grant.role == Role.OFFICER for grant in kind.grants):
            for place in kind.to:
                found.setdefault(place, set()).add(kind.code)
    return {place: frozenset(kinds) for place, kinds in found.items()}


# ------------------------------------------------------------------ moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What moving a node writes.

    Attributes:
        nodes: the node and everything below it, each with its new path.
        spans: the parent's span that ends and the one that begins; an empty last span means it is deleted, because the
            node was moved twice on one day.
    """

    nodes: tuple[Node, ...]
    closed: ParentSpan | None
    opened: ParentSpan


def move(
    node: Node,
    to: Node | None,
    *,
    subtree: Iterable[Node],
    span: ParentSpan,
    kinds: Mapping[str, AreaKind] | Mapping[str, OrganisationKind],
    on: date,
) -> Move:
    """The node under another parent from day `on`; figures of earlier days keep the earlier parent.

    Args:
        to: the new parent, None for the top.
        subtree: every node below `node`; the node itself may be among them.
        span: the node's present parent span.

    Raises:
        UnknownNodeKind, WrongParent, SameParent, AnotherCommunity, ParentClosed, BeforeLastMove: as named.
    """
    if node.kind not in kinds:
        raise UnknownNodeKind()
    if (to.kind if to else TOP) not in kinds[node.kind].parents:
        raise WrongParent()
    # A parent's rank is smaller than its child's, so nothing below a node can be its parent.
    assert to is None or not below(to.path, node.path)
    if (to.id if to else 0) == node.parent:
        raise SameParent()
    if to and to.community and to.community != node.community:
        raise AnotherCommunity()
    if to and to.until_on is not None and to.until_on < on:
        raise ParentClosed()
    if on < span.since_on:
        raise BeforeLastMove()

    moved = replace(node, parent=to.id if to else 0, path=path_under(to.path if to else "", node.id))
    others = [
        replace(one, path=moved.path + one.path[len(node.path) :]) for one in subtree if one.id != node.id
    ]
    assert all(below(one.path, moved.path) for one in others)
    opened = ParentSpan(node=node.id, parent=moved.parent, since_on=on)
    closed = replace(span, until_on=on - DAY) if span.since_on < on else None
    return Move(nodes=(moved, *others), closed=closed, opened=opened)


def close(node: Node, *, on: date, in_use: bool) -> Node:
    """The node with `on` as its last day; its row and its figures stay.

    Args:
        in_use: something stands or somebody lives below it, or a relationship towards it is open.

    Raises:
        StillInUse: as told. BeforeLastMove: the day lies before its first.
    """
    if in_use:
        raise StillInUse()
    if on < node.since_on:
        raise BeforeLastMove()
    return replace(node, until_on=on)


def parent_on(spans: Iterable[ParentSpan], node: int, day: date) -> int | None:
    """The parent's id that day, 0 at the top; None when the node did not stand yet or no longer."""
    return next((span.parent for span in spans if span.node == node and span.covers(day)), None)


def path_on(spans: Iterable[ParentSpan], node: int, day: date) -> str:
    """The path that day, made from last year's parents for last year's figure; "" when it did not stand."""
    parents = {span.node: span.parent for span in spans if span.covers(day)}
    ids: list[int] = []
    while node:
        if node not in parents or node in ids:
            return ""
        ids.append(node)
        node = parents[node]
    return "".join(f"{one:x}/" for one in reversed(ids))
