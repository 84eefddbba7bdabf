"""The lists and their columns: what exports call each field, which headers a field takes, what speaks for and against a list.

All of it is data (`data/columns.toml`); the words of headers stand beside it (`data/headers.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from marketplace.lists.kinds import ListKind

# Lists that are known so that they are taken for nothing else; they are not brought in.
FOREIGN_LISTS = frozenset({"rota", "transfers"})
# Fields that a worker may point at beside those an export writes, with what the office calls them.
MORE_LABELS: Mapping[str, tuple[str, str]] = {
    "detail": ("具体说明", "Details"), "due": ("最晚什么时候", "Needed by"),
    "claimed_by": ("认领单位", "Claimed by"), "claimed_on": ("认领时间", "Claimed on"), "state": ("状态", "State"),
    "phone": ("电话", "Phone"), "remark": ("备注", "Remark"), "family_name": ("姓", "Family name"),
    "born": ("出生日期", "Date of birth"), "age": ("年龄", "Age"),
}  # fmt: skip


# What a volunteer chose for themself is theirs.
WISH_FIELDS = ("services", "declines", "away", "cap", "rest", "reach", "notice", "languages", "gender", "heavy", "certificates")  # fmt: skip
PRIVATE_FIELDS = frozenset({"contact", "phone", "remark", "age", "born"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumns:
    """One list.

    Attributes:
        fields: field -> (Chinese label, English label), in the order of an export.
        required: fields without which a row is no line; identity: fields that make the line's key.
        needs: every group must be met by one claimed concept; against: concepts that make this list unlikely.
        fits: field -> concepts it takes, the surest first.
        signs: without one of these and without a hint in a title, the list is asked about; `by_hint`: it always needs one, or
            names under days; `strange_max`: it needs one where more filled columns than this are understood by nobody.
    """

    zh: str
    en: str
    hints: tuple[str, ...]
    required: tuple[str, ...]
    identity: tuple[str, ...]
    fields: Mapping[str, tuple[str, str]]
    needs: tuple[frozenset[str], ...]
    against: frozenset[str]
    fits: Mapping[str, tuple[str, ...]]
    signs: frozenset[str] = frozenset()
    by_hint: bool = False
    strange_max: int | None = None

    def label(self, field: str, lang: str = "zh") -> str:
        """What the office calls the field."""
        known = self.fields.get(field) or MORE_LABELS.get(field) or (field, field)
        return known[0 if lang.startswith("zh") else 1]


@cache
def every_list() -> Mapping[str, ListColumns]:
    """Every list by name, those that are not brought in among them."""
    data = tomllib.loads(files("marketplace").joinpath("data/columns.toml").read_text("utf-8"))
    return {
        name: ListColumns(
            zh=row["zh"],
            en=row["en"],
            hints=tuple(row["hints"]),
            required=tuple(row["required"]),
            identity=tuple(row["identity"]),
            fields={field: (labels[0], labels[1]) for field, labels in row["labels"].items()},
            needs=tuple(frozenset(group) for group in row["needs"]),
            against=frozenset(row["against"]),
            signs=frozenset(row.get("signs", ())),
            by_hint=row.get("by_hint", False),
            strange_max=row.get("strange_max"),
            fits={field: tuple(concepts) for field, concepts in row["fits"].items()},
        )
        for name, row in data.items()
    }


@cache
def all_columns() -> Mapping[ListKind, ListColumns]:
    """The lists that are brought in."""
    return {ListKind(name): known for name, known in every_list().items() if name not in FOREIGN_LISTS}


def may_lack(kind: ListKind, field: str) -> bool:
    """Whether an export leaves the column out where no line fills it."""
    asked = kind is ListKind.NEEDS and field == "helpers"
    return asked or field in ("age", "born") or (kind is ListKind.VOLUNTEERS and field in WISH_FIELDS)


def is_private(kind: ListKind, field: str) -> bool:
    """Whether the column is for the office alone: what tells of a person, and what a volunteer chose."""
    return field in PRIVATE_FIELDS or (kind is ListKind.VOLUNTEERS and field in WISH_FIELDS)


def written_by_us(columns: Sequence[str]) -> str:
    """The list whose export these columns are, in either language and in its order; "" for none."""
    for kind, known in all_columns().items():
        for at in (0, 1):
            labels = [label[at] for label in known.fields.values()]
            always = {
                label[at]
                for name, label in known.fields.items()
                if not may_lack(kind, name) and not is_private(kind, name)
            }
            if list(columns) == [one for one in labels if one in columns] and always <= set(columns):
                return kind.value
    return ""


def fields_of(kind: ListKind) -> tuple[str, ...]:
    """Every field of a list that a column can be pointed at; none for an unknown one."""
    return tuple(all_columns()[kind].fits) if kind in all_columns() else ()
