"""The desk's call list in words: what each notice says to the person it is for. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from timebank.store.outbox import Notice
from timebank.web import filters
from timebank.web.i18n import current, lazy
from timebank.web.i18n import gettext as _

SENTENCES: dict[str, lazy] = {
    "help_comes": lazy("有人来帮您了，时间定在%(at)s。"),
    "help_promised": lazy("您登记的事有单位接了，时间定在%(at)s，定下是谁再告诉您。"),
    "you_go": lazy("请您去帮一个忙，时间是%(at)s，详情看“我的服务”。"),
    "name_helper": lazy("%(at)s有一次服务，请定下派谁去。"),
    "please_confirm": lazy("有一次服务结束了，请说一声帮好了没有。"),
    "help_confirmed": lazy("上次的帮忙已经记好了：%(hours)s，由社区出时间。"),
    "hours_spent": lazy("上次的帮忙已经记好了，从存折里用了%(hours)s。"),
    "hours_posted": lazy("您的服务记好了，存折里有了%(hours)s。"),
    "hours_refused": lazy("有一次服务没有记上时间，请向社区问一问。"),
    "hours_disputed": lazy("有一次服务的时间有人说不对，社区在核实。"),
    "hours_reversed": lazy("有一笔时间记错了，已经另记一笔冲回。"),
    "hours_lapsed": lazy("存折里有%(hours)s到期了，已转入社区基金。"),
    "opening_posted": lazy("纸质存折上的%(hours)s已经转进您的时间存折。"),
    "hours_given": lazy("有人转给您%(hours)s，已在存折里。"),
    "helper_cancelled": lazy("要去帮忙的人来不了了，请另定一位。"),
    "line_claimed": lazy("有人认领了您清单上的一项，等您答复。"),
    "claim_accepted": lazy("您认领的一项，对方答应了。"),
    "claim_declined": lazy("您认领的一项，对方这次回绝了。"),
    "sheet_entered": lazy("签到表录进去了，请核对后确认。"),
    "shift_planned": lazy("下一次的班排好了，请看名单。"),
    "called_off": lazy("约好的一次服务取消了。"),
    "request_opened": lazy("社区替您登记了一件事，找到人就告诉您。"),
    "request_cancelled": lazy("您登记的一件事取消了。"),
    "away_recorded": lazy("社区替您记了请假，这些天不会排到您。"),
    "relationship_asked": lazy("有一件事请您答复（%(what)s），请看“我和谁有关系”。"),
    "relationship_in_force": lazy("登记好了：%(what)s，从现在起有效。"),
    "relationship_declined": lazy("这次没有成：%(what)s。"),
    "relationship_over": lazy("结束了：%(what)s。"),
    "relationships_asked": lazy("有几件事请您答复，请看“我和谁有关系”。"),
    "relationships_in_force": lazy("照名单登记好了几件和您有关的事，请看“我和谁有关系”。"),
    "relationships_declined": lazy("有几件事这次没有成，请看“我和谁有关系”。"),
    "relationships_over": lazy("有几件和您有关的事结束了，请看“我和谁有关系”。"),
    "agreement_to_sign": lazy("社区有一份共建协议等您的单位签字，请看“我们单位”。"),
    "agreement_in_force": lazy("共建协议双方都签了，从约定的那天起有效。"),
    "agreement_ended": lazy("有一份共建协议提前终止了，请看“我们单位”。"),
    "task_answered": lazy("社区答复了您的单位递的一件任务，请看“我们单位”。"),
    "code_issued": lazy("社区给您开了登录的验证码或卡片。"),
}


def in_words(line: Notice, zone: ZoneInfo) -> str:
    """One sentence for a notice, in the language of the moment; a notice of a kind we have no words for says so."""
    sentence = SENTENCES.get(line.kind)
    if sentence is None:
        return _("有一条新消息，请登录看一看。")
    at, minutes = str(line.known.get("at", "")), line.known.get("minutes", 0)
    what = str(line.known.get("en" if current() == "en" else "zh") or _("和您有关的一个岗位或关系"))
    return _(
        sentence.message, at=_moment(at, zone) if at else "", hours=filters.hours(int(minutes)), what=what
    )


def _moment(at: str, zone: ZoneInfo) -> str:
    moment = datetime.fromisoformat(at)
    return f"{filters.day(moment, zone)} {filters.clock(moment, zone)}"
