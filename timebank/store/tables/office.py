"""What the office keeps: settings, rules, notices, imported files, the audit log."""

from __future__ import annotations

from piccolo.columns import BigInt, Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import day, key_of, moment


class Setting(Table, tablename="tb_setting"):
    """A fact about this installation, such as the demo's clock offset."""

    id: Serial
    key = Varchar(length=60, unique=True)
    value = Text(default="")


class Import(Table, tablename="tb_import"):
    """A file the office brought in: what its tables were read as, and how much it changed.

    Its rows with their verdicts stand in `marketplace.store`; here is what this office did with them.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = Varchar(length=20, index=True)
    fingerprint = Varchar(length=64)
    name = Varchar(length=160)
    filed_on = day()
    tables = Text(default="[]")
    changes = Integer(default=0)
    made_by = Varchar(length=16, default="")
    made_at = moment()
    undone_at = moment(null=True)


class ImportAnswer(Table, tablename="tb_import_answer"):
    """What a row was saved as, and what the desk decided where it was doubted."""

    id: Serial
    file = Varchar(length=16, index=True)
    sheet = Varchar(length=80)
    row_number = Integer()
    part = Integer(default=0)
    target = Varchar(length=64, default="")
    made = Integer(default=0)
    answer = Varchar(length=12, default="")
    answered_by = Varchar(length=16, default="")
    answered_at = moment(null=True)


class Layout(Table, tablename="tb_layout"):
    """What somebody said of the columns of a table, for the next file of that shape."""

    id: Serial
    community = Varchar(length=20, index=True)
    fingerprint = Varchar(length=64)
    answers = Text()
    answered_by = Varchar(length=16, default="")
    answered_at = moment()


class AuditLine(Table, tablename="tb_audit"):
    """Who did what to which object, by opaque ids only; rows can be added, never changed.

    `chain` is the community whose log it is, "" for the installation's own; `held` has the digests of the rows that it tells of.
    Lines of form 1 are of the time of one chain for all.
    """

    id: Serial
    chain = Varchar(length=20, default="")
    number = BigInt()
    at = moment()
    community = Varchar(length=20, index=True)
    actor = Varchar(length=16)
    acting_for = Varchar(length=16, default="")
    action = Varchar(length=40)
    object = Varchar(length=80, default="")
    reason = Varchar(length=120, default="")
    form = Integer(default=1)
    held = Text(default="")
    prev_hash = Varchar(length=64)
    hash = Varchar(length=64)


class AuditHead(Table, tablename="tb_audit_head"):
    """Where a chain of the audit log ends."""

    id: Serial
    chain = Varchar(length=20, unique=True)
    number = BigInt()
    hash = Varchar(length=64)


class Publication(Table, tablename="tb_publication"):
    """What of a month was published, as JSON: the heads of log and book, and the sums of attendance; rows are added, never changed."""

    id: Serial
    community = key_of("Community", "code")
    month = Varchar(length=7)
    text = Text()
    made_at = moment()


class Rule(Table, tablename="tb_rule"):
    """One dated version of a community's policy or of a catalogue, entered by one person and approved by another."""

    id: Serial
    community = key_of("Community", "code")
    subject = Varchar(length=20)
    number = Integer()
    starts_on = day()
    text = Text()
    fingerprint = Varchar(length=64)
    state = Varchar(length=10)
    entered_by = Varchar(length=16)
    entered_at = moment()
    approved_by = Varchar(length=16, default="")
    approved_at = moment(null=True)
    preview = Text(default="")
