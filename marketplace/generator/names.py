"""Invented names that sound like the place: streets, communities, people, partner units. No real person or unit is meant.

Telephone numbers start with 1990, a range our sample lists use; they are counted up, never drawn.
"""

from __future__ import annotations

from random import Random

SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
)
_GIVEN = tuple(
    "安邦碧彩朝晨诚春聪翠丹德东恩芳飞凤福刚桂国海涵和红华慧吉佳建洁锦静军俊凯康兰乐莉林玲茂梅美敏明娜宁鹏平琪强清庆荣蓉瑞睿若珊胜世淑舒松婷伟文霞贤翔晓欣秀雪雅妍燕阳怡英颖勇友玉远月云泽珍振志忠竹子"
)
# Characters that old systems lose: rare in GBK, or beyond it, or beyond sixteen bits.
RARE_NAMES = ("䶮七", "王䶮", "李㛃", "陈𬸚", "周䒟", "赵𠅤")

_FIRST = tuple("枫柳桂槐梅榆松桐杏桃兰菊莲荷竹榕樟银紫青翠碧金锦")
_SECOND = tuple("桥湾苑园坊里溪塘岭亭台泉港浦洲庭巷井渡陵")
COMMUNITY_NAMES = tuple(f"{first}{second}" for first in _FIRST for second in _SECOND)
STREET_NAMES = (
    "清河", "临江", "望湖", "东门", "西城", "南苑", "北关", "长宁", "永安", "新桥", "古塔", "和平", "向阳", "滨河", "文昌",
    "白云", "石桥", "云山", "平湖", "花园", "城隍", "泰和", "洛滨", "环翠",
)  # fmt: skip


def person_name(draw: Random) -> str:
    """A surname with one given character, or more often two."""
    given = draw.choice(_GIVEN) if draw.randrange(4) == 0 else draw.choice(_GIVEN) + draw.choice(_GIVEN)
    return draw.choice(SURNAMES) + given


def phone_number(number: int) -> str:
    """The number of the volunteer counted `number`, eleven digits."""
    return f"1990{number:07d}"
