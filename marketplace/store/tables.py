"""The marketplace's tables as Piccolo sees them; definitions only.

What is private of a need stands in columns of its own (`contact` to `served`), so that a public read never selects it.
`line` holds the value as JSON as everybody may read it, `said` its own words where they are not for everybody. Moments are ISO 8601 text in UTC, days ISO text.
"""

from __future__ import annotations

from piccolo.columns import BigInt, Integer, Text, Varchar
from piccolo.table import Table


class MarketNeed(Table, tablename="mp_need"):
    """A line of the needs list; `stage` is open or closed, and `ended_on` the day since which it is over for good, or ""."""

    community = Varchar(length=20)
    line_key = Varchar(length=64)
    owner = Varchar(length=80)
    title = Text()
    grid = Varchar(length=80)
    category = Varchar(length=80)
    urgency = Varchar(length=10)
    filed_on = Varchar(length=10)
    stage = Varchar(length=10)
    ended_on = Varchar(length=10, default="")
    line = Text()
    said = Text(default="")
    contact = Text()
    private_note = Text()
    place_text = Text()
    place_building = Text()
    served = Text()
    fingerprint = Varchar(length=64)
    created_at = Varchar(length=27)
    changed_at = Varchar(length=27)


class MarketResource(Table, tablename="mp_resource"):
    """A line of the resources list, or a volunteer's own offer."""

    community = Varchar(length=20)
    line_key = Varchar(length=64)
    owner = Varchar(length=80)
    owner_kind = Varchar(length=12)
    title = Text()
    category = Varchar(length=80)
    stage = Varchar(length=10)
    ended_on = Varchar(length=10, default="")
    line = Text()
    said = Text(default="")
    contact = Text()
    fingerprint = Varchar(length=64)
    created_at = Varchar(length=27)
    changed_at = Varchar(length=27)


class MarketActivity(Table, tablename="mp_activity"):
    """A line of the activities list."""

    community = Varchar(length=20)
    line_key = Varchar(length=64)
    title = Text()
    stage = Varchar(length=10, default="open")
    ended_on = Varchar(length=10, default="")
    line = Text()
    fingerprint = Varchar(length=64)
    created_at = Varchar(length=27)
    changed_at = Varchar(length=27)


class MarketProject(Table, tablename="mp_project"):
    """A line of the projects list."""

    community = Varchar(length=20)
    line_key = Varchar(length=64)
    title = Text()
    stage = Varchar(length=10, default="open")
    ended_on = Varchar(length=10, default="")
    line = Text()
    fingerprint = Varchar(length=64)
    created_at = Varchar(length=27)
    changed_at = Varchar(length=27)


class MarketClaim(Table, tablename="mp_claim"):
    """A claim on a line of either list."""

    uid = Varchar(length=40, primary_key=True)
    community = Varchar(length=20)
    side = Varchar(length=10)
    line_key = Varchar(length=64)
    claimant = Varchar(length=80)
    with_key = Varchar(length=64)
    starts_at = Varchar(length=27, null=True)
    ends_at = Varchar(length=27, null=True)
    quantity = Integer()
    stage = Varchar(length=10)
    origin = Varchar(length=10)
    opened_at = Varchar(length=27)
    expires_at = Varchar(length=27)
    answered_at = Varchar(length=27, null=True)
    answered_by = Varchar(length=80)
    reason = Text()


class MarketPlan(Table, tablename="mp_plan"):
    """A plan as it was made, with its certificate and its whole JSON form."""

    uid = Varchar(length=40, primary_key=True)
    community = Varchar(length=20)
    week = Varchar(length=8)
    made_at = Varchar(length=27)
    objective_version = Varchar(length=40)
    primal = BigInt()
    dual = BigInt()
    document = Text()


