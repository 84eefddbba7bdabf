"""The words that people answer with on the telephone's keys, as patterns over one clause of folded, simplified text."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


DANGER = _words(
    r"救命|摔倒|摔了一?跤|我摔|跌倒|我跌|胸口[疼痛闷]|胸[闷痛]|心口疼|[喘透]不[上过]来?气|晕倒|昏[倒迷]|流血|着火|起火|中风|煤气漏|触电"
    r"|叫救护车|急救|\bemergency\b|\bambulance\b|\bi fell\b|\bfallen\b|chest pain|cant breathe"
)
"""Somebody may be in danger: before everything else."""

DOUBTFUL = _words(
    r"不是[没不]|要是|如果|万一|假如|没来得及|(.)不\1|不会不|不可能没|不一定|说不定|也许|可能[会来去]|\bif\b|\bmaybe\b|not sure"
)
"""Turned and conditional words: the plain word inside them does not count."""

QUESTION = _words(r"[吗么嘛呢]$")
POLITE = _words(r"帮我|帮忙|帮个忙|请人|麻烦|陪我|给我|想请|\bplease\b|\bhelp me\b|could you|can you")

FAMILY = _words(
    r"我?(?:家|的)?(?:儿子|女儿|闺女|孙子|孙女|外孙|老伴|儿媳|女婿|妹妹|弟弟|姐姐|哥哥|亲戚|家里人|孩子)(?:已经)?(?:回?来|到家?)(?:过)?了"
)
"""Who of the family came is no answer about the helper."""

MEANINGS: Mapping[str, re.Pattern[str]] = {
    "not_came": _words(
        r"没(?:有)?(?:人|谁)?来(?!得及)|没(?:有)?到(?![家点])|没见(?:到|着)?人|等不到人|人影|\bnobody\b|no one came|didnt come"
    ),
    "came": _words(
        r"(?<!没)(?<!没人)(?<!没有人)来过|(?<!没人)(?<!没有人)(?<![用别要不没能会过起下上出回莫])来[了啦]|(?:帮|修|弄|办|做|买|搞|整|擦)(?:好|完|妥)[了啦]|^(?:all )?done$|^(?:they|he|she) came"
    ),
    "off": _words(
        r"不用(?:再)?[来了帮]|不用$|别(?:再)?来|不要(?:再)?[来了]|莫来|取消|免了|不需要[了人]|不必来|\bcancel(?:led)?\b|dont come|not needed"
    ),
    "cannot": _words(
        r"[去来](?:不了|不成|不得|唔到|勿了)|不能[去来]|没法[去来]|没(?:空|时间)[去来]?|[去来]没空|\bcannot\b|\bcant\b|can not"
    ),
    "swap": _words(r"[替顶代](?:一下)?我|换个?人|帮我顶|顶班|swap|stand in for me"),
    "sure": _words(
        r"^(?:好|行)?(?:我|俺)?(?:一定|准时|肯定|会|能|可以)?去(?:的|得了|啊|呀|哦)?$|(?<!不)能去$|^(?:yes )?i? ?can(?: come| go)?$"
    ),
    "on_way": _words(r"路上|马上到|快到了|就到了?$|出门了|出发了|on (?:my|the) way"),
    "arrived": _words(
        r"(?<![没等收不快就想遇碰看])到(?:了|啦|门口|楼下|地方)|^(?:im |i am )?here$|^arrived$|i have arrived"
    ),
    "left": _words(r"^我?(?:已经)?(?:走|撤)[了啦]|(?:干|忙|服务)(?:完|好)[了啦]|下班了|^(?:i )?left\b"),
    "went": _words(r"^我?(?:已经)?去(?:过)?[了啦]$|^我?去过$|^(?:i )?went$"),
    "not_went": _words(r"没(?:有)?去|^not$|didnt go|did not go"),
    "time_wrong": _words(
        r"(?:时间|钟头|小时|时长)(?:不对|错|有误)|[写算记]([多少错])了|[多少]算|没那么(?:久|长)|only half an hour|time is wrong|wrong time"
    ),
    "again": _words(r"再[约记要]|再登记|重新约|^again$"),
    "other": _words(r"^改$|^other$|^换一个$|^第二个$"),
    "not_me": _words(r"不是(?:我|本人)|^not me$|wasnt me"),
    "move": _words(
        r"改[到期天日成]|[换改]个?(?:时间|日子|一天)|推迟|延期|提前到|往后推|挪到|reschedule|another (?:day|time)"
    ),
    "balance": _words(
        r"(?:还剩|还有|剩)(?:下)?(?:多少|几)|多少(?:个)?小时|查(?:一下)?(?:时间|余额|存折)|余额|存折|\bbalance\b|how many hours"
    ),
    "who": _words(
        r"谁来|哪个来|几点(?:钟)?[来到]|什么时候来|啥时候来|来的是谁|谁上门|who (?:comes|is coming)|what time"
    ),
    "call_me": _words(
        r"打(?:个)?(?:电话)?(?:给|到)我|给我(?:回|打|来)(?:个|一个)?(?:电话|电)|打个?电话|回个?电话|请?回电|我?不会用|人工|(?:call|ring|phone) me|call back"
    ),
    "stop": _words(r"退订|^td$|别(?:再)?发|不要(?:再)?发|^stop$|unsubscribe"),
    "start": _words(r"恢复短信|开通短信|^start$"),
    "start_help": _words(r"^帮助$|^菜单$|怎么用|^help$|^menu$"),
    "thanks": _words(r"^(?:好的?)?(?:非常|太)?(?:谢谢|多谢|感谢|谢了|辛苦|不用谢)|^thank"),
    "yes": _words(
        r"^(?:好|好的|好嘞|好啊|行|行的|嗯+|恩|ok|okay|可以|可以的|同意|收到|知道了|晓得了?|对|对的|是|是的|成|中|要得|没问题|yes|y|sure)$"
    ),
    "no": _words(r"^(?:不|不行|不对|不可以|不同意|错了?|不好|不要|不成|搞错了|弄错了|no|n|wrong)$|^不对"),
}
"""What an answer means, by the code of its act."""

KIND_WORDS: Mapping[str, re.Pattern[str]] = {
    "shopping": _words(r"买|捎(?:点|些)|代购|\bbuy\b|grocer|\bshopping\b"),
    "doctor": _words(
        r"看病|看医生|医院|门诊|[拿取配]药|体检|复查|打针|挂号|看牙|\bdoctor\b|\bhospital\b|\bclinic\b"
    ),
    "repair": _words(r"修|坏了|不亮|漏水|堵了|堵住|换灯|跳闸|没电了|\brepair\b|\bfix\b|\bbroken\b|\bleak"),
    "meal": _words(r"[送做烧]饭|吃饭|[午晚早]饭|盒饭|\bmeals?\b|\blunch\b|\bdinner\b"),
    "talk": _words(r"聊聊|聊天|说说话|拉家常|解解?闷|唠唠|\bchat\b|\btalk\b|\bcompany\b"),
}
"""Words by which a kind of help is known without its picture."""
