"""Who may do what, and what they see of it: every use case × role × relation × fields, read from top to bottom.

One entry is one use case. It names the operations that serve it: its pages (the form, the press, the paper) and what
programs call. A route without an entry, or an entry without its routes, stops start-up (`web.guard`).

    UseCase("CheckIn", grants(member=OWN, proxy=FOR_MEMBER), api="ApiCheckIn", scope="confirm")

reads: on the page `CheckIn`, and by programs at `ApiCheckIn`, a member checks in for their own part or the help they
get, and whoever may confirm for them does the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from timebank.access.words import Grant, Relation, Role, Sees

Grants = Mapping[Role, tuple[Grant, ...]]
Pair = tuple[Relation, Sees]


@dataclass(frozen=True, slots=True)
class UseCase:
    """One thing that people do, and who may.

    Attributes:
        name: by which a flow asks `sees`.
        pages: operation ids of the pages that serve it; None for one page, named like the use case.
        api: operation id for programs; "" when there is none.
        scope: the word that a mandate must hold for somebody else to do it for a member; "" for any mandate.
        alone: it gives or changes a way in, and is never done while acting for somebody.
    """

    name: str
    grants: Grants
    pages: tuple[str, ...] | None = None
    api: str = ""
    scope: str = ""
    alone: bool = False

    @property
    def operations(self) -> frozenset[str]:
        """Every operation that serves it."""
        pages = (self.name,) if self.pages is None else self.pages
        return frozenset({*pages, self.api} - {""})


def everyone(sees: Sees = Sees.PUBLIC_CARD) -> Grants:
    """A page for all, signed in or not."""
    return {Role.PUBLIC: (Grant(Relation.ANY, sees),)}


def signed_in(sees: Sees = Sees.OWN) -> Grants:
    """Everybody with a session, about themselves."""
    return {Role.MEMBER: (Grant(Relation.ANY, sees),)}


def grants(**by_role: Pair | list[Pair]) -> Grants:
    """Grants written as `worker=(BELOW, PRIVATE_CARD)`, or as a list where a role has several."""
    return {
        Role(role): tuple(Grant(*pair) for pair in (pairs if isinstance(pairs, list) else [pairs]))
        for role, pairs in by_role.items()
    }


# Relation and field set of one grant.
OWN = (Relation.OWN, Sees.OWN)
FOR_MEMBER = (Relation.FOR_MEMBER, Sees.OWN)
ASSIGNED = (Relation.ASSIGNED, Sees.PRIVATE_CARD)
LEADS = (Relation.OWN_TEAM, Sees.ROSTER)
SPEAKS = (Relation.OWN_UNIT, Sees.OWN)
SENDS = (Relation.OWN_UNIT, Sees.ROSTER)
DESK = (Relation.BELOW, Sees.PRIVATE_CARD)
AUDIT = (Relation.BELOW, Sees.BOOKS)
SUMS = (Relation.BELOW, Sees.TOTALS)
ROSTER = (Relation.BELOW, Sees.ROSTER)
CARD = (Relation.SAME_COMMUNITY, Sees.PUBLIC_CARD)

# Grants that several use cases share.
AT_DESK = grants(worker=DESK)
BY_LEADER = grants(leader=LEADS, worker=DESK)
ASKS = grants(member=OWN, proxy=FOR_MEMBER, worker=DESK)
SERVES = grants(member=OWN)
JOINS = grants(member=CARD)
ATTENDS = grants(member=OWN, proxy=FOR_MEMBER, worker=DESK)
LEAVES = grants(member=OWN, proxy=FOR_MEMBER, leader=LEADS, worker=DESK)
SEES_OUT = grants(member=OWN, proxy=FOR_MEMBER, leader=LEADS, unit=SENDS, worker=DESK)
TAKES_BACK = grants(member=OWN, leader=LEADS, unit=SENDS, worker=DESK)
CLAIMS = grants(member=CARD, worker=CARD)
ANSWERS = grants(worker=DESK, member=OWN, proxy=FOR_MEMBER, unit=SPEAKS, leader=LEADS)
GIVES_ON = grants(leader=LEADS, unit=SPEAKS, worker=DESK)
OF_UNIT = grants(unit=SPEAKS)
PARTIES = grants(worker=DESK, unit=SPEAKS)
ENDS = grants(worker=DESK, member=OWN)
ANSWERS_PLAN = grants(worker=DESK, member=OWN, leader=LEADS, unit=SPEAKS)
READS_BOOKS = grants(auditor=AUDIT, worker=AUDIT)
AUDITS = grants(auditor=AUDIT)
READS_POLICY = grants(worker=DESK, auditor=AUDIT)
KEEPS_BOOKS = grants(worker=AUDIT)

REGISTRY: tuple[UseCase, ...] = (
    # --- everyone: sign-in, health, language, notices
    UseCase("Health", everyone(Sees.NOTHING)),
    UseCase("Home", everyone()),
    UseCase("Preferences", everyone(Sees.NOTHING)),
    UseCase("ChooseCommunity", everyone(), api="ApiCommunities"),
    UseCase("CommunityPage", everyone(), api="ApiCommunity"),
    UseCase("Help", everyone()),
    UseCase("Privacy", everyone()),
    UseCase(
        "SignIn",
        everyone(Sees.NOTHING),
        pages=("SignInPage", "SignInByCode", "SignInByPassword", "SignInByLink"),
    ),
    # The second half of a colleague's sign-in: nothing but a right password a moment ago, in the same browser, leads here.
    UseCase(
        "SecondStep",
        everyone(Sees.NOTHING),
        pages=("SecondStepPage", "SecondStep", "EnrolPage", "Enrol"),
    ),
    UseCase("SignOut", signed_in()),
    # What one's own browser typed: to whoever typed it and to nobody else.
    UseCase("ShowDraft", everyone(Sees.OWN)),
    UseCase("ShowKeptForm", everyone(Sees.OWN)),
    # --- identity at the desk: codes and cards; acting for whoever gave one a mandate
    UseCase("IssueCode", AT_DESK, alone=True),
    UseCase("CardsHome", AT_DESK, api="ApiCards"),
    UseCase("PrintCards", AT_DESK, api="ApiIssueCards", alone=True),
    UseCase("RevokeCard", AT_DESK, api="ApiRevokeCard"),
    # --- the card on the fridge and the kiosk: an address of its own, which opens nothing but asking and being rung
    UseCase(
        "Card",
        everyone(Sees.NOTHING),
        pages=(
            "CardPage",
            "OpenCard",
            "CardHome",
            "CardWhen",
            "CardAsk",
            "CardCall",
            "CardOff",
            "CardArrive",
            "CloseCard",
        ),
    ),
    # --- text messages: the gateway hands them over with its own token; it is nobody's sign-in
    UseCase("TakeText", everyone(Sees.NOTHING), pages=(), api="ApiTakeText"),
    UseCase("Kiosk", everyone(Sees.NOTHING), pages=("OpenAtKiosk",)),
    UseCase("DeclareKiosk", AT_DESK, pages=("DeclareKiosk", "EndKiosk"), alone=True),
    UseCase("AnswerForCard", AT_DESK),
    UseCase("AnswerOwnCard", grants(member=OWN)),
    UseCase("ActFor", grants(proxy=FOR_MEMBER, worker=DESK)),
    # --- a telephone that the desk's code opened is its owner's once another office holder has met them with it
    UseCase("OwnPhone", signed_in()),
    UseCase("OwnSignIns", grants(member=OWN), api="ApiOwnSignIns"),
    UseCase("EndSignIn", grants(member=OWN), api="ApiEndSignIn"),
    UseCase(
        "KnowPhone",
        grants(leader=CARD, unit=CARD, officer=CARD, worker=CARD, auditor=CARD),
        pages=("KnowPhonePage", "KnowPhone"),
        api="ApiKnowPhone",
        alone=True,
    ),
    UseCase("StopActingFor", signed_in()),
    # --- relationships: who stands to whom; each side says its own yes, the desk writes down what it heard
    UseCase("OwnRelationships", signed_in(), api="ApiOwnRelationships"),
    UseCase("DeskRelationships", AT_DESK, pages=("DeskRelationships", "OfferPage")),
    UseCase("OfferRelationship", grants(worker=DESK, member=CARD), api="ApiOfferRelationship"),
    UseCase("ShowRelationship", ENDS, api="ApiShowRelationship"),
    UseCase("AnswerRelationship", ENDS, api="ApiAnswerRelationship"),
    UseCase("ApproveRelationship", AT_DESK, api="ApiApproveRelationship"),
    UseCase("EndRelationship", ENDS, api="ApiEndRelationship"),
    UseCase("RenewRelationship", ENDS),
    UseCase("StandingAt", grants(worker=DESK, leader=LEADS, unit=SENDS, officer=ROSTER)),
    UseCase(
        "LoadRelationships",
        AT_DESK,
        pages=("RelationshipListPage", "LoadRelationships"),
        api="ApiLoadRelationships",
    ),
    UseCase("Posts", signed_in(Sees.PUBLIC_CARD)),
    UseCase("OpenPost", AT_DESK),
    UseCase("ClaimPost", JOINS),
    # --- organisations: teams, units and all others, with their people and what they promised
    UseCase(
        "Organisations",
        AT_DESK,
        pages=("DeskTeams", "DeskUnits", "DeskOrganisations"),
        api="ApiOrganisations",
    ),
    UseCase("ShowOrganisation", AT_DESK, api="ApiOrganisation"),
    UseCase(
        "CreateOrganisation",
        AT_DESK,
        pages=("NewOrganisation", "CreateOrganisation"),
        api="ApiCreateOrganisation",
    ),
    UseCase(
        "ChangeOrganisation",
        AT_DESK,
        pages=("EditOrganisation", "ChangeOrganisation"),
        api="ApiChangeOrganisation",
    ),
    UseCase("NameOrganisation", AT_DESK, api="ApiNameOrganisation"),
    UseCase(
        "EndOrganisation", AT_DESK, pages=("EndOrganisationPage", "EndOrganisation"), api="ApiEndOrganisation"
    ),
    UseCase(
        "Roster",
        AT_DESK,
        pages=("RosterPage", "SearchForRoster", "AddToRoster", "RemoveFromRoster", "AddLinesToRoster"),
        api="ApiAddToRoster",
    ),
    # --- relationships: days away, on which duties and their news go to whoever stands in
    UseCase("Absences", ENDS, pages=("AwayPage",), api="ApiAbsences"),
    UseCase("GoAway", ENDS, api="ApiGoAway"),
    UseCase("ComeBack", ENDS, api="ApiComeBack"),
    # --- places: what lies below the place somebody looks after; sums with no cell below five people
    UseCase("Staff", AT_DESK),
    UseCase("OpenAccount", AT_DESK, alone=True),
    UseCase("ResetAccount", AT_DESK, alone=True),
    UseCase("EndAccount", AT_DESK, alone=True),
    UseCase("SignOutEverywhere", grants(member=OWN, worker=DESK)),
    UseCase("OwnPassword", signed_in(), pages=("OwnPasswordPage", "OwnPassword"), alone=True),
    UseCase(
        "OwnSecondFactor",
        signed_in(),
        pages=("OwnSecondFactor", "RenewCodes", "NewTelephone", "NewTelephonePage", "ConfirmTelephone"),
        alone=True,
    ),
    UseCase("AskNewTelephone", AT_DESK, pages=("AskNewTelephone", "DropNewTelephone"), alone=True),
    UseCase("ApproveNewTelephone", AT_DESK, alone=True),
    UseCase("OwnPlaces", signed_in(Sees.TOTALS)),
    UseCase(
        "PlaceSums",
        grants(officer=SUMS, overseer=SUMS, worker=SUMS, auditor=SUMS),
        api="ApiPlaceSums",
    ),
    UseCase("PlaceNeeds", grants(officer=ROSTER, worker=DESK), pages=(), api="ApiPlaceNeeds"),
    # --- places: the tree as its desk keeps it
    UseCase("DeskAreas", AT_DESK, pages=("DeskAreas", "DeskArea"), api="ApiAreas"),
    UseCase("AddArea", AT_DESK, api="ApiAddArea"),
    UseCase("RenameArea", AT_DESK, api="ApiRenameArea"),
    UseCase("MoveArea", AT_DESK, api="ApiMoveArea"),
    UseCase("EndArea", AT_DESK, api="ApiEndArea"),
    UseCase("UncareArea", AT_DESK, api="ApiUncareArea"),
    UseCase("SaveWay", AT_DESK, api="ApiSaveWay"),
    UseCase("LoadAreas", AT_DESK, pages=("AreaListPage", "LoadAreas"), api="ApiLoadAreas"),
    # --- the office: what it says of itself, and the guide of its first days
    UseCase("OfficeHome", AT_DESK),
    UseCase("OwnCommunity", AT_DESK, api="ApiOwnCommunity"),
    UseCase("SaveCommunity", AT_DESK, api="ApiSaveCommunity"),
    UseCase("FoundingGuide", AT_DESK, api="ApiFoundingGuide"),
    UseCase("SkipStep", AT_DESK, api="ApiSkipStep"),
    UseCase("TakeBackSkip", AT_DESK, api="ApiTakeBackSkip"),
    # --- the recruiting funnel: figures, and who stands behind each
    UseCase("ShowFunnel", AT_DESK, api="ApiFunnel"),
    UseCase("FunnelPeople", AT_DESK, pages=("FunnelPeople", "SearchFunnelPeople"), api="ApiFunnelPeople"),
    UseCase("DownloadFunnel", AT_DESK),
    # --- services: sign up, arrive, leave, close a shift
    UseCase("VolunteerHome", SERVES, api="ApiServices"),
    UseCase(
        "ServiceCard",
        grants(member=[OWN, ASSIGNED], proxy=FOR_MEMBER, leader=LEADS, unit=SENDS, worker=DESK),
        api="ApiService",
        scope="read",
    ),
    UseCase("SignUp", JOINS, api="ApiSignUp"),
    UseCase("Arrive", JOINS, pages=("ArrivePage", "Arrive")),
    UseCase("CheckIn", ATTENDS, api="ApiCheckIn", scope="confirm"),
    UseCase("CheckOut", SEES_OUT, api="ApiCheckOut", scope="confirm"),
    UseCase("UndoCheckIn", TAKES_BACK, api="ApiUndoCheckIn"),
    UseCase("CancelAttendance", TAKES_BACK, api="ApiCancelAttendance"),
    UseCase("TeamsHome", BY_LEADER),
    UseCase("PlanShifts", BY_LEADER),
    UseCase("RollCall", BY_LEADER, pages=("RollCall", "RosterSheet")),
    UseCase("Worker", everyone(Sees.NOTHING)),
    UseCase("Offline", everyone(Sees.NOTHING)),
    UseCase("TakePress", signed_in()),
    UseCase("TickPresent", grants(leader=LEADS, unit=SENDS, worker=DESK), api="ApiTickPresent"),
    UseCase("AddWalkUp", BY_LEADER, api="ApiAddWalkUp"),
    UseCase("CloseShift", BY_LEADER, pages=("ClosingPage", "CloseShift"), api="ApiCloseShift"),
    UseCase("PaperGrid", BY_LEADER, pages=("PaperGrid", "SavePaper"), api="ApiSavePaper"),
    UseCase("NameHelper", grants(leader=LEADS, unit=SENDS, worker=DESK), api="ApiNameHelper"),
    # --- promises: one press of one person, refused with the sentence of now where the view does not offer it
    UseCase(
        "PressPromise",
        grants(member=OWN, proxy=FOR_MEMBER, leader=LEADS, unit=SENDS, worker=DESK),
        api="ApiPressPromise",
    ),
    UseCase("ShowPromise", SEES_OUT, pages=(), api="ApiPromise", scope="read"),
    UseCase("TakeBackPress", SEES_OUT, api="ApiTakeBackPress"),
    UseCase("EveningList", AT_DESK, api="ApiEveningList"),
    UseCase("SendInstead", AT_DESK, api="ApiSendInstead"),
    UseCase(
        "PutRight",
        AT_DESK,
        pages=("PutRightPage", "ApprovePutRight", "DropPutRight"),
        api="ApiApprovePutRight",
    ),
    UseCase("SpeakForPart", TAKES_BACK, pages=()),
    UseCase("WriteTimes", SERVES, pages=()),
    UseCase("WriteTimesFor", grants(leader=LEADS, unit=SENDS, worker=DESK), pages=()),
    UseCase("StepIn", JOINS, api="ApiStepIn"),
    UseCase("FindOut", BY_LEADER, pages=()),
    UseCase("CorrectHours", AT_DESK, pages=()),
    UseCase("ReopenService", BY_LEADER, pages=()),
    UseCase("MoveService", BY_LEADER, pages=()),
    UseCase("CallOffDate", ASKS, pages=(), scope="call_off"),
    # --- services: whoever says that it was so; the earner never does
    UseCase("ConfirmHours", LEAVES, api="ApiConfirmHours", scope="confirm"),
    UseCase("ApproveHours", grants(auditor=AUDIT), api="ApiApproveHours"),
    # Where the desk both wrote down and vouched, the helper's leader, the officer of the place or the unit asks and says so.
    UseCase("VouchForHours", grants(leader=LEADS, unit=SENDS, officer=ROSTER), api="ApiVouchForHours"),
    UseCase("SecondHand", grants(leader=LEADS, unit=SENDS, officer=ROSTER, worker=DESK, auditor=AUDIT)),
    UseCase("ConfirmService", LEAVES, api="ApiConfirmService", scope="confirm"),
    UseCase(
        "ConfirmMany",
        grants(member=OWN, proxy=FOR_MEMBER),
        pages=("ConfirmManyPage", "ConfirmMany"),
        api="ApiConfirmMany",
        scope="confirm",
    ),
    UseCase("ConfirmList", AT_DESK),
    UseCase("DisputeHours", LEAVES, api="ApiDisputeHours", scope="confirm"),
    UseCase("ResolveDispute", AT_DESK, api="ApiResolveDispute"),
    # --- lists: public cards of the four lists; a stranger does not get a resident's own words
    UseCase("ListsHome", everyone()),
    UseCase("ShowList", everyone(), api="ApiList"),
    UseCase("ShowLine", everyone()),
    UseCase("DownloadContacts", AT_DESK),
    # --- lists: the desk keeps all four of them by hand
    UseCase("DeskLists", AT_DESK, api="ApiDeskLists"),
    UseCase("DeskLine", AT_DESK, api="ApiDeskLine"),
    UseCase("AddLine", AT_DESK, pages=("NewLine", "SaveNewLine"), api="ApiAddLine"),
    UseCase("SaveLine", AT_DESK, pages=("EditLine", "SaveLine"), api="ApiSaveLine"),
    UseCase("LineStep", AT_DESK, api="ApiLineStep"),
    # --- lists: claims from either side; the owner of the line answers, never the claimant
    UseCase("ClaimLine", CLAIMS, api="ApiClaimLine"),
    UseCase("ClaimsInbox", CLAIMS, api="ApiClaims"),
    UseCase("AcceptClaim", ANSWERS, api="ApiAcceptClaim", scope="ask"),
    UseCase("DeclineClaim", ANSWERS, api="ApiDeclineClaim", scope="ask"),
    UseCase("WithdrawClaim", ANSWERS, api="ApiWithdrawClaim", scope="ask"),
    UseCase("ReleaseClaim", ANSWERS, api="ApiReleaseClaim", scope="ask"),
    # --- lists: a unit's own offers
    UseCase("UnitHome", OF_UNIT),
    UseCase(
        "SaveUnitResource", OF_UNIT, pages=("EditUnitResource", "SaveUnitResource"), api="ApiUnitResource"
    ),
    UseCase("PauseUnitResource", OF_UNIT),
    # --- lists: whose turn it is to lead; the desk plans and says how it went, a unit swaps its own turn
    UseCase("PlanRota", AT_DESK),
    UseCase("TurnStep", PARTIES),
    # --- the calendar: the year's days off as the office enters them
    UseCase(
        "EnterHolidayNotice",
        AT_DESK,
        pages=("ThisCalendar", "CalendarYear", "EnterHolidayNotice", "DropHolidayNotice"),
    ),
    UseCase("EnterSchoolHolidays", AT_DESK),
    # --- kinds of help: what sentences mean, as this community says them
    UseCase("TeachWording", AT_DESK, pages=("ShowCategories", "TeachWording", "ForgetWording")),
    UseCase("AddKind", AT_DESK),
    # --- lists: the office's files
    UseCase("ImportFiles", AT_DESK, pages=("ImportPage", "ImportFiles"), api="ApiImport"),
    UseCase("ShowImport", AT_DESK),
    UseCase("AnswerRow", AT_DESK),
    UseCase("AnswerRows", AT_DESK),
    UseCase("ShowTable", AT_DESK),
    UseCase("AnswerTable", AT_DESK),
    UseCase("UndoImport", AT_DESK),
    # --- notice: the public board
    UseCase("PublicNotice", everyone(), api="ApiNotice"),
    # --- news: what one was told, and how one wants to be told
    UseCase("OwnNews", signed_in(), api="ApiOwnNews"),
    UseCase("FamilyLetter", grants(proxy=FOR_MEMBER), scope="notices"),
    UseCase("Reach", grants(member=OWN, worker=DESK), pages=("ReachPage", "Reach")),
    # --- news: calendar addresses; whoever has one is shown what it shows, as long as the relationship behind it lasts
    UseCase("OwnFeeds", signed_in(), pages=("OwnFeeds", "MakeFeed")),
    UseCase("EndFeed", SERVES),
    UseCase("CalendarFeed", everyone(Sees.NOTHING)),
    # --- requests: asking for help
    UseCase("ElderHome", ASKS),
    UseCase("ListRequests", ASKS, pages=(), api="ApiListRequests", scope="read"),
    UseCase(
        "OpenRequest", ASKS, pages=("AskWhen", "AskCheck", "OpenRequest"), api="ApiOpenRequest", scope="ask"
    ),
    UseCase("ShowRequest", ASKS, api="ApiShowRequest", scope="read"),
    UseCase("ChangeTime", ASKS, pages=("ChangeTimePage", "ChangeTime"), scope="ask"),
    UseCase("CancelRequest", ASKS, api="ApiCancelRequest", scope="call_off"),
    UseCase("AskForCall", ASKS, scope="ask"),
    # --- requests: the desk's day, the telephone, needs and people
    UseCase("Desk", AT_DESK),
    UseCase("CallSheet", AT_DESK, api="ApiCallSheet"),
    UseCase("CallMade", AT_DESK, api="ApiCallMade"),
    UseCase("HeardOnCall", AT_DESK),
    UseCase("MissedNews", AT_DESK, pages=("MissedNews", "LookAtMissed"), api="ApiMissedNews"),
    UseCase("Slips", AT_DESK, pages=("Slips", "SlipsPaper", "SlipsSaid", "TextsUploaded")),
    # A gateway shows the token agreed with it, and says what became of a message it took.
    UseCase("TextReceipt", everyone(Sees.NOTHING), pages=(), api="ApiTextReceipt"),
    UseCase("TakeCall", AT_DESK, pages=("PhoneIntake", "TakeCall")),
    UseCase("DeskNeeds", AT_DESK),
    UseCase("DeskNeed", AT_DESK, pages=("DeskNeed", "NeedSlip")),
    UseCase("EditNeed", AT_DESK, pages=("EditNeedPage", "EditNeed")),
    UseCase("CancelNeed", AT_DESK),
    UseCase("SetNeedOwner", AT_DESK),
    # --- people: found, registered, told apart, corrected
    UseCase("DeskMembers", AT_DESK, api="ApiMembers"),
    UseCase("SearchMembers", AT_DESK, api="ApiSearchMembers"),
    UseCase("PickMember", AT_DESK, pages=("PickMember", "SearchToPick")),
    UseCase("DeskMember", AT_DESK, api="ApiMember"),
    UseCase("RegisterMember", AT_DESK, pages=("RegisterPage", "RegisterMember"), api="ApiRegisterMember"),
    UseCase("AskToJoin", everyone(Sees.NOTHING), pages=("JoinPage", "AskToJoin")),
    UseCase("AnswerApplicant", AT_DESK, pages=("ApplicantPage", "AnswerApplicant")),
    UseCase("IdentityQuestions", AT_DESK),
    UseCase("CorrectMember", AT_DESK, pages=("CorrectPage", "CorrectMember"), api="ApiCorrectMember"),
    UseCase("MemberProfile", ENDS, api="ApiMemberProfile"),
    UseCase("SaveProfile", ENDS, api="ApiSaveProfile"),
    UseCase(
        "MemberArchive",
        grants(member=OWN, proxy=FOR_MEMBER, worker=DESK),
        api="ApiMemberArchive",
        scope="read",
    ),
    UseCase(
        "WhoLooked",
        grants(member=OWN, proxy=FOR_MEMBER, worker=DESK),
        api="ApiWhoLooked",
        scope="read",
    ),
    UseCase("MemberCopy", grants(member=OWN, worker=DESK), api="ApiMemberCopy"),
    # What somebody agreed to, purpose by purpose; the desk writes down what it heard. A proxy agrees to nothing for others.
    UseCase("Consents", grants(member=OWN, worker=DESK), api="ApiConsents"),
    UseCase("GiveConsent", grants(member=OWN, worker=DESK), api="ApiGiveConsent"),
    UseCase("WithdrawConsent", grants(member=OWN, worker=DESK), api="ApiWithdrawConsent"),
    UseCase("LiveTogether", AT_DESK, api="ApiLiveTogether"),
    UseCase("LiveApart", AT_DESK, api="ApiLiveApart"),
    # --- people: moved, gone and back; what takes two people waits for the second one
    UseCase("MoveMember", AT_DESK, pages=("MovePage", "MoveMember", "EndDuty"), api="ApiMoveMember"),
    UseCase("MemberLeaves", AT_DESK, pages=("LeavePage", "MemberLeaves"), api="ApiMemberLeaves"),
    UseCase("MemberReturns", AT_DESK, api="ApiMemberReturns"),
    UseCase(
        "EraseMember",
        grants(member=OWN, worker=DESK),
        pages=("ErasePage", "EraseMember"),
        api="ApiEraseMember",
    ),
    UseCase("ReportDeath", AT_DESK, pages=("DeathPage", "ReportDeath"), api="ApiReportDeath"),
    UseCase("UndoDeath", AT_DESK, api="ApiUndoDeath"),
    UseCase("JoinRecords", AT_DESK, pages=("JoinRecordsPage", "JoinRecords"), api="ApiJoinRecords"),
    UseCase("WaitingChanges", AT_DESK, api="ApiWaitingChanges"),
    UseCase("ApproveChange", AT_DESK, api="ApiApproveChange"),
    UseCase("DropChange", AT_DESK, api="ApiDropChange"),
    # --- hours: the passbook and giving
    UseCase("Passbook", ASKS, api="ApiHours", scope="hours"),
    UseCase("MemberHours", AT_DESK),
    UseCase("DonateHours", SERVES, api="ApiDonateHours"),
    UseCase("GiveHours", SERVES, api="ApiGiveHours"),
    UseCase("GiveFirstHours", AT_DESK),
    # What raises an account without help given takes two; where there is one worker, the auditor is the other.
    UseCase(
        "HoursByTwo",
        grants(worker=DESK, auditor=AUDIT),
        pages=("HoursByTwoPage", "ApproveHoursByTwo", "DropHoursByTwo"),
        api="ApiApproveHoursByTwo",
    ),
    # What the radar saw: read by whom it does not concern; for those whom a flag names it is not there.
    UseCase("Radar", READS_BOOKS, pages=("RadarPage", "LookAtFlag")),
    # What an auditor looks through, the desk's own doings among it; by opaque ids.
    UseCase("AuditLooks", AUDITS, pages=("AuditLooks", "AuditLook")),
    UseCase("AuditLog", AUDITS, pages=("AuditLogPage",)),
    UseCase("TeamHours", GIVES_ON),
    UseCase("GiveTeamHours", GIVES_ON),
    # --- hours: balances from paper passbooks; entered by one, approved by another
    UseCase("OpeningHome", AT_DESK, api="ApiOpenings"),
    UseCase("ShowOpening", AT_DESK, api="ApiShowOpening"),
    UseCase("BeginOpening", AT_DESK, api="ApiBeginOpening"),
    UseCase(
        "EnterPassbook",
        AT_DESK,
        pages=("EnterPassbook", "PassbookPage", "CorrectPassbook", "RemovePassbook", "LoadPassbooks"),
        api="ApiEnterPassbook",
    ),
    UseCase("ApproveOpening", AT_DESK, api="ApiApproveOpening"),
    UseCase("DropOpening", AT_DESK, api="ApiDropOpening"),
    UseCase("TakeBackOpening", AT_DESK, api="ApiTakeBackOpening"),
    # --- hours: the books, with opaque ids only; corrections are new entries
    UseCase("BooksHome", READS_BOOKS),
    UseCase("Transfers", READS_BOOKS),
    UseCase("ShowTransfer", READS_BOOKS),
    UseCase("FollowHours", READS_BOOKS),
    UseCase("ReverseHours", KEEPS_BOOKS, api="ApiReverseHours"),
    UseCase("DownloadBook", READS_BOOKS),
    UseCase("CloseMonth", KEEPS_BOOKS),
    UseCase("Snapshot", READS_BOOKS, pages=(), api="ApiSnapshot"),
    UseCase("VerifyBooks", READS_BOOKS, pages=(), api="ApiVerify"),
    # --- policy: entered by one, approved by another; an auditor reads numbers instead of names
    UseCase("PolicyHome", READS_POLICY, api="ApiPolicyHome"),
    UseCase("ShowPolicy", READS_POLICY, api="ApiShowPolicy"),
    UseCase("DraftPolicy", AT_DESK, pages=("PolicyForm", "DraftPolicy"), api="ApiDraftPolicy"),
    UseCase("LookAgain", READS_POLICY),
    UseCase("ApprovePolicy", READS_POLICY, api="ApiApprovePolicy"),
    UseCase("WithdrawPolicy", AT_DESK, api="ApiWithdrawPolicy"),
    # --- agreements: drafted at the desk; each side signs for itself, and a signature on paper is written down
    UseCase("DeskAgreements", AT_DESK, api="ApiAgreements"),
    UseCase("UnitAgreements", OF_UNIT, api="ApiUnitAgreements"),
    UseCase("ShowAgreement", PARTIES, pages=("DeskAgreement", "UnitAgreement"), api="ApiAgreement"),
    UseCase("DraftAgreement", AT_DESK, pages=("NewAgreement", "DraftAgreement"), api="ApiDraftAgreement"),
    UseCase(
        "ReviseAgreement",
        AT_DESK,
        pages=("ReviseAgreement", "AddAgreementItem", "DropAgreementItem"),
        api="ApiAddAgreementItem",
    ),
    UseCase("SignAgreement", PARTIES, api="ApiSignAgreement"),
    UseCase("RecordSignature", AT_DESK, api="ApiRecordSignature"),
    UseCase("EndAgreement", AT_DESK, api="ApiEndAgreement"),
    UseCase("RenewAgreement", AT_DESK, api="ApiRenewAgreement"),
    # --- admission: what a kind of help asks of its helpers, whom that admits and why not the others
    UseCase("AdmissionRules", AT_DESK, api="ApiAdmissionRules"),
    UseCase("AdmissionRule", AT_DESK, api="ApiAdmissionRule"),
    UseCase("SetAdmission", AT_DESK, api="ApiSetAdmission"),
    # --- admission: a unit's task says what it costs before the community takes it on, and the community may refuse
    UseCase("DeskTasks", AT_DESK, api="ApiTasks"),
    UseCase("UnitTasks", OF_UNIT),
    UseCase("ShowTask", PARTIES, api="ApiTask"),
    UseCase("StateTask", OF_UNIT, api="ApiStateTask"),
    UseCase("RestateTask", OF_UNIT, api="ApiRestateTask"),
    UseCase("WithdrawTask", OF_UNIT, api="ApiWithdrawTask"),
    UseCase("AnswerTask", AT_DESK, api="ApiAnswerTask"),
    # --- matching: the week's plan, answers to proposals, choices by hand
    UseCase("ShowPlan", AT_DESK, pages=("ShowPlan", "ShortageReport"), api="ApiShowPlan"),
    UseCase("MakePlan", AT_DESK, api="ApiMakePlan"),
    UseCase(
        "AcceptProposal", ANSWERS_PLAN, pages=("AcceptProposal", "AcceptProposals"), api="ApiAcceptProposal"
    ),
    UseCase("DeclineProposal", ANSWERS_PLAN, api="ApiDeclineProposal"),
    UseCase("DecideByHand", AT_DESK, pages=("ChooseHelper", "DecideByHand")),
    UseCase("MyProposals", grants(member=OWN, leader=LEADS, unit=SPEAKS)),
)
