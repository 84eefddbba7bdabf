"""Ways in besides the pages: devices that stand as kiosks, and text messages that came in."""

from __future__ import annotations

from piccolo.columns import Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import key_of, moment


class Kiosk(Table, tablename="tb_kiosk"):
    """A device of the office at which people ask by picture; only the hash of its token is kept."""

    id: Serial
    uid = Varchar(length=16, unique=True)
    hash = Varchar(length=64, unique=True)
    community = key_of("Community", "code")
    name = Varchar(length=40)
    made_by = Varchar(length=16)
    made_at = moment()


class IncomingText(Table, tablename="tb_text"):
    """A text message that came in, what it was read as and what was done; `words` are erased with the person."""

    id: Serial
    uid = Varchar(length=16, unique=True)
    gateway_id = Varchar(length=80, unique=True)
    sender = Varchar(length=40)
    member = Varchar(length=16, default="")
    community = Varchar(length=20, default="")
    words = Text(default="")
    act = Varchar(length=16)
    deed = Varchar(length=20, default="")
    about = Varchar(length=60, default="")
    choices = Text(default="[]")
    came_at = moment()
    undone_at = moment(null=True)
