"""What somebody who was just rung answered: the presses of the promises they were told of, each with a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from timebank.access import Actor, Facts, sees
from timebank.context import Context
from timebank.help.promises.seen import Promise, promise
from timebank.rules.telling.news import Call
from timebank.store.channels import news
from timebank.store.help import services

ANSWERS = ("sure_for", "cannot_for", "tick", "word_came", "word_not", "word_unknown", "off_date")
"""What can be heard on the telephone."""
OF_WHO_GOES = frozenset({"sure_for", "cannot_for", "tick"})
OF_WHO_IS_HELPED = frozenset({"word_came", "word_not", "word_unknown", "off_date"})
KEYS = "56789"
SHOWN = 3
WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: a press of the promise, and the key that gives it."""

    press: str
    label: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked about one service that was spoken of."""

    promise: Promise
    answers: tuple[Answer, ...]


async def questions(ctx: Context, actor: Actor, uid: str, lang: str) -> tuple[Question, ...]:
    """What to ask somebody whom the actor has just reached about this news, and what was read out with it; () for nothing.

    Args:
        uid: of the news whose press it was.
    """
    sees(actor, "HeardOnCall", Facts(community=actor.community))
    one = await news.news(ctx.engine, uid)
    last = await news.last_word(ctx.engine, uid)
    if one is None or one.community != actor.community or last is None or last.by != actor.uid:
        return ()
    if last.outcome != Call.REACHED or last.at < ctx.now() - WITHIN:
        return ()
    told = await news.said_at(ctx.engine, one.member, actor.uid, last.at)
    about = dict.fromkeys(str(each.known["service"]) for each in told if each.known.get("service"))
    found: list[Question] = []
    keys = iter(KEYS)
    for service_uid in about:
        if len(found) == SHOWN:
            break
        question = await _question(ctx, actor, service_uid, one.matter_of or one.member, lang)
        if question is not None:
            found.append(
                Question(
                    promise=question,
                    answers=tuple(
                        Answer(press=name, label=question.label(name), key=next(keys, ""))
                        for name in _heard(question, one.matter_of or one.member)
                    ),
                )
            )
    return tuple(found)


async def _question(ctx: Context, actor: Actor, service_uid: str, member: str, lang: str) -> Promise | None:
    service = await services.service(ctx.engine, service_uid)
    if service is None or service.community != actor.community:
        return None
    own = await services.attendance_of(ctx.engine, service_uid, member)
    if own is None and service.recipient != member:
        return None
    seen = await promise(ctx, actor, service, lang=lang, part=own.uid if own else "")
    return seen if _heard(seen, member) else None


def _heard(seen: Promise, member: str) -> tuple[str, ...]:
    """The presses that this person can answer with: who goes says whether, who is helped says what was."""
    theirs = OF_WHO_IS_HELPED if seen.service.recipient == member else OF_WHO_GOES
    if seen.part is not None and seen.part.member != member and theirs is OF_WHO_GOES:
        return ()
    offered = dict(seen.presses)
    return tuple(name for name in ANSWERS if name in theirs and name in offered)
