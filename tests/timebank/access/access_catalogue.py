"""How every operation of the app is asked for, and whose is what it asks for.

One line for each request: an operation without one fails `test_every_operation_can_be_asked_for`. Names in braces are
ids of the world; the first one of a request is its object, which a request for an unknown thing replaces.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.timebank.access.access_people import HERE as HERE_CODE
from tests.timebank.access.access_people import PASSWORD, WALKERS, Belongs
from timebank.access import Role

UNKNOWN = "X0000000Z"
DONE = frozenset({200, 201, 303})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One valid request.

    Attributes:
        form, json, files: the body; belongs: whose the object is.
        answers: what a granted walker gets; `instead`: what these walkers get, by a rule beside the registry.
    """

    method: str
    path: str
    belongs: Belongs = field(default_factory=Belongs)
    form: Mapping[str, str] | None = None
    json: Mapping[str, Any] | None = None
    files: Mapping[str, Any] | None = None
    answers: frozenset[int] = DONE
    instead: Mapping[str, int] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Name of the object's id; "" for a page without an object."""
        texts = [self.path, *(self.form or {}).values(), *map(str, (self.json or {}).values())]
        return next(
            (name for text in texts for _t, name, _s, _c in string.Formatter().parse(text) if name), ""
        )

    def request(self, ids: Mapping[str, str], *, unknown: bool = False) -> dict[str, Any]:
        """Arguments for the client; with `unknown` the object is one that nobody ever made."""
        numbers = ("row", "policy")
        known = {**ids, self.target: "0" if self.target in numbers else UNKNOWN} if unknown else ids

        def filled(value: Any) -> Any:
            if isinstance(value, list):
                return [filled(one) for one in value]
            if isinstance(value, dict):
                return {name: filled(one) for name, one in value.items()}
            return value.format_map(known) if isinstance(value, str) else value

        made: dict[str, Any] = {"method": self.method, "url": filled(self.path)}
        if self.form is not None:
            made["data"] = {name: filled(value) for name, value in self.form.items()}
        if self.json is not None:
            made["json"] = {name: filled(value) for name, value in self.json.items()}
        if self.files is not None:
            made["files"] = self.files
        return made


def get(path: str, belongs: Belongs | None = None, **known: Any) -> Ask:
    return Ask(method="GET", path=path, belongs=belongs or COMMON, **known)


def post(
    path: str, belongs: Belongs | None = None, form: Mapping[str, str] | None = None, **known: Any
) -> Ask:
    return Ask(method="POST", path=path, belongs=belongs or COMMON, form=form or {}, **known)


def api(
    path: str, belongs: Belongs | None = None, json: Mapping[str, Any] | None = None, **known: Any
) -> Ask:
    return Ask(method="POST", path=path, belongs=belongs or COMMON, json=json, **known)


def of(
    *owners: str, assigned: Collection[str] = (), team: str = "", unit: str = "", place: str = ""
) -> Belongs:
    """An object of the first circle and whose it is."""
    return Belongs(owners=frozenset(owners), assigned=frozenset(assigned), team=team, unit=unit, place=place)


def each(who: Collection[str], status: int) -> dict[str, int]:
    return dict.fromkeys(who, status)


COMMON = Belongs(shared=True)
PLACES = ("dongqu", "dongqu-1", "dongqu-2", "nanqu-1", "street")
YOURS = Belongs(yours=True)
MINE = Belongs(mine=True)
HERE = of()
NOBODYS = Belongs(community="nowhere")
ELDER, TEAM, UNIT = of("elder"), of(team="team"), of(unit="unit")
WORKED = DONE | {409}
TOLD = DONE | {409, 422}
ENTERED_IT = {"worker": 403, "worker_acting": 403}
WINDOW = "2026-11-27T14:00:00+08:00/2026-11-27T15:00:00+08:00"
CLINIC = "2026-11-26T10:00:00+08:00/2026-11-26T11:00:00+08:00"
CSV = {"files": ("新志愿者.csv", "姓名,手机\n周新,19900009999\n".encode(), "text/csv")}
TASK = {
    "title": "发放宣传单",
    "first_on": "2026-12-01",
    "last_on": "2026-12-31",
    "category": "talks",
    "brings": "people",
}
TERM = {"title": "共建协议", "first_on": "2026-11-01", "last_on": "2027-10-31"}
NAMED = {"name": "共建协议", "first_on": "2026-11-01", "last_on": "2027-10-31"}
ITEM = {"unit": "unit", "title": "坐诊量血压", "when": "每周二9:00-11:00"}
SHIFT = "/teams/{team}/shifts/{shift_today}"
# Nobody gives help in somebody else's name, and nobody claims what they asked for themselves.
ACTING = each(("proxy_acting", "asker_acting", "worker_acting"), 403)
NOT_NEEDS = ACTING | {"elder": 409}

# Who belongs to the community may propose, but points at others by name and number only: a uid is as good as unknown.
NO_OFFER = each(
    [
        name
        for name, walker in WALKERS.items()
        if walker.who
        and walker.community == HERE_CODE
        and walker.level == "full"
        and Role.WORKER not in walker.roles
    ],
    404,
)
PASSBOOKS = {"files": ("存折.csv", "姓名,时长\n没有的人,2小时\n".encode(), "text/csv")}
PAIRS = {"files": ("结对.csv", "关系类型,承担方,对象\n牵头单位,医院,东区社区\n".encode(), "text/csv")}

