"""What a knob may choose from; the words for each choice are in `words`."""

from __future__ import annotations

from enum import StrEnum


class Rounding(StrEnum):
    """How served minutes become whole steps."""

    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"


class Payer(StrEnum):
    """Whose account pays for a visit."""

    INSTITUTION = "institution"
    RECIPIENT_FIRST = "recipient_first"


class OverTotal(StrEnum):
    """What becomes of minutes above the most a person may store."""

    FUND = "fund"
    THANKS = "thanks"


class Minors(StrEnum):
    """How somebody under 18 may serve; a guardian's consent is asked for in every case."""

    CONSENT = "consent"
    GUARDIAN = "guardian"
    GROUP = "group"
    NONE = "none"


class TeamHours(StrEnum):
    """Whose the hours of a team's shift are."""

    OWN = "own"
    GIVEN_ON = "given_on"


class GiftTo(StrEnum):
    """To whom saved hours may be given."""

    FUND = "fund"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    GRANDPARENT = "grandparent"
    LINEAL = "lineal"
    RELATIVE = "relative"
    FRIEND = "friend"
    MEMBER = "member"
    HARDSHIP_ELDER = "hardship_elder"
    NONPROFIT = "nonprofit"


class SecondHand(StrEnum):
    """What somebody is to a part whose hours they vouch for."""

    CLIENT = "client"
    PROXY = "proxy"
    WORKER = "worker"
    LEADER = "leader"
    UNIT = "unit"
    OFFICER = "officer"
    AUDITOR = "auditor"


class Grade(StrEnum):
    """How well hours are vouched for: A best; E is what one hand alone brought before there were two."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class AfterDeath(StrEnum):
    """What becomes of the hours of somebody who has died."""

    FUND = "fund"
    KEPT = "kept"


class FirstTo(StrEnum):
    """Who is given first hours to begin with."""

    EVERYBODY = "everybody"
    ORIENTED = "oriented"
    KEY_ELDERS = "key_elders"
