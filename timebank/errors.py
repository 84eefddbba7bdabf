"""Every refusal of the app, one class per cause, each with its HTTP status and a sentence in both languages.

    AppRefusal
    ├── NotSignedIn 401            the page needs somebody signed in
    ├── NotFound 404               no such thing, or not for this person: the answer is the same
    │   └── NoSuchCommunity        an address names a community that is not here
    ├── WhichCommunity 409         several communities live here, and none was named or chosen
    ├── NotAllowed 403             the role may never do this
    │   ├── StaffAreThemselves     nobody gives a colleague a way in, or acts for them
    │   ├── NotWhileActing         ways in are given and changed in one's own name only
    │   └── NotEligible            the community's rules keep this person out; says which one
    ├── PageTooOld 403             a form that was not made for this sign-in, and that nobody can be given back
    ├── Unreadable 400             bytes, characters or numbers that no page or program of ours sends
    ├── OtherHost 421              an address under which this installation is not known
    ├── Away 503                   the database or its disk is in trouble; says when to come back
    │   ├── StorageFull            nothing more can be written down
    │   └── PerhapsStored          nobody knows whether it was
    ├── WrongCode 422              a sign-in code or password that does not fit
    ├── TryLater 429               too many tries; says when to come back
    ├── BadField 422               one field of a form cannot be used; names it
    ├── BadFields 422              several of them
    ├── KeyReused 422              an Idempotency-Key came back with another request
    ├── WrongMoment 409            the step does not fit the present state
    │   ├── AlreadyDone, NotYet, Full, Clash, TooLate, Stale
    │   ├── LongerThanPlanned      a NotYet: somebody looks at the hour of leaving first
    │   ├── StillResting           a NotYet: hours of the month can still be taken back
    │   ├── NotOffered             the press does not fit where the promise stands
    │   ├── WaitsForSecond         entered by one, done when another approves
    │   ├── LongerWaits            longer than the book has: the same
    │   ├── PairFull               the same two have brought in as much as two may: a third person
    │   ├── Ahead                  it lies in the future
    │   ├── AnotherHand            the same person has said so already
    │   └── CannotUndo             too late to take it back, or somebody built on it
    ├── OwnHours 403               nobody confirms their own hours
    └── GuardianNeeded 409         a minor without a guardian's consent

Refusals of `ledger` and `marketplace` carry their own sentences; `status_of` gives those an HTTP status.
"""

from __future__ import annotations


class AppRefusal(Exception):
    """A request that cannot be done, with a stable code and a sentence for the person.

    Attributes:
        uids: records that are in the way and that whoever asked may see; programs are told them.
        wait_seconds: when it is worth trying again; 0 where time alone changes nothing.
    """

    uids: tuple[str, ...] = ()
    wait_seconds = 0
    status = 400
    code = "refused"
    zh = "这件事现在办不了。"
    en = "This cannot be done right now."

    def __init__(self, zh: str = "", en: str = "", *, field: str = "", **known: str | int) -> None:
        self.zh = zh or type(self).zh
        self.en = en or type(self).en
        self.field = field
        self.known = known
        super().__init__(f"{self.code}: {self.en}")

    def said(self, lang: str) -> str:
        """The sentence in `zh-CN` or `en`."""
        return self.en if lang == "en" else self.zh


class NotSignedIn(AppRefusal):
    """The page needs somebody signed in."""

    status, code = 401, "not_signed_in"
    zh, en = "请先登录。", "Please sign in first."


class NotFound(AppRefusal):
    """No such thing, or not for this person: the answer is the same either way."""

    status, code = 404, "not_found"
    zh, en = "没有找到。可能已经办完，或者不归您看。", "Not found. It may be finished, or not yours to see."


class NoSuchCommunity(NotFound):
    """An address or a command names a community that is not here."""

    code = "no_such_community"
    zh, en = "这里没有这个社区。", "There is no such community here."


class WhichCommunity(AppRefusal):
    """Several communities live here, and none was named or chosen."""

    status, code = 409, "which_community"
    zh = "这里有几个社区，请先选一个。"
    en = "There are several communities here. Choose one first."