CATALOGUE: dict[str, tuple[Ask, ...]] = {
    # --- identity
    "Health": (get("/healthz"),),
    "Home": (get("/"),),
    "ChooseCommunity": (get("/communities"), get("/communities?q=%E5%8D%97&next=/notice"), get("/communities?page=9")),
    "ApiCommunities": (get("/api/communities"),),
    "CommunityPage": (get("/c/dongqu"), get("/c/nanqu")),
    "ApiCommunity": (get("/api/communities/dongqu"), get("/api/communities/nanqu")),
    "Help": (get("/help"), get("/c/nanqu/help")),
    "Privacy": (get("/privacy"), get("/c/nanqu/privacy")),
    "Preferences": (get("/preferences?lang=en&size=elder"),),
    "Worker": (get("/sw.js"),),
    "Offline": (get("/offline"),),
    "TakePress": (
        api(
            "/queue", answers=frozenset({401}),
            json={
                "id": "00000000-0000", "op": "arrive", "page": "unsigned", "said": 1, "steady": 1, "boot": "1",
                "sent_said": 1, "sent_steady": 1, "sent_boot": "1",
            },
        ),
    ),
    "ShowDraft": (get("/check/nothing"),),
    "ShowKeptForm": (get("/kept/nothing"),),
    "SignInPage": (get("/sign-in"), get("/c/nanqu/sign-in")),
    "SignInByCode": (
        post("/c/dongqu/sign-in/code", form={"who": "021", "code": "000000"}, answers=frozenset({422})),
        post("/c/nanqu/sign-in/code", form={"who": "021", "code": "000000"}, answers=frozenset({422})),
    ),
    "SignInByPassword": (
        post("/sign-in/password", form={"login": "nobody", "password": "wrong"}, answers=frozenset({422})),
    ),
    # Nobody has half a sign-in here: the pages of the second step ask for the password first.
    "SecondStepPage": (get("/sign-in/second", answers=frozenset({401})),),
    "SecondStep": (post("/sign-in/second", form={"code": "000000"}, answers=frozenset({401})),),
    "EnrolPage": (get("/sign-in/enrol", answers=frozenset({401})),),
    "Enrol": (post("/sign-in/enrol", form={"code": "000000"}, answers=frozenset({401})),),
    "SignInByLink": (get("/sign-in/link/nothing", answers=frozenset({422})),),
    "SignOut": (post("/sign-out"),),
    "IssueCode": (
        post("/desk/codes", HERE, {"member": "{uid_elder}"}),
        post("/desk/codes", HERE, {"member": "{uid_volunteer}", "kind": "card"}),
    ),
    "CardsHome": (get("/desk/cards"), get("/desk/cards?show=all")),
    "PrintCards": (post("/desk/cards", HERE, {"member": "{uid_elder}"}),),
    "RevokeCard": (post("/desk/cards/{uid_elder}/revoke", HERE),),
    "ApiCards": (get("/api/cards"),),
    "ApiIssueCards": (api("/api/cards", HERE, {"members": ["{uid_elder}"]}),),
    "ApiRevokeCard": (api("/api/cards/{uid_former}/revoke", HERE, {}),),
    "CardPage": (get("/k"),),
    "OpenCard": (post("/k", form={"token": "nothing"}, answers=frozenset({422})),),
    "ApiTakeText": (api("/api/texts", json={"id": "1", "sender": "1", "text": "1"}, answers=frozenset({401})),),
    "OpenAtKiosk": (post("/k/kiosk", form={"who": "021", "called": "somebody"}),),
    "CardHome": (get("/k/ask"),),
    "CardWhen": (get("/k/ask/shopping"),),
    "CardAsk": (post("/k/ask", form={"what": "shopping", "moment": "any-day"}),),
    "CardCall": (post("/k/call"),),
    "CardOff": (post("/k/off"),),
    "CardArrive": (post("/k/arrive"),),
    "CloseCard": (get("/k/over"),),
    "DeclareKiosk": (post("/desk/kiosk", form={"name": "zq"}),),
    "EndKiosk": (post("/desk/kiosk/{kiosk}/end", HERE),),
    "AnswerForCard": (post("/desk/calls/{parked}/hers", HERE, {"said": "hers"}),),
    "AnswerOwnCard": (post("/elder/card/{parked}", ELDER, {"said": "hers"}),),
    "ActFor": (post("/act-for", ELDER, {"elder": "{uid_elder}"}),),
    "StopActingFor": (post("/act-for/stop"),),
    # --- relationships
    "OwnRelationships": (get("/relationships"),),
    "ApiOwnRelationships": (get("/api/relationships"),),
    "DeskRelationships": (get("/desk/relationships"), get("/desk/relationships?kind=proxy")),
    "OfferPage": (
        get("/desk/relationships/new"),
        get("/desk/relationships/new?kind=proxy&target=member:{uid_elder}&holder_q=zq", COMMON),
    ),
    "OfferRelationship": (
        post(
            "/relationships", HERE,
            {"target": "member:{uid_elder}", "kind": "friend", "holder": "member:{uid_former}"}, instead=NO_OFFER,
        ),
    ),
    "ApiOfferRelationship": (
        api(
            "/api/relationships", HERE,
            {"target": "member:{uid_elder}", "kind": "friend", "holder": "member:{uid_former}"}, instead=NO_OFFER,
        ),
    ),
    "ShowRelationship": (
        get("/relationships/{mandate}", of("elder", "proxy")), get("/relationships/{asked}", of("elder", "helper")),
        get("/relationships/{leads}", of("leader", "deputy")),
    ),
    "ApiShowRelationship": (get("/api/relationships/{asked}", of("elder", "helper")),),
    "AnswerRelationship": (
        post(
            "/relationships/{asked}/answer", of("elder", "helper"), {"side": "holder", "answer": "yes"},
            instead=each(("worker", "worker_acting", "desk_2", "elder"), 403),
        ),
        post(
            "/relationships/{asked}/answer", of("elder", "helper"), {"side": "target", "answer": "yes", "heard": "told"},
            instead=each(("helper", "elder"), 403),
        ),
    ),
    "ApiAnswerRelationship": (
        api(
            "/api/relationships/{asked}/answer", of("elder", "helper"), {"side": "holder", "answer": "no"},
            instead=each(("worker", "worker_acting", "desk_2", "elder"), 403),
        ),
    ),
    "ApproveRelationship": (post("/relationships/{unapproved}/approve", HERE),),
    "ApiApproveRelationship": (api("/api/relationships/{unapproved}/approve", HERE),),
    "EndRelationship": (
        post("/relationships/{mandate}/end", of("elder", "proxy"), {"reason": "no_longer_needed"}),
        post(
            "/relationships/{leads}/end", of("leader", "deputy"), {"reason": "resigned"},
            instead=each(("deputy",), 403),
        ),
    ),
    "ApiEndRelationship": (
        api("/api/relationships/{mandate}/end", of("elder", "proxy"), {"reason": "no_longer_needed"}),
    ),
    "RenewRelationship": (
        post("/relationships/{ending}/renew", of("elder", "helper"), instead=each(("elder",), 403)),
    ),
    "StandingAt": (
        get("/relationships/of/organisation:{team}", TEAM), get("/relationships/of/organisation:{unit_code}", UNIT),
        get("/relationships/of/area:dongqu-1", of(place="dongqu-1")), get("/relationships/of/member:{uid_elder}", HERE),
    ),
    "RelationshipListPage": (get("/desk/relationships/list"),),
    "LoadRelationships": (post("/desk/relationships/list", files=PAIRS),),
    "ApiLoadRelationships": (post("/api/relationships/list", files=PAIRS),),
    # --- organisations
    "DeskTeams": (get("/desk/teams?q=zq"),),
    "DeskUnits": (get("/desk/units"),),
    "DeskOrganisations": (get("/desk/organisations?kind=station&ended=yes"),),
    "ApiOrganisations": (get("/api/organisations?kind=team"),),
    "NewOrganisation": (get("/desk/organisations/new"), get("/desk/organisations/new?kind=room")),
    "CreateOrganisation": (post("/desk/organisations", form={"kind": "team", "name": "晨练队"}),),
    "ApiCreateOrganisation": (api("/api/organisations", json={"kind": "unit", "name": "新书店"}),),
    "ShowOrganisation": (
        get("/desk/organisations/{team}", HERE), get("/desk/organisations/{unit_code}", HERE),
    ),
    "ApiOrganisation": (get("/api/organisations/{team}", HERE),),
    "EditOrganisation": (get("/desk/organisations/{team}/edit", HERE),),
    "ChangeOrganisation": (post("/desk/organisations/{team}/edit", HERE, {"name": "红马甲一队"}),),
    "ApiChangeOrganisation": (api("/api/organisations/{unit_code}", HERE, {"name": "第二医院"}),),
    "NameOrganisation": (post("/desk/organisations/{unit_code}/names", HERE, {"name": "二院"}),),
    "ApiNameOrganisation": (api("/api/organisations/{unit_code}/names", HERE, {"name": "二院"}),),
    "EndOrganisationPage": (get("/desk/organisations/{unit_code}/end", HERE),),
    "EndOrganisation": (post("/desk/organisations/{unit_code}/end", HERE),),
    "ApiEndOrganisation": (post("/api/organisations/{unit_code}/end", HERE),),
    "RosterPage": (get("/desk/organisations/{team}/roster", HERE),),
    "SearchForRoster": (post("/desk/organisations/{team}/roster", HERE, {"q": "zq"}),),
    "AddToRoster": (
        post("/desk/organisations/{team}/roster/add", HERE, {"member": "{uid_helper}", "heard": "told"}),
    ),
    "RemoveFromRoster": (
        post("/desk/organisations/{team}/roster/remove", HERE, {"relationship": "{on_roster}"}),
    ),
    "AddLinesToRoster": (post("/desk/organisations/{team}/roster/lines", HERE, {"lines": "没有这个人"}),),
    "ApiAddToRoster": (api("/api/organisations/{team}/roster", HERE, {"lines": "没有这个人"}),),
    "Posts": (get("/posts"),),
    "OpenPost": (post("/desk/posts", form={"title": "楼道保洁", "kind": "post", "places": "2"}),),
    "ClaimPost": (post("/posts/{post}/claim", HERE),),
    "ShowFunnel": (get("/desk/funnel"),),
    "ApiFunnel": (get("/api/funnel"),),
    "FunnelPeople": (get("/desk/funnel/docked"),),
    "SearchFunnelPeople": (post("/desk/funnel/registered", form={"q": "周"}),),
    "ApiFunnelPeople": (get("/api/funnel/placed"),),
    "DownloadFunnel": (get("/desk/funnel.xlsx"), get("/desk/funnel.xlsx?outside=true")),
    "Staff": (get("/desk/staff"),),
    "OpenAccount": (post("/desk/staff/{uid_auditor}/account", HERE, {"login": "zq-new"}),),
    "ResetAccount": (post("/desk/staff/{uid_auditor}/reset", HERE),),
    "EndAccount": (post("/desk/staff/{uid_auditor}/end", HERE),),
    "SignOutEverywhere": (post("/desk/staff/{uid_elder}/sign-out", of("elder")),),
    "OwnPasswordPage": (get("/password", MINE),),
    "OwnPhone": (get("/phone", MINE),),
    "OwnSignIns": (get("/signed-in", MINE),),
    "ApiOwnSignIns": (get("/api/sign-ins", MINE),),
    "EndSignIn": (post("/signed-in/{sign_in}/end", of("elder")),),
    "ApiEndSignIn": (api("/api/sign-ins/{sign_in}/end", of("elder")),),
    "KnowPhonePage": (get("/know"),),
    "KnowPhone": (post("/know", form={"digits": "000000"}, answers=TOLD),),
    "ApiKnowPhone": (api("/api/known", json={"digits": "000000"}, answers=TOLD),),
    "OwnPassword": (
        post("/password", MINE, {"old": PASSWORD, "new": "another-long-one"}, answers=TOLD),
    ),
    "OwnSecondFactor": (get("/second-factor", MINE),),
    "RenewCodes": (post("/second-factor/codes", MINE, {"password": PASSWORD}, answers=TOLD),),
    "NewTelephone": (post("/second-factor/telephone", MINE, {"password": PASSWORD}, answers=TOLD),),
    "NewTelephonePage": (get("/second-factor/telephone", MINE),),
    "ConfirmTelephone": (post("/second-factor/telephone/confirm", MINE, {"code": "000000"}, answers=TOLD),),
    "AskNewTelephone": (post("/desk/staff/{uid_auditor}/telephone", HERE),),
    "ApproveNewTelephone": (post("/desk/staff/{uid_auditor}/telephone/approve", HERE),),
    "DropNewTelephone": (post("/desk/staff/{uid_auditor}/telephone/drop", HERE),),
    "AwayPage": (get("/members/{uid_volunteer}/away", of("volunteer")), get("/members/{uid_elder}/away", ELDER)),
    "GoAway": (post("/members/{uid_volunteer}/away", of("volunteer"), {"from_on": "2026-12-01"}),),
    "ComeBack": (post("/members/{uid_volunteer}/away/end", of("volunteer"), {"from_on": "2026-12-20"}),),
    "ApiAbsences": (get("/api/members/{uid_elder}/absences", ELDER),),
    "ApiGoAway": (api("/api/members/{uid_volunteer}/absences", of("volunteer"), {"from_on": "2026-12-01"}),),
    "ApiComeBack": (api("/api/members/{uid_volunteer}/absences/end", of("volunteer"), {"from_on": "2026-12-20"}),),
    # --- requests
    "ElderHome": (get("/elder"),),
    "AskWhen": (get("/elder/ask/shopping", YOURS),),
    "AskCheck": (get("/elder/ask/shopping/check?day=any&part=day", YOURS),),
    "OpenRequest": (post("/elder/requests", YOURS, {"what": "shopping", "day": "any", "part": "day"}),),
    "ShowRequest": (
        get("/elder/requests/{need_open}", ELDER), get("/elder/requests/{need_of_elder}", ELDER),
        get("/elder/requests/{need_child}", of("child")),
    ),
    "ChangeTimePage": (get("/elder/requests/{need_open}/time", ELDER),),
    "ChangeTime": (post("/elder/requests/{need_open}/time", ELDER, {"day": "any", "part": "day"}),),
    "CancelRequest": (post("/elder/requests/{need_open}/cancel", ELDER),),
    "AskForCall": (post("/elder/call-me", YOURS),),
    "Desk": (get("/desk"),),
    "CallSheet": (get("/desk/calls"),),
    "ApiCallSheet": (get("/api/calls"),),
    "CallMade": (post("/desk/calls/{call}", HERE, {"said": "reached"}),),
    "HeardOnCall": (get("/desk/heard"),),
    "ApiCallMade": (api("/api/calls/{call}", HERE, {"said": "missed"}),),
    "MissedNews": (get("/desk/calls/missed"),),
    "LookAtMissed": (post("/desk/calls/missed", HERE, {"uids": "{call}"}),),
    "ApiMissedNews": (get("/api/calls/missed"),),
    "Slips": (get("/desk/slips"),),
    "SlipsPaper": (get("/desk/slips/paper"),),
    "SlipsSaid": (post("/desk/slips", HERE, {"uids": "{call}", "said": "printed"}),),
    "TextsUploaded": (post("/desk/slips/uploaded", HERE, {"last": "{call}"}),),
    # Whoever asks, it is the gateway's token that counts, and this installation has none.
    "ApiTextReceipt": (api("/api/texts/receipts", COMMON, {"id": "N1", "status": "delivered"}, answers=frozenset({403})),),
    "OwnNews": (get("/news", YOURS),),
    "ApiOwnNews": (get("/api/news", YOURS),),
    "FamilyLetter": (get("/letters/{uid_elder}/2026-11-22", ELDER),),
    "OwnFeeds": (get("/calendar", YOURS),),
    "MakeFeed": (post("/calendar", YOURS, {"purpose": "own"}),),
    "EndFeed": (post("/calendar/feeds/{feed}/end", of("volunteer")),),
    # The address itself is the right to it.
    "CalendarFeed": (get("/calendar/{feed_secret}.ics", COMMON),),
    "ReachPage": (get("/members/{uid_volunteer}/reach", of("volunteer")),),
    "Reach": (post("/members/{uid_volunteer}/reach", of("volunteer"), {"way": "call"}),),
    "PhoneIntake": (get("/desk/phone"), get("/desk/phone?member={uid_elder}", HERE)),
    "TakeCall": (
        post("/desk/phone", HERE, {"step": "save", "member": "{uid_elder}", "what": "买菜", "when": "随时"}),
    ),
    "DeskNeeds": (get("/desk/needs"),),
    "DeskNeed": (get("/desk/needs/{need_open}", HERE), get("/desk/needs/{need_listed}", HERE)),
    "NeedSlip": (get("/desk/needs/{need_open}/slip", HERE),),
    "EditNeedPage": (get("/desk/needs/{need_open}/edit", HERE),),
    "EditNeed": (post("/desk/needs/{need_open}/edit", HERE, {"what": "买米", "when": "随时"}),),
    "CancelNeed": (post("/desk/needs/{need_open}/cancel", HERE),),
    "DeskMembers": (get("/desk/members"),),
    "SearchMembers": (post("/desk/members", form={"q": "zq"}),),
    "DeskMember": (get("/desk/members/{uid_elder}", HERE), get("/desk/members/{uid_helper}", HERE)),
    "SetNeedOwner": (post("/desk/needs/{need_listed}/owner", HERE, {"other": "{uid_elder}"}),),
    # --- people
    "PickMember": (get("/desk/pick/household/{uid_elder}", HERE), get("/desk/pick/join/{uid_elder}", HERE)),
    "SearchToPick": (post("/desk/pick/join/{uid_elder}", HERE, {"q": "zq"}),),
    "RegisterPage": (get("/desk/register"),),
    "RegisterMember": (post("/desk/register", form={"name": "新来的", "phone": "19955588888", "gives": "yes"}),),
    "JoinPage": (get("/c/dongqu/join"), get("/c/nanqu/join")),
    "AskToJoin": (post("/c/dongqu/join", form={"name": "想来的", "phone": "19955577777"}),),
    "ApplicantPage": (get("/desk/applicants/{applicant}", HERE),),
    "AnswerApplicant": (
        post("/desk/applicants/{applicant}", HERE, {"step": "confirm"}),
        post("/desk/applicants/{applicant}", HERE, {"step": "decline"}),
    ),
    "IdentityQuestions": (get("/desk/questions"),),
    "CorrectPage": (get("/desk/members/{uid_elder}/edit", HERE),),
    "CorrectMember": (post("/desk/members/{uid_volunteer}/edit", HERE, {"name": "改过的", "phone": "19955566666"}),),
    "MemberProfile": (get("/members/{uid_volunteer}/profile", of("volunteer")),),
    "SaveProfile": (post("/members/{uid_volunteer}/profile", of("volunteer"), {"gives": "yes", "services": "electrical"}),),
    "MemberArchive": (
        get("/members/{uid_elder}/archive", ELDER), get("/members/{uid_late}/archive", of("late")),
        get("/members/{uid_volunteer}/archive?paper=1", of("volunteer")),
    ),
    "WhoLooked": (
        get("/members/{uid_elder}/readings", ELDER), get("/members/{uid_late}/readings", of("late")),
        get("/members/{uid_volunteer}/readings", of("volunteer")),
    ),
    "Consents": (get("/members/{uid_elder}/consents", of("elder")),),
    "GiveConsent": (post("/members/{uid_elder}/consents/health", of("elder"), {"heard": "counter"}),),
    "WithdrawConsent": (post("/members/{uid_elder}/consents/family/withdraw", of("elder")),),
    "LiveTogether": (post("/desk/members/{uid_elder}/household", HERE, {"other": "{uid_helper}"}),),
    "LiveApart": (post("/desk/members/{uid_helper}/household/leave", HERE),),
    "MovePage": (get("/desk/members/{uid_elder}/move", HERE),),
    "MoveMember": (post("/desk/members/{uid_elder}/move", HERE, {"area": "dongqu-2"}),),
    "EndDuty": (post("/desk/members/{uid_helper}/duties/end", HERE, {"relationship": "{duty}"}),),
    "LeavePage": (get("/desk/members/{uid_elder}/leave", HERE),),
    "MemberLeaves": (post("/desk/members/{uid_volunteer}/leave", HERE, {"reason": "moved"}),),
    "MemberReturns": (post("/desk/members/{left}/return", HERE),),
    "DeathPage": (get("/desk/members/{uid_elder}/death", HERE),),
    "ReportDeath": (post("/desk/members/{uid_elder}/death", HERE, {"died_on": "2026-11-23"}),),
    "ErasePage": (get("/members/{uid_elder}/erase", of("elder")), get("/members/{uid_volunteer}/erase", of("volunteer"))),
    "EraseMember": (post("/members/{uid_proxy}/erase", of("proxy")),),
    "MemberCopy": (get("/members/{uid_volunteer}/copy", of("volunteer")),),
    "UndoDeath": (post("/desk/changes/{change}/undo", HERE),),
    "JoinRecordsPage": (get("/desk/members/{uid_elder}/join?other={uid_former}", HERE),),
    "JoinRecords": (post("/desk/members/{uid_elder}/join", HERE, {"other": "{uid_former}"}),),
    "WaitingChanges": (get("/desk/changes"),),
    "ApproveChange": (post("/desk/changes/{change}/approve", HERE),),
    "DropChange": (post("/desk/changes/{change}/drop", HERE),),
    # --- people, for programs
    "ApiMembers": (get("/api/members"),),
    "ApiSearchMembers": (api("/api/members/search", json={"q": "zq"}),),
    "ApiRegisterMember": (api("/api/members", json={"name": "新邻居"}),),
    "ApiMember": (get("/api/members/{uid_elder}", HERE),),
    "ApiCorrectMember": (api("/api/members/{uid_elder}", HERE, {"occupation": "退休"}),),
    "ApiMemberProfile": (get("/api/members/{uid_volunteer}/profile", of("volunteer")),),
    "ApiSaveProfile": (api("/api/members/{uid_volunteer}/profile", of("volunteer"), {"gives": True}),),
    "ApiMemberArchive": (
        get("/api/members/{uid_elder}/archive", ELDER), get("/api/members/{uid_late}/archive", of("late")),
    ),
    "ApiWhoLooked": (get("/api/members/{uid_elder}/readings", ELDER),),
    "ApiConsents": (get("/api/members/{uid_elder}/consents", of("elder")),),
    "ApiGiveConsent": (api("/api/members/{uid_elder}/consents/health", of("elder"), {"heard": "counter"}),),
    "ApiWithdrawConsent": (api("/api/members/{uid_elder}/consents/family/withdraw", of("elder")),),
    "ApiLiveTogether": (api("/api/members/{uid_elder}/household", HERE, {"other": "{uid_helper}"}),),
    "ApiLiveApart": (api("/api/members/{uid_helper}/household/leave", HERE),),
    "ApiMoveMember": (api("/api/members/{uid_elder}/move", HERE, {"area": "dongqu-2"}),),
    "ApiMemberLeaves": (api("/api/members/{uid_volunteer}/leave", HERE, {"reason": "moved"}),),
    "ApiMemberReturns": (api("/api/members/{left}/return", HERE),),
    "ApiReportDeath": (api("/api/members/{uid_elder}/death", HERE, {"died_on": "2026-11-23"}),),
    "ApiEraseMember": (api("/api/members/{uid_proxy}/erase", of("proxy")),),
    "ApiMemberCopy": (get("/api/members/{uid_volunteer}/copy", of("volunteer")),),
    "ApiUndoDeath": (api("/api/changes/{death}/undo", HERE),),
    "ApiJoinRecords": (api("/api/members/{uid_elder}/join", HERE, {"other": "{uid_former}"}),),
    "ApiWaitingChanges": (get("/api/changes"),),
    "ApiApproveChange": (api("/api/changes/{change}/approve", HERE, instead=ENTERED_IT),),
    "ApiDropChange": (api("/api/changes/{change}/drop", HERE),),
    "ApiListRequests": (get("/api/requests", YOURS),),
    "ApiOpenRequest": (
        api("/api/requests", YOURS, {"what": "买菜", "when": "随时"}),
        api("/api/requests", ELDER, {"elder": "{uid_elder}", "what": "买菜", "when": "随时"}),
    ),
    "ApiShowRequest": (get("/api/requests/{need_open}", ELDER),),
    "ApiCancelRequest": (api("/api/requests/{need_open}/cancel", ELDER, {}),),
    # --- matching
    "ShowPlan": (get("/desk/plan?week=2026-W48"),),
    "ShortageReport": (get("/desk/plan/shortage?week=2026-W48"),),
    "MakePlan": (post("/desk/plan", form={"week": "2026-W48"}),),
    "AcceptProposal": (post("/desk/proposals/{proposal}/accept", of("helper"), answers=WORKED),),
    "AcceptProposals": (
        post("/desk/proposals/accept", of("helper"), {"proposal": "{proposal}"}, answers=WORKED),
    ),
    "DeclineProposal": (post("/desk/proposals/{proposal}/decline", of("helper"), {"reason": "没空"}),),
    "ChooseHelper": (get("/desk/needs/{need_plan}/assign", HERE),),
    "DecideByHand": (
        post(
            "/desk/needs/{need_plan}/assign", HERE,
            {"who": "member:{uid_volunteer}", "on": "2026-11-27", "at": "15:00", "reason": "老熟人"},
        ),
    ),
    "MyProposals": (get("/proposals"),),
    "ApiMakePlan": (api("/api/plans", json={"week": "2026-W48"}),),
    "ApiShowPlan": (get("/api/plans/2026-W48", HERE),),
    "ApiAcceptProposal": (api("/api/proposals/{proposal}/accept", of("helper"), answers=WORKED),),
    "ApiDeclineProposal": (api("/api/proposals/{proposal}/decline", of("helper"), {"reason": "没空"}),),
    # --- services
    "VolunteerHome": (get("/volunteer", MINE),),
    "ServiceCard": (
        get("/services/{visit_today}", of("elder", assigned=["volunteer"])),
        get("/services/{visit_left}", of("elder")),
        get("/services/{visit_posted}", of("elder", assigned=["volunteer"])),
        get("/services/{visit_team}", of("elder", team="team")),
        get("/services/{visit_unit}", of("elder", unit="unit")),
        get("/services/{shift_today}", of(assigned=["former", "volunteer_2"], team="team")),
    ),
    "SignUp": (post("/services/{shift_later}/sign-up", HERE), post("/services/{visit_left}/sign-up", NOBODYS)),
    "CancelAttendance": (
        post("/attendances/{part_today}/cancel", of("volunteer")),
        post("/attendances/{part_shift_today}/cancel", of("former", team="team")),
    ),
    "CheckIn": (post("/attendances/{part_today}/check-in", of("volunteer", "elder")),),
    "CheckOut": (
        post("/attendances/{part_now}/check-out", of("helper", "elder")),
        post("/attendances/{part_shift_here}/check-out", of("volunteer_2", team="team")),
    ),
    "UndoCheckIn": (
        post("/attendances/{part_now}/undo", of("helper")),
        post("/attendances/{part_shift_here}/undo", of("volunteer_2", team="team")),
    ),
    "ArrivePage": (
        get("/services/{shift_today}/arrive?code=1234", HERE), get("/services/{visit_today}/arrive", NOBODYS),
    ),
    "Arrive": (
        post("/services/{shift_today}/arrive", HERE, {"code": "{code}"}, answers=TOLD),
        post("/services/{visit_today}/arrive", NOBODYS, {"code": "1234"}),
    ),
    "PressPromise": (
        post("/services/{visit_today}/press", of("volunteer", "elder"), {"press": "call_me"}, answers=TOLD),
        post("/services/{visit_team}/press", of("elder", team="team"), {"press": "call_me"}, answers=TOLD),
        post("/services/{visit_unit}/press", of("elder", unit="unit"), {"press": "call_me"}, answers=TOLD),
    ),
    "TakeBackPress": (
        post("/services/{visit_today}/take-back", of("volunteer", "elder"), {"statement": "{statement}"}, answers=TOLD),
    ),
    "StepIn": (
        post("/services/{shift_later}/step-in", HERE), post("/services/{visit_left}/step-in", NOBODYS),
    ),
    "EveningList": (get("/desk/evening"),),
    "SendInstead": (post("/services/{visit_left}/send", HERE, {"member": "{uid_helper}"}),),
    "PutRightPage": (get("/desk/put-right"),),
    "ApprovePutRight": (post("/desk/put-right/{put_right}/approve", HERE),),
    "DropPutRight": (post("/desk/put-right/{put_right}/drop", HERE),),
    "ConfirmManyPage": (get("/confirm", MINE),),
    "ConfirmMany": (post("/confirm", MINE, {"parts": "{part_waiting}"}),),
    "TeamsHome": (get("/teams"),),
    "PlanShifts": (post("/teams/{team}/shifts", TEAM),),
    "RollCall": (get(SHIFT, TEAM), get("/teams/team_2/shifts/{shift_today}", NOBODYS)),
    "TickPresent": (post("/attendances/{part_shift_today}/tick", TEAM),),
    "AddWalkUp": (post(SHIFT + "/walk-ups", TEAM, {"name": "新来的"}),),
    "ClosingPage": (get(SHIFT + "/close", TEAM),),
    "CloseShift": (post(SHIFT + "/close", TEAM, {"absent": "known"}),),
    "RosterSheet": (get(SHIFT + "/sheet", TEAM),),
    "PaperGrid": (get(SHIFT + "/grid", TEAM),),
    "SavePaper": (
        post(SHIFT + "/grid", TEAM, {"part": "{part_shift_here}", "arrived": "8:36", "left": ""}, answers=TOLD),
    ),
    "ApiSavePaper": (
        api("/api/services/{shift_today}/paper", TEAM, {"rows": [{"part": "{part_shift_here}"}]}, answers=TOLD),
    ),
    "NameHelper": (
        post("/services/{visit_unit}/helper", of(unit="unit"), {"member": "{uid_helper}"}),
        post("/services/{visit_team}/helper", TEAM, {"member": "{uid_volunteer}"}),
        post("/services/{visit_left}/helper", HERE, {"member": "{uid_helper}"}),
    ),
    "ConfirmHours": (
        post("/attendances/{part_waiting}/confirm", ELDER),
        post("/attendances/{part_shift_waiting}/confirm", TEAM),
    ),
    "ConfirmService": (
        post("/services/{visit_waiting}/confirm", ELDER), post("/services/{shift_monday}/confirm", TEAM),
    ),
    "ApproveHours": (post("/attendances/{part_third}/approve", HERE, answers=TOLD),),
    "ApiApproveHours": (api("/api/attendances/{part_third}/approve", HERE, answers=TOLD),),
    "VouchForHours": (post("/attendances/{part_second}/vouch", of(team="team", place="dongqu-1"), answers=TOLD),),
    "ApiVouchForHours": (api("/api/attendances/{part_second}/vouch", of(team="team", place="dongqu-1"), answers=TOLD),),
    "SecondHand": (get("/second"),),
    "ConfirmList": (get("/desk/confirm"),),
    "DisputeHours": (
        post("/attendances/{part_waiting}/dispute", of("volunteer", "elder"), {"note": "没有来"}),
        post("/attendances/{part_shift_waiting}/dispute", of("former", team="team"), {"note": "没有来"}),
    ),
    "ResolveDispute": (
        post(
            "/attendances/{part_disputed}/resolve", HERE, {"found": "served", "minutes": "30", "note": "问过了"}
        ),
    ),
    "ApiServices": (get("/api/services", MINE),),
    "ApiService": (
        get("/api/services/{visit_today}", of("elder", assigned=["volunteer"])),
        get("/api/services/{visit_left}", of("elder")),
        get("/api/services/{shift_today}", of(assigned=["former", "volunteer_2"], team="team")),
    ),
    "ApiPromise": (
        get("/api/services/{visit_today}/promise", of("elder", assigned=["volunteer"])),
        get("/api/services/{visit_team}/promise", of("elder", team="team")),
    ),
    "ApiPressPromise": (
        api(
            "/api/services/{visit_today}/press", of("volunteer", "elder"), {"press": "call_me"}, answers=TOLD,
        ),
    ),
    "ApiTakeBackPress": (
        api(
            "/api/services/{visit_today}/take-back", of("volunteer", "elder"), {"statement": "{statement}"},
            answers=TOLD,
        ),
    ),
    "ApiStepIn": (api("/api/services/{shift_later}/step-in", HERE),),
    "ApiEveningList": (get("/api/desk/evening"),),
    "ApiSendInstead": (api("/api/services/{visit_left}/send", HERE, {"member": "{uid_helper}"}),),
    "ApiApprovePutRight": (api("/api/put-right/{put_right}/approve", HERE, answers=TOLD),),
    "ApiConfirmMany": (api("/api/confirm", MINE, {"parts": ["{part_waiting}"]}),),
    "ApiSignUp": (api("/api/services/{shift_later}/sign-up", HERE),),
    "ApiAddWalkUp": (api("/api/services/{shift_today}/walk-ups", TEAM, {"name": "新来的"}),),
    "ApiNameHelper": (
        api("/api/services/{visit_unit}/helper", of(unit="unit"), {"member": "{uid_helper}"}),
        api("/api/services/{visit_team}/helper", TEAM, {"member": "{uid_volunteer}"}),
    ),
    "ApiCloseShift": (api("/api/services/{shift_today}/close", TEAM, {"absent_known": True}),),
    "ApiConfirmService": (
        api("/api/services/{visit_waiting}/confirm", ELDER), api("/api/services/{shift_monday}/confirm", TEAM),
    ),
    "ApiCheckIn": (api("/api/attendances/{part_today}/check-in", of("volunteer", "elder"), {}),),
    "ApiTickPresent": (api("/api/attendances/{part_shift_today}/tick", TEAM),),
    "ApiUndoCheckIn": (api("/api/attendances/{part_now}/undo", of("helper")),),
    "ApiCheckOut": (api("/api/attendances/{part_now}/check-out", of("helper", "elder"), {}),),
    "ApiCancelAttendance": (api("/api/attendances/{part_today}/cancel", of("volunteer"), {}),),
    "ApiConfirmHours": (
        api("/api/attendances/{part_waiting}/confirm", ELDER),
        api("/api/attendances/{part_shift_waiting}/confirm", TEAM),
    ),
    "ApiDisputeHours": (
        api("/api/attendances/{part_waiting}/dispute", of("volunteer", "elder"), {"note": "没有来"}),
    ),
    "ApiResolveDispute": (
        api("/api/attendances/{part_disputed}/resolve", HERE, {"minutes": 30, "note": "问过了"}),
    ),
    # --- hours
    "Passbook": (get("/hours", YOURS), get("/hours?paper=1", YOURS)),
    "MemberHours": (get("/desk/members/{uid_volunteer}/hours", HERE),),
    "DonateHours": (post("/hours/donate", MINE, {"minutes": "15"}, instead=ACTING, answers=TOLD),),
    "GiveHours": (
        post("/hours/give", MINE, {"to": "friend", "number": "901", "minutes": "15"}, instead=ACTING, answers=TOLD),
    ),
    "ApiGiveHours": (
        api("/api/hours/give", MINE, {"to": "friend", "number": "901", "minutes": 15}, instead=ACTING, answers=TOLD),
    ),
    "GiveFirstHours": (post("/desk/members/{uid_volunteer}/first-hours", HERE),),
    "TeamHours": (get("/teams/{team}/hours", TEAM), get("/teams/{unit_code}/hours", UNIT)),
    "GiveTeamHours": (
        post("/teams/{team}/hours/give", TEAM, {"minutes": "15"}, answers=TOLD),
        post("/teams/{unit_code}/hours/give", UNIT, {"minutes": "15"}, answers=TOLD),
    ),
    # --- hours: paper passbooks
    "OpeningHome": (get("/desk/opening"),),
    "BeginOpening": (post("/desk/opening", form={"kind": "batch"}),),
    "ShowOpening": (get("/desk/opening/{opening}", HERE), get("/desk/opening/{opening_done}", HERE)),
    "EnterPassbook": (
        post("/desk/opening/{opening}/lines", HERE, {"member": "{uid_elder}", "amount": "1小时"}),
    ),
    "LoadPassbooks": (post("/desk/opening/{opening}/file", HERE, files=PASSBOOKS),),
    "PassbookPage": (get("/desk/opening/{opening}/lines/{passbook}", HERE),),
    "CorrectPassbook": (post("/desk/opening/{opening}/lines/{passbook}", HERE, {"amount": "3小时"}),),
    "RemovePassbook": (post("/desk/opening/{opening}/lines/{passbook}/remove", HERE),),
    "ApproveOpening": (post("/desk/opening/{opening}/approve", HERE, {"seen": "{seen}"}),),
    "DropOpening": (post("/desk/opening/{opening}/drop", HERE),),
    "TakeBackOpening": (post("/desk/opening/{opening_done}/back", HERE),),
    "ApiOpenings": (get("/api/opening"),),
    "ApiShowOpening": (get("/api/opening/{opening}", HERE),),
    "ApiBeginOpening": (api("/api/opening", json={}),),
    "ApiEnterPassbook": (
        api("/api/opening/{opening}/lines", HERE, {"member": "{uid_elder}", "amount": "1小时"}),
    ),
    "ApiApproveOpening": (api("/api/opening/{opening}/approve", HERE, {"seen": "{seen}"}),),
    "ApiDropOpening": (api("/api/opening/{opening}/drop", HERE, {}),),
    "ApiTakeBackOpening": (api("/api/opening/{opening_done}/back", HERE, {}),),
    "BooksHome": (get("/books"),),
    "Transfers": (get("/books/transfers"),),
    "ShowTransfer": (get("/books/transfers/{transfer}", HERE),),
    "FollowHours": (get("/books/services/{shift_today}", HERE),),
    "ReverseHours": (post("/books/transfers/{transfer}/reverse", HERE, {"reason": "wrong_minutes"}),),
    "HoursByTwoPage": (get("/books/by-two"),),
    "ApproveHoursByTwo": (post("/books/by-two/{by_two}/approve", HERE),),
    "DropHoursByTwo": (post("/books/by-two/{by_two}/drop", HERE),),
    "ApiApproveHoursByTwo": (api("/api/hours/by-two/{by_two}/approve", HERE, answers=TOLD),),
    "RadarPage": (get("/books/radar"),),
    "LookAtFlag": (
        post("/books/radar/{flag}", HERE, {"found": "explained", "says": "打电话问过，说得通"}),
    ),
    "AuditLooks": (get("/books/looks"), get("/books/looks?days=90")),
    "AuditLook": tuple(
        get(f"/books/looks/{one}") for one in ("alone", "late", "bursts", "corrections", "cards", "sign-ins")
    ),
    "AuditLogPage": (
        get("/books/log"),
        get("/books/log?who={uid_elder}&since=2026-11-01&until=2026-11-30&minutes=60"),
    ),
    "DownloadBook": (get("/books/2026-11"), get("/books/2026-11.beancount")),
    "CloseMonth": (post("/books/2026-10/close"),),
    "ApiHours": (get("/api/hours", YOURS),),
    "ApiDonateHours": (api("/api/hours/donate", MINE, {"minutes": 15}, instead=ACTING, answers=TOLD),),
    "ApiReverseHours": (api("/api/transfers/{transfer}/reverse", HERE, {"reason": "wrong_minutes"}),),
    "ApiSnapshot": (get("/api/books/snapshot"),),
    "ApiVerify": (get("/api/books/verify"),),
    # --- policy: a draft that the desk entered, so the desk does not approve it
    "PolicyHome": (get("/desk/policy"),),
    "PolicyForm": (get("/desk/policy/new"), get("/desk/policy/new?profile=kiss")),
    "DraftPolicy": (post("/desk/policy", form={"starts_on": "2026-12-15"}),),
    "ShowPolicy": (get("/desk/policy/{policy}", HERE),),
    "LookAgain": (post("/desk/policy/{policy}/look", HERE),),
    "ApprovePolicy": (post("/desk/policy/{policy}/approve", HERE, {"seen": "{fingerprint}"}),),
    "WithdrawPolicy": (post("/desk/policy/{policy}/withdraw", HERE),),
    "ApiPolicyHome": (get("/api/policy"),),
    "ApiShowPolicy": (get("/api/policy/{policy}", HERE),),
    "ApiDraftPolicy": (api("/api/policy", json={"text": "", "starts_on": "2026-12-16"}),),
    "ApiApprovePolicy": (
        api("/api/policy/{policy}/approve", HERE, {"seen": "{fingerprint}"}, instead=ENTERED_IT),
    ),
    "ApiWithdrawPolicy": (api("/api/policy/{policy}/withdraw", HERE, {}),),
    # --- places
    "OwnPlaces": (get("/places", answers=frozenset({200, 303})),),
    "PlaceSums": tuple(get(f"/places/{code}", of(place=code)) for code in PLACES),
    "ApiPlaceSums": tuple(get(f"/api/places/{code}", of(place=code)) for code in PLACES),
    "ApiPlaceNeeds": tuple(get(f"/api/places/{code}/needs", of(place=code)) for code in PLACES[:-1]),
    # --- places: the tree as its desk keeps it; a building that nobody lives in may go
    "DeskAreas": (get("/desk/areas"),),
    "DeskArea": (get("/desk/areas/{empty_place}", HERE),),
    "AddArea": (post("/desk/areas/{empty_place}/add", HERE, {"kind": "entrance", "name": "1单元"}),),
    "RenameArea": (post("/desk/areas/{empty_place}/rename", HERE, {"name": "北楼"}),),
    "MoveArea": (
        post("/desk/areas/{empty_place}/move", HERE, {"parent": "dongqu-1", "on": "2026-11-24"}),
    ),
    "EndArea": (post("/desk/areas/{empty_place}/end", HERE, {"on": "2026-11-24"}),),
    "UncareArea": (post("/desk/areas/dongqu-2/uncared", HERE, {"uncared": "yes"}),),
    "SaveWay": (post("/desk/areas/{empty_place}/ways", HERE, {"other": "dongqu-1", "minutes": "6"}),),
    "AreaListPage": (get("/desk/areas/list"), get("/desk/areas/list?what=ways")),
    "LoadAreas": (post("/desk/areas/list", form={"what": "places", "text": "9号楼 楼栋 一网格"}),),
    "ApiAreas": (get("/api/areas"),),
    "ApiAddArea": (api("/api/areas", HERE, {"parent": "{empty_place}", "kind": "entrance", "name": "1单元"}),),
    "ApiRenameArea": (api("/api/areas/{empty_place}/rename", HERE, {"name": "北楼"}),),
    "ApiMoveArea": (api("/api/areas/{empty_place}/move", HERE, {"parent": "dongqu-1"}),),
    "ApiEndArea": (api("/api/areas/{empty_place}/end", HERE, {}),),
    "ApiUncareArea": (api("/api/areas/dongqu-2/uncared", HERE, {"uncared": True}),),
    "ApiSaveWay": (api("/api/ways", json={"one": "dongqu-1", "other": "dongqu-2", "minutes": 6}, instead=each(("worker_3",), 422)),),
    "ApiLoadAreas": (api("/api/areas/list", json={"what": "ways", "text": "一网格 二网格 8"}),),
    # --- the office and the guide of its first days
    "OfficeHome": (get("/desk/office"),),
    "OwnCommunity": (get("/desk/community"),),
    "SaveCommunity": (post("/desk/community", form={"address": "东区路18号", "phone": "0555-1234567"}),),
    "ApiOwnCommunity": (get("/api/community"),),
    "ApiSaveCommunity": (
        api(
            "/api/community",
            json={"name_en": "", "phone": "0555-1234567", "address": "东区路18号", "opens": "", "page_text": ""},
        ),
    ),
    "FoundingGuide": (get("/desk/founding"),),
    "SkipStep": (post("/desk/founding/lists/skip", form={"why": "社区很小"}),),
    "TakeBackSkip": (post("/desk/founding/balances/take-back"),),
    "ApiFoundingGuide": (get("/api/founding"),),
    "ApiSkipStep": (api("/api/founding/lists/skip", json={"why": "社区很小"}),),
    "ApiTakeBackSkip": (api("/api/founding/balances/take-back"),),
    # --- lists
    "ListsHome": (get("/lists?community=dongqu"), get("/lists?community=nanqu"), get("/c/nanqu/lists")),
    "ShowList": (
        *(get(f"/lists/{kind}?community=dongqu") for kind in ("needs", "resources", "activities", "projects")),
        *(get(f"/c/dongqu/lists/{kind}.{end}") for kind in ("needs", "resources", "activities") for end in ("csv", "xlsx")),
    ),
    "ShowLine": (
        get("/lists/needs/{need_open}?community=dongqu"), get("/lists/needs/{need_listed}?community=dongqu"),
        get("/lists/resources/{offer}?community=dongqu"), get("/lists/activities/{activity}?community=dongqu"),
    ),
    "ApiList": (get("/api/lists/needs?community=dongqu"), get("/api/lists/resources?community=dongqu")),
    "DownloadContacts": (get("/desk/lists/needs.csv"), get("/desk/lists/resources.xlsx")),
    "DeskLists": tuple(get(f"/desk/lists?list={kind}&q=q") for kind in ("needs", "resources", "activities", "projects")),
    "ApiDeskLists": (get("/api/desk/lists/needs"),),
    "NewLine": (get("/desk/lists/needs/new"), get("/desk/lists/resources/new?member={uid_elder}", HERE)),
    "SaveNewLine": (post("/desk/lists/projects/new", form={"title": "加装电梯"}),),
    "ApiAddLine": (api("/api/desk/lists/projects", json={"fields": {"title": "加装电梯"}}),),
    "DeskLine": (get("/desk/lists/needs/{need_open}", HERE), get("/desk/lists/resources/{offer}", HERE)),
    "ApiDeskLine": (get("/api/desk/lists/needs/{need_open}", HERE), get("/api/desk/lists/activities/{activity}", HERE)),
    "EditLine": (get("/desk/lists/needs/{need_open}/edit", HERE), get("/desk/lists/activities/{activity}/edit", HERE)),
    "SaveLine": (post("/desk/lists/activities/{activity}/edit", HERE, {"title": "周二清扫", "when": "每周二8:30-11:30"}),),
    "ApiSaveLine": (
        api(
            "/api/desk/lists/activities/{activity}", HERE,
            {"fields": {"title": "周二清扫", "when": "每周二8:30-11:30"}},
        ),
    ),
    "LineStep": (
        post("/desk/lists/activities/{activity}/step", HERE, {"step": "pause"}),
        post("/desk/lists/needs/{need_free}/step", HERE, {"step": "end"}),
    ),
    "ApiLineStep": (api("/api/desk/lists/resources/{offer}/step", HERE, {"step": "end"}),),
    "ClaimLine": (
        post("/claims", HERE, {"side": "need", "key": "{need_free}", "window": WINDOW}, instead=NOT_NEEDS),
        post("/claims", HERE, {"side": "resource", "key": "{offer}", "window": CLINIC}, answers=WORKED),
    ),
    "ClaimsInbox": (get("/claims"),),
    "AcceptClaim": (post("/claims/{claim_open}/accept", ELDER), post("/claims/{claim_offer}/accept", UNIT)),
    "DeclineClaim": (
        post("/claims/{claim_open}/decline", ELDER, {"reason": "改天"}),
        post("/claims/{claim_offer}/decline", UNIT, {"reason": "改天"}),
    ),
    "WithdrawClaim": (post("/claims/{claim_open}/withdraw", of("volunteer")),),
    "ReleaseClaim": (
        post("/claims/{claim_agreed}/release", of("elder", "volunteer"), {"reason": "病了"}),
        post("/claims/{claim_team}/release", of("elder", team="team"), {"reason": "病了"}),
    ),
    "ApiClaimLine": (
        api("/api/claims", HERE, {"side": "need", "line": "{need_free}", "window": WINDOW}, instead=NOT_NEEDS),
        api("/api/claims", HERE, {"side": "resource", "line": "{offer}", "window": CLINIC}, answers=WORKED),
    ),
    "ApiClaims": (get("/api/claims"),),
    "ApiAcceptClaim": (api("/api/claims/{claim_open}/accept", ELDER), api("/api/claims/{claim_offer}/accept", UNIT)),
    "ApiDeclineClaim": (api("/api/claims/{claim_open}/decline", ELDER, {"reason": "改天"}),),
    "ApiWithdrawClaim": (api("/api/claims/{claim_open}/withdraw", of("volunteer")),),
    "ApiReleaseClaim": (api("/api/claims/{claim_agreed}/release", of("elder", "volunteer"), {"reason": "病了"}),),
    "UnitHome": (get("/unit"), get("/unit?unit={unit_code}", UNIT)),
    "EditUnitResource": (get("/unit/resources/{offer}", UNIT), get("/unit/resources/new")),
    "SaveUnitResource": (
        post("/unit/resources", UNIT, {"step": "save", "unit": "{unit_code}", "title": "测血糖", "when": "每周四 9:00-11:00"}),
        post("/unit/resources", UNIT, {"step": "save", "key": "{offer}", "title": "测血糖", "when": "每周四 9:00-11:00"}),
    ),
    "PauseUnitResource": (post("/unit/resources/{offer}/pause", UNIT),),
    "ApiUnitResource": (
        api("/api/units/{unit_code}/resources", UNIT, {"title": "测血糖", "when": "每周四 9:00-11:00", "confirm_reading": True}),
    ),
    "PlanRota": (post("/rota/{activity}", HERE),),
    "TurnStep": (
        post("/rota/{activity}/2026-12", UNIT, {"step": "ask_swap", "other": "2027-01"}),
        post("/rota/{activity}/2026-12", HERE, {"step": "hold"}),
    ),
    # --- agreements: the unit's own contact and the desk
    "DeskAgreements": (get("/desk/agreements"),),
    "ApiAgreements": (get("/api/agreements"),),
    "UnitAgreements": (get("/unit/agreements"),),
    "ApiUnitAgreements": (get("/api/unit/agreements"),),
    "NewAgreement": (get("/desk/agreements/new"),),
    "DraftAgreement": (post("/desk/agreements", form=TERM | {"units": "unit"}, instead={"worker_3": 422}),),
    "ApiDraftAgreement": (api("/api/agreements", json=TERM | {"units": ["unit"]}, instead={"worker_3": 422}),),
    "DeskAgreement": (get("/desk/agreements/{agreement}", UNIT),),
    "UnitAgreement": (get("/unit/agreements/{agreement}", UNIT),),
    "ApiAgreement": (get("/api/agreements/{agreement}", UNIT),),
    "ReviseAgreement": (post("/desk/agreements/{agreement}", HERE, NAMED),),
    "AddAgreementItem": (post("/desk/agreements/{agreement}/items", HERE, ITEM),),
    "ApiAddAgreementItem": (api("/api/agreements/{agreement}/items", HERE, ITEM),),
    "DropAgreementItem": (post("/desk/agreements/{agreement}/items/{agreement_item}/drop", HERE),),
    "SignAgreement": (
        post("/agreements/{agreement}/sign", UNIT, {"party": "unit"}, instead=each(("worker", "worker_acting", "desk_2"), 403)),
        post("/agreements/{agreement}/sign", UNIT, {"party": "community"}, instead=each(("unit", "worker_acting"), 403)),
    ),
    "ApiSignAgreement": (
        api("/api/agreements/{agreement}/sign", UNIT, {"party": "unit"}, instead=each(("worker", "worker_acting", "desk_2"), 403)),
    ),
    "RecordSignature": (
        post("/desk/agreements/{agreement}/paper", HERE, {"signer": "unit", "signed_on": "2026-11-20"}),
    ),
    "ApiRecordSignature": (
        api("/api/agreements/{agreement}/paper", HERE, {"unit": "unit", "signed_on": "2026-11-20"}),
    ),
    "EndAgreement": (post("/desk/agreements/{agreement}/end", HERE, {"reason": "搬走"}),),
    "ApiEndAgreement": (api("/api/agreements/{agreement}/end", HERE, {"reason": "搬走"}),),
    "RenewAgreement": (post("/desk/agreements/{agreed_on}/renew", HERE, {"first_on": "2027-11-01", "last_on": "2028-10-31"}),),
    "ApiRenewAgreement": (
        api("/api/agreements/{agreed_on}/renew", HERE, {"first_on": "2027-11-01", "last_on": "2028-10-31"}),
    ),
    # --- admission
    "AdmissionRules": (get("/desk/admission"),),
    "ApiAdmissionRules": (get("/api/admission"),),
    "AdmissionRule": (get("/desk/admission/{need_listed}", HERE), get("/desk/admission/health")),
    "ApiAdmissionRule": (get("/api/admission/{need_listed}", HERE),),
    "SetAdmission": (post("/desk/admission/{need_listed}", HERE, {"proofs": "certificate", "age_min": "18"}),),
    "ApiSetAdmission": (api("/api/admission/{need_listed}", HERE, {"proofs": ["certificate"], "age_min": 18}),),
    "DeskTasks": (get("/desk/tasks"),),
    "ApiTasks": (get("/api/tasks"),),
    "UnitTasks": (get("/unit/tasks"),),
    "ShowTask": (get("/tasks/{task}", UNIT),),
    "ApiTask": (get("/api/tasks/{task}", UNIT),),
    "StateTask": (post("/unit/tasks", UNIT, TASK | {"unit": "{unit_code}", "hours_per_week": "5"}),),
    "ApiStateTask": (api("/api/units/{unit_code}/tasks", UNIT, TASK | {"minutes_per_week": 300, "brings": ["people"]}),),
    "RestateTask": (post("/tasks/{task}/restate", UNIT, TASK | {"hours_per_week": "5"}),),
    "ApiRestateTask": (api("/api/tasks/{task}/restate", UNIT, TASK | {"minutes_per_week": 300, "brings": ["people"]}),),
    "WithdrawTask": (post("/tasks/{task}/withdraw", UNIT),),
    "ApiWithdrawTask": (api("/api/tasks/{task}/withdraw", UNIT),),
    "AnswerTask": (post("/desk/tasks/{task}", HERE, {"step": "admit"}),),
    "ApiAnswerTask": (api("/api/tasks/{task}/answer", HERE, {"step": "refuse", "reason": "人手不够"}),),
    "ThisCalendar": (get("/desk/calendar", answers=frozenset({303})),),
    "CalendarYear": (get("/desk/calendar/2026"),),
    "EnterHolidayNotice": (post("/desk/calendar/2027", form={"text": "元旦：1月1日放假。", "by": "text"}),),
    "EnterSchoolHolidays": (
        post("/desk/calendar/2027/school", form={"winter_first": "2027-01-23", "winter_last": "2027-02-22"}),
    ),
    "DropHolidayNotice": (post("/desk/calendar/2027/drop"),),
    "ShowCategories": (get("/desk/categories"),),
    "TeachWording": (post("/desk/categories/words", form={"text": "床腿断了", "category": "aid_repair"}),),
    "ForgetWording": (post("/desk/categories/forget", form={"text": "床腿断了"}),),
    "AddKind": (post("/desk/categories/kinds", form={"parent": "locks", "zh": "弹棉花", "en": "quilt fluffing"}),),
    "ImportPage": (get("/desk/import"),),
    "ImportFiles": (post("/desk/import", files=CSV),),
    "ShowImport": (get("/desk/import/{file}", HERE),),
    "AnswerRow": (post("/desk/import/{file}/rows/{row}", HERE, {"step": "drop"}),),
    "AnswerRows": (post("/desk/import/{file}/rows", HERE, {"step": "drop", "code": "guardian_consent"}),),
    "ShowTable": (get("/desk/import/{file}/tables/0", HERE),),
    "AnswerTable": (post("/desk/import/{file}/tables/0", HERE, {"step": "preview"}),),
    "UndoImport": (post("/desk/import/{file}/undo", HERE),),
    "ApiImport": (post("/api/import", files=CSV),),
    # --- notice
    "PublicNotice": (get("/c/nanqu/notice"), get("/notice?community=dongqu"), get("/notice?community=dongqu&print=1")),
    "ApiNotice": (get("/api/notice?community=dongqu"),),
}  # fmt: skip
