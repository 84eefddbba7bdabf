"""What a person must say about a table before, or instead of, our guessing; each with both sentences."""

from __future__ import annotations

from dataclasses import dataclass

_SENTENCES: dict[str, tuple[str, str]] = {
    "kind_unknown": ("认不出这是哪张清单，请选一张，并指明每列是什么。", "Which list this is was not recognised. Please choose one and point at its columns."),
    "kind_uncertain": ("这张表像是{zh}，但不敢肯定，请您定一下。", "This looks like “{en}”, but not surely. Please say."),
    "kind_lacks": ("作为{zh}，还缺“{lacks_zh}”这一列，请指明是哪一列。", "As “{en}” it lacks a column for {lacks_en}. Please point at it."),
    "kind_foreign": ("这是{zh}，不是可以导入的清单，没有收。", "This is a list of the kind “{en}”, which is not brought in; nothing of it was taken."),
    "column_unclaimed": ("“{name}”这一列有内容，不知道是什么，先没有用。", "“{name}” has content, and what it holds is not known; it is not used yet."),
    "column_unsure": ("“{name}”这一列拿不准是什么，先没有用。", "What “{name}” holds is not sure; it is not used yet."),
    "column_contradicted": ("“{name}”这一列的内容和表头对不上，先没有用。", "The cells of “{name}” do not look like its header; it is not used yet."),
    "column_twice": ("“{name}”和“{other}”像是同一项，先用了“{other}”，请您定一下。", "“{name}” and “{other}” seem to be the same thing; “{other}” is used for now. Please say."),
    "column_hidden": ("“{name}”这一列在文件里是隐藏的，要用吗？先没有用。", "The column “{name}” is hidden in the file. Should it be used? It is not used yet."),
    "unit_unknown": ("“{name}”里的数字没有单位，是小时还是分钟？", "The numbers in “{name}” have no unit. Are they hours or minutes?"),
    "rows_hidden": ("有{count}行在文件里是隐藏的（筛选或隐藏的工作表），要收吗？", "{count} row(s) are hidden in the file (a filter, or a hidden sheet). Should they be taken?"),
    "rows_struck": ("有{count}行划了删除线，要收吗？", "{count} row(s) are struck out. Should they be taken?"),
    "rows_partly_struck": ("有{count}行里有划掉的字，请看一下。", "{count} row(s) have words struck out. Please look at them."),
    "rows_error": ("有{count}行里有表格的错误值（如 #N/A），请看一下。", "{count} row(s) hold error values of the spreadsheet (such as #N/A). Please look at them."),
    "rows_lone": ("有{count}行只有一个格子有字，是一行内容吗？", "{count} row(s) have a single filled cell. Are they lines?"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuestion:
    """One question about a table.

    Attributes:
        code: stable, for programs.
        column: the column it is about, "" for the table or its rows.
        guess: the field, or the list, that is preset; "" for none.
        options: likely lists, the likeliest first.
        rows: numbers of the rows concerned.
    """

    code: str
    zh: str
    en: str
    column: str = ""
    guess: str = ""
    options: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def about_rows(self) -> str:
        """The state of the rows it is about (hidden, struck, …), "" when it is about something else."""
        return self.code.removeprefix("rows_") if self.code.startswith("rows_") else ""


def question(
    code: str,
    *,
    column: str = "",
    guess: str = "",
    options: tuple[str, ...] = (),
    rows: tuple[int, ...] = (),
    **known: str,
) -> TableQuestion:
    """The question with this code, its sentences filled in."""
    zh, en = _SENTENCES[code]
    return TableQuestion(
        code=code,
        zh=zh.format(**known),
        en=en.format(**known),
        column=column,
        guess=guess,
        options=options,
        rows=rows,
    )
