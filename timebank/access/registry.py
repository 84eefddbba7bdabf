"""Who may do what, and what they see of it: every use case × role × relation × fields, read from top to bottom.

One entry is one use case. It names the operations that serve it: its pages (the form, the press, the paper) and what
programs call. A route without an entry, or an entry without its routes, stops start-up (`web.guard`).

    UseCase("CheckIn", grants(volunteer=OWN, elder=OWN), api="ApiCheckIn", card=True)

reads: on the page `CheckIn`, and by programs at `ApiCheckIn`, a volunteer checks in for their own part and an elder for
the help they get; a printed card is enough on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from timebank.access.words import Grant, Relation, Role, Sees


@dataclass(frozen=True, slots=True)
class UseCase:
    """One thing that people do, and who may.

    Attributes:
        name: by which a flow asks `sees`.
        pages: operation ids of the pages that serve it; None for one page, named like the use case.
        api: operation id for programs; "" when there is none.
        card: whether a session by printed card may do it, on its pages.
    """

    name: str
    grants: Mapping[Role, Grant]
    pages: tuple[str, ...] | None = None
    api: str = ""
    card: bool = False

    @property
    def operations(self) -> frozenset[str]:
        """Every operation that serves it."""
        pages = (self.name,) if self.pages is None else self.pages
        return frozenset({*pages, self.api} - {""})

    def open_to_cards(self, operation: str) -> bool:
        """Whether a session by printed card may use this operation."""
        return self.card and operation != self.api


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


# Relation and field set of one grant.
OWN = (Relation.OWN, Sees.OWN)
FOR_ELDER = (Relation.FOR_ELDER, Sees.OWN)
ASSIGNED = (Relation.ASSIGNED, Sees.PRIVATE_CARD)
LEADS = (Relation.OWN_TEAM, Sees.ROSTER)
SPEAKS = (Relation.OWN_UNIT, Sees.OWN)
SENDS = (Relation.OWN_UNIT, Sees.ROSTER)
DESK = (Relation.SAME_COMMUNITY, Sees.PRIVATE_CARD)
AUDIT = (Relation.SAME_COMMUNITY, Sees.BOOKS)
CARD = (Relation.SAME_COMMUNITY, Sees.PUBLIC_CARD)

# Grants that several use cases share.
AT_DESK = grants(worker=DESK)
BY_LEADER = grants(leader=LEADS, worker=DESK)
ASKS = grants(elder=OWN, proxy=FOR_ELDER, worker=DESK)
SERVES = grants(volunteer=OWN)
JOINS = grants(volunteer=CARD)
ATTENDS = grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, worker=DESK)
CONFIRMS = grants(elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK)
TAKES_BACK = grants(volunteer=OWN, leader=LEADS, worker=DESK)
CLAIMS = grants(volunteer=CARD, leader=CARD, unit=CARD, worker=CARD, elder=CARD, proxy=CARD)
ANSWERS = grants(worker=DESK, elder=OWN, proxy=FOR_ELDER, unit=SPEAKS, leader=LEADS, volunteer=OWN)
OF_UNIT = grants(unit=SPEAKS)
ANSWERS_PLAN = grants(worker=DESK, volunteer=OWN, leader=LEADS, unit=SPEAKS)
SAVES = grants(volunteer=OWN, elder=OWN, leader=OWN, unit=OWN)
READS_BOOKS = grants(auditor=AUDIT, worker=AUDIT)
KEEPS_BOOKS = grants(worker=AUDIT)

REGISTRY: tuple[UseCase, ...] = (
    # --- everyone: sign-in, health, language, notices
    UseCase("Health", everyone(Sees.NOTHING)),
    UseCase("Home", everyone(), card=True),
    UseCase("Preferences", everyone(Sees.NOTHING)),
    UseCase("Help", everyone()),
    UseCase("Privacy", everyone()),
    UseCase(
        "SignIn",
        everyone(Sees.NOTHING),
        pages=("SignInPage", "SignInByCode", "SignInByPassword", "SignInByLink"),
    ),
    UseCase("SignOut", signed_in(), card=True),
    # --- identity at the desk: codes, cards, mandates
    UseCase("IssueCode", AT_DESK),
    UseCase("RecordMandate", AT_DESK),
    UseCase("RevokeMandate", grants(worker=DESK, elder=OWN)),
    UseCase("ActFor", grants(proxy=FOR_ELDER, worker=DESK)),
    UseCase("StopActingFor", signed_in()),
    # --- services: sign up, arrive, leave, close a shift
    UseCase("VolunteerHome", SERVES, api="ApiServices", card=True),
    UseCase(
        "ServiceCard",
        grants(volunteer=ASSIGNED, elder=OWN, proxy=FOR_ELDER, leader=LEADS, unit=SENDS, worker=DESK),
        api="ApiService",
    ),
    UseCase("SignUp", JOINS, api="ApiSignUp"),
    UseCase("Arrive", JOINS, pages=("ArrivePage", "Arrive")),
    UseCase("CheckIn", ATTENDS, api="ApiCheckIn", card=True),
    UseCase(
        "CheckOut",
        grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
        api="ApiCheckOut",
        card=True,
    ),
    UseCase("UndoCheckIn", TAKES_BACK, api="ApiUndoCheckIn"),
    UseCase("CancelAttendance", TAKES_BACK, api="ApiCancelAttendance"),
    UseCase("TeamsHome", BY_LEADER),
    UseCase("PlanShifts", BY_LEADER),
    UseCase("RollCall", BY_LEADER, pages=("RollCall", "RosterSheet")),
    UseCase("TickPresent", BY_LEADER, api="ApiTickPresent"),
    UseCase("AddWalkUp", BY_LEADER, api="ApiAddWalkUp"),
    UseCase("CloseShift", BY_LEADER, pages=("ClosingPage", "CloseShift"), api="ApiCloseShift"),
    UseCase("NameHelper", grants(leader=LEADS, unit=SENDS, worker=DESK), api="ApiNameHelper"),
    # --- services: whoever says that it was so; the earner never does
    UseCase("ConfirmHours", CONFIRMS, api="ApiConfirmHours", card=True),
    UseCase("ConfirmService", CONFIRMS, api="ApiConfirmService"),
    UseCase("ConfirmList", AT_DESK),
    UseCase(
        "DisputeHours",
        grants(volunteer=OWN, elder=OWN, proxy=FOR_ELDER, leader=LEADS, worker=DESK),
        api="ApiDisputeHours",
    ),
    UseCase("ResolveDispute", AT_DESK, api="ApiResolveDispute"),
    # --- lists: public cards of the four lists; a stranger does not get a resident's own words
    UseCase("ListsHome", everyone()),
    UseCase("ShowList", everyone(), api="ApiList"),
    UseCase("ShowLine", everyone()),
    UseCase("DownloadContacts", AT_DESK),
    # --- lists: claims from either side; the owner of the line answers, never the claimant
    UseCase("ClaimLine", CLAIMS, api="ApiClaimLine"),
    UseCase("ClaimsInbox", CLAIMS, api="ApiClaims"),
    UseCase("AcceptClaim", ANSWERS, api="ApiAcceptClaim"),
    UseCase("DeclineClaim", ANSWERS, api="ApiDeclineClaim"),
    UseCase("WithdrawClaim", ANSWERS, api="ApiWithdrawClaim"),
    UseCase("ReleaseClaim", ANSWERS, api="ApiReleaseClaim"),
    # --- lists: a unit's own offers
    UseCase("UnitHome", OF_UNIT),
    UseCase(
        "SaveUnitResource", OF_UNIT, pages=("EditUnitResource", "SaveUnitResource"), api="ApiUnitResource"
    ),
    UseCase("PauseUnitResource", OF_UNIT),
    # --- lists: whose turn it is to lead; the desk plans and says how it went, a unit swaps its own turn
    UseCase("PlanRota", AT_DESK),
    UseCase("TurnStep", grants(unit=SPEAKS, worker=DESK)),
    # --- lists: the office's files
    UseCase("ImportFiles", AT_DESK, pages=("ImportPage", "ImportFiles"), api="ApiImport"),
    UseCase("ShowImport", AT_DESK),
    UseCase("AnswerRow", AT_DESK),
    # --- notice: the public board
    UseCase("PublicNotice", everyone(), api="ApiNotice"),
    # --- requests: asking for help
    UseCase("ElderHome", ASKS, api="ApiListRequests", card=True),
    UseCase("OpenRequest", ASKS, pages=("AskWhen", "AskCheck", "OpenRequest"), api="ApiOpenRequest"),
    UseCase("ShowRequest", ASKS, api="ApiShowRequest"),
    UseCase("CancelRequest", ASKS, api="ApiCancelRequest"),
    UseCase("AskForCall", ASKS),
    # --- requests: the desk's day, the telephone, needs and people
    UseCase("Desk", AT_DESK),
    UseCase("CallMade", AT_DESK),
    UseCase("TakeCall", AT_DESK, pages=("PhoneIntake", "TakeCall")),
    UseCase("DeskNeeds", AT_DESK),
    UseCase("DeskNeed", AT_DESK, pages=("DeskNeed", "NeedSlip")),
    UseCase("EditNeed", AT_DESK, pages=("EditNeedPage", "EditNeed")),
    UseCase("CancelNeed", AT_DESK),
    UseCase("DeskMembers", AT_DESK, pages=("DeskMembers", "SearchMembers")),
    UseCase("DeskMember", AT_DESK),
    # --- hours: the passbook and giving
    UseCase(
        "Passbook",
        grants(volunteer=OWN, elder=OWN, leader=OWN, unit=OWN, proxy=FOR_ELDER, worker=DESK),
        api="ApiHours",
    ),
    UseCase("MemberHours", AT_DESK),
    UseCase("DonateHours", SAVES, api="ApiDonateHours"),
    # --- hours: the books, with opaque ids only; corrections are new entries
    UseCase("BooksHome", READS_BOOKS),
    UseCase("Transfers", READS_BOOKS),
    UseCase("ShowTransfer", READS_BOOKS),
    UseCase("ReverseHours", KEEPS_BOOKS, api="ApiReverseHours"),
    UseCase("DownloadBook", READS_BOOKS),
    UseCase("CloseMonth", KEEPS_BOOKS),
    UseCase("Snapshot", READS_BOOKS, pages=(), api="ApiSnapshot"),
    UseCase("VerifyBooks", READS_BOOKS, pages=(), api="ApiVerify"),
    # --- matching: the week's plan, answers to proposals, choices by hand
    UseCase("ShowPlan", AT_DESK, pages=("ShowPlan", "ShortageReport"), api="ApiShowPlan"),
    UseCase("MakePlan", AT_DESK, api="ApiMakePlan"),
    UseCase("AcceptProposal", ANSWERS_PLAN, api="ApiAcceptProposal"),
    UseCase("DeclineProposal", ANSWERS_PLAN, api="ApiDeclineProposal"),
    UseCase("DecideByHand", AT_DESK, pages=("ChooseHelper", "DecideByHand")),
    UseCase("MyProposals", grants(volunteer=OWN, leader=LEADS, unit=SPEAKS)),
)