class NotAllowed(AppRefusal):
    """The person's role may never do this."""

    status, code = 403, "not_allowed"
    zh, en = "这一步要由别的角色来办。", "This step belongs to another role."


class NotEligible(NotAllowed):
    """The community's rules keep this person out; the sentence is the rule's own."""

    code = "not_eligible"
    zh, en = "按这里的规则不符合条件。", "The rules here do not allow it."


class StaffAreThemselves(NotAllowed):
    """Who works at the desk or checks the books comes in by their own password, and nobody acts for them."""

    code = "staff_themselves"
    zh = "同事和监督员用自己的密码登录，别人不能替他们办。"
    en = "Colleagues and auditors sign in by their own password, and nobody acts for them."


class NotWhileActing(NotAllowed):
    """Ways in are given and changed in one's own name only."""

    code = "not_while_acting"
    zh = "代别人办事的时候不能办这件，请先结束代办。"
    en = "This cannot be done while you act for somebody. End that first."


class PageTooOld(AppRefusal):
    """A form or a request that was not made for this sign-in."""

    status, code = 403, "page_too_old"
    zh = "这个页面放得太久了，请回到上一页刷新再试。"
    en = "This page was open too long. Go back, reload and try again."


class Unreadable(AppRefusal):
    """Bytes, characters or numbers that no page or program of ours ever sends."""

    status, code = 400, "unreadable"
    zh = "发来的内容里有读不了的字符或数字，请回到上一页再试。"
    en = "It holds characters or numbers that cannot be read. Go back and try again."


class OtherHost(AppRefusal):
    """An address under which this installation is not known."""

    status, code = 421, "other_host"
    zh, en = "这里不是您要找的网站。", "This is not the site you are looking for."


class Away(AppRefusal):
    """The database cannot be reached, or is too busy; nothing was done."""

    status, code = 503, "away"
    wait_seconds = 5
    zh = "系统暂时忙不过来，刚才这一步没有记下。请过一会儿再按一次。"
    en = "The system cannot keep up right now; this step was not stored. Press once more in a moment."


class StorageFull(Away):
    """Nothing more can be written down; what is there can be read."""

    code = "storage_full"
    wait_seconds = 60
    zh = "现在存不下新内容，刚才这一步没有记下。请告诉管理员，过一会儿再试；以前的都能看。"
    en = "Nothing new can be stored right now, and this step was not. Please tell whoever runs the system; everything can be read."


class PerhapsStored(Away):
    """The answer to storing it got lost; pressing the same form again does nothing twice."""

    code = "perhaps_stored"
    zh = "不知道刚才这一步记下了没有。请过一会儿看一眼，没有的话再按一次。"
    en = "It is not known whether this step was stored. Look again in a moment, and press once more if it was not."


class WrongCode(AppRefusal):
    """A sign-in code or password that does not fit."""

    status, code = 422, "wrong_code"
    zh, en = "号码或验证码不对，请再看一眼。", "That number or code does not fit. Please look once more."


class TryLater(AppRefusal):
    """Too many tries; `wait_seconds` says when to come back."""

    status, code = 429, "try_later"
    zh, en = (
        "试的次数有点多，请过一会儿再来，或请社区帮忙。",
        "Too many tries. Come back a little later or ask the desk.",
    )

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(wait_seconds=wait_seconds)
        self.wait_seconds = wait_seconds


class BadField(AppRefusal):
    """One field of a form cannot be used; `field` names it."""

    status, code = 422, "bad_field"


class BadFields(AppRefusal):
    """Several fields cannot be used; `fields` lists one BadField for each."""

    status, code = 422, "bad_fields"
    zh, en = "有几处要改一下，您填的都还在。", "A few things need another look; nothing you typed is lost."

    def __init__(self, fields: tuple[BadField, ...]) -> None:
        super().__init__()
        self.fields = fields


class KeyReused(AppRefusal):
    """An Idempotency-Key came back with another request."""

    status, code = 422, "key_reused"
    zh, en = "这个提交编号已经用在另一件事上。", "This submission key already belongs to a different request."


