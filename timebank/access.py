"""Who may do what, and what they see of it: the one registry of every route × role × relation × fields.

A route finds its entry by its operation id; a route without an entry, or an entry without a route, stops start-up.
An auditor can read this file from top to bottom and knows the whole policy.

How it is applied: the guard (`web.guard`) refuses a role that has no grant; the flow that loads the object calls
`sees(actor, operation, facts)` and gets the field set, or `NotFound`, the same answer as for an object that is not
there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from timebank.errors import NotFound


class Role(StrEnum):
    """What somebody is in a community; one person may be several."""

    PUBLIC = "public"
    ELDER = "elder"
    PROXY = "proxy"
    VOLUNTEER = "volunteer"
    LEADER = "leader"
    UNIT = "unit"
    OFFICER = "officer"
    OVERSEER = "overseer"
    WORKER = "worker"
    AUDITOR = "auditor"


class Relation(StrEnum):
    """How the person must stand to the object."""

    ANY = "any"
    SAME_COMMUNITY = "same_community"
    OWN = "own"
    FOR_ELDER = "for_elder"
    ASSIGNED = "assigned"
    OWN_TEAM = "own_team"
    OWN_UNIT = "own_unit"
    BELOW = "below"


class Sees(StrEnum):
    """Which fields of the object they get, least first."""

    NOTHING = "nothing"
    TOTALS = "totals"
    PUBLIC_CARD = "public_card"
    ROSTER = "roster"
    BOOKS = "books"
    PRIVATE_CARD = "private_card"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role's right to an operation."""

    relation: Relation
    sees: Sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A place from which somebody looks down: its path, and the code of the community whose own node it is, else ""."""

    path: str
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is asking, as the session says.

    Attributes:
        uid: the person signed in; "" for nobody.
        acting_for: uid of the elder a proxy or a worker acts for in this session; "" otherwise.
        roles: every role held, PUBLIC always among them.
        teams: codes of teams led; units: codes of units spoken for; unit_names: their names on the lists.
        mandates: uid of everybody this person may act for, and the words that say in what.
        reach: for each role that looks down from a place, those places.
        level: `full`, or `card` for a printed card that may only check in and confirm.
        asks, gives: whether they said that they ask for help, and that they give it; anybody may do either.
    """

    uid: str = ""
    community: str = ""
    name: str = ""
    acting_for: str = ""
    acting_for_name: str = ""
    roles: frozenset[Role] = frozenset({Role.PUBLIC})
    teams: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    unit_names: frozenset[str] = frozenset()
    mandates: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reach: Mapping[Role, tuple[Reach, ...]] = field(default_factory=dict)
    level: str = "full"
    asks: bool = False
    gives: bool = False
    lang: str = ""
    size: str = ""

    @property
    def subject(self) -> str:
        """Whose affairs are being handled: the elder acted for, else the person."""
        return self.acting_for or self.uid

    def has(self, *roles: Role) -> bool:
        return bool(self.roles & set(roles))


