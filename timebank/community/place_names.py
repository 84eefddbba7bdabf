"""What the places of a community are called: read from a name that somebody typed, and shown with what stands above them.

names = await Names.of(ctx, community)
names.called("一网格3号楼")        every place that goes by it; 3号楼 alone may be eleven
names.label(code)                 一网格 3号楼
await resolved(ctx, community, "一网格3号楼")    its code, or a refusal at the field
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.names import name_key
from timebank.context import Context
from timebank.errors import BadField
from timebank.rules.places.areas import PlaceUnclear, paths_above
from timebank.store.places import areas
from timebank.store.places.areas import Area

CHOICES_MAX = 60
"""A longer list is no choice on a telephone: beyond it the name is typed."""


@dataclass(slots=True)
class Names:
    """Places of one community by code and by what they are called, with or without what is above: 3号楼, 一网格3号楼."""

    _found: dict[str, list[Area]] = field(default_factory=dict)
    _by_path: dict[str, Area] = field(default_factory=dict)
    _labels: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def of(cls, ctx: Context, community: str) -> Names:
        known = cls()
        for one in await areas.areas(ctx.engine, community):
            known.add(one)
        return known

    def add(self, area: Area) -> None:
        """Know one more; what stands above it is known before."""
        self._by_path[area.path] = area
        self._found.setdefault(name_key(area.code), []).append(area)
        called, label = "", ""
        for path in reversed(paths_above(area.path)):
            if (above := self._by_path.get(path)) is None:
                break
            called = name_key(above.name) + called
            self._found.setdefault(called, []).append(area)
            if path == area.path or above.code != above.community:
                label = f"{above.name} {label}".strip()
        self._labels[area.code] = label

    def called(self, text: str) -> list[Area]:
        """Everything that goes by this name or code."""
        return list(dict.fromkeys(self._found.get(name_key(text), ())))

    def below(self, area: Area, kind: str, name: str) -> Area | None:
        """The place of that kind and name right below another."""
        return next((one for one in self.called(name) if one.parent == area.code and one.kind == kind), None)

    def label(self, code: str) -> str:
        """Its name behind the names of what stands above it inside the community; "" for an unknown place."""
        return self._labels.get(code, "")

    def places(self) -> list[Area]:
        """All of them, each parent before its children."""
        return list(self._by_path.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChoices:
    """What a form offers.

    Attributes:
        options: (code, label) to choose from while they are few, nothing chosen first; none where they are many.
        shown: what stands in the field where the name is typed: a code is shown by its name.
    """

    options: tuple[tuple[str, str], ...] = ()
    shown: str = ""

    @property
    def few(self) -> bool:
        return bool(self.options)


async def labels(ctx: Context, codes: Sequence[str]) -> dict[str, str]:
    """code -> its name behind the names of what stands above it inside its community, for a page of places."""
    known = await areas.areas_by_code(ctx.engine, [code for code in codes if code])
    above = {one.parent for one in known.values() if one.parent} - known.keys()
    while above:
        more = await areas.areas_by_code(ctx.engine, sorted(above))
        known |= more
        above = {one.parent for one in more.values() if one.parent} - known.keys()
    return {code: _label(known[code], known) for code in codes if code in known}


def _label(area: Area, known: Mapping[str, Area]) -> str:
    names = [area.name]
    while (above := known.get(area.parent)) is not None and above.community and above.code != above.community:
        names.append(above.name)
        area = above
    return " ".join(reversed(names))


async def choices(ctx: Context, community: str, value: object = "") -> PlaceChoices:
    """Grids and buildings to choose from; the community's own node is not among them.

    Args:
        value: what was chosen or typed before.
    """
    if await areas.count_areas(ctx.engine, community) > CHOICES_MAX:
        typed = str(value or "")
        return PlaceChoices(shown=(await labels(ctx, [typed])).get(typed, typed))
    names = await Names.of(ctx, community)
    places = [one.code for one in names.places() if one.code != community]
    return PlaceChoices(options=(("", "—"), *((code, names.label(code)) for code in places)))


async def resolved(ctx: Context, community: str, text: str, *, field: str = "area") -> str:
    """The code of the place that was chosen or typed; "" for none.

    Raises:
        BadField: no place of the community goes by it, or several do.
    """
    if not text.strip():
        return ""
    place = await areas.area(ctx.engine, text)
    if place is not None and place.community == community and place.until_on is None:
        return place.code
    found = (await Names.of(ctx, community)).called(text)
    if len(found) == 1:
        return found[0].code
    if found:
        raise BadField(PlaceUnclear.zh, PlaceUnclear.en, field=field)
    raise BadField("没有这个网格。", "There is no such grid.", field=field)
