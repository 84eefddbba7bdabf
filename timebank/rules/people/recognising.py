"""Who is it? The one rule by which lists, sheets, walk-ups, telephone calls and sign-ins tell who is meant.

`recognise` answers Known, Maybe or New. Only Known writes by itself: a Maybe is asked once, and the answer kept by the
description's digest, so that the same list sent again asks nothing. A name alone is nobody's: two people called 张伟 never
become one without a person's word.

In order: nothing to go by or an unreadable name → Maybe; an answer given → Known; the source's own number for the person;
then each candidate by name, number and birth (`_fit`); then the candidates together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.ages import Agreement, compare
from marketplace.names import name_key, similar, unreadable
from marketplace.phones import same_phone
from timebank.rules.people.described import Answer, Candidate, Described, digests
from timebank.rules.relationships import Life


class Why(StrEnum):
    """Why somebody is, or may be, the one described."""

    # Known.
    ANSWERED = "answered"
    SOURCE_NUMBER = "source_number"
    NAME_AND_PHONE = "name_and_phone"
    NAME_AND_BIRTH = "name_and_birth"
    ON_ROSTER = "on_roster"
    ONLY_GIVER = "only_giver"
    CALLED_AND_PHONE = "called_and_phone"
    # Maybe.
    NOTHING_TO_GO_BY = "nothing_to_go_by"
    NAME_UNREADABLE = "name_unreadable"
    SOURCE_NUMBER_OTHER_NAME = "source_number_other_name"
    AGE_DIFFERS = "age_differs"
    SAME_NAME_NO_NUMBER = "same_name_no_number"
    NUMBER_CHANGED = "number_changed"
    CALLED_NO_NUMBER = "called_no_number"
    NAME_SPELLED_DIFFERENTLY = "name_spelled_differently"
    NUMBER_ONLY = "number_only"
    HAS_LEFT = "has_left"
    HAS_DIED = "has_died"
    SEVERAL_FIT = "several_fit"


class NoteCode(StrEnum):
    """What stands on a new person's page, though it stopped no row."""

    SAME_NAME = "same_name"
    PHONE_SHARED = "phone_shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A new person shares a name or a number with these people on record."""

    code: NoteCode
    uids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One person on record who may be meant, and why."""

    uid: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """It is this person; a flow may write."""

    uid: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Maybe:
    """A person must say who it is.

    Attributes:
        fits: whom it may be, the likeliest first; may be empty (nothing to go by).
        why: what to ask about.
        digest: the description under which the question stands and the answer is kept.
    """

    fits: tuple[Fit, ...]
    why: Why
    digest: str

    @property
    def uids(self) -> tuple[str, ...]:
        return tuple(fit.uid for fit in self.fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """Nobody on record is meant; `notes` name those who share the name or the number."""

    notes: tuple[Note, ...] = ()


Recognised = Known | Maybe | New


# A record that was joined is read through the one that was kept, and an erased one is nobody.
_SOMEBODY = frozenset({Life.ACTIVE, Life.LEFT, Life.DIED})


def recognise(described: Described, candidates: Sequence[Candidate], answers: Iterable[Answer]) -> Recognised:
    """Who is described, by the decision table.

    Args:
        candidates: people of the same community, any order: whoever has an equal `name_key`, called key, number, source number
            or sound, the roster of the sheet's team, and everybody whom an answer names. More do no harm.
        answers: those kept under `digests(described)`; others are passed over. One about somebody who is no candidate
            counts for nothing, for that person is gone.
    """
    keep = digests(described)
    given = [one for one in answers if one.described in keep]
    others = {one.uid for one in given if not one.same}
    people = sorted(
        (one for one in candidates if one.uid not in others and one.life in _SOMEBODY),
        key=lambda one: one.uid,
    )
    key = name_key(described.name)
    if not key and not described.numbers:
        return Maybe(fits=(), why=Why.NOTHING_TO_GO_BY, digest=keep[-1])
    if answered := _answered(described, people, given):
        return answered
    if unreadable(described.name):
        fits = [Fit(uid=one.uid, why=Why.NAME_UNREADABLE) for one in people if _shares_number(described, one)]
        return Maybe(fits=tuple(fits), why=Why.NAME_UNREADABLE, digest=keep[0])
    if numbered := _by_source_number(described, key, people):
        return numbered
    fits = [fit for one in people if (fit := _fit(described, key, one, people)) is not None]
    return _together(described, key, people, fits)


def answer_worth_keeping(described: Described, found: Known | New, uid: str) -> Answer | None:
    """The answer a flow keeps beside a New or Known that had no number; None where a number will tell the next time.

    Without it a homonym who comes later would turn the same list into questions. A sheet's holds for its file alone: when a
    second 张伟 joins the team, the next sheet is asked about.
    """
    if described.numbers or (isinstance(found, Known) and found.why is Why.ANSWERED):
        return None
    return Answer(described=digests(described)[-1 if described.sheet else 0], uid=uid, same=True)


# --- one candidate


def _answered(
    described: Described, people: Sequence[Candidate], given: Sequence[Answer]
) -> Recognised | None:
    """Whom somebody named for this description; asked again where they have left, or where two were named."""
    same = {one.uid for one in given if one.same}
    named = [one for one in people if one.uid in same]
    if not named:
        return None
    if len(named) > 1:
        fits = tuple(Fit(uid=one.uid, why=Why.SEVERAL_FIT) for one in named)
        return Maybe(fits=fits, why=Why.SEVERAL_FIT, digest=digests(described)[0])
    gone = _gone(named[0])
    if gone is not None:
        fit = Fit(uid=named[0].uid, why=gone)
        return Maybe(fits=(fit,), why=gone, digest=digests(described)[0])
    return Known(uid=named[0].uid, why=Why.ANSWERED)


def _by_source_number(described: Described, key: str, people: Sequence[Candidate]) -> Recognised | None:
    """The person whom the same source gave this number before: known by it as long as the name is the same."""
    if not described.source_number:
        return None
    named = [one for one in people if described.source_number in one.source_numbers]
    if not named:
        return None
    same = [one for one in named if key and key in one.keys]
    if len(same) == 1 and _gone(same[0]) is None:
        return Known(uid=same[0].uid, why=Why.SOURCE_NUMBER)
    why = Why.SEVERAL_FIT if same else Why.SOURCE_NUMBER_OTHER_NAME
    fits = _ranked(Fit(uid=one.uid, why=_gone(one) or why) for one in same or named)
    return Maybe(fits=fits, why=fits[0].why, digest=digests(described)[0])


def _fit(described: Described, key: str, one: Candidate, people: Sequence[Candidate]) -> Fit | None:
    """One line of the decision table; None when this person cannot be meant."""
    why = _why(described, key, one, people)
    gone = _gone(one)
    if why is None or gone is None:
        return None if why is None else Fit(uid=one.uid, why=why)
    return Fit(uid=one.uid, why=gone)


def _why(described: Described, key: str, one: Candidate, people: Sequence[Candidate]) -> Why | None:
    equal = _shares_number(described, one)
    absent = not described.numbers or not one.numbers
    near = described.is_near(one)
    if not key:
        return Why.NUMBER_ONLY if equal else None
    if key == name_key(one.name):
        return _same_name(described, one, people, equal=equal, absent=absent, near=near)
    against = compare(described.ages, one.ages) is Agreement.AGAINST
    if key in one.keys:
        if equal:
            return Why.AGE_DIFFERS if against else Why.CALLED_AND_PHONE
        return Why.CALLED_NO_NUMBER if absent and not against else None
    if equal and unreadable(one.name):
        return Why.NAME_UNREADABLE
    if not against and (equal or (absent and near)) and similar(described.name, one.name):
        return Why.NAME_SPELLED_DIFFERENTLY
    return None


def _same_name(
    described: Described,
    one: Candidate,
    people: Sequence[Candidate],
    *,
    equal: bool,
    absent: bool,
    near: bool,
) -> Why | None:
    """Somebody of the very name: what number, birth and, on a sheet, the roster say."""
    births = compare(described.ages, one.ages)
    if equal:
        return Why.AGE_DIFFERS if births is Agreement.AGAINST else Why.NAME_AND_PHONE
    if births is Agreement.AGAINST:
        return None
    if not absent:
        same_team = bool(described.teams & one.teams) and not one.listed
        changed = (
            births is Agreement.AGREE or one.left_the_list or same_team or (described.sheet and one.gives)
        )
        return Why.NUMBER_CHANGED if changed else None
    if births is Agreement.AGREE and near:
        return Why.NAME_AND_BIRTH
    if described.sheet:
        return _on_sheet(described, one, people)
    return Why.SAME_NAME_NO_NUMBER


def _on_sheet(described: Described, one: Candidate, people: Sequence[Candidate]) -> Why | None:
    """A bare name on a team's own sheet: its roster first, else whoever of that name gives at all."""
    if described.teams & one.teams:
        return Why.ON_ROSTER
    key = name_key(described.name)
    on_roster = any(
        described.teams & other.teams and name_key(other.name) == key and _gone(other) is None
        for other in people
    )
    if on_roster:
        return None
    return Why.ONLY_GIVER if one.gives else Why.SAME_NAME_NO_NUMBER


