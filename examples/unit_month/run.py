"""One partner unit's view of its month: what it offers, what it could do, who asked for it, what it agreed to and kept.

    python examples/unit_month/run.py

Claims go both ways (双向认领). The hospital claims a line of the needs list, a resident claims one of the hospital's six
places, and each is answered by the owner of the line. Nobody is promised the last place twice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from marketplace.agreements import Agreement, Direction, PledgedItem, fulfilment, kept
from marketplace.categories import default_tree
from marketplace.claims import STAGES_ZH, Claim, Line, accept, decline, open_claim, release
from marketplace.errors import ClaimRefused
from marketplace.lists import read_file
from marketplace.planning import PlanContext, suggest_for
from marketplace.values import SHANGHAI, Need, Resource, Week, Window

WORKBOOK = Path(__file__).resolve().parents[1] / "data" / "lists" / "东区社区四张清单.xlsx"
UNIT, COMMUNITY = "区第二人民医院", "社区居委会"
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)
MONTH = [Week.parse("2026-W48"), Week.parse("2026-W49"), Week.parse("2026-W50"), Week.parse("2026-W51")]


def lists() -> tuple[list[Need], list[Resource]]:
    """Everybody's needs, and the unit's own lines."""
    values = [
        row.value
        for report in read_file(WORKBOOK, filed_on=date(2026, 11, 18)).reports()
        for row in report.rows
    ]
    needs = [value for value in values if isinstance(value, Need)]
    ours = [value for value in values if isinstance(value, Resource) and value.owner == UNIT]
    return needs, ours


def said(window: Window | None) -> str:
    if window is None:
        return "时间另约"
    starts, ends = window.starts_at.astimezone(SHANGHAI), window.ends_at.astimezone(SHANGHAI)
    return f"{starts:%m-%d %H:%M}–{ends:%H:%M}"


def show_offers(ours: list[Resource]) -> None:
    print(f"一、我们的资源 What {UNIT} offers")
    for line in ours:
        print(f"  {line.title}: {line.when.said_zh}, {line.quantity.phrase}")
        for week in MONTH:
            windows = line.when.windows_in(week)
            print(f"    {week}: {'; '.join(map(said, windows[:2]))}{' …' if len(windows) > 2 else ''}")


def show_possible(needs: list[Need], ours: list[Resource]) -> None:
    """The mirror of the weekly plan: open needs that our lines could meet in these four weeks, best first."""
    print("\n二、这个月我们能做什么 What could we do this month?")
    parents = {one.code: one.parent for one in default_tree().categories.values() if one.parent}
    context = PlanContext(now=NOW, parents=parents)
    for one in suggest_for(ours, needs, weeks=MONTH, context=context):
        print(f"  {one.need.title} ({one.need.place.text}): {said(one.window)}, {one.quantity} 份 units")
        print(f"      {'; '.join(reason.en for reason in one.reasons)}")


def show_claim(claim: Claim, title: str) -> None:
    reason = f" ({claim.reason})" if claim.reason else ""
    print(
        f"  {claim.claimant} → {title} ×{claim.quantity}, {said(claim.window)}: {STAGES_ZH[claim.stage]}{reason}"
    )


def show_claims(needs: list[Need], ours: list[Resource]) -> None:
    """Both directions; an answer comes from the line's owner only, and what is held cannot be claimed again."""
    print("\n三、双向认领 Claims, either way")
    need = next(one for one in needs if "量血压" in one.title)
    clinic = next(one for one in ours if "坐诊" in one.title)
    tuesday = clinic.when.windows_in(MONTH[0])[0]
    answer_by = NOW + timedelta(days=3)

    asked_of_us = Line.of_resource(clinic)
    held: list[Claim] = []
    for number, places in (("居民甲", 1), ("居民乙", 4), ("居民丙", 2)):
        try:
            claim = open_claim(
                asked_of_us, held, uid=f"C{len(held) + 1}", claimant=number, quantity=places, window=tuesday, at=NOW,
                expires_at=answer_by,
            )  # fmt: skip
        except ClaimRefused as refusal:
            print(
                f"  {number} → {clinic.title} ×{places}: {refusal.sentence('zh')} / {refusal.sentence('en')}"
            )
            continue
        held.append(accept(claim, asked_of_us, by=UNIT, at=NOW))
        show_claim(held[-1], clinic.title)

    on_the_list = Line.of_need(need)
    ours_open = open_claim(
        on_the_list, [], uid="C9", claimant=UNIT, quantity=6, window=tuesday, with_key=clinic.line_key, at=NOW,
        expires_at=answer_by,
    )  # fmt: skip
    try:
        accept(ours_open, on_the_list, by=UNIT, at=NOW)
    except ClaimRefused as refusal:
        print(f"  {UNIT} 自己答复 answers itself: {refusal.sentence('zh')}")
    promised = accept(ours_open, on_the_list, by=on_the_list.owner, at=NOW)
    show_claim(promised, need.title)
    show_claim(release(promised, by=UNIT, at=tuesday.starts_at, reason="当天医生生病,改下周二"), need.title)
    later = open_claim(on_the_list, [], uid="C10", claimant="区图书馆", at=NOW, expires_at=answer_by)
    show_claim(decline(later, on_the_list, by=on_the_list.owner, at=NOW, reason="要带仪器的人"), need.title)


def show_agreement(ours: list[Resource]) -> None:
    """What was agreed for the year in both directions, and how much of what is due was kept."""
    print("\n四、共建协议 The agreement")

    def item(
        key: str, title: str, amount: int, due_on: date, direction: Direction = Direction.GIVES
    ) -> PledgedItem:
        return PledgedItem(key=key, unit=UNIT, title=title, amount=amount, due_on=due_on, direction=direction)

    agreement = Agreement(
        uid="A1", title="共驻共建协议书", units=(UNIT, COMMUNITY), first_on=date(2026, 1, 1), last_on=date(2026, 12, 31),
        signed_on=date(2026, 1, 8),
        items=(
            item("i1", "周二坐诊", 44, date(2026, 11, 17)),
            item("i2", "健康讲座", 2, date(2026, 10, 31)),
            item("i3", "导医志愿者", 20, date(2026, 11, 15), Direction.RECEIVES),
            item("i4", "重阳义诊", 1, date(2026, 12, 20)),
        ),
    )  # fmt: skip
    for key, amount in (("i1", 44), ("i2", 1), ("i3", 20)):
        agreement = kept(agreement, key=key, amount=amount)
    for one in agreement.items:
        way = "给 gives" if one.direction is Direction.GIVES else "得 receives"
        print(f"  {way} {one.title}: {one.done}/{one.amount}, 到期 due {one.due_on}")
    so_far = fulfilment(agreement, on=NOW.date(), unit=UNIT)
    print(
        f"  已到期 {so_far.due} 项,做到 {so_far.kept} 项 / kept {so_far.kept} of {so_far.due} due: {so_far.percent} %"
    )


def main() -> None:
    needs, ours = lists()
    show_offers(ours)
    show_possible(needs, ours)
    show_claims(needs, ours)
    show_agreement(ours)


if __name__ == "__main__":
    main()
