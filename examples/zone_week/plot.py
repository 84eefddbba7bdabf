"""The comparison as a picture of bars, written as plain SVG so that it needs no library and prints as sharply as it shows."""

from __future__ import annotations

from typing import Any

WIDTH, LEFT, RIGHT = 480, 16, 16
BAR, GAP = 34, 10
INK, EXACT, GREEDY, NOBODY = "#1a1a1a", "#0b4f8a", "#e0862f", "#bdbdbd"


def drawn(facts: dict[str, int], exact: Any, greedy: Any) -> str:
    """Three groups of two bars each; every bar carries its number, so colour is never the only sign."""
    pairs = max(1, facts["pairs"])
    parts: list[str] = []
    y = 20
    y = _group(
        parts, y, ("一点帮助也没得到的人家", "households left with nothing"),
        [("精确 exact", [(exact.left, EXACT), (exact.nobody_could, NOBODY)], str(exact.with_nothing)),
         ("挑最好的先配 best pair first", [(greedy.left, GREEDY), (greedy.nobody_could, NOBODY)], str(greedy.with_nothing))],
        most=greedy.with_nothing,
        note="灰色:清单上没人能帮 · grey: nobody on the lists can",
    )  # fmt: skip
    y = _group(
        parts, y, (f"{pairs} 对老搭档,又见面的", f"standing pairs that meet again, of {pairs}"),
        [("精确 exact", [(exact.pairs_kept, EXACT)], f"{exact.pairs_kept}"),
         ("挑最好的先配 best pair first", [(greedy.pairs_kept, GREEDY)], f"{greedy.pairs_kept}")],
        most=pairs,
    )  # fmt: skip
    y = _group(
        parts, y, ("服务时间的不均:越短越公平", "unevenness of helpers' hours (Gini): shorter is fairer"),
        [("精确 exact", [(exact.gini_lately, EXACT)], f"{exact.gini_lately / 1000:.3f}"),
         ("挑最好的先配 best pair first", [(greedy.gini_lately, GREEDY)], f"{greedy.gini_lately / 1000:.3f}")],
        most=1000,
    )  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" role="img" '
        f'aria-label="Exact plan against best pair first" font-family="system-ui, \'Noto Sans CJK SC\', sans-serif">\n'
        f'<rect width="{WIDTH}" height="{y}" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _group(
    parts: list[str],
    y: int,
    title: tuple[str, str],
    bars: list[tuple[str, list[tuple[int, str]], str]],
    *,
    most: int,
    note: str = "",
) -> int:
    """One titled group of bars from `y` down; the y below it."""
    zh, en = title
    parts.append(_text(LEFT, y + 18, zh, weight=600))
    parts.append(_text(LEFT, y + 38, en, size=15))
    y += 48
    for label, stack, number in bars:
        x = LEFT
        for amount, colour in stack:
            wide = (WIDTH - LEFT - RIGHT - 70) * amount // max(1, most)
            parts.append(f'<rect x="{x}" y="{y + 22}" width="{wide}" height="{BAR - 12}" fill="{colour}"/>')
            x += wide
        parts.append(_text(LEFT, y + 16, label, size=16))
        parts.append(_text(x + 8, y + 39, number, weight=600))
        y += BAR + 12 + GAP
    if note:
        parts.append(_text(LEFT, y + 12, note, size=15))
        y += 20
    return y + 18


def _text(x: int, y: int, text: str, *, size: int = 18, weight: int = 400) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{INK}">{text}</text>'
