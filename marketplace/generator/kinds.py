"""What is asked for and what people can do: one line per kind of help, with the words offices and residents use.

Both sides follow a power law, but not the same one: many offer to talk, teach the phone or pick up litter, while escorts
to the doctor, meals and repairs are asked for most. That gap, and hours that do not meet, is why half of the people on a
list have no post although there is enough to do.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.generator.draws import Weighted

RARE_BELOW = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of help.

    Attributes:
        code: of the shipped category tree.
        phrase: what the column 需求类别 says.
        asked, offered: weights among needs and among volunteers' skills.
        skill: what the column 特长 says.
        titles: requests as they are written down; the tree finds the kind in each of them.
        minutes: lengths of one visit to draw from.
        certificate: asked for by some of these needs, held by some of these helpers.
        same_gender: some ask for a helper of their own gender.
        evenings: also wanted in the evening, not by day only.
    """

    code: str
    phrase: str
    asked: int
    offered: int
    skill: str
    titles: tuple[str, ...]
    minutes: tuple[int, ...] = (60,)
    heavy: bool = False
    certificate: str = ""
    same_gender: bool = False
    evenings: bool = False

    @property
    def rare(self) -> bool:
        """True for what few ask for and few can do; such helpers go further, and whoever asks takes the hour that comes."""
        return self.asked < RARE_BELOW


VISITS = (
    Kind(code="companionship", phrase="精神慰藉", asked=150, offered=210, skill="聊天", evenings=True,
         titles=("想有人说说话", "一个人闷,想找人聊聊天", "请定期上门陪伴", "子女在外,想有人打电话问候")),
    Kind(code="errand", phrase="代买代购", asked=140, offered=170, skill="代买代购",
         titles=("帮忙买米、油和青菜", "买药(降压药,有处方)", "帮忙取快递", "下雨天请代买菜"), minutes=(60, 60, 30)),
    Kind(code="escort", phrase="陪同就医", asked=120, offered=110, skill="陪同就医",
         titles=("陪去市一院复查,需挂号取药", "陪同就医,要推轮椅", "陪看病,听不清医生说话"), minutes=(120, 120, 180)),
    Kind(code="meals", phrase="助餐", asked=80, offered=75, skill="送餐",
         titles=("午饭送到家,少盐", "送餐上门,腿脚不便", "请送午餐,一人份"), minutes=(30,)),
    Kind(code="phone_lessons", phrase="手机教学", asked=70, offered=130, skill="教手机", evenings=True,
         titles=("不会用手机挂号,想学", "想学微信视频通话", "学用智能手机交水费")),
    Kind(code="haircut", phrase="理发", asked=60, offered=48, skill="理发",
         titles=("上门理发", "卧床,请上门剪头发", "剪头、修面"), minutes=(30, 60)),
    Kind(code="paperwork", phrase="代办", asked=55, offered=80, skill="代办",
         titles=("帮填高龄津贴申请表、复印身份证", "代缴费,不会用机器", "帮办社保卡")),
    Kind(code="electrical", phrase="维修", asked=50, offered=46, skill="电工",
         titles=("卫生间灯坏了,不敢爬高换", "插座松了,怕漏电", "换灯泡两个"), minutes=(60, 30)),
    Kind(code="cleaning", phrase="家政", asked=50, offered=70, skill="保洁",
         titles=("擦窗户、大扫除", "打扫卫生,刚出院", "清洗油烟机"), minutes=(120, 120, 180)),
    Kind(code="childcare", phrase="课后托管", asked=45, offered=75, skill="课后托管",
         titles=("孩子放学后没人接,看作业", "想有人接孩子"), minutes=(90,)),
    Kind(code="tutoring", phrase="辅导", asked=45, offered=75, skill="辅导功课",
         titles=("初三数学辅导", "小学作业辅导", "英语补课,困境学生"), minutes=(90,)),
    Kind(code="appliance", phrase="家电维修", asked=35, offered=28, skill="家电维修",
         titles=("电风扇不转了", "洗衣机漏水,修洗衣机", "电饭锅坏了")),
    Kind(code="health_check", phrase="健康服务", asked=35, offered=34, skill="量血压",
         titles=("上门量血压、测血糖", "每周量血压"), minutes=(30,)),
    Kind(code="moving", phrase="搬抬重物", asked=30, offered=42, skill="搬东西", heavy=True,
         titles=("搬家具,从五楼到一楼", "扛米上楼", "搬桌椅")),
    Kind(code="plumbing", phrase="维修", asked=28, offered=24, skill="疏通下水道",
         titles=("下水道堵了", "水龙头关不紧", "马桶漏水")),
    Kind(code="mediation", phrase="调解", asked=25, offered=36, skill="邻里调解", evenings=True,
         titles=("楼上漏水,和邻居说不通", "邻居半夜吵闹,想请人调解")),
    Kind(code="legal_advice", phrase="法律援助", asked=22, offered=24, skill="法律咨询", evenings=True,
         titles=("赡养、继承咨询", "想问合同和欠薪", "遗嘱怎么写,想请律师讲讲")),
    Kind(code="bathing", phrase="助浴", asked=20, offered=22, skill="助浴", same_gender=True,
         titles=("助浴,半失能", "洗头、剪指甲"), certificate="养老护理员证"),
    Kind(code="locks", phrase="便民", asked=18, offered=18, skill="磨刀",
         titles=("磨刀、磨剪子", "换锁", "缝补衣服两件"), minutes=(30,)),
    Kind(code="calligraphy", phrase="书法", asked=12, offered=26, skill="写对联",
         titles=("想请人写对联", "想学毛笔字")),
    Kind(code="rehab", phrase="康复", asked=12, offered=11, skill="康复按摩",
         titles=("术后康复训练", "肩膀疼,想做推拿理疗"), certificate="护士执业证"),
    Kind(code="pets", phrase="宠物照看", asked=8, offered=14, skill="遛狗",
         titles=("住院几天,请帮忙遛狗", "请照看宠物"), minutes=(30,)),
)  # fmt: skip

# Several at once, asked for by the community or a unit and served by teams: 5 to 12 people at one activity.
SHIFTS = (
    Kind(code="environment", phrase="环境整治", asked=50, offered=50, skill="环境整治",
         titles=("清理楼道堆物和小广告", "捡烟头、捡垃圾", "清扫落叶、除草"), minutes=(120,)),
    Kind(code="patrol", phrase="巡逻值守", asked=25, offered=30, skill="巡逻",
         titles=("治安巡逻", "护学岗值守", "文明劝导,路口值守"), minutes=(120,)),
    Kind(code="event_help", phrase="志愿者", asked=25, offered=30, skill="活动协助",
         titles=("图书整理,需志愿者", "布置会场、维持秩序", "慰问演出引导和登记"), minutes=(120, 180)),
)  # fmt: skip

ALL_KINDS = VISITS + SHIFTS
ASKED_VISITS = Weighted(*((one.asked, one) for one in VISITS))
ASKED_SHIFTS = Weighted(*((one.asked, one) for one in SHIFTS))
OFFERED = Weighted(*((one.offered, one) for one in VISITS))