NOBODY = Actor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How an object relates to people; the flow that loads it fills this in.

    Attributes:
        community: whose object it is.
        path: of the place it is about; "" when it is the community's as a whole.
        owners: uids of the people it belongs to (the elder of a need, the earner of an attendance).
        assigned: uids of volunteers accepted for it, while the private card is open to them.
        team, unit: code of the team or unit it belongs to.
    """

    community: str
    path: str = ""
    owners: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    team: str = ""
    unit: str = ""


def everyone(sees: Sees = Sees.PUBLIC_CARD) -> dict[Role, Grant]:
    """A page for all, signed in or not."""
    return {Role.PUBLIC: Grant(Relation.ANY, sees)}


def signed_in(sees: Sees = Sees.OWN) -> dict[Role, Grant]:
    """Everybody with a session, about themselves."""
    roles = set(Role) - {Role.PUBLIC}
    return {role: Grant(Relation.ANY, sees) for role in roles}


def grants(**by_role: tuple[Relation, Sees]) -> dict[Role, Grant]:
    """Grants written as `worker=(SAME_COMMUNITY, PRIVATE_CARD)`."""
    return {Role(role): Grant(*grant) for role, grant in by_role.items()}


OWN = (Relation.OWN, Sees.OWN)
FOR_ELDER = (Relation.FOR_ELDER, Sees.OWN)
ASSIGNED = (Relation.ASSIGNED, Sees.PRIVATE_CARD)
LEADS = (Relation.OWN_TEAM, Sees.ROSTER)
SPEAKS = (Relation.OWN_UNIT, Sees.OWN)
SENDS = (Relation.OWN_UNIT, Sees.ROSTER)
DESK = (Relation.BELOW, Sees.PRIVATE_CARD)
AUDIT = (Relation.BELOW, Sees.BOOKS)
CARD = (Relation.SAME_COMMUNITY, Sees.PUBLIC_CARD)

CLAIMS = grants(volunteer=CARD, leader=CARD, unit=CARD, worker=CARD, elder=CARD, proxy=CARD)
ANSWERS = grants(worker=DESK, elder=OWN, proxy=FOR_ELDER, unit=SPEAKS, leader=LEADS, volunteer=OWN)

REGISTRY: dict[str, Mapping[Role, Grant]] = {
    # --- everyone: sign-in, health, language, notices
    "Health": everyone(Sees.NOTHING),
    "Home": everyone(),
    "Preferences": everyone(Sees.NOTHING),
    "Help": everyone(),
    "Privacy": everyone(),
    "SignInPage": everyone(Sees.NOTHING),
    "SignInByCode": everyone(Sees.NOTHING),
    "SignInByPassword": everyone(Sees.NOTHING),
    "SignInByLink": everyone(Sees.NOTHING),
    "SignOut": signed_in(),
    "Schema": everyone(Sees.NOTHING),
    # --- identity at the desk: codes, cards, mandates
    "IssueCode": grants(worker=DESK),
    "RecordMandate": grants(worker=DESK),
    "RevokeMandate": grants(worker=DESK, elder=OWN),
    "ActFor": grants(proxy=FOR_ELDER, worker=DESK),
    "StopActingFor": signed_in(),
    # --- services: sign up, arrive, leave, close a shift
    "VolunteerHome": grants(volunteer=OWN),
    "ServiceCard": grants(
        volunteer=ASSIGNED, elder=OWN, proxy=FOR_ELDER, leader=LEADS, unit=SENDS, worker=DESK
    ),
    "SignUp": grants(volunteer=CARD),
    "CancelAttendance": grants(volunteer=OWN, leader=LEADS, worker=DESK),
    "CheckIn": grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "CheckOut": grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
    "UndoCheckIn": grants(volunteer=OWN, leader=LEADS, worker=DESK),
    "ArrivePage": grants(volunteer=CARD),
    "Arrive": grants(volunteer=CARD),
    "TeamsHome": grants(leader=LEADS, worker=DESK),
    "PlanShifts": grants(leader=LEADS, worker=DESK),
    "RollCall": grants(leader=LEADS, worker=DESK),
    "TickPresent": grants(leader=LEADS, worker=DESK),
    "AddWalkUp": grants(leader=LEADS, worker=DESK),
    "ClosingPage": grants(leader=LEADS, worker=DESK),
    "CloseShift": grants(leader=LEADS, worker=DESK),
    "RosterSheet": grants(leader=LEADS, worker=DESK),
    "NameHelper": grants(leader=LEADS, unit=SENDS, worker=DESK),
    # --- services: whoever says that it was so; the earner never does
    "ConfirmHours": grants(elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
    "ConfirmService": grants(elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
    "ConfirmList": grants(worker=DESK),
    "DisputeHours": grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
    "ResolveDispute": grants(worker=DESK),
    # --- services: the same for programs
    "ApiServices": grants(volunteer=OWN),
    "ApiService": grants(
        volunteer=ASSIGNED, elder=OWN, proxy=FOR_ELDER, leader=LEADS, unit=SENDS, worker=DESK
    ),
    "ApiSignUp": grants(volunteer=CARD),
    "ApiAddWalkUp": grants(leader=LEADS, worker=DESK),
    "ApiNameHelper": grants(leader=LEADS, unit=SENDS, worker=DESK),
    "ApiCloseShift": grants(leader=LEADS, worker=DESK),
    "ApiConfirmService": grants(elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
    "ApiCheckIn": grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "ApiTickPresent": grants(leader=LEADS, worker=DESK),
    "ApiUndoCheckIn": grants(volunteer=OWN, leader=LEADS, worker=DESK),
    "ApiCheckOut": grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
    "ApiCancelAttendance": grants(volunteer=OWN, leader=LEADS, worker=DESK),
    "ApiConfirmHours": grants(elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
    "ApiDisputeHours": grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
    "ApiResolveDispute": grants(worker=DESK),
    # --- lists: public cards of the four lists; a stranger does not get a resident's own words
    "ListsHome": everyone(),
    "ShowList": everyone(),
    "ShowLine": everyone(),
    "ApiList": everyone(),
    "DownloadContacts": grants(worker=DESK),
    # --- lists: claims from either side; the owner of the line answers, never the claimant
    "ClaimLine": CLAIMS,
    "ClaimsInbox": CLAIMS,
    "AcceptClaim": ANSWERS,
    "DeclineClaim": ANSWERS,
    "WithdrawClaim": ANSWERS,
    "ReleaseClaim": ANSWERS,
    "ApiClaimLine": CLAIMS,
    "ApiClaims": CLAIMS,
    "ApiAcceptClaim": ANSWERS,
    "ApiDeclineClaim": ANSWERS,
    "ApiWithdrawClaim": ANSWERS,
    "ApiReleaseClaim": ANSWERS,
    # --- lists: a unit's own offers
    "UnitHome": grants(unit=SPEAKS),
    "EditUnitResource": grants(unit=SPEAKS),
    "SaveUnitResource": grants(unit=SPEAKS),
    "PauseUnitResource": grants(unit=SPEAKS),
    "ApiUnitResource": grants(unit=SPEAKS),
    # --- lists: whose turn it is to lead; the desk plans and says how it went, a unit swaps its own turn
    "PlanRota": grants(worker=DESK),
    "TurnStep": grants(unit=SPEAKS, worker=DESK),
    # --- lists: the office's files
    "ImportPage": grants(worker=DESK),
    "ImportFiles": grants(worker=DESK),
    "ShowImport": grants(worker=DESK),
    "AnswerRow": grants(worker=DESK),
    "ApiImport": grants(worker=DESK),
    # --- notice: the public board
    "PublicNotice": everyone(),
    "ApiNotice": everyone(),
    # --- requests: asking for help, the desk's day, the telephone, needs and people
    "ElderHome": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "AskWhen": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "AskCheck": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "OpenRequest": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "ShowRequest": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "CancelRequest": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "AskForCall": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "Desk": grants(worker=DESK),
    "CallMade": grants(worker=DESK),
    "PhoneIntake": grants(worker=DESK),
    "TakeCall": grants(worker=DESK),
    "DeskNeeds": grants(worker=DESK),
    "DeskNeed": grants(worker=DESK),
    "NeedSlip": grants(worker=DESK),
    "EditNeedPage": grants(worker=DESK),
    "EditNeed": grants(worker=DESK),
    "CancelNeed": grants(worker=DESK),
    "DeskMembers": grants(worker=DESK),
    "SearchMembers": grants(worker=DESK),
    "DeskMember": grants(worker=DESK),
    "ApiOpenRequest": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "ApiListRequests": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "ApiShowRequest": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    "ApiCancelRequest": grants(elder=OWN, proxy=FOR_ELDER, worker=DESK),
    # --- hours: the passbook and giving
    "Passbook": grants(volunteer=OWN, elder=OWN, leader=OWN, unit=OWN, proxy=FOR_ELDER, worker=DESK),
    "MemberHours": grants(worker=DESK),
    "DonateHours": grants(volunteer=OWN, elder=OWN, leader=OWN, unit=OWN),
    "ApiHours": grants(volunteer=OWN, elder=OWN, leader=OWN, unit=OWN, proxy=FOR_ELDER, worker=DESK),
    "ApiDonateHours": grants(volunteer=OWN, elder=OWN, leader=OWN, unit=OWN),
    # --- hours: the books, with opaque ids only; corrections are new entries
    "BooksHome": grants(auditor=AUDIT, worker=AUDIT),
    "Transfers": grants(auditor=AUDIT, worker=AUDIT),
    "ShowTransfer": grants(auditor=AUDIT, worker=AUDIT),
    "ReverseHours": grants(worker=AUDIT),
    "DownloadBook": grants(auditor=AUDIT, worker=AUDIT),
    "CloseMonth": grants(worker=AUDIT),
    "ApiReverseHours": grants(worker=AUDIT),
    "ApiSnapshot": grants(auditor=AUDIT, worker=AUDIT),
    "ApiVerify": grants(auditor=AUDIT, worker=AUDIT),
    # --- matching: the week's plan, answers to proposals, choices by hand
    "ShowPlan": grants(worker=DESK),
    "ShortageReport": grants(worker=DESK),
    "MakePlan": grants(worker=DESK),
    "AcceptProposal": grants(worker=DESK, volunteer=OWN, leader=LEADS, unit=SPEAKS),
    "DeclineProposal": grants(worker=DESK, volunteer=OWN, leader=LEADS, unit=SPEAKS),
    "ChooseHelper": grants(worker=DESK),
    "DecideByHand": grants(worker=DESK),
    "MyProposals": grants(volunteer=OWN, leader=LEADS, unit=SPEAKS),
    "ApiMakePlan": grants(worker=DESK),
    "ApiShowPlan": grants(worker=DESK),
    "ApiAcceptProposal": grants(worker=DESK, volunteer=OWN, leader=LEADS, unit=SPEAKS),
    "ApiDeclineProposal": grants(worker=DESK, volunteer=OWN, leader=LEADS, unit=SPEAKS),
}


def allowed_roles(operation: str) -> frozenset[Role]:
    """Roles that have any grant for `operation`."""
    return frozenset(REGISTRY[operation])


def sees(actor: Actor, operation: str, facts: Facts) -> Sees:
    """The widest field set that `actor` gets of an object, or NotFound when no grant applies.

    Unknown and forbidden are the same answer on purpose.
    """
    best: Sees | None = None
    order = list(Sees)
    for role, grant in REGISTRY[operation].items():
        if role not in actor.roles or not _holds(actor, role, grant.relation, facts):
            continue
        if best is None or order.index(grant.sees) > order.index(best):
            best = grant.sees
    if best is None:
        raise NotFound()
    return best


def _holds(actor: Actor, role: Role, relation: Relation, facts: Facts) -> bool:
    if relation is Relation.ANY:
        return True
    if relation is Relation.BELOW:
        return any(_is_below(facts, place) for place in actor.reach.get(role, ()))
    if not actor.community or actor.community != facts.community:
        return False
    match relation:
        case Relation.SAME_COMMUNITY:
            return True
        case Relation.OWN:
            return actor.uid in facts.owners
        case Relation.FOR_ELDER:
            return bool(facts.owners & actor.mandates.keys())
        case Relation.ASSIGNED:
            return actor.uid in facts.assigned
        case Relation.OWN_TEAM:
            return bool(facts.team) and facts.team in actor.teams
        case Relation.OWN_UNIT:
            return bool(facts.unit) and facts.unit in (actor.units | actor.unit_names)
    return False


def _is_below(facts: Facts, place: Reach) -> bool:
    if place.community and place.community == facts.community:
        return True
    return bool(facts.path) and facts.path.startswith(place.path)