class MarketProposal(Table, tablename="mp_proposal"):
    """One match of a plan, waiting for a person's yes or no."""

    uid = Varchar(length=60, primary_key=True)
    plan_uid = Varchar(length=40)
    community = Varchar(length=20)
    week = Varchar(length=8)
    need_key = Varchar(length=64)
    resource_key = Varchar(length=64)
    starts_at = Varchar(length=27)
    ends_at = Varchar(length=27)
    minutes = Integer()
    quantity = Integer()
    unit = Varchar(length=10)
    value = BigInt()
    document = Text()
    stage = Varchar(length=12)
    answered_at = Varchar(length=27, null=True)
    answered_by = Varchar(length=80)
    reason = Text()


class MarketAgreement(Table, tablename="mp_agreement"):
    """A co-building agreement."""

    uid = Varchar(length=40, primary_key=True)
    community = Varchar(length=20)
    title = Text()
    first_on = Varchar(length=10)
    last_on = Varchar(length=10)
    document = Text()
    changed_at = Varchar(length=27)


class MarketTurn(Table, tablename="mp_turn"):
    """Whose turn it is to lead an activity in a period."""

    community = Varchar(length=20)
    activity_key = Varchar(length=64)
    period = Varchar(length=20)
    unit = Varchar(length=80)
    state = Varchar(length=10)
    swap_with = Varchar(length=20)
    swapped_with = Varchar(length=80)
    covered_by = Varchar(length=80)
    makes_up = Varchar(length=20)
    reason = Text()


class MarketAdmission(Table, tablename="mp_admission"):
    """A unit's task that a community may admit or refuse."""

    uid = Varchar(length=40, primary_key=True)
    community = Varchar(length=20)
    unit = Varchar(length=80)
    title = Text()
    state = Varchar(length=10)
    stated_at = Varchar(length=27)
    document = Text()
    changed_at = Varchar(length=27)


class MarketRequirement(Table, tablename="mp_requirement"):
    """What a kind of help, or one line, asks of whoever helps."""

    community = Varchar(length=20)
    subject = Varchar(length=64)
    document = Text()
    changed_at = Varchar(length=27)


class MarketOverride(Table, tablename="mp_override"):
    """A choice by hand against the plan, with its cost."""

    uid = Varchar(length=40, primary_key=True)
    community = Varchar(length=20)
    week = Varchar(length=8)
    need_key = Varchar(length=64)
    resource_key = Varchar(length=64)
    starts_at = Varchar(length=27)
    ends_at = Varchar(length=27)
    quantity = Integer()
    decided_by = Varchar(length=80)
    decided_at = Varchar(length=27)
    reason = Text()
    value = BigInt()
    cost = BigInt()
    broken = Text()
    instead_of = Text()


class MarketAsk(Table, tablename="mp_ask"):
    """One time a volunteer was asked for help."""

    community = Varchar(length=20)
    owner = Varchar(length=80)
    need_key = Varchar(length=64)
    asked_at = Varchar(length=27)


class MarketImportFile(Table, tablename="mp_import_file"):
    """A file that was read, by the fingerprint of its bytes."""

    community = Varchar(length=20)
    fingerprint = Varchar(length=64)
    filename = Text()
    imported_at = Varchar(length=27)


class MarketImportRow(Table, tablename="mp_import_row"):
    """One row of a file with its verdict and reasons; `cells` are as they stood."""

    community = Varchar(length=20)
    fingerprint = Varchar(length=64)
    sheet = Text()
    row_number = Integer()
    part = Integer(default=0)
    kind = Varchar(length=20)
    verdict = Varchar(length=12)
    line_key = Varchar(length=64)
    reasons = Text()
    cells = Text()


TABLES: list[type[Table]] = [
    MarketNeed,
    MarketResource,
    MarketActivity,
    MarketProject,
    MarketClaim,
    MarketPlan,
    MarketProposal,
    MarketAgreement,
    MarketTurn,
    MarketAdmission,
    MarketRequirement,
    MarketOverride,
    MarketAsk,
    MarketImportFile,
    MarketImportRow,
]
