"""The versions of one set of rules: drafted by one, approved by another, in force from a day on, never changed after.

    drafted ──approve──> approved      begins on its day, stands until the next one begins
       └────withdraw───> withdrawn <──withdraw── approved, as long as it has not begun

The same life holds for everything a community keeps in dated versions: its policy, and its own catalogues of areas,
organisations, relationships, rounds and schemes. `subject` says which; the text is checked by whoever knows its form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from timebank.policy.errors import (
    AlreadyBegan,
    DayTaken,
    NotADraft,
    PreviewChanged,
    SecondPerson,
    StartsTooSoon,
)

POLICY = "policy"
"""The subject under which a community's policy stands."""


class VersionState(StrEnum):
    """Where a version is in its life."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of one community's rules.

    Attributes:
        number: 1, 2, 3, … within community and subject; never used again.
        text: the rules themselves, TOML.
        preview: what would have been different, as canonical JSON; "" for the founding version.
        fingerprint: of text and preview; what the approver approves.
        approved_by, approved_at: "" and None until then.
    """

    community: str
    subject: str = POLICY
    number: int
    starts_on: date
    text: str
    preview: str = ""
    fingerprint: str = ""
    state: VersionState = VersionState.DRAFTED
    entered_by: str
    entered_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None

    def begun(self, today: date) -> bool:
        """It applies today, or once did."""
        return self.state is VersionState.APPROVED and self.starts_on <= today


def fingerprint(text: str, preview: str) -> str:
    """64 hex digits that no other pair of text and preview has."""
    return sha256(json.dumps([text, preview], ensure_ascii=False).encode()).hexdigest()


def in_force(versions: Iterable[Version], on: date) -> Version | None:
    """The last approved version that starts on or before the day; before the first, the first. None without any."""
    approved = sorted(
        (one for one in versions if one.state is VersionState.APPROVED),
        key=lambda one: (one.starts_on, one.number),
    )
    begun = [one for one in approved if one.starts_on <= on]
    return begun[-1] if begun else (approved[0] if approved else None)


def founding(*, community: str, subject: str = POLICY, text: str, on: date, by: str, at: datetime) -> Version:
    """The first version, in force at once: entered and approved by whoever founds the community."""
    return Version(
        community=community, subject=subject, number=1, starts_on=on, text=text, fingerprint=fingerprint(text, ""),
        state=VersionState.APPROVED, entered_by=by, entered_at=at, approved_by=by, approved_at=at,
    )  # fmt: skip


def drafted(
    versions: Sequence[Version],
    *,
    community: str,
    subject: str = POLICY,
    text: str,
    preview: str,
    starts_on: date,
    today: date,
    by: str,
    at: datetime,
) -> Version:
    """A new draft; `versions` are all there are of this community and subject, withdrawn ones too.

    Raises:
        StartsTooSoon: the day is today or in the past.
        DayTaken: an approved version begins on that day.
    """
    _day_free(versions, starts_on, today)
    number = 1 + max((one.number for one in versions), default=0)
    return Version(
        community=community, subject=subject, number=number, starts_on=starts_on, text=text, preview=preview,
        fingerprint=fingerprint(text, preview), entered_by=by, entered_at=at,
    )  # fmt: skip


def revised(
    versions: Sequence[Version],
    draft: Version,
    *,
    text: str,
    preview: str,
    starts_on: date,
    today: date,
    by: str,
    at: datetime,
) -> Version:
    """The same draft with another text or day; whoever changed it last has entered it.

    Raises:
        AlreadyBegan, NotADraft: it is no draft any more; StartsTooSoon, DayTaken: as for a new draft.
    """
    _still_draft(draft, today)
    _day_free([one for one in versions if one.number != draft.number], starts_on, today)
    return replace(
        draft, text=text, preview=preview, fingerprint=fingerprint(text, preview), starts_on=starts_on,
        entered_by=by, entered_at=at,
    )  # fmt: skip


def looked_again(draft: Version, *, preview: str, today: date) -> Version:
    """The draft with a newer preview; who entered it stays, because nothing was changed.

    Raises:
        AlreadyBegan, NotADraft: it is no draft any more.
    """
    _still_draft(draft, today)
    return replace(draft, preview=preview, fingerprint=fingerprint(draft.text, preview))


def approved(
    versions: Sequence[Version], draft: Version, *, seen: str, today: date, by: str, at: datetime
) -> Version:
    """The draft, approved; `seen` is the fingerprint that the approver was shown.

    Raises:
        AlreadyBegan, NotADraft: it is no draft any more; SecondPerson: `by` entered it.
        PreviewChanged: not what was shown; StartsTooSoon: its day has come meanwhile; DayTaken.
    """
    _still_draft(draft, today)
    if by == draft.entered_by:
        raise SecondPerson()
    if seen != draft.fingerprint or draft.fingerprint != fingerprint(draft.text, draft.preview):
        raise PreviewChanged()
    _day_free([one for one in versions if one.number != draft.number], draft.starts_on, today)
    return replace(draft, state=VersionState.APPROVED, approved_by=by, approved_at=at)


def withdrawn(version: Version, *, today: date) -> Version:
    """The version taken back before it began.

    Raises:
        AlreadyBegan: it applies, or once did; NotADraft: withdrawn before.
    """
    if version.begun(today):
        raise AlreadyBegan()
    if version.state is VersionState.WITHDRAWN:
        raise NotADraft()
    return replace(version, state=VersionState.WITHDRAWN)


def _still_draft(version: Version, today: date) -> None:
    if version.begun(today):
        raise AlreadyBegan()
    if version.state is not VersionState.DRAFTED:
        raise NotADraft()


def _day_free(others: Iterable[Version], starts_on: date, today: date) -> None:
    if starts_on <= today:
        raise StartsTooSoon(field="starts_on")
    for one in others:
        if one.state is VersionState.APPROVED and one.starts_on == starts_on:
            raise DayTaken(number=one.number)
