"""Why an organisation cannot be made, changed or ended.

AppRefusal
├── NameTaken 409          another one of the same kind goes by that name
├── AlreadyEnded 409       it is no more
├── HoursLeft 409          its account still holds hours
└── NoRoster 409           its kind has no roster
"""

from __future__ import annotations

from timebank.errors import AppRefusal, BadField


class NameTaken(BadField):
    """Another organisation of the same kind goes by that name; the office says when it really is another."""

    status, code = 409, "name_taken"
    zh = "已经有一个叫这个名字的了。真是另一个，就勾上再登记；是同一个，去它的页面改。"
    en = "One of that name is on record. If this is another one, tick the box; if it is the same, open its page."


class AlreadyEnded(AppRefusal):
    """The organisation is no more; its history stays as it was."""

    status, code = 409, "organisation_ended"
    zh, en = "这个组织已经撤销了，不能再改。", "This organisation has ended and stays as it was."


class HoursLeft(AppRefusal):
    """Hours would be left with nobody to give them on."""

    status, code = 409, "hours_left"
    zh = "队里的时间还没有转赠完，先转赠再撤销。"
    en = "The team still holds hours. Give them on first, then end it."


class NoRoster(AppRefusal):
    """The kind has no roster: people hold offices there, they do not belong to it."""

    status, code = 409, "no_roster"
    zh, en = "这一种组织没有名册。", "This kind of organisation keeps no roster."