def _shares_number(described: Described, one: Candidate) -> bool:
    return same_phone(described.phones, one.phones)


def _gone(one: Candidate) -> Why | None:
    """Nobody who has left or died is revived by a list."""
    match one.life:
        case Life.LEFT:
            return Why.HAS_LEFT
        case Life.DIED:
            return Why.HAS_DIED
        case _:
            return None


# --- the candidates together

_BY_NUMBER = frozenset({Why.NAME_AND_PHONE, Why.CALLED_AND_PHONE})
_KNOWN = frozenset(
    {Why.NAME_AND_PHONE, Why.NAME_AND_BIRTH, Why.ON_ROSTER, Why.ONLY_GIVER, Why.CALLED_AND_PHONE}
)
# The likeliest first.
_RANK = {why: at for at, why in enumerate((*Why,))}


def _together(described: Described, key: str, people: Sequence[Candidate], fits: Sequence[Fit]) -> Recognised:
    """One who is known beats all who may be, by a number beats without; two known, or two of a bare name, are asked about."""
    by_number = [fit for fit in fits if fit.why in _BY_NUMBER]
    known = by_number or [fit for fit in fits if fit.why in _KNOWN]
    if len(known) == 1:
        return Known(uid=known[0].uid, why=known[0].why)
    if not fits and not key:
        # Nobody is registered without a name.
        return Maybe(fits=(), why=Why.NUMBER_ONLY, digest=digests(described)[0])
    if not fits:
        return New(notes=_notes(described, key, people))
    if known:
        # On a sheet such an answer holds for this file alone: two 张伟 of one team are not one for ever.
        digest = digests(described)[-1 if described.sheet else 0]
        several = tuple(Fit(uid=fit.uid, why=Why.SEVERAL_FIT) for fit in known)
        return Maybe(fits=several, why=Why.SEVERAL_FIT, digest=digest)
    ranked = _ranked(fits)
    bare = len(ranked) > 1 and all(fit.why is Why.SAME_NAME_NO_NUMBER for fit in ranked)
    return Maybe(
        fits=ranked,
        why=Why.SEVERAL_FIT if bare else ranked[0].why,
        digest=digests(described)[-1 if bare and described.sheet else 0],
    )


def _ranked(fits: Iterable[Fit]) -> tuple[Fit, ...]:
    """The likeliest first, then by id, so that the order of candidates changes nothing."""
    return tuple(sorted(fits, key=lambda fit: (_RANK[fit.why], fit.uid)))


def _notes(described: Described, key: str, people: Sequence[Candidate]) -> tuple[Note, ...]:
    """Whose name or number a new person shares."""
    named = tuple(sorted(one.uid for one in people if key and name_key(one.name) == key))
    sharing = tuple(sorted(one.uid for one in people if _shares_number(described, one)))
    found = [
        Note(code=NoteCode.SAME_NAME, uids=named) if named else None,
        Note(code=NoteCode.PHONE_SHARED, uids=sharing) if sharing else None,
    ]
    return tuple(note for note in found if note is not None)
