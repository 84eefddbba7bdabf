"""The parts of a policy that say how the time bank is run: services, lists, requests, the notice, signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from timebank.policy.knobs import Knob, Measure

MIN, DAYS = Measure.MINUTES, Measure.DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPolicy:
    """How long a session, a code and a private card last.

    Attributes:
        second_factor: whoever has a password signs in with the digits of their telephone as well.
        shared_idle_minutes: on a device that is not one's own. acting_minutes: how long one acts for somebody at a time.
    """

    second_factor: Annotated[bool, Knob("密码登录要动态码", "Passwords need a second factor")] = True
    session_idle_minutes: Annotated[
        int, Knob("多久不动即退出", "Signed out after", MIN, least=1, most=480)
    ] = 15
    session_hours_max: Annotated[
        int, Knob("最长登录", "Longest sign-in", Measure.HOURS, least=1, most=48)
    ] = 12
    elder_session_days_max: Annotated[
        int, Knob("老人最长登录", "An elder's sign-in", DAYS, least=1, most=366)
    ] = 30
    shared_idle_minutes: Annotated[
        int, Knob("公用设备多久不动即退出", "Signed out of a shared device after", MIN, least=1, most=60)
    ] = 5
    acting_minutes: Annotated[
        int, Knob("一次代办多久", "Acting for somebody lasts", MIN, least=5, most=240)
    ] = 30
    code_minutes: Annotated[int, Knob("验证码有效", "A code lasts", MIN, least=1, most=60)] = 10
    code_tries: Annotated[
        int, Knob("验证码错几次起要等", "Wrong tries before waiting", Measure.TIMES, least=1, most=20)
    ] = 5
    private_card_days_after: Annotated[
        int, Knob("服务后仍可看地址", "Address shown after", DAYS, most=90)
    ] = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPolicy:
    """Within how many days somebody is to be found for a request, by how pressing it is, and what can be tapped."""

    days_urgent: Annotated[int, Knob("急事几天内", "Urgent: within", DAYS, most=90)] = 1
    days_normal: Annotated[int, Knob("一般几天内", "Normal: within", DAYS, most=90)] = 7
    days_low: Annotated[int, Knob("不急几天内", "Not pressing: within", DAYS, most=366)] = 14
    soon_days: Annotated[int, Knob("“这几天”指", "“In the next few days” means", DAYS, least=1, most=14)] = 3
    ahead_minutes_min: Annotated[int, Knob("至少提前", "Asked for ahead by", MIN, most=1_440)] = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePolicy:
    """How a service runs.

    Attributes:
        longest_minutes: a stay that is longer is looked at by the desk before it counts.
        helpers_when_unstated: places of a shift whose line names no number.
        early_minutes: somebody may check in this long before the beginning.
        remind_hour: reminders of tomorrow's services are written from this hour on.
        greet_hour: whoever asked for a daily greeting gets it at this hour; 0 for nobody.
    """

    longest_minutes: Annotated[int, Knob("一次最长", "Longest at one go", MIN, least=60, most=1_440)] = 720
    helpers_when_unstated: Annotated[
        int, Knob("未写人数时", "Places when none are named", Measure.PEOPLE, least=1, most=500)
    ] = 12
    early_minutes: Annotated[int, Knob("最早签到", "Check-in opens before", MIN, most=720)] = 60
    remind_hour: Annotated[int, Knob("前一天几点起提醒", "Reminders the day before, from", most=21)] = 17
    greet_hour: Annotated[
        int, Knob("每日问候几点", "Daily greeting at", most=11, none=("不问候", "never"))
    ] = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisePolicy:
    """When a promise counts as late, silent or lost, and how long a press can be taken back.

    Attributes:
        late_minutes: after the start, without a word, both sides are asked.
        silent_minutes: after the start, or at the end when that is sooner, nobody is expected any more.
        overrun_minutes: after the end somebody who is still signed in has forgotten to sign out.
        over_plan_minutes: a stay longer than planned by more than this is looked at and stays out of "confirm all".
        on_way_minutes: before the start "on my way" can be said.
        undo_minutes: a press can be taken back, and decided hours rest before they are posted; 0 posts at once.
        give_up_days: after the end an occasion without a word counts as never found out.
    """

    late_minutes: Annotated[int, Knob("晚到几分钟起问", "Asked after, late by", MIN, least=5, most=120)] = 15
    silent_minutes: Annotated[
        int, Knob("几分钟没消息算没来", "No longer expected after", MIN, least=15, most=240)
    ] = 60
    overrun_minutes: Annotated[
        int, Knob("结束后几分钟算忘了签退", "Signing out forgotten after", MIN, least=5, most=240)
    ] = 30
    over_plan_minutes: Annotated[
        int, Knob("比约定长多少要看一眼", "Looked at when longer by", MIN, least=15, most=480)
    ] = 60
    on_way_minutes: Annotated[
        int, Knob("提前多久可说在路上", "On my way, at most before", MIN, least=30, most=480)
    ] = 120
    undo_minutes: Annotated[
        int, Knob("几分钟内可改回", "Taken back within", MIN, most=60, none=("当场入账", "posted at once"))
    ] = 0
    give_up_days: Annotated[
        int, Knob("几天没问清算不清楚", "Never found out after", DAYS, least=3, most=60)
    ] = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsPolicy:
    """When families get their weekly letter.

    Attributes:
        letter_weekday: 1 for Monday to 7 for Sunday. letter_when_quiet: a short one also when nothing happened.
    """

    letter_weekday: Annotated[
        int, Knob("家信在星期几", "The families' letter, on weekday", most=7, none=("不写", "none"))
    ] = 0
    letter_hour: Annotated[int, Knob("家信几点", "The families' letter, at", least=8, most=20)] = 18
    letter_when_quiet: Annotated[bool, Knob("没有事也写", "A letter also of a quiet week")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPolicy:
    """How the four lists are kept.

    Attributes:
        days_to_answer: a claim nobody answers lapses.
        months_ahead: how far ahead a rota is written.
    """

    days_to_answer: Annotated[
        int, Knob("认领几天内答复", "A claim is answered within", DAYS, least=1, most=90)
    ] = 7
    months_ahead: Annotated[
        int, Knob("轮值排几个月", "A rota is written for", Measure.MONTHS, least=1, most=24)
    ] = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingPolicy:
    """How far back the plan looks for who helped whom."""

    look_back_days: Annotated[int, Knob("参考多久以来的结对", "Earlier helpers within", DAYS, most=730)] = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingPolicy:
    """How long words are kept once what they were for is over; minutes, days and ids stay in the books.

    Attributes:
        words_days: after a request is closed or a visit is over, what was said of it goes.
        files_days: after a list was brought in, the cells of its rows go.
        readings_days: so long somebody can look up who read their card.
    """

    words_days: Annotated[
        int, Knob("事情了结后，说过的话留", "Words are kept after", DAYS, least=90, most=1_100)
    ] = 365
    files_days: Annotated[
        int, Knob("导入的表，原文留", "Cells of imported lists for", DAYS, least=30, most=1_100)
    ] = 180
    readings_days: Annotated[
        int, Knob("谁看过信息，记录留", "Who looked at details, for", DAYS, least=180, most=1_100)
    ] = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPolicy:
    """What strangers may read: sums with at least so many different people behind each."""

    people_min: Annotated[
        int, Knob("公示每格至少", "People behind a figure", Measure.PEOPLE, least=5, most=100)
    ] = 5
