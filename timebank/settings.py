"""What one installation is told from outside: database, city, secret, address.

Settings name no person and no rule; rules a city may change live in `policy`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

SECRET_BYTES_MIN = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation.

    Attributes:
        database: `sqlite:///path` or `postgresql://...`.
        city: name of a shipped policy, or the path of a TOML file.
        secret: signs the tokens of forms; at least 32 characters outside the demo.
        host, port: where the server listens.
        url: how people reach it, `https://time.example.org`; links begin with it. "" answers this machine alone.
        hosts: further names under which it may be asked.
        sms: where text messages go: `https://…` of a gateway, or `file:///folder` for batch files; "" for none.
        sms_token: what the gateway knows this installation by.
        sms_number: the number that people send text messages to, as it is printed on cards; "" for none.
        mail: `smtp://user:password@host:587?from=address`, or smtps; "" for none.
        erased_list: file with the ids of everybody who was erased; "" for one beside a SQLite database, and none for PostgreSQL.
        demo: a seeded play community; cookies may travel over plain HTTP and links sign people in.
    """

    database: str = "sqlite:///var/timebank.db"
    city: str = "plain"
    secret: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    url: str = ""
    hosts: tuple[str, ...] = ()
    demo: bool = False
    sms: str = ""
    sms_token: str = ""
    sms_number: str = ""
    mail: str = ""
    erased_list: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Settings from the `TIMEBANK_...` variables; absent ones keep their defaults."""
        default = cls()
        return cls(
            database=environ.get("TIMEBANK_DATABASE", default.database),
            city=environ.get("TIMEBANK_CITY", default.city),
            secret=environ.get("TIMEBANK_SECRET", default.secret),
            host=environ.get("TIMEBANK_HOST", default.host),
            port=int(environ.get("TIMEBANK_PORT", default.port)),
            url=environ.get("TIMEBANK_URL", default.url).rstrip("/"),
            hosts=tuple(environ.get("TIMEBANK_HOSTS", "").replace(",", " ").split()),
            sms=environ.get("TIMEBANK_SMS", default.sms),
            sms_token=environ.get("TIMEBANK_SMS_TOKEN", default.sms_token),
            sms_number=environ.get("TIMEBANK_SMS_NUMBER", default.sms_number),
            mail=environ.get("TIMEBANK_MAIL", default.mail),
            erased_list=environ.get("TIMEBANK_ERASED_LIST", default.erased_list),
        )

    @property
    def secure_cookies(self) -> bool:
        """Outside the demo, cookies carry the `__Host-` prefix and travel over TLS only."""
        return not self.demo
