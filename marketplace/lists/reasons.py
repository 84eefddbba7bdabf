"""Why a row, or one of its cells, was doubted, merged or refused; each with a stable code and both sentences."""

from __future__ import annotations

from marketplace.values import Refusal

_SENTENCES: dict[str, tuple[str, str]] = {
    # The row or its file.
    "header_unknown": ("认不出这张表的表头，请指明是哪张清单、每列是什么。", "The header of this table was not recognised. Please say which list it is and what each column holds."),
    "table_left_out": ("这张表选了不导入。", "This table was left out on purpose."),
    "row_hidden": ("这一行在文件里是隐藏的，先没有收。", "This row is hidden in the file; it was not taken yet."),
    "row_struck": ("这一行划了删除线，先没有收。", "This row is struck out; it was not taken yet."),
    "row_partly_struck": ("这一行里有划掉的字，先没有收，请看一下留哪些。", "Words of this row are struck out; it was not taken yet. Please say which stay."),
    "row_error": ("这一行里有表格的错误值，先没有收，请改好。", "This row holds an error value of the spreadsheet; it was not taken yet. Please correct it."),
    "row_lone": ("这一行只有一个格子有字，先没有收。", "This row has a single filled cell; it was not taken yet."),
    "filled_from_above": ("“{column}”空着，按上一行的“{text}”算。", "“{column}” is blank; “{text}” of the row above is taken."),
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
    "phone_part_unread": ("号码一栏里的“{text}”没有读成号码，照原样保留。", "“{text}” beside the number could not be read as one; it is kept as written."),
    "phone_missing": ("没有留手机号，通知只能经服务队或社区转达。", "No phone number; messages go through the team or the community."),
    "phone_shared": ("与第{row}行（{name}）留的是同一个号码，按合用一个号码收下。", "The same number as row {row} ({name}); taken as shared."),
    "name_doubtful": ("“{text}”不像一个完整的姓名，请问清楚。", "“{text}” does not look like a full name. Please ask."),
    "guardian_consent": ("未满18岁，需要监护人同意并有成人带领。", "Under 18: a guardian must agree and an adult must lead."),
    "age_unknown": ("年龄说不准，可能未满18岁，请问清出生日期。", "The age is not certain and may be under 18; please ask for the date of birth."),
    "age_differs": ("这一行写的年龄互相对不上（相差两年以上），请问清出生日期。", "What this row says of the age differs by more than two years; please ask for the date of birth."),
    "age_unreadable": ("看不懂“{column}”写的“{text}”，请写出生日期或年龄。", "“{text}” in “{column}” could not be read as an age or a date of birth; please write one."),
    "service_unknown": ("“{column}”里的“{text}”看不出是哪类服务，请选一个类别。", "Which kind of help “{text}” in “{column}” is could not be told. Please choose one."),
    "wish_unread": ("“{column}”写的“{text}”没有读懂，请改写。", "“{text}” in “{column}” was not understood. Please write it differently."),
    "cap_in_hours": ("“{text}”按小时算。", "“{text}” is read as hours."),
    "team_missing": ("没有写所属队伍。", "No team is given."),
    "skill_missing": ("没有写特长，先不推荐具体服务。", "No skill is given; no particular service is proposed."),
    # Needs.
    "need_claimed": ("写着已由“{text}”认领，要不要还放在清单上？", "It says that “{text}” has claimed it. Should it still be on the list?"),
    "need_done": ("状态写着“{text}”，要不要还放在清单上？", "Its state is “{text}”. Should it still be on the list?"),
    "helpers_differ": ("一处写要{one}人，一处写要{other}人，请确认要几个人。", "One column asks for {one} people, another for {other}. Please say how many are needed."),
    # Roll-call.
    "walk_up": ("名单里没有“{name}”，像是临时来的；时间先记下，登记后再入账。", "“{name}” is not on the list and seems to have walked up; the time is noted and posted after registration."),
    "times_reversed": ("签退{ends}早于签到{starts}，像是写反了；请本人或队长确认，没有自动对调。", "Signed out at {ends}, before signing in at {starts}: probably reversed. The person or the leader must confirm; nothing was swapped."),
    "clock_missing": ("没有写{column}，时长算不出来。", "No {column} is given, so the time served cannot be told."),
    "clock_unreadable": ("看不懂“{text}”是几点，请改写。", "“{text}” could not be read as a time of day. Please correct it."),
    "clock_half_day": ("“{text}”是上午还是下午？请写明。", "Is “{text}” in the morning or in the afternoon? Please say."),
    "clock_impossible": ("“{text}”不是一天里的时间，请改写。", "“{text}” is no time of a day. Please correct it."),
    "held_on_missing": ("没有写是哪一天，请补上日期。", "No day is given. Please add the date."),
    "held_on_unread": ("看不懂日期“{text}”，请改写，如2026-11-17。", "The date “{text}” could not be read. Please write it like 2026-11-17."),
    "days_disagree": ("这一格写的是{cell}，这一行或表头写的是{row}，请确认是哪一天。", "This cell says {cell}, the row or the title says {row}. Please say which day it was."),
    "day_ahead": ("{day}还没到，不能先记时长，请核对日期。", "{day} is still to come, so no time can be noted for it. Please check the date."),
    "stay_missing": ("没有写服务了多久，时长算不出来。", "How long it lasted is not given, so the time served cannot be told."),
    "length_unread": ("看不懂“{text}”是多长时间，请改写，如2小时或90分钟。", "“{text}” could not be read as a length of time. Please write it like 2 hours or 90 minutes."),
    "length_without_unit": ("“{text}”没有写是小时还是分钟。", "“{text}” does not say whether it counts hours or minutes."),
    "length_differs": ("写的时长是{length}分钟，签到签退之间是{clocks}分钟，请确认以哪个为准。", "The length given is {length} minutes, between signing in and out are {clocks}. Please say which counts."),
    "lengths_differ": ("两列时长对不上：一列是{length}分钟，一列是{beside}分钟，请确认以哪个为准。", "The two columns of length say {length} and {beside} minutes. Please say which counts."),
    "stay_repeated": ("与第{row}行是同一个人、同一段时间，请确认是不是重复写了。", "The same person and the same time as row {row}. Please say whether it was written twice."),
    "state_open": ("状态写着“{text}”，请确认这段时间算不算。", "Its state is “{text}”. Please say whether this time counts."),
    "times_overlap": ("与第{row}行是同一个人，时间重叠，请确认哪一条对。", "The same person as row {row} with overlapping times. Please say which is right."),
    "stay_long": ("签到到签退有{hours}小时，请核对。", "{hours} hours between signing in and out. Please check."),
}  # fmt: skip


def reason(code: str, field: str = "", /, **known: str) -> Refusal:
    """The reason with this code, its sentences filled in."""
    zh, en = _SENTENCES[code]
    return Refusal(code=code, zh=zh.format(**known), en=en.format(**known), field=field, known=known)
