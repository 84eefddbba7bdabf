"""A visit and a shift to work with, on the small town of the app's tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from ledger import PlaceHold, Transfer
from ledger.values import Leg
from timebank.context import fund_account, issuing_account, member_account
from timebank.rules.parts.attendance import Attendance, Kind, Service, State
from timebank.store.help import services

START = timedelta(hours=1)


@dataclass
class Scene:
    """The town with helpers to make services and to look at balances."""

    town: Any

    @property
    def ctx(self) -> Any:
        return self.town.ctx

    def pass_time(self, minutes: int) -> None:
        self.ctx.clock.now += timedelta(minutes=minutes)

    async def actor(self, who: str, **known: str) -> Any:
        return await self.town.actor(who, **known)

    async def visit(
        self,
        *,
        helper: str = "volunteer",
        starts_at: datetime | None = None,
        minutes: int = 60,
        held: int = 0,
        recipient: str = "elder",
        team: str = "",
    ) -> tuple[Service, Attendance]:
        """A visit with its helper signed up; `held` minutes of the elder are set aside for it."""
        starts_at = starts_at or self.ctx.now()
        async with self.ctx.engine.atomic():
            uid = self.ctx.ids.uid("S")
            hold = ""
            if held:
                hold = (
                    await self.ctx.book("dongqu").post(
                        PlaceHold(
                            key=f"arrange:{uid}",
                            payer=member_account(self.town.uids[recipient]),
                            payee=fund_account("dongqu"),
                            amount=held,
                            expires_at=starts_at + timedelta(days=91),
                            memo=uid,
                        ),
                        at=self.ctx.now(),
                    )
                ).uid
            service = Service(
                uid=uid, community="dongqu", kind=Kind.VISIT, title="买米买菜", recipient=self.town.uids[recipient], team=team,
                place="一网格", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes),
                payer="recipient" if held else "institution", hold_uid=hold,
            )  # fmt: skip
            await services.add_service(
                self.ctx,
                service,
                created_by=self.town.uids["worker"],
                place_exact="一网格3号楼502",
                note_private="敲门要重",
            )
            part = Attendance(
                uid=self.ctx.ids.uid("A"),
                service=uid,
                member=self.town.uids[helper],
                signed_up_at=self.ctx.now(),
            )
            await services.add_attendance(self.ctx.engine, part)
        return service, part

    async def shift(self, *people: str, starts_at: datetime | None = None, capacity: int = 12) -> Service:
        """A red-vest shift of three hours with these people signed up."""
        starts_at = starts_at or self.ctx.now()
        service = Service(
            uid=self.ctx.ids.uid("S"), community="dongqu", kind=Kind.SHIFT, title="周二“红马甲”在行动",
            team="red-vests", lead=self.town.uids["leader"], place="社区小广场", starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3), capacity=capacity,
        )  # fmt: skip
        async with self.ctx.engine.atomic():
            await services.add_service(self.ctx, service, created_by="")
            for who in people:
                part = Attendance(
                    uid=self.ctx.ids.uid("A"), service=service.uid, member=self.town.uids[who],
                    signed_up_at=self.ctx.now(),
                )  # fmt: skip
                await services.add_attendance(self.ctx.engine, part)
        return service

    async def part(self, service: Service, who: str) -> Attendance:
        found = await services.attendance_of(self.ctx.engine, service.uid, self.town.uids[who])
        assert found is not None
        return found

    async def served(self, part: Attendance, minutes: int, *, by: str = "volunteer") -> Attendance:
        """The part checked in now and out again after some minutes."""
        from timebank.help.services import flow

        actor = await self.actor(by)
        await flow.check_in(self.ctx, actor, part.uid)
        self.pass_time(minutes)
        return await flow.check_out(self.ctx, actor, part.uid)

    async def balance(self, who: str) -> int:
        found = await self.ctx.book("dongqu").balance(member_account(self.town.uids[who]))
        return int(found.balance)

    async def give(self, who: str, minutes: int) -> None:
        """Hours to start with, from the institution."""
        legs = (Leg(issuing_account("dongqu"), minutes), Leg(member_account(self.town.uids[who]), -minutes))
        await self.ctx.book("dongqu").post(
            Transfer(key=f"give:{who}:{minutes}", legs=legs, reason="opening"), at=self.ctx.now()
        )

    async def posted(self) -> list[Any]:
        """Entries of the book that moved hours for attendances."""
        return [one for one in await self.ctx.book("dongqu").transfers() if one.key.startswith("attendance:")]

    async def states(self, service: Service) -> dict[str, State]:
        names = {uid: who for who, uid in self.town.uids.items()}
        parts = await services.attendances(self.ctx.engine, service.uid)
        return {names.get(part.member, part.member): part.state for part in parts}


@pytest.fixture
def scene(town: Any) -> Scene:
    return Scene(town)
