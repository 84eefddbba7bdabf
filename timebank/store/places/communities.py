"""Communities: one neighbourhood office each, at its node of the tree of places."""

from __future__ import annotations

from dataclasses import dataclass

from piccolo.query.methods.select import First, Select

from ledger.store.engine import DurableEngine, prepared
from timebank.store.rows import add, change, columns, typed, typed_all, typed_or_none, values_of
from timebank.store.tables import Community as Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A neighbourhood office as it shows itself; `area` is the code of its node of the tree of places."""

    code: str
    area: str
    name: str
    name_en: str = ""
    phone: str = ""
    address: str = ""
    opens: str = ""
    page_text: str = ""

    def called(self, lang: str) -> str:
        """Its name in a reader's language; the Chinese one where no English name is known."""
        return self.name_en if lang == "en" and self.name_en else self.name


@prepared
def _one(code: str) -> First:
    return Table.select(*columns(Community, Table)).where(Table.code == code).first()


@prepared
def _all() -> Select[Table]:
    return Table.select(*columns(Community, Table)).order_by(Table.id)


async def community(engine: DurableEngine, code: str) -> Community | None:
    return typed_or_none(Community, await _one.on(engine)(code))


async def communities(engine: DurableEngine) -> list[Community]:
    """Every community of this installation, in the order they were founded."""
    return typed_all(Community, await _all.on(engine)())


@prepared
def _first_two() -> Select[Table]:
    return Table.select(*columns(Community, Table)).order_by(Table.id).limit(2)


async def only_community(engine: DurableEngine) -> Community | None:
    """The community of an installation that has one; None where there is none yet, or a choice between several."""
    known = typed_all(Community, await _first_two.on(engine)())
    return known[0] if len(known) == 1 else None


async def are_several(engine: DurableEngine) -> bool:
    """Whether there is a choice between communities at all."""
    return len(await _first_two.on(engine)()) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A stretch of the communities of this installation, those of one street beside each other.

    Attributes:
        rows: with the name of the place each lies in, "" where nothing stands above it.
        total: how many there are to look through, found or all.
    """

    rows: tuple[tuple[str, Community], ...]
    total: int


async def choices(engine: DurableEngine, *, sought: str = "", number: int, offset: int = 0) -> Choices:
    """`number` communities from `offset` on whose name, address or street holds `sought`: street by street, in the order they were founded."""
    # Piccolo compares no column in small letters, and English names are sought in any.
    where, args = "", []
    if sought:
        escaped = sought.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        searched = ("c.name", "c.name_en", "c.address", "above.name")
        where = "WHERE " + " OR ".join(f"lower({column}) LIKE ? ESCAPE '\\'" for column in searched)
        args = [f"%{escaped}%"] * len(searched)
    found = (
        "FROM tb_community c JOIN tb_area place ON place.code = c.area"
        f" LEFT JOIN tb_area above ON above.code = place.parent {where}"
    )
    named = ", ".join(f"c.{name}" for name in Community.__slots__)
    rows = await engine.fetch(
        f"SELECT {named}, COALESCE(above.name, '') AS above {found} ORDER BY COALESCE(above.id, 0), c.id LIMIT ? OFFSET ?",
        [*args, number, offset],
    )
    [count] = await engine.fetch(f"SELECT COUNT(*) AS number {found}", args)
    return Choices(
        rows=tuple((str(row["above"]), typed(Community, row)) for row in rows), total=int(count["number"])
    )


async def add_community(engine: DurableEngine, community: Community) -> None:
    await add(engine, Table, values_of(community))


async def save_community(engine: DurableEngine, community: Community) -> None:
    """What the office says of itself; the code and the node stay."""
    values = {name: value for name, value in values_of(community).items() if name not in ("code", "area")}
    await change(engine, Table, values, code=community.code)
