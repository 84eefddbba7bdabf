"""How an amount of time is said in a community's own unit."""

from __future__ import annotations

from timebank.policy import UnitPolicy

HOUR = UnitPolicy()


def amount(minutes: int, unit: UnitPolicy = HOUR) -> tuple[str, str]:
    """The amount in (zh, en): whole and half units by the community's word, anything else in minutes.

    120 minutes are ("2 小时", "2 h"), or ("2 个时间币", "2 coins") where the unit is called so; 50 are 50 minutes.
    """
    if minutes * 2 % unit.minutes:
        return f"{minutes} 分钟", f"{minutes} minutes"
    whole, rest = divmod(minutes, unit.minutes)
    said = f"{whole}.5" if rest else f"{whole:,}"
    return f"{said} {unit.zh}", f"{said} {unit.en}"
