"""What can be wrong with a catalogue, one class per cause; each names file, kind and key.

BadCatalogue 422
├── NotReadable            no TOML, or another format number
├── UnknownKey             a key that no kind has
├── KeyMissing             a key that every kind must have
├── WrongValue             not of the sort the key takes, or not one of the words it may be
├── BadCode                a code that is no plain lower-case word, or that already means something else
├── UnknownKind            a parent, place, target, needed kind or title's kind that no file has
├── UnknownGrant           not one of the grants there are
├── ParentNotLarger        a parent whose rank is not smaller than the child's
├── OneBook                not exactly one kind of place with a book
├── CodeInBothTrees        a place and an organisation of one code
├── HolderUnasked          bound without their own yes
├── TargetUnasked          acted for without their own yes
├── GrantDoesNotFit        a grant towards something it cannot be about
├── ListGrants             a right that a line of a list would give
├── FoundingOnly           worker or auditor by a kind that is not founding
├── SecondMissing          a founding kind without a second person
├── ActsTooFar             a stand-in who would get a staff right or a person's mandate
├── ConditionDoesNotFit    a condition that can never be judged for this holder or target
├── FoundingTouched        a community's version that changes, adds or shadows a founding kind
└── KindInUse              a community's version that drops or narrows a kind something still is of
"""

from __future__ import annotations

from timebank.errors import AppRefusal


class BadCatalogue(AppRefusal):
    """A catalogue that does not hold together.

    Attributes:
        file: which of the files, such as `relationships`.
        kind: code of the kind, "" when it is about the whole file.
        key: the key, "" when it is about the whole kind.
    """

    status, code = 422, "bad_catalogue"
    zh = "目录有一处不对。"
    en = "Something in the catalogue is wrong."

    def __init__(self, *, file: str, kind: str = "", key: str = "", detail: str = "") -> None:
        where = ".".join(part for part in (file, kind, key) if part)
        known = f"（{detail}）" if detail else ""
        known_en = f" ({detail})" if detail else ""
        super().__init__(
            f"{where}：{type(self).zh}{known}", f"{where}: {type(self).en}{known_en}", field=where
        )
        self.file, self.kind, self.key, self.detail = file, kind, key, detail


class NotReadable(BadCatalogue):
    """No TOML, or another format number."""

    code = "catalogue_not_readable"
    zh, en = "这份文件读不出来。", "This file cannot be read."


class UnknownKey(BadCatalogue):
    """A key that no kind has."""

    code = "catalogue_unknown_key"
    zh, en = "没有这个项目名。", "There is no such key."


class KeyMissing(BadCatalogue):
    """A key that every kind must have."""

    code = "catalogue_key_missing"
    zh, en = "这一项必须写。", "This key must be given."


class WrongValue(BadCatalogue):
    """Not of the sort the key takes, or not one of the words it may be."""

    code = "catalogue_wrong_value"
    zh, en = "这一项的值不对。", "This value cannot be used here."


class BadCode(BadCatalogue):
    """A code that is no plain lower-case word, or that already means something else."""

    code = "catalogue_bad_code"
    zh, en = (
        "代码要用小写英文字母和下划线，也不能用已有含义的词。",
        "A code is a lower-case word with underscores that means nothing else yet.",
    )


class UnknownKind(BadCatalogue):
    """A parent, place, target, needed kind or title's kind that no file has."""

    code = "catalogue_unknown_kind"
    zh, en = "这里提到的种类不存在。", "It names a kind that does not exist."


class UnknownGrant(BadCatalogue):
    """Not one of the grants there are."""

    code = "catalogue_unknown_grant"
    zh, en = "没有这种权限。", "There is no such grant."


class ParentNotLarger(BadCatalogue):
    """A parent whose rank is not smaller than the child's."""

    code = "catalogue_parent_not_larger"
    zh, en = "上级的级别必须比自己大（rank 更小）。", "A parent's rank must be smaller than its child's."


class OneBook(BadCatalogue):
    """Not exactly one kind of place with a book."""

    code = "catalogue_one_book"
    zh, en = "必须有且只有一种地方设账本。", "Exactly one kind of place owns a book."


class CodeInBothTrees(BadCatalogue):
    """A place and an organisation of one code."""

    code = "catalogue_code_in_both_trees"
    zh, en = "地方和组织不能用同一个代码。", "A place and an organisation cannot share a code."


class HolderUnasked(BadCatalogue):
    """Bound without their own yes."""

    code = "catalogue_holder_unasked"
    zh, en = "没有本人同意，谁也不能被安排。", "Nobody is bound without their own yes."


class TargetUnasked(BadCatalogue):
    """Acted for without their own yes."""

    code = "catalogue_target_unasked"
    zh, en = "替别人办事，要有对方同意。", "Acting for somebody needs their own yes."


class GrantDoesNotFit(BadCatalogue):
    """A grant towards something it cannot be about, or to a holder who cannot use it."""

    code = "catalogue_grant_does_not_fit"
    zh, en = "这种权限和对象对不上。", "This grant does not fit who holds it or what it is towards."


class ListGrants(BadCatalogue):
    """A right that a line of a list would give."""

    code = "catalogue_list_grants"
    zh, en = "有权限的关系不能只凭名单设立。", "A list alone cannot give anybody a right."


class FoundingOnly(BadCatalogue):
    """Worker or auditor by a kind that is not founding."""

    code = "catalogue_founding_only"
    zh, en = (
        "工作人员和监督员的权限只能由系统自带的种类给出。",
        "Only a founding kind grants worker or auditor.",
    )


class SecondMissing(BadCatalogue):
    """A founding kind without a second person."""

    code = "catalogue_second_missing"
    zh, en = "这一类必须由两个人办。", "A founding kind takes two people."


class ActsTooFar(BadCatalogue):
    """A stand-in who would get a staff right or a person's mandate."""

    code = "catalogue_acts_too_far"
    zh, en = "这种权限不能由AB岗代行。", "A stand-in cannot take over this right."


class ConditionDoesNotFit(BadCatalogue):
    """A condition that can never be judged for this holder or target."""

    code = "catalogue_condition_does_not_fit"
    zh, en = "这个条件和对象对不上。", "This condition does not fit who holds it or what it is towards."


class FoundingTouched(BadCatalogue):
    """A community's version that changes, adds or shadows a founding kind."""

    code = "catalogue_founding_touched"
    zh, en = "这一类由系统自带，社区不能改动。", "This kind is shipped; a community cannot change or add one."


class KindInUse(BadCatalogue):
    """A community's version that drops or narrows a kind something still is of."""

    code = "catalogue_kind_in_use"
    zh, en = (
        "这一类还在使用，不能去掉或收窄。",
        "This kind is still in use and cannot be dropped or narrowed.",
    )
