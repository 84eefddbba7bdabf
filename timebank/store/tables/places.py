"""Where people live and who they are organised in: areas, communities, organisations."""

from __future__ import annotations

from piccolo.columns import Float, Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import day, key_of, moment


class Area(Table, tablename="tb_area"):
    """A node of the tree of places; `path` is the ids from the top in hex, each with "/" behind it.

    `uncared_on`, `uncared_by`: who said on which day that nobody is in charge here, on purpose.
    """

    id: Serial
    code = Varchar(length=40, unique=True)
    kind = Varchar(length=20)
    name = Varchar(length=80)
    parent = key_of("Area", "code", null=True, index=True)
    path = Varchar(length=160, unique=True)
    community = key_of("Community", "code", null=True, index=True)
    since_on = day(null=True)
    until_on = day(null=True)
    x = Float(default=None, null=True)
    y = Float(default=None, null=True)
    uncared_on = day(null=True)
    uncared_by = Varchar(length=16, default="")


class AreaParent(Table, tablename="tb_area_parent"):
    """Under which node an area stood since when: last year's figure uses last year's parent."""

    id: Serial
    area = key_of("Area", "code")
    parent = key_of("Area", "code", null=True)
    since_on = day()


class Way(Table, tablename="tb_way"):
    """Minutes on foot between two areas, either way."""

    id: Serial
    area_a = key_of("Area", "code")
    area_b = key_of("Area", "code")
    minutes = Integer()


class Community(Table, tablename="tb_community"):
    """One neighbourhood office with its own lists, rules, page and book, at its node of the tree."""

    id: Serial
    code = Varchar(length=20, unique=True)
    area = key_of("Area", "code")
    name = Varchar(length=80)
    name_en = Varchar(length=80, default="")
    phone = Varchar(length=40, default="")
    address = Varchar(length=120, default="")
    opens = Varchar(length=120, default="")
    page_text = Text(default="")


class Organisation(Table, tablename="tb_organisation"):
    """An association, team, partner unit, station or room; without a community it stands above several."""

    id: Serial
    code = Varchar(length=20, unique=True)
    community = key_of("Community", "code", null=True)
    kind = Varchar(length=20)
    subkind = Varchar(length=40, default="")
    name = Varchar(length=80)
    name_key = Varchar(length=80)
    brand = Varchar(length=80, default="")
    parent = key_of("Organisation", "code", null=True, index=True)
    path = Varchar(length=160, unique=True)
    area = key_of("Area", "code", null=True, index=True)
    opens = Varchar(length=120, default="")
    phone = Varchar(length=40, default="")
    address = Varchar(length=120, default="")
    since_on = day(null=True)
    until_on = day(null=True)


class OrganisationName(Table, tablename="tb_organisation_name"):
    """Every way the lists call an organisation."""

    id: Serial
    organisation = key_of("Organisation", "code")
    name = Varchar(length=80)
    name_key = Varchar(length=80, index=True)


class FoundingSkip(Table, tablename="tb_founding_skip"):
    """A step of the first-day guide that the office leaves out, with its reason."""

    id: Serial
    community = key_of("Community", "code")
    step = Varchar(length=20)
    skipped_by = Varchar(length=16)
    skipped_at = moment()
    why = Varchar(length=200)