class WrongMoment(AppRefusal):
    """The step does not fit the present state."""

    status, code = 409, "wrong_moment"
    zh, en = "现在还不能做这一步。", "This step does not fit right now."


class AlreadyDone(WrongMoment):
    """The step was done before."""

    code = "already_done"
    zh, en = "这一步已经办过了。", "This step is already done."


class NotYet(WrongMoment):
    """An earlier step is missing."""

    code = "not_yet"
    zh, en = "前一步还没有完成。", "An earlier step is still missing."


class Full(WrongMoment):
    """All places are taken."""

    code = "full"
    zh, en = "名额已经满了。", "All places are taken."


class Clash(WrongMoment):
    """The person is somewhere else at that time."""

    code = "clash"
    zh, en = "这个时间您已经有别的安排。", "You are already somewhere else at that time."


class TooLate(WrongMoment):
    """The service lies too far back to be recorded."""

    code = "too_late"
    zh, en = "过去太久了，不能再补记。", "Too long ago to be recorded."


class LongerThanPlanned(NotYet):
    """A stay so much longer than planned that somebody looks at it by itself."""

    code = "longer_than_planned"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(
            f"比约定长了 {zh}，先核对几点走的。",
            f"{en} longer than planned: look at the hour of leaving first.",
        )


class StillResting(NotYet):
    """Decided hours of a month can still be taken back, so that the month cannot be closed yet."""

    code = "resting"

    def __init__(self, parts: int, until: str) -> None:
        super().__init__(
            f"还有 {parts} 笔刚确认、还能改回，{until} 以后再结账。",
            f"{parts} parts were confirmed just now and can still be taken back: close after {until}.",
        )


class NotOffered(WrongMoment):
    """A press that does not fit where the promise stands now; its sentence says how it stands."""

    code = "not_offered"


class WaitsForSecond(WrongMoment):
    """Entered by one person; it is done when another has approved it."""

    code = "waits_for_second"
    zh = "这些时间已经送出去了：记下了，等另一位同事同意，就从公益基金补正。"
    en = "These hours were given away: noted, and put right through the fund when a colleague approves."


class LongerWaits(WrongMoment):
    """Longer hours than the book has, entered by one person; they are put right when another has approved it."""

    code = "longer_waits"
    zh = "改长的时间记下了，等另一位同事同意就改。"
    en = "The longer time is noted, and put right when a colleague approves."


class PairFull(WrongMoment):
    """The same two people have brought in as much as two may; a third person is asked for."""

    code = "pair_full"
    zh = "这两位一起记进来的已经够多了，请另一位同事来同意。"
    en = "The same two have brought in as much as two may: another colleague has to approve."


class CannotUndo(WrongMoment):
    """A press that can no longer be taken back."""

    code = "cannot_undo"
    zh = "已经改不回去了，请社区改正。"
    en = "This can no longer be taken back; ask the office to put it right."


class Stale(WrongMoment):
    """Somebody changed the same thing at the very moment."""

    code = "stale"
    zh = "就在刚才又有人改过。请回到上一页再按一次，您写的还在。"
    en = (
        "Somebody changed it at this very moment. Go back and press once more; what you wrote is still there."
    )


class Ahead(WrongMoment):
    """Hours that lie in the future: nobody has served them."""

    code = "ahead"
    zh, en = "这个时间还没到，请核对。", "That hour is still ahead; please look again."


class AnotherHand(WrongMoment):
    """The same person has said so already; it takes somebody else."""

    code = "another_hand"
    zh = "您已经说过了，还要另一位说一句。"
    en = "You have said so already: somebody else still has to."


class OwnHours(AppRefusal):
    """Nobody confirms their own hours."""

    status, code = 403, "own_hours"
    zh, en = "自己的时间要请别人确认。", "Somebody else has to confirm your own hours."


class GuardianNeeded(AppRefusal):
    """A minor without a guardian's consent on record."""

    status, code = 409, "guardian_needed"
    zh, en = "未满18岁，要先有监护人同意书。", "Under 18: a guardian's consent must be on record first."
