"""A list of relationships from a file: kind, holder and target by name; every row that cannot stand says why.

    关系类型,承担方,手机,对象,说明,起,止,名额
    楼栋长,张建国,13900000001,一网格3号楼,,2026-01-01,,
    牵头单位,区人民银行营业部,,东区社区,,,,
    公益岗位,,,楼道保洁,每周两次,,,3          (a row without a holder opens a post with that many places)

The list itself is the yes of both sides where the kind lets a list say it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.ages import AgeFact, AgeSort
from marketplace.categories import default_tree
from marketplace.lists.dates import date_in
from marketplace.names import name_key
from marketplace.phones import read_phones
from timebank.access import Actor, Facts, sees
from timebank.catalogue import Catalogue, Heard, RelationshipKind, Side
from timebank.catalogue.kinds import CATEGORY, HOUSEHOLD, LINE, MEMBER, ORGANISATION
from timebank.community import relating, sheets
from timebank.community.relating import (
    HolderUnknown,
    KindUnknown,
    LineUnknown,
    SeveralFit,
    TargetUnknown,
    Wanted,
)
from timebank.community.relationships import posts
from timebank.community.sheets import Row
from timebank.context import Context
from timebank.errors import AppRefusal, BadField
from timebank.rules.relationships import Party, Relationship, Sort, member
from timebank.store.members import ages
from timebank.store.members.directory import Directory, directory

COLUMNS: dict[str, tuple[str, ...]] = {
    "kind": ("关系类型", "关系", "类型", "职务", "kind", "relationship"),
    "holder": ("承担方", "承担人", "姓名", "结对人", "单位名称", "单位", "holder", "name"),
    "phone": ("手机", "电话", "联系电话", "手机号", "承担方手机", "phone"),
    "target": ("对象", "对方", "结对对象", "所在", "社区", "楼栋", "岗位", "target"),
    "target_phone": ("对方手机", "对方电话", "对象电话", "targetphone"),
    "note": ("说明", "备注", "称谓", "岗位名称", "note", "detail"),
    "since_on": ("起", "开始", "开始日期", "since"),
    "until_on": ("止", "结束", "到期", "有效期至", "until"),
    "places": ("名额", "人数", "places"),
}
ROWS_MAX = 20_000
_NEEDED = (frozenset({"kind"}), frozenset({"target"}))


class NoSuchList(BadField):
    """The file has no columns for kind and target."""

    code = "no_relationship_list"
    zh, en = (
        "这张表要有“关系类型”“承担方”“对象”这几列。",
        "The table needs columns for kind, holder and target.",
    )


class DayUnreadable(AppRefusal):
    """A cell that should be a day cannot be read as one."""

    status, code = 422, "day_unreadable"
    zh, en = "日期看不懂，请写成2026-01-31这样。", "The day cannot be read; write it as 2026-01-31."


class PlacesUnreadable(AppRefusal):
    """The number of places is no number from 1 to 500."""

    status, code = 422, "places_unreadable"
    zh, en = "名额要写成1到500的数字。", "Places are a number from 1 to 500."


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDone:
    """What became of one row: the uid of a relationship, the key of a post, or why not."""

    row: Row
    became: str = ""
    refusal: AppRefusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReport:
    """What became of every row, in the order of the file."""

    rows: tuple[RowDone, ...]

    @property
    def made(self) -> int:
        return sum(bool(one.became) for one in self.rows)

    @property
    def same(self) -> int:
        """Rows that say what stands already."""
        return sum(one.refusal is not None and one.refusal.code == "already_so" for one in self.rows)

    @property
    def refused(self) -> tuple[RowDone, ...]:
        return tuple(one for one in self.rows if one.refusal is not None and one.refusal.code != "already_so")


async def load_file(
    ctx: Context, actor: Actor, *, filename: str, content: bytes, all_of_age: bool = False
) -> ListReport:
    """Every row of a file judged by itself and, where it can stand, written; all in one unit of work.

    Args:
        all_of_age: the office says that everybody on the list is 18 or older; kept as a fact of each who holds something.

    Raises:
        NoSuchList: no table with the columns that are needed; FileUnreadable, FileTooLarge: as for any list.
    """
    sees(actor, "LoadRelationships", Facts(community=actor.community))
    rows = await _rows_of(filename, content)
    async with ctx.engine.atomic():
        known = await directory(ctx.engine, actor.community)
        return await _load(ctx, actor, rows, known, all_of_age=all_of_age)


async def _rows_of(filename: str, content: bytes) -> tuple[Row, ...]:
    """The rows of the first table that has the columns; empty rows are left out."""
    rows = await sheets.rows_of(filename, content, columns=COLUMNS, needs=_NEEDED, rows_max=ROWS_MAX)
    if rows is None:
        raise NoSuchList(field="files")
    return rows


async def _load(
    ctx: Context, actor: Actor, rows: Sequence[Row], known: Directory, *, all_of_age: bool
) -> ListReport:
    catalogue = ctx.catalogue_of(actor.community)
    done: dict[int, RowDone] = {}
    wanted: list[tuple[int, Wanted]] = []
    for at, row in enumerate(rows):
        try:
            kind = _kind(catalogue, row.cells.get("kind", ""))
            if not row.cells.get("holder") and LINE in kind.to:
                key = await _post(ctx, actor, kind, row)
                known.add_line(row.cells["target"], key)
                done[at] = RowDone(row=row, became=key)
                continue
            wanted.append((at, _wanted(catalogue, kind, row, known, ctx.today())))
        except AppRefusal as refusal:
            done[at] = RowDone(row=row, refusal=refusal)
    if all_of_age:
        await _say_of_age(ctx, actor, [one for _, one in wanted])
    made = await relating.offer_all(ctx, actor, [one for _, one in wanted])
    for (at, _), result in zip(wanted, made, strict=True):
        if isinstance(result, Relationship):
            done[at] = RowDone(row=rows[at], became=result.uid)
        else:
            done[at] = RowDone(row=rows[at], refusal=result)
    return ListReport(rows=tuple(done[at] for at in range(len(rows))))


def _kind(catalogue: Catalogue, text: str) -> RelationshipKind:
    key = name_key(text)
    # 楼栋长（兼） and 信息员（联系户） are called by what stands before the bracket, too.
    for kind in catalogue.relationships.values():
        short = re.split(r"[（(]", kind.zh)[0]
        if key and key in map(name_key, (kind.code, kind.zh, kind.en, short)):
            return kind
    raise KindUnknown()


async def _post(ctx: Context, actor: Actor, kind: RelationshipKind, row: Row) -> str:
    if not row.cells.get("target"):
        raise LineUnknown()
    places = row.cells.get("places", "1")
    if not (places.isascii() and places.isdigit() and 1 <= int(places) <= 500):
        raise PlacesUnreadable()
    return await posts.add_post(
        ctx, actor.community, kind=kind.code, title=row.cells["target"], places=int(places),
        duties=row.cells.get("note", ""),
    )  # fmt: skip


def _wanted(catalogue: Catalogue, kind: RelationshipKind, row: Row, known: Directory, today: date) -> Wanted:
    cells = row.cells
    listed = Heard.LIST if Heard.LIST in kind.heard else None
    return Wanted(
        kind=kind.code,
        holder=_side(
            catalogue, kind.holder, cells.get("holder", ""), cells.get("phone", ""), known, HolderUnknown
        ),
        target=_side(
            catalogue, kind.to, cells.get("target", ""), cells.get("target_phone", ""), known, TargetUnknown
        ),
        since_on=_day(cells.get("since_on", ""), today),
        until_on=_day(cells.get("until_on", ""), today),
        scope=kind.scope,
        holder_yes=listed if Side.HOLDER in kind.yes else None,
        target_yes=listed if Side.TARGET in kind.yes else None,
        note=cells.get("note", ""),
    )


def _side(
    catalogue: Catalogue,
    sorts: Sequence[str],
    name: str,
    phone: str,
    known: Directory,
    unknown: type[AppRefusal],
) -> Party:
    """The one side of these sorts that goes by this name; a phone or a vest number tells two of one name apart."""
    if not name:
        raise unknown()
    found: list[Party] = []
    numbers = {one.number for one in read_phones(phone) if one.number} | ({phone} if phone else set())
    if MEMBER in sorts or HOUSEHOLD in sorts:
        people = known.members(name, numbers)
        found += [member(uid) for uid in people] if MEMBER in sorts else []
        if MEMBER not in sorts:
            houses = dict.fromkeys(filter(None, (known.household(uid) for uid in people)))
            found += [Party(Sort.HOUSEHOLD, uid) for uid in houses]
    bodies = set(catalogue.organisations) & set(sorts)
    if bodies or ORGANISATION in sorts:
        found += [Party(Sort.ORGANISATION, code) for code in known.organisations(name, bodies)]
    if places := set(catalogue.areas) & set(sorts):
        found += [Party(Sort.AREA, code) for code in known.areas(name, places)]
    if LINE in sorts:
        found += [Party(Sort.LINE, key) for key in known.lines(name)]
    if CATEGORY in sorts:
        tree = default_tree()
        found += [
            Party(Sort.CATEGORY, code)
            for code in tree.categories
            if name_key(name)
            in (name_key(code), name_key(tree.label(code, "zh")), name_key(tree.label(code, "en")))
        ]
    if not found:
        raise LineUnknown() if tuple(sorts) == (LINE,) else unknown()
    if len(found) > 1:
        raise SeveralFit()
    return found[0]


def _day(text: str, today: date) -> date | None:
    if not text:
        return None
    found = date_in(text, filed_on=today)
    if found is None:
        raise DayUnreadable()
    return found


async def _say_of_age(ctx: Context, actor: Actor, wanted: Sequence[Wanted]) -> None:
    """What the office says of everybody on the list, kept where nothing was known."""
    holders = sorted({one.holder.code for one in wanted if one.holder.sort is Sort.MEMBER})
    known = await ages.ages_of(ctx.engine, holders)
    said = AgeFact(sort=AgeSort.OF_AGE, said_on=ctx.today(), source="list")
    for uid in holders:
        if not known.get(uid):
            await ages.add_age(ctx.engine, uid, said, recorded_by=actor.uid)
