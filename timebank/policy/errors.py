"""What is wrong with a policy or with what somebody wants to do with one; each with its sentence in both languages.

AppRefusal
├── BadPolicy 422          a key that does not exist, or a value it cannot have; `key` names it
├── StartsTooSoon 422      a rule begins tomorrow at the earliest
├── DayTaken 409           another approved version begins on that day
├── SecondPerson 403       who entered a version does not approve it
├── AlreadyBegan 409       a version that applies, or once applied, never changes
├── NotADraft 409          approved or withdrawn before
└── PreviewChanged 409     what was approved is not what the approver saw
"""

from __future__ import annotations

from timebank.errors import AlreadyDone, BadField, NotAllowed, WrongMoment


class BadPolicy(BadField):
    """A policy has an unknown key or a value that key cannot have.

    Attributes:
        key: dotted, such as `credit.step_minutes`; "" when the text is no TOML at all.
    """

    code = "bad_policy"

    def __init__(self, key: str, zh: str, en: str) -> None:
        super().__init__(zh, en, field=key)
        self.key = key

    def __str__(self) -> str:
        return self.en


class StartsTooSoon(BadField):
    """A rule begins tomorrow at the earliest, so that nobody's hours of today are judged anew."""

    code = "starts_too_soon"
    zh, en = "规则最早从明天起算。", "A rule begins tomorrow at the earliest."


class DayTaken(WrongMoment):
    """Another approved version begins on that day."""

    code = "day_taken"
    zh, en = (
        "这一天已有一版批准的规则，请先撤回它或换一天。",
        "An approved version begins on that day already.",
    )


class SecondPerson(NotAllowed):
    """Who entered a version does not approve it."""

    code = "second_person"
    zh, en = (
        "录入的人不能自己批准，请另一位来看。",
        "Whoever entered it cannot approve it; ask somebody else.",
    )


class AlreadyBegan(WrongMoment):
    """A version that applies, or once applied, never changes."""

    code = "already_began"
    zh, en = (
        "这一版已经开始，不能再改；请另起一版。",
        "This version has begun and stays as it is; enter a new one.",
    )


class NotADraft(AlreadyDone):
    """Only a draft is approved."""

    code = "not_a_draft"
    zh, en = "这一版已经批准或撤回了。", "This version was approved or withdrawn before."


class PreviewChanged(WrongMoment):
    """The text or its preview is not the one that the approver saw."""

    code = "preview_changed"
    zh, en = (
        "规则或预览已有变化，请重新看过再批准。",
        "The rule or its preview changed; please look again first.",
    )
