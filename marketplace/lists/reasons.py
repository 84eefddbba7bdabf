"""Why a row, or one of its cells, was doubted, merged or refused; each with a stable code and both sentences."""

from __future__ import annotations

from marketplace.values import Refusal

_SENTENCES: dict[str, tuple[str, str]] = {
    # The row or its file.
    "header_unknown": ("认不出这张表的表头，请指明是哪张清单、每列是什么。", "The header of this table was not recognised. Please say which list it is and what each column holds."),
    "required_missing": ("“{column}”是必填的，这一行没有。", "“{column}” is required and this row has none."),
    "line_repeated": ("与第{row}行相同，已合并。", "Same as row {row}; merged into it."),
    "line_similar": ("与第{row}行很像但不完全相同,请确认是不是同一条。", "Much like row {row} but not the same. Please say whether they are one."),
    "person_merged": ("与第{row}行是同一个人（姓名、手机相同），已合并：{joined}。", "The same person as row {row} (same name and phone); merged: {joined}."),
    "person_likely": ("与第{row}行像是同一个人：姓名相同，号码只差一位（{short}、{whole}）；先合并为一人（{joined}），请确认。", "Probably the same person as row {row}: the same name, numbers that differ by one digit ({short}, {whole}); joined for now ({joined}). Please confirm."),
    # Cells.
    "cell_formula": ("“{column}”里是表格公式（{text}），没有执行，请确认原意。", "“{column}” holds a spreadsheet formula ({text}); it was not run. Please say what was meant."),
    "date_unreadable": ("看不懂“{column}”的日期“{text}”，先按{assumed}算，请核对。", "The date “{text}” in “{column}” could not be read; {assumed} is assumed. Please check."),
    "date_in_future": ("“{column}”的日期{text}还没到，请核对。", "The date {text} in “{column}” lies in the future. Please check."),
    "word_unknown": ("“{column}”写的“{text}”不在常用词里，先按“{assumed}”算。", "“{text}” in “{column}” is not a known word; “{assumed}” is assumed."),
    "category_unsure": ("不能肯定这一条是哪一类，可能是{proposed}，请选一个类别。", "Which kind of help this is is not certain; it may be {proposed}. Please choose a category."),
    "category_unknown": ("看不出这一条属于哪一类，请选一个类别。", "Which kind of help this is could not be told. Please choose a category."),
    "source_unit": ("这是单位提出的需求。", "A unit asks for this."),
    "language_wish": ("备注提到方言或语言，安排时请找会说的人。", "The remark mentions a dialect or language; please choose a helper who speaks it."),
    "condition_time": ("条件里写了时间（“{text}”），安排时请留意。", "The conditions mention a time (“{text}”); please mind it when arranging."),
    "not_free": ("这项资源写明“{text}”，服务不计入时间银行。", "This offer is “{text}”; helping with it earns no hours."),
    "progress_unreadable": ("“{text}”不是百分数，当作状态文字保留。", "“{text}” is not a percentage; it is kept as a word of state."),
    # People.
    "phone_length": ("手机号“{text}”是{digits}位，应为11位；其他内容已收下，请补号码。", "The phone number “{text}” has {digits} digits instead of 11; the rest is kept. Please add the number."),
    "phone_characters": ("手机号“{text}”里有不是数字的字符；其他内容已收下，请补号码。", "The phone number “{text}” has characters that are not digits; the rest is kept. Please add the number."),
    "phone_missing": ("没有留手机号，通知只能经服务队或社区转达。", "No phone number; messages go through the team or the community."),
    "phone_shared": ("与第{row}行（{name}）留的是同一个号码，请确认是不是家人或写错。", "The same number as row {row} ({name}). Please say whether they share it or it is a slip."),
    "name_doubtful": ("“{text}”不像一个完整的姓名，请问清楚。", "“{text}” does not look like a full name. Please ask."),
    "guardian_consent": ("未满18岁，需要监护人同意并有成人带领。", "Under 18: a guardian must agree and an adult must lead."),
    "service_unknown": ("“{column}”里的“{text}”看不出是哪类服务，请选一个类别。", "Which kind of help “{text}” in “{column}” is could not be told. Please choose one."),
    "wish_unread": ("“{column}”写的“{text}”没有读懂，请改写。", "“{text}” in “{column}” was not understood. Please write it differently."),
    "cap_in_hours": ("“{text}”按小时算。", "“{text}” is read as hours."),
    "team_missing": ("没有写所属队伍。", "No team is given."),
    "skill_missing": ("没有写特长，先不推荐具体服务。", "No skill is given; no particular service is proposed."),
    # Roll-call.
    "walk_up": ("名单里没有“{name}”，像是临时来的；时间先记下，登记后再入账。", "“{name}” is not on the list and seems to have walked up; the time is noted and posted after registration."),
    "times_reversed": ("签退{ends}早于签到{starts}，像是写反了；请本人或队长确认，没有自动对调。", "Signed out at {ends}, before signing in at {starts}: probably reversed. The person or the leader must confirm; nothing was swapped."),
    "clock_missing": ("没有写{column}，时长算不出来。", "No {column} is given, so the time served cannot be told."),
    "clock_doubt": ("{zh}", "{en}"),
    "held_on_missing": ("表头没有写日期，请补上是哪一天。", "The sheet names no date. Please add it."),
    "times_overlap": ("与第{row}行是同一个人，时间重叠，请确认哪一条对。", "The same person as row {row} with overlapping times. Please say which is right."),
    "stay_long": ("签到到签退有{hours}小时，请核对。", "{hours} hours between signing in and out. Please check."),
}  # fmt: skip


def reason(code: str, field: str = "", /, **known: str) -> Refusal:
    """The reason with this code, its sentences filled in."""
    zh, en = _SENTENCES[code]
    return Refusal(code=code, zh=zh.format(**known), en=en.format(**known), field=field, known=known)
