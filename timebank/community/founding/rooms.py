"""Where everything of the desk is found: rooms by what a clerk is looking for."""

from __future__ import annotations

from dataclasses import dataclass

from timebank.web.i18n import lazy


@dataclass(frozen=True, slots=True)
class Room:
    """One page of the desk: its address, its name, what is done there, a drawing."""

    href: str
    name: lazy
    what: lazy
    icon: str


ROOMS: tuple[tuple[lazy, tuple[Room, ...]], ...] = (
    (
        lazy("每天"),
        (
            Room("/desk/phone", lazy("接一个电话"), lazy("登记居民要帮的忙"), "phone"),
            Room("/desk/needs", lazy("登记需求"), lazy("还在等的事，找人去帮"), "list"),
            Room("/desk/plan", lazy("本周安排"), lazy("排一周，看谁帮谁、还缺什么"), "calendar"),
            Room("/desk/confirm", lazy("等确认"), lazy("帮完了还没有记时的"), "done"),
        ),
    ),
    (
        lazy("人"),
        (
            Room("/desk/members", lazy("居民和志愿者"), lazy("找人、登记、改错、搬家"), "people"),
            Room("/desk/relationships", lazy("谁和谁有关系"), lazy("代办、结对、网格长、楼栋长"), "person"),
            Room("/desk/staff", lazy("工作人员和监督员"), lazy("谁在这里上班，账号和密码"), "person"),
            Room("/desk/cards", lazy("居民卡"), lazy("没有手机的人，凭卡登录和求助"), "qr"),
        ),
    ),
    (
        lazy("队伍和单位"),
        (
            Room("/desk/teams", lazy("服务队"), lazy("队伍、队长、队员"), "vest"),
            Room("/desk/units", lazy("共建单位"), lazy("单位和联系人"), "unit"),
            Room("/desk/organisations", lazy("所有组织"), lazy("协会、站点、活动室也在这里"), "board"),
            Room("/desk/agreements", lazy("共建协议"), lazy("谁答应了什么，兑现没有"), "pen"),
        ),
    ),
    (
        lazy("清单"),
        (
            Room("/desk/lists", lazy("加一条、改一条"), lazy("活动、项目、需求、资源四张清单"), "list"),
            Room("/desk/import", lazy("导入清单"), lazy("把表格读进来"), "upload"),
            Room("/desk/admission", lazy("要求"), lazy("哪一类事要什么证明、多大年纪"), "lock"),
            Room("/desk/calendar", lazy("一年的放假安排"), lazy("哪天放假、哪天补班"), "calendar"),
            Room("/desk/categories", lazy("帮助的种类"), lazy("一句话算哪一种帮助"), "help"),
            Room("/desk/funnel", lazy("从登记到上岗"), lazy("招募走到哪一步，卡在哪里"), "search"),
        ),
    ),
    (
        lazy("社区"),
        (
            Room("/desk/community", lazy("地址、电话、开放时间"), lazy("大家在公示栏和页脚看到的"), "home"),
            Room("/desk/areas", lazy("网格和楼栋"), lazy("有哪些地方，谁负责，走几分钟"), "board"),
            Room("/desk/policy", lazy("规则"), lazy("时间怎么记、怎么用"), "scales"),
            Room("/desk/founding", lazy("开办十二步"), lazy("新社区先做什么"), "done"),
        ),
    ),
    (
        lazy("时间账本"),
        (
            Room("/books", lazy("账本"), lazy("每月结账，任何人都能查"), "book"),
            Room("/desk/opening", lazy("以前的存折"), lazy("以前攒的时间带进来"), "passbook"),
        ),
    ),
)
