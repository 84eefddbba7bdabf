"""Why a relationship is refused: one class per cause, with a sentence in both languages.

RelationshipRefusal
├── CannotStand 409
│   HolderKind, TargetKind, OtherCommunity, Oneself, HolderLeft, HolderDied, HolderGone, HolderClosed,
│   TargetLeft, TargetDied, TargetGone, TargetClosed, TargetLives, TargetAdult, UnderAge, AgeUnknown,
│   LivesElsewhere, OneHousehold, NeedsKind, AlreadySo, PlaceTaken, HolderHasEnough
├── NotForYou 403
│   MayNotOffer, NotTheirsToSay, OwnYesByPage, SecondPerson, NotStaff
├── BadWords 422
│   YesNotThisWay, ScopeMissing, ScopeUnknown, EndsBeforeItBegins, DayOutOfRange, TermTooLong,
│   ReasonUnknown, DayNotYet
└── WrongStep 409
    NoSecondNeeded, NotOffered, NotInForce, AlreadyOver, AlreadyDeclined, LastWorker, TooEarly,
    NoEndToRenew, AlreadyJoined, AlreadyDead, NotDead
"""

from __future__ import annotations

from timebank.errors import AppRefusal


class RelationshipRefusal(AppRefusal):
    """A relationship that cannot be offered, agreed to, ended or renewed as asked."""

    status, code = 409, "relationship_refused"


class CannotStand(RelationshipRefusal):
    """What was asked for cannot stand, for a reason in the people or things themselves."""

    status = 409


class HolderKind(CannotStand):
    """The holder is of a sort that cannot hold this kind."""

    code = "holder_kind"
    zh, en = "这一类关系不能由这样的一方承担。", "This kind cannot be held by that side."


class TargetKind(CannotStand):
    """The target is of a kind that this relationship cannot be towards."""

    code = "target_kind"
    zh, en = "这一类关系不能对着这样的对象设立。", "This kind cannot be towards that."


class OtherCommunity(CannotStand):
    """The two sides are not of one community."""

    code = "other_community"
    zh, en = "双方不在同一个社区。", "The two sides are not of one community."


class Oneself(CannotStand):
    """Both sides are the same."""

    code = "oneself"
    zh, en = "不能和自己建立关系。", "Nobody stands to themselves."


class HolderLeft(CannotStand):
    """The holder has left the community."""

    code = "holder_left"
    zh, en = "这一方已经离开本社区。", "The holder has left the community."


class HolderDied(CannotStand):
    """The holder has died."""

    code = "holder_died"
    zh, en = "这一方已经去世。", "The holder has died."


class HolderGone(CannotStand):
    """The holder's record was joined with another or erased."""

    code = "holder_gone"
    zh, en = "这一方的记录已并入别的记录或已删除。", "The holder's record was joined with another or erased."


class HolderClosed(CannotStand):
    """The holding organisation is closed."""

    code = "holder_closed"
    zh, en = "这个组织已经撤销。", "The organisation is closed."


class TargetLeft(CannotStand):
    """The target has left the community."""

    code = "target_left"
    zh, en = "对方已经离开本社区。", "The other side has left the community."


class TargetDied(CannotStand):
    """The target has died."""

    code = "target_died"
    zh, en = "对方已经去世。", "The other side has died."


class TargetGone(CannotStand):
    """The target's record was joined with another or erased."""

    code = "target_gone"
    zh, en = (
        "对方的记录已并入别的记录或已删除。",
        "The other side's record was joined with another or erased.",
    )


class TargetClosed(CannotStand):
    """The target organisation or place is closed."""

    code = "target_closed"
    zh, en = "对方的组织或地方已经撤销。", "The organisation or place is closed."


class TargetLives(CannotStand):
    """The kind is about people who have died, and this one lives."""

    code = "target_lives"
    zh, en = "这一类只在当事人去世后设立。", "This kind is only for somebody who has died."


class TargetAdult(CannotStand):
    """The kind is about minors, and this person is of age."""

    code = "target_adult"
    zh, en = "对方已满18岁。", "The other side is of age."


class UnderAge(CannotStand):
    """The holder must be of age."""

    code = "under_age"
    zh, en = "承担的人要满18岁。", "The holder must be 18 or older."


class AgeUnknown(CannotStand):
    """An age that matters is not known."""

    code = "age_unknown"
    zh, en = "还不知道年龄，请先问清楚再办。", "The age is not known; please ask first."


class LivesElsewhere(CannotStand):
    """The holder must live there and does not, or nobody knows where."""

    code = "lives_elsewhere"
    zh, en = "要住在这里的人才能承担。", "Only somebody who lives there can hold this."


class OneHousehold(CannotStand):
    """The two are of one household."""

    code = "one_household"
    zh, en = "双方是同一户人家。", "The two are of one household."


class NeedsKind(CannotStand):
    """The holder lacks a relationship that this kind builds on."""

    code = "needs_kind"
    zh, en = "要先担任相应的职务，才能办这一项。", "The holder must first hold an office that this builds on."


class AlreadySo(CannotStand):
    """The same stands already, or this was said before."""

    code = "already_so"
    zh, en = "已经是这样了。", "It is so already."


class PlaceTaken(CannotStand):
    """No place is left."""

    code = "place_taken"
    zh, en = "名额已经满了。", "No place is left."


class HolderHasEnough(CannotStand):
    """The holder has as many of this kind as one may."""

    code = "holder_has_enough"
    zh, en = "这一方承担的已经够多了。", "The holder has as many of these as one may."


