"""What people are told, and every attempt to tell them."""

from __future__ import annotations

from piccolo.columns import Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import key_of, moment


class News(Table, tablename="tb_news"):
    """One piece of news for one person, written with the change that it tells of and carried after the commit.

    `known` holds ids, times and numbers for the sentence, never a name; `key` keeps the same news from being written twice.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    community = key_of("Community", "code")
    member = Varchar(length=16)
    matter_of = Varchar(length=16, default="")
    kind = Varchar(length=40)
    about = Varchar(length=60, default="")
    key = Varchar(length=140, unique=True)
    known = Text(default="{}")
    state = Varchar(length=10)
    ways = Varchar(length=30, default="")
    tries = Integer(default=0)
    misses = Integer(default=0)
    made_at = moment()
    next_at = moment()
    too_late_at = moment(null=True)
    lease_until = moment(null=True)
    told_at = moment(null=True)
    carried_at = moment(null=True)
    received_at = moment(null=True)
    ask_at = moment(null=True)
    looked_by = Varchar(length=16, default="")
    looked_at = moment(null=True)


class NewsTry(Table, tablename="tb_news_try"):
    """One attempt to tell somebody, or one word of the desk about it; rows are added, never changed."""

    id: Serial
    news = Varchar(length=16, index=True)
    way = Varchar(length=10)
    outcome = Varchar(length=12)
    at = moment()
    by = Varchar(length=16, default="")


class Reach(Table, tablename="tb_reach"):
    """How somebody wants to be told; personal, erased with them."""

    id: Serial
    member = key_of("Member", "uid")
    ways = Varchar(length=30, default="")
    mail = Varchar(length=120, default="")
    from_hour = Integer(default=0)
    until_hour = Integer(default=0)
    stopped_at = moment(null=True)
    said_by = Varchar(length=16, default="")
    said_at = moment()


class Feed(Table, tablename="tb_feed"):
    """A private calendar address; only the hash of its secret is kept."""

    id: Serial
    uid = Varchar(length=16, unique=True)
    hash = Varchar(length=64, unique=True)
    community = key_of("Community", "code")
    member = key_of("Member", "uid", index=True)
    kind = Varchar(length=8)
    of = Varchar(length=16)
    made_at = moment()
    ended_at = moment(null=True)
    asked_at = moment(null=True)
    asked = Integer(default=0)


class FeedEntry(Table, tablename="tb_feed_entry"):
    """What calendar programs were last shown of one appointment, so that each change of it counts one up."""

    id: Serial
    subject = Varchar(length=30)
    uid = Varchar(length=40)
    starts_at = moment()
    ends_at = moment()
    place = Varchar(length=120, default="")
    status = Varchar(length=10)
    sequence = Integer(default=0)
    changed_at = moment()
