"""A development zone and a county city that do not exist, with the numbers real reports print; the same every time.

`FULL` holds the printed figures. `scaled` makes a smaller sibling for everyday tests, loaded by the same code.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from random import Random

HEADER = ("姓名", "手机", "身份", "特长", "愿意服务的时间", "所属队伍")
RELATIONS = ("关系类型", "承担方", "手机", "对象", "对象手机", "名额")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国春梅红"
_POSTS = ("治安巡逻岗", "环境保洁岗", "文明劝导岗", "便民服务岗")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How large the two places are; a report prints each, but `active`.

    Attributes:
        communities, grids, advisers, grid_heads, grid_workers, zone_heads, party_teams, volunteer_teams: of the zone.
        registered, agency, docked, placed: on the zone's list of registrants; active: served lately, assumed.
        bureaux, bureau_communities: partner bureaux and the communities that they are paired with, each led by one.
        heads, contacts: building heads and household contacts. pairs, holders: standing pairs, and the people who hold them.
        posts, post_classes: public-benefit posts.
    """

    communities: int
    grids: int
    advisers: int
    grid_heads: int
    grid_workers: int
    zone_heads: int
    party_teams: int
    volunteer_teams: int
    registered: int
    agency: int
    docked: int
    placed: int
    active: int
    bureau_communities: int
    bureaux: int
    heads: int
    contacts: int
    pairs: int
    holders: int
    posts: int
    post_classes: int


FULL = Figures(
    communities=16, grids=11, advisers=9, grid_heads=11, grid_workers=11, zone_heads=460, party_teams=45,
    volunteer_teams=50, registered=8_723, agency=2_512, docked=6_542, placed=3_271, active=1_962,
    bureau_communities=15, bureaux=98, heads=1_683, contacts=1_418, pairs=560, holders=252, posts=24, post_classes=4,
)  # fmt: skip


def scaled(figures: Figures, one_in: int) -> Figures:
    """The figures divided by `one_in`, rounded up; the numbers of communities, classes and grids' officers keep their order."""
    smaller = {one.name: -(-getattr(figures, one.name) // one_in) for one in fields(figures)}
    smaller["post_classes"] = min(figures.post_classes, smaller["posts"])
    return replace(figures, **smaller)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrant:
    """One line of the zone's list."""

    number: int
    name: str
    phone: str
    occupation: str
    team: str


def registrants(figures: Figures, *, seed: int = 9) -> list[Registrant]:
    """Everybody on the list; a third share a name with somebody, each has a number of their own, the docked have a team."""
    draw = Random(seed)
    teams = [f"第{n + 1}先锋队" for n in range(figures.party_teams)]
    teams += [f"第{n + 1}志愿服务队" for n in range(figures.volunteer_teams)]
    agency = {*draw.sample(range(figures.registered), figures.agency)}
    docked = sorted(draw.sample(range(figures.registered), figures.docked))
    team_of = {at: teams[place % len(teams)] for place, at in enumerate(docked)}
    return [
        Registrant(
            number=at,
            name=draw.choice(_SURNAMES)
            + "".join(draw.choice(_GIVEN) for _ in range(1 if draw.random() < 0.12 else 2)),
            phone=f"199{at:08d}",
            occupation="机关在职" if at in agency else draw.choice(("退休", "企业职工", "全职在家")),
            team=team_of.get(at, ""),
        )
        for at in range(figures.registered)
    ]


def list_of(people: list[Registrant]) -> bytes:
    """The list as the zone's office sends it; the docked say what they can."""
    rows = [
        (
            one.name,
            one.phone,
            one.occupation,
            "理发" if one.team and one.number % 3 else "",
            "周二上午" if one.team and one.number % 3 else "",
            one.team,
        )
        for one in people
    ]
    return csv_of(HEADER, rows)


def other_list_of(people: list[Registrant]) -> bytes:
    """The same people on another office's list: short names spaced out, numbers with the country's code, nothing else."""
    return csv_of(
        HEADER[:2],
        [
            (f"{one.name[0]}　{one.name[1:]}" if len(one.name) == 2 else one.name, f"+86 {one.phone}")
            for one in people
        ],
    )


def csv_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as a file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows((header, *rows))
    return out.getvalue().encode()


def shares(whole: int, parts: int) -> list[range]:
    """0 … whole − 1 in `parts` neighbouring ranges that differ by one at most."""
    return [range(whole * at // parts, whole * (at + 1) // parts) for at in range(parts)]


def buildings_needed(figures: Figures, at: int) -> int:
    """Buildings of a county community: one for each of its heads."""
    return max(1, len(shares(figures.heads, figures.bureau_communities)[at]))


def relationship_rows(figures: Figures, at: int, community: str) -> list[Sequence[str]]:
    """The list of one county community: bureaux, heads, contacts, pairs, posts and who holds them."""
    parts = figures.bureau_communities
    buildings = buildings_needed(figures, at)
    rows: list[Sequence[str]] = [
        ("牵头单位" if place == 0 else "结对共建单位", f"第{n}局", "", community, "", "")
        for place, n in enumerate(shares(figures.bureaux, parts)[at])
    ]
    rows += [
        ("楼栋长", f"住户{place % buildings}", "", f"{place % buildings + 1}号楼", "", "")
        for place, _ in enumerate(shares(figures.heads, parts)[at])
    ]
    rows += [
        ("信息员", f"住户{place % buildings}", "", f"{place % buildings + 1}号楼", "", "")
        for place, _ in enumerate(shares(figures.contacts, parts)[at])
    ]
    holders = shares(figures.holders, parts)[at]
    rows += [
        ("结对帮扶", f"帮扶人{place % len(holders)}", "", f"受助人{place}", "", "")
        for place, _ in enumerate(shares(figures.pairs, parts)[at])
    ]
    posts = [f"{_POSTS[n % figures.post_classes]}{n}" for n in shares(figures.posts, parts)[at]]
    rows += [("公益岗位", "", "", title, "", "1") for title in posts]
    rows += [("公益岗位", f"帮扶人{place}", "", title, "", "") for place, title in enumerate(posts)]
    return rows


def people_of(figures: Figures, at: int) -> dict[str, int]:
    """name -> number of their building (0: nobody's), of everybody the list of one county community names."""
    parts = figures.bureau_communities
    people = {f"住户{n}": n + 1 for n in range(buildings_needed(figures, at))}
    posts = len(shares(figures.posts, parts)[at])
    people |= {f"帮扶人{n}": 0 for n in range(max(posts, len(shares(figures.holders, parts)[at])))}
    return people | {f"受助人{n}": 0 for n in range(len(shares(figures.pairs, parts)[at]))}
