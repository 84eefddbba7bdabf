"""Why a part waits although somebody said that it was so, and who may say so next; in the language of the moment. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from timebank.policy import HandsPolicy, SecondHand
from timebank.policy.words import CHOICES
from timebank.rules.parts.attendance import Attendance, Kind, Service
from timebank.rules.parts.hands import Waits, counted_words
from timebank.web.i18n import current, lazy
from timebank.web.i18n import gettext as _

WHY: Mapping[Waits, lazy] = {
    Waits.NO_WORD: lazy("自己和家里人的时间，要请别人来说"),
    Waits.ONE_HAND: lazy("记的人和证明的人要是两位"),
    Waits.CLIENT_DAY: lazy("今天帮这一位的时间已经很多"),
    Waits.APPROVER: lazy("补记和改长的时间要再看一遍"),
    Waits.PAIR: lazy("同两位一起确认的时间已经很多"),
    Waits.DAY: lazy("今天全社区入账比平常多得多"),
}
OF_WORDS = frozenset({Waits.NO_WORD, Waits.ONE_HAND})
SHOWN = 3


def why(part: Attendance) -> str:
    """Why it waits; "" where it does not."""
    return str(WHY[Waits(part.waits)]) if part.waits else ""


def next_hand(part: Attendance, service: Service, policy: HandsPolicy) -> str:
    """Who may be the next person, as the community's rules say: another colleague, the auditor, and so on.

    Where nobody has spoken yet it is the first word that is wanted.
    """
    if not part.waits or Waits(part.waits) in OF_WORDS:
        allowed = counted_words(policy, visit=service.kind is Kind.VISIT)
    else:
        allowed = policy.approvers
    named = [_called(one) for one in allowed if _is_there(one, service)][:SHOWN]
    return _("另一位（%(who)s）", who=_("、").join(named))


def _is_there(one: SecondHand, service: Service) -> bool:
    """Whether a service has somebody of that standing at all."""
    if one in {SecondHand.CLIENT, SecondHand.PROXY}:
        return bool(service.recipient)
    if one is SecondHand.LEADER:
        return bool(service.team)
    return bool(service.unit) if one is SecondHand.UNIT else True


def _called(one: SecondHand) -> str:
    zh, en = CHOICES[SecondHand][one.value]
    return en if current() == "en" else zh
