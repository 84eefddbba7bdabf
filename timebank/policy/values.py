"""A community's rules as one typed value: every number a community may change, in parts that belong together.

A knob that is left out is a rule that does not exist: no cap, no age, no word of its own. Only what cannot be done
without a number (how far the reserve goes, how long a sign-in lasts, when an answer is due) has one of ours. The
profile `plain` says which rules this project advises. Nothing here reads a file; `reading` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Self

from timebank.policy import reading
from timebank.policy.hands import HandsPolicy
from timebank.policy.hours import (
    CreditPolicy,
    EarningPolicy,
    ExpiryPolicy,
    GivingPolicy,
    GrantPolicy,
    RedeemingPolicy,
    ServedPolicy,
    UnitPolicy,
)
from timebank.policy.knobs import Knob, Section
from timebank.policy.radar import RadarPolicy
from timebank.policy.running import (
    IdentityPolicy,
    KeepingPolicy,
    ListPolicy,
    MatchingPolicy,
    NewsPolicy,
    PromisePolicy,
    PublicPolicy,
    RequestPolicy,
    ServicePolicy,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All rules of one community on one day."""

    name: Annotated[str, Knob("名称", "Name")] = "plain"
    version: Annotated[str, Knob("版本", "Edition")] = "1"
    title_zh: Annotated[str, Knob("全称", "Title, in Chinese")] = "社区时间银行"
    title_en: Annotated[str, Knob("英文全称", "Title, in English")] = "Community time bank"
    source: Annotated[str, Knob("依据", "Source")] = ""
    timezone: Annotated[str, Knob("时区", "Time zone")] = "Asia/Shanghai"
    unit: Annotated[UnitPolicy, Section("单位", "Unit")] = field(default_factory=UnitPolicy)
    credit: Annotated[CreditPolicy, Section("怎么计时", "How minutes count")] = field(
        default_factory=CreditPolicy
    )
    earning: Annotated[EarningPolicy, Section("什么计时、谁来服务", "What earns, and who")] = field(
        default_factory=EarningPolicy
    )
    redeeming: Annotated[RedeemingPolicy, Section("怎么兑换", "Using saved hours")] = field(
        default_factory=RedeemingPolicy
    )
    served: Annotated[ServedPolicy, Section("服务对象", "Who is helped")] = field(
        default_factory=ServedPolicy
    )
    giving: Annotated[GivingPolicy, Section("转赠", "Giving hours")] = field(default_factory=GivingPolicy)
    grant: Annotated[GrantPolicy, Section("初始时间", "First hours")] = field(default_factory=GrantPolicy)
    expiry: Annotated[ExpiryPolicy, Section("有效期", "How long hours last")] = field(
        default_factory=ExpiryPolicy
    )
    services: Annotated[ServicePolicy, Section("服务", "Services")] = field(default_factory=ServicePolicy)
    news: Annotated[NewsPolicy, Section("消息", "News")] = field(default_factory=NewsPolicy)
    promise: Annotated[PromisePolicy, Section("约定", "Promises")] = field(default_factory=PromisePolicy)
    lists: Annotated[ListPolicy, Section("清单", "Lists")] = field(default_factory=ListPolicy)
    requests: Annotated[RequestPolicy, Section("需求", "Requests")] = field(default_factory=RequestPolicy)
    matching: Annotated[MatchingPolicy, Section("安排", "Matching")] = field(default_factory=MatchingPolicy)
    public: Annotated[PublicPolicy, Section("公示", "The public notice")] = field(
        default_factory=PublicPolicy
    )
    keeping: Annotated[KeepingPolicy, Section("保存多久", "How long words are kept")] = field(
        default_factory=KeepingPolicy
    )
    hands: Annotated[HandsPolicy, Section("两个人", "Two people")] = field(default_factory=HandsPolicy)
    radar: Annotated[RadarPolicy, Section("请旁人看一眼", "Worth a second look")] = field(
        default_factory=RadarPolicy
    )
    identity: Annotated[IdentityPolicy, Section("登录", "Signing in")] = field(default_factory=IdentityPolicy)

    @classmethod
    def load(cls, city: str) -> Self:
        """The policy of a shipped profile's name or of a TOML file's path; BadPolicy says what is wrong."""
        return reading.read(cls, reading.text_of(city))

    @classmethod
    def read(cls, text: str) -> Self:
        """The policy written in a TOML text; BadPolicy names the first key it does not know."""
        return reading.read(cls, text)
