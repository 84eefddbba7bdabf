"""Who is told of a change, and how, as the news that was really written says it.

    before = ctx.now()
    service = await flow.accept_proposal(ctx, actor, uid)
    return go("/desk/plan", await with_news(ctx, actor, _("约好了。"), service.uid, since=before))
    # 约好了。钱师傅：会发短信。王奶奶：要打电话。

Nothing else in the app says that somebody was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from timebank.access import Actor, Role
from timebank.context import Context
from timebank.rules.telling.news import State, Way
from timebank.store.channels import news
from timebank.store.channels.news import News
from timebank.store.members import people
from timebank.web import filters, i18n

_ = i18n.gettext

BY_WAY = {Way.SMS: i18n.lazy("会发短信"), Way.MAIL: i18n.lazy("会发邮件")}
HANDED_OVER = {
    Way.SMS: i18n.lazy("短信已交出"),
    Way.MAIL: i18n.lazy("邮件已交出"),
    Way.SLIP: i18n.lazy("纸条已印好"),
}
STANDS = {
    State.SLIP: i18n.lazy("写在纸条上带去"),
    State.FILED: i18n.lazy("短信等上传"),
    State.UNSURE: i18n.lazy("可能发过，再打电话"),
    State.CALL: i18n.lazy("要打电话"),
    State.VISIT: i18n.lazy("要上门"),
    State.OWN_PAGE: i18n.lazy("写在“我的消息”里"),
    State.COULD_NOT: i18n.lazy("没能告诉"),
    State.OVERTAKEN: i18n.lazy("不用再说"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTo:
    """One person who is told of something: their name, where that may be said, and how far it has come."""

    member: str
    name: str
    state: State
    words: str


def state_words(ctx: Context, one: News) -> str:
    """How far a piece of news has come, in the reader's language; "told" only where somebody really was."""
    way = one.ways[0] if one.ways else Way.CALL
    if one.state is State.TOLD:
        return (
            _("已告诉 %(clock)s", clock=filters.clock(one.told_at, ctx.zone)) if one.told_at else _("已告诉")
        )
    if one.state is State.CARRIED:
        return _("手机已收到") if one.received_at else str(HANDED_OVER.get(way, HANDED_OVER[Way.SMS]))
    if one.state in (State.DUE, State.CARRYING):
        return str(BY_WAY.get(way, BY_WAY[Way.SMS]))
    return str(STANDS[one.state])


async def told_of(
    ctx: Context, actor: Actor, *about: str, since: datetime | None = None
) -> tuple[ToldTo, ...]:
    """Who is told about a service, need, claim or relationship, each with the newest word; names for the desk only.

    Args:
        since: only what was written from then on.
    """
    newest = {one.member: one for thing in about for one in await news.about(ctx.engine, thing, since=since)}
    named = actor.has(Role.WORKER)
    names = await people.names(ctx.engine, sorted(newest)) if named else {}
    return tuple(
        ToldTo(member=member, name=names.get(member, ""), state=one.state, words=state_words(ctx, one))
        for member, one in newest.items()
    )


async def with_news(ctx: Context, actor: Actor, sentence: str, *about: str, since: datetime) -> str:
    """A sentence for after a press, with who is told of it and how; for who may not read names, the ways alone."""
    told = await told_of(ctx, actor, *about, since=since)
    said = [
        _("%(name)s：%(how)s。", name=one.name or _("对方"), how=one.words)
        for one in told
        if one.state is not State.OVERTAKEN
    ]
    between = " " if i18n.current() == "en" else ""
    return between.join([sentence, *dict.fromkeys(said)])
