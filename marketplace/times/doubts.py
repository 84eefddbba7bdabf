"""The questions a time phrase can raise, each with a stable code and a sentence in both languages."""

from __future__ import annotations

from marketplace.values import Question

_SENTENCES: dict[str, tuple[str, str]] = {
    "time_missing": ("没有写时间，先按随时安排；请问一声什么时候方便。", "No time is given; any time is assumed. Please ask."),
    "time_unreadable": ("看不懂“{phrase}”是什么时间，请改写或当面确认。", "“{phrase}” could not be read as a time. Please confirm it."),
    "time_partly_unread": ("“{leftover}”没有读懂，其余读作：{said_zh}。请确认。", "“{leftover}” was not understood; the rest reads: {said_en}. Please confirm."),
    "date_impossible": ("“{text}”不是日历上的日期，请更正。", "“{text}” is not a date on the calendar. Please correct it."),
    "date_passed": ("{date}在登记那天已经过去，请核对年份。", "{date} had passed when this was filed. Please check the year."),
    "weekday_disagrees": ("{date}是{weekday_zh}，与写的星期不一致，请确认以哪个为准。", "{date} is a {weekday_en}, which is not the weekday written. Please say which is right."),
    "times_reversed": ("结束时间（{ends}）不晚于开始时间（{starts}），请核对。", "The end ({ends}) is not after the start ({starts}). Please check."),
    "clock_impossible": ("“{text}”不是钟点，请更正。", "“{text}” is not a time of day. Please correct it."),
    "clock_half_day": ("“{text}”没说上午还是下午，请确认。", "“{text}” does not say morning or afternoon. Please confirm."),
    "clock_or_date": ("“{text}”可能是钟点也可能是日期，请确认。", "“{text}” may be a time of day or a date. Please confirm."),
    "part_contradicts": ("“{text}”与写的时段对不上，请确认。", "“{text}” does not fit the part of the day that is written. Please confirm."),
    "nth_without_weekday": ("写了第几个，没写星期几，请补充。", "It says which one of the month but not which weekday. Please add it."),
    "nth_weekend": ("第几个周末：周六、周日分开算，还是连着的两天？请写明日期。", "Which weekend of the month: its Saturday and Sunday counted by themselves, or the two days together? Please give the dates."),
    "nth_impossible": ("一个月没有第{nth}个，请更正。", "A month has no number {nth} of these. Please correct it."),
    "weekly_or_monthly": ("又写每月又写星期，没说第几个，请补充。", "It says every month and a weekday but not which one. Please add it."),
    "times_without_period": ("写了{times}次，没写多久一次，请补充。", "It says {times} times but not per week or month. Please add it."),
    "statements_disagree": ("前后几句说的时间合不到一起，请确认。", "The statements about the time do not fit together. Please confirm."),
    "week_needs_month": ("写了第几周，没写几月，请补充。", "It says which week but not of which month. Please add it."),
    "times_absurd": ("“{times}次”不合常理，请核对。", "{times} times does not look right. Please check."),
    "holiday_only": ("只在节假日或寒暑假有空?请写明具体日期。", "Only in holidays? Please give the dates."),
    "exception_unread": ("“{text}”是例外，但没看懂是哪些日子，请确认。", "“{text}” is an exception, but which days it means is unclear. Please confirm."),
    "nothing_left": ("扣除例外之后没有剩下任何时间，请核对。", "Nothing is left after the exceptions. Please check."),
    "range_unclear": ("“{text}”的起止不清楚,请写完整。", "The two ends of “{text}” are unclear. Please write them in full."),
    "period_reversed": ("结束日期（{last}）早于开始日期（{first}），请核对。", "The last day ({last}) is before the first ({first}). Please check."),
    "festival_unknown": ("“{text}”是哪一天，这里的日历里没有，请写明日期。", "Which day “{text}” is, this calendar does not know. Please give the date."),
    "festival_days": ("“{text}”是哪几天还没有公布或说法不一，请写明日期。", "Which days “{text}” means is not announced or not certain. Please give the dates."),
    "season_unknown": ("“{text}”的日期还不知道，请写明起止日期。", "The days of “{text}” are not known yet. Please give the dates."),
    "date_far": ("{date}离登记那天超过十年,请核对年份。", "{date} is more than ten years from the filing day. Please check the year."),
    "slash_unclear": ("“{text}”可能是几月几日，也可能是几日几月，请写清楚。", "“{text}” may be day and month or month and day. Please write the month in words."),
    "month_or_months": ("“{text}”是{month}月里一次，还是每{month}个月一次？请写清楚。", "“{text}” may be once in that month or once every so many months. Please say which."),
    "yearly_unclear": ("每年的这一天请写几月几日。", "Please give the month and day that comes every year."),
    "which_of_quarter": ("每季度的哪一天，请写清楚是哪个月。", "Which month of the quarter? Please write it."),
    # Notes: an assumption that is shown while work goes on.
    "end_unstated": ("没写结束时间，按{minutes}分钟算。", "No end is given; {minutes} minutes are assumed."),
    "afternoon_assumed": ("“{text}”按下午算。", "“{text}” is read as the afternoon."),
    "anchor_assumed": ("从{date}那一次算起;如果是另一轮，请改。", "Counted from {date}; please change it if the other turn is meant."),
    "ending_days": ("“{text}”按每月尾数相同的日子算。", "“{text}” is read as the days of each month that end so."),
    "first_such_weekday": ("“第几周的星期几”按当月第几个这样的星期几算。", "The weekday of a week of the month is read as the first, second … such weekday."),
    "within_hours": ("按{date}那天同一时刻之前算。", "Read as until the same hour on {date}."),
    "range_lower": ("按较少的一个算，多了也欢迎。", "The smaller number is taken; more is welcome."),
    "lunar_short": ("{year}年这个月没有三十，按{date}（月末）算。", "That lunar month has no thirtieth; its last day, {date}, is taken."),
    "about_hour": ("“左右”按前后半小时都可以算。", "“About” is read as half an hour either way."),
    "about_day": ("“前后”按前后两天都可以算。", "“About” is read as two days either way."),
    "week_of_month": ("按{first}至{last}算。", "Read as {first} to {last}."),
    "next_such_day": ("没写月份，按{date}算。", "No month is given; {date} is assumed."),
    "year_assumed": ("没写年份，按{date}算。", "No year is given; {date} is assumed."),
    "festival_day": ("“{name}”是{date}。", "“{name}” is {date}."),
    "lunar_day": ("“{text}”是公历{date}。", "“{text}” is {date} in the solar calendar."),
    "season_days": ("“{text}”按{first}至{last}算。", "“{text}” is read as {first} to {last}."),
    "whole_day": ("{days}没写钟点，按全天算。", "No hours are given for {days}; the whole day is assumed."),
    "holidays_to_come": ("放假安排公布到{date}；以后的节假日公布了才算得出。", "Public holidays are known until {date}; later ones count once they are announced."),
    "calendar_unknown": ("{year}年的放假安排还没公布，工作日先按周一到周五算。", "The holidays of {year} are not announced yet; Monday to Friday are assumed."),
}  # fmt: skip


def ask(code: str, **known: str) -> Question:
    """The question (or note) of this code with its values filled in."""
    zh, en = _SENTENCES[code]
    return Question(code=code, zh=zh.format(**known), en=en.format(**known), field="when")
