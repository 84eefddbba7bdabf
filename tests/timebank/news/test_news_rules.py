"""What becomes of a piece of news: pure, every case by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from timebank.catalogue.news import NewsKind, news_kinds
from timebank.news.wording import said
from timebank.rules.relationships import Told
from timebank.rules.telling.news import (
    BACKOFF_MIN,
    TRIES_MAX,
    Call,
    Outcome,
    Progress,
    State,
    Way,
    after,
    called,
    taken_back,
    too_late,
    wakes_at,
    weight,
    written,
)
from timebank.store.channels.news import News

SHANGHAI = ZoneInfo("Asia/Shanghai")
KINDS = news_kinds()
BY_SMS = (Way.SMS, Way.MAIL, Way.CALL)


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def fresh(
    kind: str,
    *,
    ways: tuple[Way, ...] = BY_SMS,
    now: datetime | None = None,
    starts_at: datetime | None = None,
) -> Progress:
    now = now or at(9)
    late_at = too_late(KINDS[kind], made_at=now, starts_at=starts_at)
    return written(KINDS[kind], ways, now=now, late_at=late_at, zone=SHANGHAI)


def handed(one: Progress, outcome: Outcome, kind: str, now: datetime) -> Progress:
    leased = replace(one, state=State.CARRYING, tries=one.tries + 1)
    return after(outcome, KINDS[kind], leased, now=now, zone=SHANGHAI, jitter=1.0)


def test_what_a_house_without_carriers_cannot_send_somebody_has_to_ring_about() -> None:
    assert fresh("help_comes", ways=(Way.CALL,)).state is State.CALL
    assert fresh("hours_posted", ways=(Way.CALL,)).state is State.OWN_PAGE, (
        "nobody is rung for what does no harm"
    )


def test_news_that_is_late_already_never_goes_out() -> None:
    assert fresh("help_comes", now=at(9), starts_at=at(9)).state is State.COULD_NOT


def test_a_text_message_waits_for_the_morning_unless_the_night_would_do_harm() -> None:
    assert fresh("help_comes", now=at(22), starts_at=at(14, day=26)).next_at == at(8, day=25)
    assert fresh("you_go", now=at(21, 30), starts_at=at(8, 30, day=25)).next_at == at(21, 30)
    in_the_night = fresh("you_go", now=at(23), starts_at=at(6, 30, day=25))
    assert in_the_night.state is State.CALL, "before the morning only a person rings"


@pytest.mark.parametrize(
    ("moment", "wakes"),
    [
        (at(12), at(12)),
        (at(21), at(8, day=25)),
        (at(3), at(8)),
        (at(7, 59), at(8)),
        (at(8), at(8)),
        (at(20, 59), at(20, 59)),
    ],
)
def test_quiet_hours(moment: datetime, wakes: datetime) -> None:
    assert wakes_at(moment, SHANGHAI) == wakes


def test_a_failing_gateway_is_asked_again_with_growing_pauses_and_then_left() -> None:
    one, now, pauses = fresh("relationship_asked"), at(9), []
    while one.ways[0] is Way.SMS:
        one = handed(one, Outcome.FAILED, "relationship_asked", now)
        if one.ways[0] is Way.SMS:
            pauses.append(one.next_at - now)
            now = one.next_at
    assert pauses == [timedelta(minutes=pause) for pause in BACKOFF_MIN[: TRIES_MAX - 1]]
    assert (one.state, one.ways, one.tries) == (State.DUE, (Way.MAIL, Way.CALL), 0)


def test_half_of_the_time_that_is_left_belongs_to_a_voice() -> None:
    one = fresh("help_comes", ways=(Way.SMS, Way.CALL), starts_at=at(9, 20))
    one = handed(one, Outcome.FAILED, "help_comes", at(9))
    assert one.state is State.DUE
    one = handed(one, Outcome.FAILED, "help_comes", at(9, 16))
    assert one.state is State.CALL


def test_a_refused_address_goes_to_the_next_way_at_once() -> None:
    one = handed(fresh("help_comes", starts_at=at(18)), Outcome.REFUSED, "help_comes", at(9))
    assert (one.state, one.ways[0], one.tries) == (State.DUE, Way.MAIL, 0)
    one = handed(one, Outcome.REFUSED, "help_comes", at(9))
    assert one.state is State.CALL


def test_nobody_is_told_twice_blindly_where_a_double_does_harm() -> None:
    assert handed(fresh("code_issued"), Outcome.UNSURE, "code_issued", at(9)).ways[0] is Way.MAIL
    again = handed(fresh("help_comes", starts_at=at(18)), Outcome.UNSURE, "help_comes", at(9))
    assert (again.state, again.ways[0]) == (State.DUE, Way.SMS)


def test_handed_over_is_not_told() -> None:
    assert (
        handed(fresh("help_comes", starts_at=at(18)), Outcome.TAKEN, "help_comes", at(9)).state
        is State.CARRIED
    )


def test_two_rings_in_vain_about_great_harm_and_somebody_goes_there() -> None:
    one = fresh("helper_cancelled", ways=(Way.CALL,), starts_at=at(18))
    one = called(one, KINDS["helper_cancelled"], Call.MISSED, now=at(9))
    assert (one.state, one.next_at) == (State.CALL, at(9, 30))
    one = called(one, KINDS["helper_cancelled"], Call.MISSED, now=at(9, 30))
    assert one.state is State.VISIT
    assert called(one, KINDS["helper_cancelled"], Call.REACHED, now=at(10)).state is State.TOLD
    assert taken_back(one, now=at(10)).state is State.CALL


def _weight(
    kind: str, *, late_in_h: float | None, waited_h: float = 0, misses: int = 0, others: bool = False
) -> float:
    now = at(9)
    return weight(
        KINDS[kind], made_at=now - timedelta(hours=waited_h), misses=misses, others_told=others, now=now,
        too_late_at=None if late_in_h is None else now + timedelta(hours=late_in_h),
    )  # fmt: skip


def test_the_sheet_is_ordered_by_what_is_lost_if_the_call_is_late() -> None:
    cancelled = _weight("helper_cancelled", late_in_h=2)
    call_me_yesterday = _weight("call_me", late_in_h=None, waited_h=30)
    call_me = _weight("call_me", late_in_h=None, waited_h=1)
    comes_tomorrow = _weight("help_comes", late_in_h=23, waited_h=1)
    confirm = _weight("please_confirm", late_in_h=300, waited_h=400)
    assert (
        cancelled
        > call_me_yesterday
        > call_me
        > comes_tomorrow
        > confirm
        > _weight("hours_posted", late_in_h=None)
        == 0
    )
    assert _weight("help_comes", late_in_h=23, waited_h=1, others=True) == comes_tomorrow - 20


LONGEST: dict[str, str | int] = {
    "at": "2026-11-25T19:30+08:00", "minutes": 750, "zh": "居民楼门栋长", "en": "residents' representative", "done": 12,
    "coming": 12,
}  # fmt: skip


# What somebody texted is read out to the desk in their own words, however long they are.
QUOTED = {"text_in", "text_said", "text_not_came", "text_danger", "text_unknown", "text_shared"}
OF_RELATIONSHIPS = "relationship"


@pytest.mark.parametrize("code", sorted(KINDS.keys() - QUOTED))
@pytest.mark.parametrize(("lang", "signature"), [("zh-CN", "【东区社区】"), ("en", "【Dongqu Community】")])
def test_every_kind_fits_one_text_message_with_its_signature_and_for_whom_it_is(
    code: str, lang: str, signature: str
) -> None:
    shorter = {} if code.startswith(OF_RELATIONSHIPS) else {"zh": "买东西", "en": "shopping"}
    one = News(
        uid="N1", community="dongqu", member="M1", kind=code, known=LONGEST | shorter, state=State.DUE, ways=(), tries=0, misses=0,
        made_at=at(9), next_at=at(9), too_late_at=None,
    )  # fmt: skip
    whose = "欧阳奶奶" if KINDS[code].copied else ""
    text = signature + said(one, lang, SHANGHAI, matter_of=whose)
    assert "{" not in text
    assert len(text) <= 70, f"{len(text)}: {text}"
    assert KINDS[code].en.isascii()


def test_every_kind_is_left_by_some_flow() -> None:
    import timebank

    folder = Path(timebank.__file__).parent
    text = "\n".join(path.read_text("utf-8") for path in folder.rglob("*.py") if "catalogue" not in str(path))
    # What is said of relationships is put together of these: relationship_asked, relationships_over.
    of_relationships = {f"relationship{many}_{told.value}" for many in ("", "s") for told in Told}
    assert {code for code in KINDS if f'"{code}"' not in text} <= of_relationships


def test_a_kind_that_somebody_rings_about_has_an_end_or_does_not_grow_old() -> None:
    dated: list[NewsKind] = [kind for kind in KINDS.values() if kind.late_at_start]
    assert {kind.code for kind in dated} >= {"help_comes", "you_go", "helper_cancelled"}
