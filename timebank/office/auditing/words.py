"""What the lists of auditing are called, and what a line of the log says, in both languages: (中文, English)."""

from __future__ import annotations

from collections.abc import Mapping

from timebank.rules.oversight.auditing import What
from timebank.rules.parts.statements import Said
from timebank.rules.people.readings import Why

Words = tuple[str, str]

TITLES: Mapping[What, Words] = {
    What.ALONE: ("一人又记又证明", "Entered and vouched for by one hand"),
    What.LATE: ("补记的", "Entered afterwards"),
    What.BURSTS: ("几分钟里连着确认", "Vouched for in bursts"),
    What.CORRECTIONS: ("更正过的", "Put right"),
    What.CARDS: ("看了谁的私人信息", "Private cards read"),
    What.SIGN_INS: ("登录和发登录码", "Sign-ins and codes"),
}
EXPLAINED: Mapping[What, Words] = {
    What.ALONE: (
        "同一个人记了到、走或时间，又说帮好了。这样的要等第二个人，才进账本。",
        "One person wrote down the times and also said that the help was given. These wait for a second person before they count.",
    ),
    What.LATE: (
        "服务过了两天以上才有人记的。纸上记、事后录入的多半在这里。",
        "Written down two days or more after the service. Paper sheets typed in later are mostly here.",
    ),
    What.BURSTS: (
        "一个人在十分钟里说了六份以上帮好了。收工点名的一次就有好几份。",
        "One person vouched for six parts or more within ten minutes. Closing a shift counts once for each of its people.",
    ),
    What.CORRECTIONS: (
        "收回的话、说不对的、从账本冲回的。",
        "Words taken back, called wrong, or reversed in the book.",
    ),
    What.CARDS: (
        "谁为了什么看了多少人的私人信息。本人问起来，也看得到。",
        "Who read how many people’s private cards, and what for. The people themselves can see it on asking.",
    ),
    What.SIGN_INS: (
        "谁登录了几次，替人办了几次，给人发了几次登录码或卡片。",
        "How often somebody signed in, acted for somebody else, or gave out codes and cards.",
    ),
}
SAID: Mapping[Said, Words] = {
    Said.AMOUNT: ("改定时间", "set the time"),
    Said.WORD: ("说帮好了", "said it was done"),
    Said.POSTED: ("记进账本", "entered in the book"),
    Said.REVERSED: ("从账本冲回", "reversed in the book"),
    Said.RETRACT: ("改回上面一句", "took back what was said before"),
    Said.WRONG: ("说不对", "said it was wrong"),
    Said.FOUND_NOT: ("问过，没来", "found not to have come"),
    Said.ARRIVAL: ("记了到", "entered the arrival"),
    Said.LEAVING: ("记了走", "entered the leaving"),
    Said.WENT: ("说去了", "said they went"),
}
WHY: Mapping[Why, Words] = {
    Why.CALL: ("接电话时核对", "on the telephone"),
    Why.LIST: ("准备打电话", "to ring them"),
    Why.EVENING: ("核对当天的服务", "to check the day’s visits"),
    Why.HOURS: ("核对时间记录", "to check hours"),
    Why.ASK: ("替人提要帮的忙", "to ask for help on their behalf"),
    Why.NEED: ("安排要帮的忙", "to arrange help"),
    Why.VISIT: ("上门前看", "before a visit"),
    Why.RECORD: ("查看或更正登记", "to look at or correct a record"),
    Why.SAME: ("核对是不是同一个人", "to see whether two records are one person"),
    Why.ARCHIVE: ("看档案", "to read a file"),
    Why.COPY: ("给本人取一份", "to take out a copy for the person"),
    Why.LEAVE: ("办搬家、离开", "about a move or a leaving"),
    Why.FILE: ("导入或下载清单", "to load or take out a list"),
    Why.WAYS: ("发登录码或卡片", "to issue a code or a card"),
}
"""What cards were read for, as an auditor is told of it."""
ACTIONS: Mapping[str, Words] = {
    "sign_in": ("登录", "signed in"),
    "sign_out_everywhere": ("所有设备退出", "signed out everywhere"),
    "end_sign_in": ("退出一台设备", "signed one device out"),
    "act_for": ("替人办事", "acted for somebody"),
    "stop_acting": ("不再替人办", "stopped acting for somebody"),
    "issue_code": ("发登录码", "gave out a sign-in code"),
    "issue_card": ("发卡片", "gave out a card"),
    "issue_link": ("发登录链接", "gave out a sign-in link"),
    "revoke_card": ("收回卡片", "revoked a card"),
    "card_used": ("用卡片办事", "used a card"),
    "card_not_hers": ("卡片不是本人用的", "said a card was not used by its owner"),
    "set_second_factor": ("认手机", "set up a telephone for signing in"),
    "check_in": ("记到", "checked in"),
    "check_out": ("记走", "checked out"),
    "undo_check_in": ("收回记到", "took back a check-in"),
    "confirm_hours": ("确认时间", "confirmed hours"),
    "correct_hours": ("更正时间", "corrected hours"),
    "reverse_hours": ("冲回时间", "reversed hours"),
    "close_shift": ("收工", "closed a shift"),
    "reopen_service": ("重开收工", "opened a shift again"),
    "close_month": ("结账", "closed a month"),
    "publish": ("公布封条", "published the seals"),
    "dispute": ("说不对", "disputed hours"),
    "dispute_resolved": ("争议办好", "settled a dispute"),
    "dispute_rejected": ("争议驳回", "rejected a dispute"),
    "posted": ("记进账本", "entered in the book"),
    "posts": ("记进账本", "entered in the book"),
    "open_request": ("提要帮的忙", "asked for help"),
    "decide_by_hand": ("人工定下", "decided by hand"),
    "make_plan": ("排一周", "made the week’s plan"),
    "follow_plan": ("按变化改排", "let the plan follow"),
    "register_elder": ("登记居民", "registered somebody"),
    "found_community": ("建社区", "founded the community"),
    "import_file": ("导入清单", "loaded a file"),
    "undo_import": ("撤回导入", "took back a file"),
    "outside": ("进来的消息", "a message came in"),
    "step_in": ("接手", "stepped in"),
    "walk_up": ("到窗口登记", "registered at the counter"),
    "write_times": ("写下时间", "wrote down times"),
    "write_paper": ("录入纸上的", "typed in a paper sheet"),
    "go_away": ("不在家几天", "said they are away"),
    "come_back": ("回来了", "said they are back"),
    "live_together": ("住在一起", "wrote down that people live together"),
    "live_apart": ("不住一起了", "wrote down that people live apart"),
    "card_hers": ("卡片是本人用的", "said a card was used by its owner"),
    "pause_offer": ("停一停能帮的", "paused an offer"),
    "queued_press": ("没网时按的，后来送到", "a press made without a network arrived"),
    "register_member": ("登记居民", "registered somebody"),
    "sign_agreement": ("签协议", "signed an agreement"),
    "uncare_area": ("定下不用人负责", "said that nobody has to take care"),
    "know_phone": ("认出手机", "said whose telephone it is"),
}
"""What the log calls an action -> what a reader does; others are told by the word they begin with."""
BEGINNINGS: tuple[tuple[str, Words], ...] = (
    ("read_", ("查看", "read")),
    ("download_", ("下载", "downloaded")),
    ("copy_", ("取一份", "took a copy")),
    ("enter_", ("录入", "entered")),
    ("draft_", ("起草", "drafted")),
    ("approve_", ("同意", "approved")),
    ("agree_", ("同意，等第三位", "agreed, and a third is asked")),
    ("accept_", ("接受", "accepted")),
    ("drop_", ("撤下", "dropped")),
    ("decline_", ("谢绝", "declined")),
    ("cancel_", ("取消", "cancelled")),
    ("call_off", ("取消", "called off")),
    ("call_", ("打电话", "about a telephone call")),
    ("withdraw_", ("收回", "withdrew")),
    ("take_back", ("收回", "took back")),
    ("end_", ("结束", "ended")),
    ("add_", ("添加", "added")),
    ("create_", ("新建", "created")),
    ("open_", ("新建", "opened")),
    ("begin_", ("开始", "began")),
    ("make_", ("新建", "made")),
    ("load_", ("装入", "loaded")),
    ("join_", ("合并或加入", "joined")),
    ("give_", ("给出", "gave")),
    ("claim_", ("认领", "claimed")),
    ("release_", ("放开认领", "released a claim")),
    ("arrange_", ("定下谁去", "arranged a service")),
    ("move_", ("搬动", "moved")),
    ("change_", ("修改", "changed")),
    ("edit_", ("修改", "edited")),
    ("correct_", ("更正", "corrected")),
    ("complete_", ("补全", "completed")),
    ("rename_", ("改名", "renamed")),
    ("name_", ("写明是谁", "named")),
    ("set_", ("设定", "set")),
    ("save_", ("保存", "saved")),
    ("plan_", ("安排", "planned")),
    ("list_", ("改清单", "changed a list")),
    ("row_", ("定下一行", "decided on a row")),
    ("rota_", ("改轮值", "changed a rota")),
    ("relationship", ("改关系", "changed a relationship")),
    ("radar_", ("看了提醒", "looked at a pattern")),
    ("slips_", ("打印条子", "about printed slips")),
    ("task", ("办事项", "worked on a task")),
    ("state_", ("办事项", "worked on a task")),
    ("said_", ("说了一句", "said a word")),
    ("say_", ("说了一句", "said a word")),
    ("speak_", ("替人说一句", "spoke for somebody")),
    ("ask_", ("请求", "asked")),
    ("answer_", ("答复", "answered")),
    ("look", ("看了一眼", "looked")),
    ("report_", ("报告", "reported")),
    ("member_", ("改登记", "changed somebody’s record")),
    ("skip_", ("跳过一步", "skipped a step")),
    ("send_", ("另发", "sent")),
    ("sign_up", ("报名", "signed up")),
    ("confirm_", ("核对", "confirmed")),
    ("resume_", ("恢复", "resumed")),
    ("renew_", ("换新", "renewed")),
    ("remove_", ("去掉", "removed")),
    ("care_", ("定谁负责", "said who takes care")),
    ("declare_", ("登记设备", "declared a device")),
    ("texts_", ("收短信", "took in text messages")),
)
OTHER: Words = ("别的", "something else")


def action(name: str) -> Words:
    """What a line of the log says was done."""
    if name in ACTIONS:
        return ACTIONS[name]
    return next((words for beginning, words in BEGINNINGS if name.startswith(beginning)), OTHER)
