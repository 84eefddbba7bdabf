"""The three catalogue files read into one `Catalogue`: shapes here, what must hold between kinds in `checking`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from timebank.catalogue.checking import check
from timebank.catalogue.kinds import (
    HOLDERS,
    AreaKind,
    Books,
    Catalogue,
    GrantedRole,
    Group,
    Heard,
    Needs,
    OrganisationKind,
    Private,
    RelationshipKind,
    Scope,
    Side,
    StandIn,
    TargetIs,
    Titles,
    Towards,
)
from timebank.catalogue.reading import Table, read_tables

LINE_PLACES = "line"
"""Word of `per_target` for: as many as the line has places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The three files as they are written."""

    areas: str
    organisations: str
    relationships: str


def load(texts: Texts) -> Catalogue:
    """The kinds of three files that hold together.

    Raises:
        BadCatalogue: the first thing that does not; it names file, kind and key.
    """
    areas = read_tables(texts.areas, file="areas")["kinds"]
    organisations = read_tables(texts.organisations, file="organisations")["kinds"]
    related = read_tables(texts.relationships, file="relationships", parts=("kinds", "titles"))
    catalogue = Catalogue(
        areas=MappingProxyType({code: _area(table) for code, table in areas.items()}),
        organisations=MappingProxyType({code: _organisation(table) for code, table in organisations.items()}),
        relationships=MappingProxyType(
            {code: _relationship(table) for code, table in related["kinds"].items()}
        ),
        titles=MappingProxyType({code: _titles(table) for code, table in related["titles"].items()}),
    )
    check(catalogue)
    return catalogue


@cache
def shipped_texts() -> Texts:
    """The files that ship with the package."""
    folder = resources.files("timebank.catalogue")
    areas, organisations, relationships = (
        (folder / f"{name}.toml").read_text(encoding="utf-8")
        for name in ("areas", "organisations", "relationships")
    )
    return Texts(areas=areas, organisations=organisations, relationships=relationships)


@cache
def shipped() -> Catalogue:
    """The kinds that ship with the package."""
    return load(shipped_texts())


def _area(table: Table) -> AreaKind:
    kind = AreaKind(
        code=table.kind,
        zh=table.text("zh"),
        en=table.text("en"),
        rank=table.whole("rank"),
        parents=table.some("parents"),
        lives=table.flag("lives"),
        book=table.flag("book"),
    )
    table.done()
    return kind


def _organisation(table: Table) -> OrganisationKind:
    kind = OrganisationKind(
        code=table.kind,
        zh=table.text("zh"),
        en=table.text("en"),
        rank=table.whole("rank"),
        parents=table.some("parents"),
        area=table.some("area"),
        community=table.word("community", Books),
        signs=table.flag("signs"),
        roster=table.flag("roster"),
        place=table.flag("place"),
        words=table.names("words", default=()),
    )
    table.done()
    return kind


def _relationship(table: Table) -> RelationshipKind:
    kind = RelationshipKind(
        code=table.kind,
        zh=table.text("zh"),
        en=table.text("en"),
        group=table.word("group", Group),
        holder=table.some("holder", among=HOLDERS),
        to=table.some("to"),
        yes=frozenset(table.words("yes", Side)),
        grants=tuple(_grant(part) for part in table.tables("grants")),
        heard=frozenset(table.words("heard", Heard, default=(Heard.PAGE, Heard.TOLD, Heard.PAPER))),
        offer=frozenset(table.words("offer", Side, default=())),
        second=table.flag("second"),
        founding=table.flag("founding"),
        term_days=table.whole("term_days", default=0),
        term_max_days=table.whole("term_max_days", default=0),
        per_target=table.number_or_word("per_target", LINE_PLACES),
        per_holder=table.whole("per_holder", default=0),
        needs=_needs(table.table("needs")),
        lives_in=table.flag("lives_in"),
        household_bar=table.flag("household_bar"),
        adult=table.flag("adult"),
        target_is=table.word("target_is", TargetIs, default=TargetIs.LIVING),
        speaks=table.flag("speaks"),
        scope=table.words("scope", Scope, default=()),
        stand_in=table.word("stand_in", StandIn, default=StandIn.NONE),
        open_again=table.flag("open_again"),
        planner=table.flag("planner"),
        detail=table.text("detail", default=""),
        private=table.word("private", Private, default=Private.ROSTER),
    )
    table.done()
    return kind


def _grant(table: Table) -> GrantedRole:
    grant = GrantedRole(role=table.text("role"), relation=table.text("relation"))
    table.done()
    return grant


def _needs(table: Table | None) -> Needs | None:
    if table is None:
        return None
    needs = Needs(kinds=table.some("kinds"), towards=table.word("towards", Towards))
    table.done()
    return needs


def _titles(table: Table) -> Titles:
    titles = Titles(
        code=table.kind,
        zh=table.text("zh"),
        en=table.text("en"),
        kind=table.text("kind"),
        names=table.names("names"),
    )
    table.done()
    return titles
