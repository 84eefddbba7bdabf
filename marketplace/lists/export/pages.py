"""A list as a page to print: one self-contained HTML file, A4 landscape, its header repeated on every sheet.

No script, no font and no address outside the file, so that it prints the same from a stick at the office. Every cell is
escaped; private cells are left out as in the other exports.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from marketplace.categories import CategoryTree
from marketplace.lists.columns import all_columns
from marketplace.lists.export.files import words_of
from marketplace.lists.kinds import ListKind
from marketplace.lists.report import Line
from marketplace.times.say import date_en, date_zh

# Shares of the width: what is told in sentences needs room, a number or a state does not.
_SHARES = dict.fromkeys(("title", "content", "requires", "conditions"), 5.0)
_SHARES |= dict.fromkeys(("when", "due", "away", "remark"), 4.0)
_SHARES |= dict.fromkeys(
    ("source", "urgency", "channel", "free", "progress", "state", "gender", "heavy"), 2.0
)
_STYLE = """
@page { size: A4 landscape; margin: 12mm 10mm 14mm; @bottom-center { content: counter(page) " / " counter(pages); font-size: 9pt; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 277mm; padding: 4mm; color: #111; background: #fff; font: 10.5pt/1.4 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif; }
h1 { margin: 0; font-size: 18pt; text-align: center; }
p { margin: 1mm 0 3mm; text-align: center; color: #333; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 0.3mm solid #444; padding: 1mm 1.2mm; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eee; font-weight: 700; }
td.number, th.number { text-align: center; }
td.none { text-align: center; padding: 8mm; }
@media print { body { max-width: none; padding: 0; } th { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
"""


def page_of(
    kind: ListKind,
    lines: Sequence[Line],
    *,
    made_on: date,
    lang: str = "zh",
    private: bool = False,
    title: str = "",
    tree: CategoryTree | None = None,
) -> str:
    """The list as one HTML page.

    Args:
        made_on: the day printed below the title.
        private: also contacts, phones, remarks and what volunteers chose; leave it off for a board.
        title: printed above the table; the list's own name when left out.
    """
    zh = lang.startswith("zh")
    known = all_columns()[kind]
    header, *rows = words_of(kind, lines, lang=lang, private=private, tree=tree)
    fields = {known.label(name, lang): name for name in known.fields}
    names = [fields[label] for label in header]
    heading = escape(title or (known.zh if zh else known.en))
    body = [_row(row, names) for row in rows] or [
        f'<tr><td class="none" colspan="{len(names)}">{"还没有内容" if zh else "Nothing here yet"}</td></tr>'
    ]
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{"zh-CN" if zh else "en"}">',
            f'<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{heading}</title>',
            f"<style>{_STYLE}</style></head>",
            f"<body><h1>{heading}</h1>",
            f"<p>{_below(len(rows), made_on, zh)}</p>",
            f"<table><colgroup>{_columns(names, zh)}</colgroup>",
            f"<thead><tr>{_cells('th', header, names)}</tr></thead>",
            "<tbody>",
            *body,
            "</tbody></table></body></html>",
            "",
        ]
    )


def _below(count: int, made_on: date, zh: bool) -> str:
    if zh:
        return f"共{count}条 · {date_zh(made_on)}制表"
    return f"{count} {'entry' if count == 1 else 'entries'} · made on {date_en(made_on)}"


def _columns(names: Sequence[str], zh: bool) -> str:
    """Widths in percent that add up to the page."""
    # Chinese breaks after any character, an English word should not break at all.
    least = 2.0 if zh else 3.0
    shares = [1.2 if name == "number" else max(_SHARES.get(name, 3.0), least) for name in names]
    return "".join(f'<col style="width:{100 * share / sum(shares):.2f}%">' for share in shares)


def _row(row: Sequence[str], names: Sequence[str]) -> str:
    return f"<tr>{_cells('td', row, names)}</tr>"


def _cells(tag: str, row: Sequence[str], names: Sequence[str]) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    return "".join(
        f'<{tag}{scope} class="{name}">{escape(cell)}</{tag}>' for cell, name in zip(row, names, strict=True)
    )
