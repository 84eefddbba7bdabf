"""How people sign in, and the first answers given to repeated requests."""

from __future__ import annotations

from piccolo.columns import BigInt, Integer, Serial, Text, Varchar
from piccolo.table import Table

from timebank.store.tables.columns import key_of, moment


class Password(Table, tablename="tb_password"):
    """A staff password, as an argon2 hash; one that somebody else made up is good until `given_until`."""

    id: Serial
    member = key_of("Member", "uid")
    login = Varchar(length=40, unique=True)
    way = Varchar(length=16, default="")
    hash = Text()
    given_until = moment(null=True)


class SecondFactor(Table, tablename="tb_second_factor"):
    """The telephone whose six digits a colleague signs in with besides the password; the secret itself is never kept.

    The secret is made of `nonce` and of the installation's own secret. `last_step` is the half minute of the digits that
    were last accepted: neither these nor earlier ones count again. `asked_by` asked for its end, which another has to say.
    """

    id: Serial
    member = key_of("Member", "uid")
    nonce = Varchar(length=64)
    last_step = BigInt()
    made_at = moment()
    asked_by = Varchar(length=16, default="")
    asked_via = Varchar(length=16, default="")


class RecoveryCode(Table, tablename="tb_recovery_code"):
    """A code from the paper that counts once in place of the telephone, as a keyed hash."""

    id: Serial
    member = key_of("Member", "uid", index=True)
    hash = Varchar(length=64, unique=True)


class WayIn(Table, tablename="tb_way_in"):
    """A telephone or a password by which somebody comes in, with whoever gave it to them; kept for ever.

    The token that a telephone keeps is stored as its hash. A way nobody else was ever given has no row. `device` is the first
    way of a telephone that was another's before; "" where it is the first itself.
    """

    id: Serial
    uid = Varchar(length=16, unique=True)
    member = Varchar(length=16, index=True)
    community = Varchar(length=40, index=True)
    hash = Varchar(length=64, null=True, default=None, unique=True)
    made_by = Varchar(length=16)
    made_via = Varchar(length=16, default="")
    made_at = moment()
    known_by = Varchar(length=16, default="")
    known_via = Varchar(length=16, default="")
    known_at = moment(null=True)
    device = Varchar(length=16, default="")


class SignInCode(Table, tablename="tb_sign_in_code"):
    """A one-time code, link or card; only its hash is kept."""

    id: Serial
    hash = Varchar(length=64, unique=True)
    member = key_of("Member", "uid", index=True)
    acting_for = key_of("Member", "uid", null=True)
    kind = Varchar(length=8)
    uses_left = Integer(default=1)
    expires_at = moment()
    made_by = Varchar(length=16, default="")
    made_via = Varchar(length=16, default="")


class Session(Table, tablename="tb_session"):
    """Somebody signed in on one device; only the hash of the bearer token is kept.

    `level` is what it opens. `device` is a word for what it was opened on, for its owner to tell one from another. `enrolling` is the nonce of a telephone that is being set up in it. `acting_until` ends acting for
    somebody, whatever is pressed.
    """

    id: Serial
    hash = Varchar(length=64, unique=True)
    member = key_of("Member", "uid", index=True)
    acting_for = key_of("Member", "uid", null=True)
    acting_until = moment(null=True)
    level = Varchar(length=8, default="full")
    way = Varchar(length=16, default="")
    device = Varchar(length=8, default="")
    enrolling = Varchar(length=64, default="")
    created_at = moment()
    seen_at = moment()
    idle_minutes = Integer()
    expires_at = moment()


class Throttle(Table, tablename="tb_throttle"):
    """Tries that were not right, per person and per source, kept in the database so that restarts do not forget them."""

    id: Serial
    key = Varchar(length=80, unique=True)
    tries = Integer(default=0)
    counted_at = moment()
    until_at = moment()


class KnownSource(Table, tablename="tb_known_source"):
    """From where, or with which device, somebody has come in lately: a keyed hash of both."""

    id: Serial
    hash = Varchar(length=40, unique=True)
    until_at = moment()


class RequestKey(Table, tablename="tb_request_key"):
    """The first answer given to an Idempotency-Key, kept for ever."""

    id: Serial
    key = Varchar(length=255)
    actor = Varchar(length=16)
    fingerprint = Varchar(length=64)
    status = Integer()
    body = Text()
    made_at = moment()
