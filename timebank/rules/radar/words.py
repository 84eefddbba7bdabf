"""What a flag says to whoever looks: never that somebody did wrong, only what is unusual and by which figures."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from timebank.rules.radar.flags import Flag, Pattern

_TITLES: Mapping[Pattern, tuple[str, str]] = {
    Pattern.OVERLAP: ("同一时间在两处", "In two places at once"),
    Pattern.DUPLICATE: ("同一次可能记了两遍", "Perhaps on record twice"),
    Pattern.SPLIT: ("一次可能拆成了几次", "One visit, perhaps cut into several"),
    Pattern.LATE: ("补记很多", "Much entered late"),
    Pattern.MARATHON: ("时间特别长", "Very long hours"),
    Pattern.RING: ("几个人互相服务、互相证明", "A few people help and vouch for each other"),
    Pattern.OFFICE: ("总是同一位工作人员确认", "Always the same office hand"),
    Pattern.CLIENT: ("只有一人见过的受助人", "Helped, and seen by one helper alone"),
    Pattern.BURST: ("一下子确认了很多", "Very many vouched for at once"),
    Pattern.ROUND: ("时间太整齐", "Times too even"),
    Pattern.DEVICE: ("几个人用同一部手机", "Several people on one telephone"),
    Pattern.ALONE: ("记的和证明的是同一人", "Entered and vouched for by one hand"),
}
_WHY: Mapping[Pattern, tuple[str, str]] = {
    Pattern.OVERLAP: (
        "有$times次，同一个人同一时间在两处，最长重叠$minutes。",
        "In two places at the same time, $times times; the longest for $minutes.",
    ),
    Pattern.DUPLICATE: (
        "同一个人、同一处、开始时间几乎一样的记录有$times对。",
        "$times pairs of records of the same person at the same place that begin at nearly the same time.",
    ),
    Pattern.SPLIT: (
        "同两个人有$days天，一天里接连记了几次，最多一天$parts次。",
        "The same two on $days days with several visits on end, at most $parts in one day.",
    ),
    Pattern.LATE: (
        "三十天里补记了$parts次，占这个人所记的$percent%，最久的隔了$days天。",
        "$parts entries made late in thirty days, $percent% of all by this hand; the oldest lay $days days back.",
    ),
    Pattern.MARATHON: (
        "最长的一天$day，最长的七天$week，三十天里有$days天很长。",
        "The longest day has $day, the longest seven days $week; $days long days of thirty.",
    ),
    Pattern.RING: (
        "$people个人之间有$parts次，共$minutes，占他们时间的$percent%，没有圈外的人证明。",
        "$parts visits among $people people, $minutes in all, $percent% of their time; nobody outside has vouched.",
    ),
    Pattern.OFFICE: (
        "这个人的确认里$percent%出自同一位工作人员（$words次）；这位平时占$usual%。",
        "$percent% of this person's words came from one office hand ($words); for others it is $usual%.",
    ),
    Pattern.CLIENT: (
        "有$visits次上门，共$minutes；除了这位志愿者和确认的人，没有别人见过受助的人。",
        "$visits visits, $minutes in all; nobody but this helper and whoever vouched has met the person helped.",
    ),
    Pattern.BURST: (
        "十分钟里确认了$parts份，这些人自己都没有按过；其中$new%是新登记的人。",
        "$parts parts vouched for in ten minutes, none of these people pressed themselves; $new% are new on record.",
    ),
    Pattern.ROUND: (
        "当场记的$parts次里，$same次正好$minutes，$percent%在整点或半点开始。",
        "Of $parts noted as they happened, $same took exactly $minutes and $percent% began on the half hour.",
    ),
    Pattern.DEVICE: (
        "有$days天，$people个人从同一部手机上说话。",
        "On $days days, $people people spoke from one telephone.",
    ),
    Pattern.ALONE: (
        "有$parts份，记的和证明的出自一人，过了七天也没有别人看过。",
        "$parts parts entered and vouched for by one hand; nobody else has come to them in seven days.",
    ),
}


_MINUTES = frozenset({"minutes", "day", "week"})


def titled(rule: Pattern) -> tuple[str, str]:
    """The name of a pattern in (zh, en)."""
    return _TITLES[rule]


def explained(flag: Flag) -> tuple[str, str]:
    """What was seen, with its figures, in (zh, en)."""
    zh, en = _WHY[flag.rule]
    # A figure that counts minutes is said in hours, as everywhere.
    told = {
        name: _time(value) if name in _MINUTES else (str(value),) * 2 for name, value in flag.figures.items()
    }
    said_zh, said_en = ({name: both[at] for name, both in told.items()} for at in (0, 1))
    return Template(zh).substitute(said_zh), Template(en).substitute(said_en)


def _time(minutes: int) -> tuple[str, str]:
    hours, rest = divmod(minutes, 60)
    both = ((hours, "小时", " h"), (rest, "分", " min"))
    told = [one for one in both if one[0]] or [both[1]]
    return "".join(f"{n}{zh}" for n, zh, _ in told), " ".join(f"{n}{en}" for n, _, en in told)
