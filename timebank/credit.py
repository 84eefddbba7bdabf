"""From served minutes to credited minutes: the city's rules applied one after another, each cut named.

Pure: the same minutes under the same policy always give the same answer, and the cuts add up in front of the reader.
"""

from __future__ import annotations

from dataclasses import dataclass

from timebank.policy import CreditPolicy, Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One rule that changed the minutes; `minutes` is negative when it took some away."""

    rule: str
    minutes: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a service earns.

    Invariant: minutes_served + sum of the cuts == minutes_credited.
    """

    minutes_served: int
    minutes_credited: int
    cuts: tuple[Cut, ...] = ()


def rounded(minutes: int, *, step_minutes: int, rounding: Rounding) -> int:
    """`minutes` in whole steps; exactly half a step counts up under `nearest`."""
    if step_minutes <= 1:
        return minutes
    down, rest = minutes - minutes % step_minutes, minutes % step_minutes
    if rest == 0 or rounding is Rounding.DOWN:
        return down
    if rounding is Rounding.UP or rest * 2 >= step_minutes:
        return down + step_minutes
    return down


def credited(
    minutes_served: int,
    *,
    policy: CreditPolicy,
    minutes_today: int = 0,
    minutes_stored: int = 0,
    minor: bool = False,
) -> Credit:
    """What one service earns under `policy`.

    Args:
        minutes_served: from check-in to check-out.
        minutes_today: already credited to the same person for the same day.
        minutes_stored: the person's balance before this service.
        minor: the person is under 18.
    """
    if type(minutes_served) is not int or minutes_served < 0:
        raise ValueError("minutes served are a whole number, zero or more")
    cuts: list[Cut] = []
    left = minutes_served

    def cut_to(minutes: int, rule: str, zh: str, en: str) -> None:
        nonlocal left
        if minutes != left:
            cuts.append(Cut(rule=rule, minutes=minutes - left, zh=zh, en=en))
            left = minutes

    least = policy.minutes_min
    if left < least:
        cut_to(0, "minimum", f"不足 {least} 分钟，不计时", f"under {least} minutes earns nothing")
    step = policy.step_minutes
    cut_to(
        rounded(left, step_minutes=step, rounding=policy.rounding),
        "rounding",
        f"按 {step} 分钟取整",
        f"rounded to {step} minutes",
    )
    if minor and not policy.minors_earn:
        cut_to(0, "minor", "未满18岁只记荣誉,不存时间", "under 18: recorded with thanks, not banked")
    if policy.minutes_per_day_max:
        room = max(0, policy.minutes_per_day_max - minutes_today)
        hours = policy.minutes_per_day_max // 60
        cut_to(min(left, room), "day_cap", f"每天最多记 {hours} 小时", f"at most {hours} hours a day")
    if policy.minutes_total_max:
        room = max(0, policy.minutes_total_max - minutes_stored)
        hours = policy.minutes_total_max // 60
        cut_to(min(left, room), "total_cap", f"最多存 {hours} 小时", f"at most {hours} hours in store")
    assert minutes_served + sum(cut.minutes for cut in cuts) == left
    return Credit(minutes_served=minutes_served, minutes_credited=left, cuts=tuple(cuts))
