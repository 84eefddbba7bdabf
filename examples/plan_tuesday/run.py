"""Plan a Tuesday from the files an office really keeps: who helps whom, who is left without and why, whom to look for.

    python examples/plan_tuesday/run.py

The four lists are a workbook, one unit sent a list of its own, and volunteers reported in by csv. Nothing is typed anew:
the files are read, doubtful rows wait for a person, the week is planned exactly, and Tuesday is printed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from marketplace.categories import default_tree
from marketplace.lists import ImportReport, Verdict, read_file
from marketplace.planning import Match, Plan, PlanContext, plan_week
from marketplace.values import SHANGHAI, Need, Resource, VolunteerEntry, Week, Window

LISTS = Path(__file__).resolve().parents[1] / "data" / "lists"
FILES = ("东区社区四张清单.xlsx", "区人民银行营业部-资源.csv", "报到志愿者.csv")
WEEK = Week.parse("2026-W48")
FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)


def read_lists() -> list[ImportReport]:
    """Every table of the three files, judged row by row."""
    return [
        report for name in FILES for report in read_file(LISTS / name, filed_on=date(2026, 11, 18)).reports()
    ]


def show_import(reports: list[ImportReport]) -> None:
    """What became of the rows; a doubt is shown in words and the row waits."""
    print("一、读入 Reading")
    for report in reports:
        print(
            f"  {report.filename} · {report.sheet}: {len(report.rows)} 行 rows, "
            f"{len(report.accepted)} 收下 accepted, {len(report.merged)} 合并 merged, {len(report.questioned)} 待问 to ask"
        )
        for row in report.questioned:
            print(f"    第{row.row_number}行 row {row.row_number}: {row.reasons[0].zh}")


def people_and_lines(reports: list[ImportReport]) -> tuple[list[Need], list[Resource]]:
    """What is open, and who can help: the lists' lines, and volunteers whose row raised no doubt."""
    needs: list[Need] = []
    resources: list[Resource] = []
    for report in reports:
        for row in report.rows:
            match row.value:
                case Need() as need if row.verdict is Verdict.ACCEPTED:
                    needs.append(need)
                case Resource() as resource if row.verdict is Verdict.ACCEPTED:
                    resources.append(resource)
                case VolunteerEntry() as person if row.verdict is Verdict.ACCEPTED and person.categories:
                    # The planner is given an id instead of a name.
                    resources.append(person.as_resource(f"志愿者{row.row_number - 1}号"))
    return needs, resources


def clock(window: Window) -> str:
    starts, ends = window.starts_at.astimezone(SHANGHAI), window.ends_at.astimezone(SHANGHAI)
    return f"{starts:%H:%M}–{ends:%H:%M}"


def show_tuesday(plan: Plan) -> None:
    """The day's matches with their reasons, in the order of the day."""
    tuesday = WEEK.monday_on + timedelta(days=1)
    today = [one for one in plan.matches if one.window.starts_at.astimezone(SHANGHAI).date() == tuesday]
    print(f"\n二、周二 Tuesday {tuesday:%d %b %Y}: {len(today)} 件 of {len(plan.matches)} in the week")
    for match in sorted(today, key=lambda one: (one.window, one.need.title)):
        show_match(match)
    proof = plan.certificate
    print(
        f"  没有更好的安排 no better plan exists: gap {proof.gap}, checked again from the lists: {plan.verify()}"
    )


def show_match(match: Match) -> None:
    need = match.need
    where = f" · {need.place.grid}" if need.place.grid else ""
    several = f" ×{match.quantity}" if match.quantity > 1 else ""
    print(f"  {clock(match.window)} {need.title}{several}{where} ← {match.resource.owner}")
    print(f"      {';'.join(reason.zh for reason in match.reasons)}")
    for note in match.notes:
        print(f"      注意:{note.zh}")


def show_unserved(plan: Plan) -> None:
    """Who is left without this week, each with the reason a worker would tell them."""
    print(f"\n三、还没着落 Left without: {len(plan.unserved)}")
    for one in plan.unserved:
        print(f"  {one.need.title}: {one.why.zh}")
        print(f"      {one.why.en}")


def show_shortages(plan: Plan) -> None:
    """The shortage report: whom to look for next."""
    print("\n四、缺口报告 Whom to look for next")
    tree = default_tree()
    for gap in plan.shortages:
        kind = tree.label(gap.category, "en") if gap.category else "not yet known"
        print(f"  {gap.zh} [{kind}]")


def main() -> None:
    reports = read_lists()
    show_import(reports)
    needs, resources = people_and_lines(reports)
    parents = {one.code: one.parent for one in default_tree().categories.values() if one.parent}
    plan = plan_week(needs, resources, week=WEEK, context=PlanContext(now=FRIDAY, parents=parents))
    show_tuesday(plan)
    show_unserved(plan)
    show_shortages(plan)


if __name__ == "__main__":
    main()