class NotForYou(RelationshipRefusal):
    """The person asking may not do this."""

    status = 403


class MayNotOffer(NotForYou):
    """Only the desk, or the sides that the kind names, may propose it."""

    code = "may_not_offer"
    zh, en = "这一类由社区来提。", "The desk proposes this kind."


class NotTheirsToSay(NotForYou):
    """Somebody speaks for a side that is not theirs, or that nobody asked."""

    code = "not_theirs_to_say"
    zh, en = "这句话要由当事一方来说。", "That is for the side concerned to say."


class OwnYesByPage(NotForYou):
    """Nobody writes down their own yes as heard or on paper."""

    code = "own_yes_by_page"
    zh, en = "自己的同意请自己在网页上点。", "Say your own yes on the page yourself."


class SecondPerson(NotForYou):
    """Who entered it, or holds it, does not approve it."""

    code = "second_person"
    zh, en = "要请另一位工作人员批准。", "Another member of staff has to approve this."


class SameHand(SecondPerson):
    """Somebody alone could be both who entered it and who approves it."""

    code = "same_hand"
    zh = "您和录入的人在这里算一个人：住在一起，或者登录都是同一位给的。请另一位批准，或者先请别的同事认过手机。"
    en = (
        "You and whoever entered it count as one person here: you live together, or one colleague gave you both your sign-ins."
        " Somebody else has to approve it, or another colleague acknowledges your telephone first."
    )


class NotStaff(NotForYou):
    """Only staff of the community may do this."""

    code = "not_staff"
    zh, en = "这一步由社区工作人员来办。", "Staff of the community do this."


class BadWords(RelationshipRefusal):
    """Something in the offer or the answer cannot be used."""

    status = 422


class YesNotThisWay(BadWords):
    """A yes for this kind cannot be known in this way."""

    code = "yes_not_this_way"
    zh, en = "这一类关系的同意不能这样确认。", "A yes for this kind cannot be given in this way."


class ScopeMissing(BadWords):
    """The offer does not say what the holder may do."""

    code = "scope_missing"
    zh, en = "请写明可以代办哪些事。", "Say what the holder may do."


class ScopeUnknown(BadWords):
    """A word that this kind does not have."""

    code = "scope_unknown"
    zh, en = "没有这一项代办内容。", "This kind has no such scope."


class EndsBeforeItBegins(BadWords):
    """The last day lies before the first, or has passed already."""

    code = "ends_before_it_begins"
    zh, en = "结束的日子早于开始，或者已经过去。", "The last day is before the first, or has passed already."


class DayOutOfRange(BadWords):
    """A day so far away that it is a slip of the pen."""

    code = "day_out_of_range"
    zh, en = "日期不对，请再核对一下。", "That day cannot be right; please look again."


class TermTooLong(BadWords):
    """Longer than the kind allows."""

    code = "term_too_long"
    zh, en = "期限太长了。", "The term is longer than allowed."


class ReasonUnknown(BadWords):
    """Not one of the reasons there are."""

    code = "reason_unknown"
    zh, en = "请从列出的原因里选一个。", "Choose one of the listed reasons."


class DayNotYet(BadWords):
    """A day that is still to come."""

    code = "day_not_yet"
    zh, en = "这一天还没有到。", "That day is still to come."


class WrongStep(RelationshipRefusal):
    """The step does not fit where the relationship is."""

    status = 409


class NoSecondNeeded(WrongStep):
    """The kind asks for no approval."""

    code = "no_second_needed"
    zh, en = "这一类不用另一个人批准。", "This kind needs no approval."


class NotOffered(WrongStep):
    """Nothing is on offer."""

    code = "not_offered"
    zh, en = "现在没有等待答复的邀请。", "Nothing is waiting for an answer."


class NotInForce(WrongStep):
    """It has not begun, so it cannot be renewed."""

    code = "not_in_force"
    zh, en = "还没有生效，不能续期。", "It is not in force and cannot be renewed."


class AlreadyOver(WrongStep):
    """It has ended and never changes again."""

    code = "already_over"
    zh, en = "这段关系已经结束。", "It has ended."


class AlreadyDeclined(WrongStep):
    """The offer came to nothing and never changes again."""

    code = "already_declined"
    zh, en = "这份邀请已经作罢。", "The offer came to nothing."


class LastWorker(WrongStep):
    """The community would be left without anybody who can sign in."""

    code = "last_worker"
    zh, en = (
        "这是最后一位能登录的工作人员，请先有人接替。",
        "This is the last worker who can sign in; somebody must follow first.",
    )


class TooEarly(WrongStep):
    """It is renewed in its last sixty days."""

    code = "too_early"
    zh, en = "到期前60天内才能续期。", "It can be renewed in its last 60 days."


class NoEndToRenew(WrongStep):
    """It has no last day, so there is nothing to renew."""

    code = "no_end_to_renew"
    zh, en = "没有期限，不用续期。", "It has no last day; nothing needs renewing."


class AlreadyJoined(WrongStep):
    """One of the two records was joined with another before."""

    code = "already_joined"
    zh, en = "其中一份记录已经合并过。", "One of the two records was joined before."


class AlreadyDead(WrongStep):
    """The death is recorded already."""

    code = "already_dead"
    zh, en = "已经登记过去世。", "The death is recorded already."


class NotDead(WrongStep):
    """No death is recorded that could be taken back."""

    code = "not_dead"
    zh, en = "没有可以撤回的去世登记。", "No death is recorded."
