"""What a text message to the office means: six pictures by their digits, answers by their words. Pure.

Digits are always pictures (1 to 6, 0 "ring me", 9 "need not come"), answers are always words; a message that means two
things, or nothing we know, is never guessed: a person rings. `read_sms` only reads; what is done with it is the flow's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from marketplace.hanzi import simplified
from marketplace.text import folded
from timebank.rules.telling.phone_patterns import (
    DANGER,
    DOUBTFUL,
    FAMILY,
    KIND_WORDS,
    MEANINGS,
    POLITE,
    QUESTION,
)
from timebank.rules.telling.time_words import times_in

KINDS = ("shopping", "doctor", "repair", "meal", "talk", "other")
"""The six pictures in the order of their digits, which never changes."""
CALL_DIGIT, OFF_DIGIT = "0", "9"
SMS_LENGTH_MAX = 500


class Act(StrEnum):
    """What somebody does by a message."""

    ASK = "ask"
    ASK_MANY = "ask_many"
    CALL_ME = "call_me"
    OFF = "off"
    MOVE = "move"
    YES = "yes"
    NO = "no"
    OTHER = "other"
    AGAIN = "again"
    SURE = "sure"
    CANNOT = "cannot"
    SWAP = "swap"
    ON_WAY = "on_way"
    ARRIVED = "arrived"
    LEFT = "left"
    WENT = "went"
    NOT_WENT = "not_went"
    CAME = "came"
    NOT_CAME = "not_came"
    TIME_WRONG = "time_wrong"
    TIME = "time"
    BALANCE = "balance"
    WHO = "who"
    THANKS = "thanks"
    START_HELP = "start_help"
    STOP = "stop"
    START = "start"
    NOT_ME = "not_me"
    URGENT = "urgent"
    CODE_SENT = "code_sent"
    UNCLEAR = "unclear"


class Why(StrEnum):
    """What the reading hangs on.

    Attributes:
        BY_WORD: the kind of help was said in words. KIND_DIFFERS: picture and words name two kinds: ask back.
        ONE_EACH: several pictures, one request for each. DESK: nothing we know, or a question: a person rings.
    """

    BY_WORD = "by_word"
    KIND_DIFFERS = "kind_differs"
    ONE_EACH = "one_each"
    TWO_MEANINGS = "two_meanings"
    NO_SUCH_NUMBER = "no_such_number"
    CODE = "code"
    PHONE = "phone"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message as it was read.

    Attributes:
        kinds: of help, by their codes; one for `ask`, several for `ask_many`.
        time: the words that say when, for `read_when`; "" where none were said.
        rest: what is left when picture and time are taken off, as written after folding.
        why: what the reading hangs on, where that matters.
    """

    act: Act
    kinds: tuple[str, ...] = ()
    time: str = ""
    rest: str = ""
    why: Why | None = None


_SIGNATURE = re.compile(r"^\s*【[^】]{0,40}】|【[^】]{0,40}】\s*$")
_CLAUSE_ENDS = re.compile(r"[,.;!?、。，；！？…~～\n]+")
_GAP = re.compile(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])")
_DIGITS = re.compile(r"\+?[\d-]+")
# A digit before one of these counts or tells the hour; it is no picture.
_COUNTED = "点时月日天分秒斤袋瓶盒包块元次人位楼层岁年小周米"
_PICTURE = re.compile(
    rf"第?(?P<one>\d{{1,3}})(?:个(?=$|\s)|号(?![楼院门])|[.、,，和跟\s]*(?=\d{{1,3}}(?:$|[.、,，和跟\s])))?(?![{_COUNTED}个:\d])"
)
_NUMERAL = re.compile(r"([一二三四五六])(?=$|[\s,，、。.])")
_NUMERALS = "零一二三四五六"
# With these a time belongs to what is said.
_TIMED = frozenset({Act.OFF, Act.MOVE, Act.CANNOT, Act.LEFT, Act.SURE, Act.NOT_CAME, Act.CAME})
# Of two meanings at once the first says it all.
_STRONGER = {
    Act.TIME_WRONG: {Act.NO, Act.CAME},
    Act.SWAP: {Act.CANNOT},
    Act.CALL_ME: frozenset(set(Act) - {Act.CALL_ME}),
    Act.STOP: {Act.OFF},
    Act.MOVE: {Act.OTHER},
}
_WEAK = frozenset({Act.THANKS, Act.YES})


def read_sms(text: str) -> Said:
    """What a message says; never an error: what cannot be read is `unclear`.

    The order: a code or a number · danger · turned and conditional words · pictures · words · a kind of help by word ·
    a bare time · a person rings.
    """
    plain = _plain(text[:SMS_LENGTH_MAX])
    if not plain.strip("?!. "):
        return Said(act=Act.START_HELP) if "?" in plain else _to_desk()
    if number := _number(plain):
        return number
    if DANGER.search(plain):
        return Said(act=Act.URGENT, rest=plain)
    clauses = [_GAP.sub("", one).strip() for one in _CLAUSE_ENDS.split(FAMILY.sub("", plain)) if one.strip()]
    pictured = _by_picture(plain)
    if pictured is not None:
        return pictured
    if any(DOUBTFUL.search(one) for one in clauses):
        return _to_desk(rest=plain)
    acts = _acts(clauses)
    asked = _questioned(plain, clauses, acts)
    if asked is not None:
        return asked
    if acts:
        return _one_of(acts, plain)
    return _by_word(plain) or _bare_time(plain) or _to_desk(rest=plain)


def _plain(text: str) -> str:
    """Narrow, lower case, simplified, without the signature of a gateway and the apostrophe of can't."""
    bare = _SIGNATURE.sub("", text)
    return simplified(folded(bare).casefold()).replace("'", "").replace("’", "")


def _to_desk(rest: str = "", why: Why = Why.DESK) -> Said:
    return Said(act=Act.UNCLEAR, rest=rest, why=why)


def _number(plain: str) -> Said | None:
    """A code or a telephone number on its own: nothing is done with either."""
    bare = plain.strip(" .。!")
    digits = bare.replace("-", "").replace("+", "")
    if _DIGITS.fullmatch(bare):
        if 4 <= len(digits) <= 8:
            return Said(act=Act.CODE_SENT, why=Why.CODE)
        if len(digits) > 8:
            return _to_desk(why=Why.PHONE)
    if re.search(r"验证码|\bcode\b", plain) and re.search(r"(?<!\d)\d{4,8}(?!\d)", plain):
        return Said(act=Act.CODE_SENT, why=Why.CODE)
    return None


def _by_picture(plain: str) -> Said | None:
    """The digits that a message begins with, and what stands after them."""
    digits, rest = _leading(plain)
    if not digits:
        return None
    if set(digits) & {"7", "8"}:
        return _to_desk(rest=plain, why=Why.NO_SUCH_NUMBER)
    time, rest = times_in(rest)
    shown = _CLAUSE_ENDS.sub(" ", rest).strip()
    different = list(dict.fromkeys(digits))
    if different == [CALL_DIGIT]:
        return Said(act=Act.CALL_ME, time=time, rest=shown)
    if different == [OFF_DIGIT]:
        return Said(act=Act.OFF, time=time, rest=shown)
    if {CALL_DIGIT, OFF_DIGIT} & set(different):
        return _to_desk(rest=plain, why=Why.TWO_MEANINGS)
    kinds = tuple(KINDS[int(digit) - 1] for digit in different)
    if len(kinds) > 1:
        return Said(act=Act.ASK_MANY, kinds=kinds, time=time, rest=shown, why=Why.ONE_EACH)
    said = _acts([shown]) if shown else set()
    if said & {Act.OFF, Act.MOVE, Act.CALL_ME}:
        return Said(act=_one_of(said, plain).act, kinds=kinds, time=time, rest=shown)
    others = set(_kinds_in(shown)) - {kinds[0]}
    differs = Why.KIND_DIFFERS if others and kinds[0] != "other" else None
    return Said(act=Act.ASK, kinds=kinds, time=time, rest=shown, why=differs)


def _leading(plain: str) -> tuple[str, str]:
    """The pictures' digits at the start, and the rest; ("", …) where the message begins with none."""
    numeral = _NUMERAL.match(plain)
    if numeral is not None:
        return str(_NUMERALS.index(numeral.group(1))), plain[numeral.end() :]
    digits, at = "", 0
    while (found := _PICTURE.match(plain, at)) is not None:
        digits += found.group("one")
        at = found.end()
        while at < len(plain) and plain[at] in " .、,，和跟":
            at += 1
    return digits, plain[at:]


def _acts(clauses: list[str]) -> set[Act]:
    """Everything that the words mean, strong words before weak ones."""
    found = {
        Act(code) for clause in clauses for code, words in MEANINGS.items() if words.search(times_off(clause))
    }
    strong = found - _WEAK
    return strong or (found if len(found) == 1 else found - {Act.THANKS})


def times_off(clause: str) -> str:
    """A clause without its times, so that "明天我去" is "我去"; one that is nothing but a time stays."""
    rest = times_in(clause)[1]
    return _GAP.sub("", rest) or clause


def _questioned(plain: str, clauses: list[str], acts: set[Act]) -> Said | None:
    """A question is no answer; one that politely asks for help is a request."""
    if acts & {Act.WHO, Act.BALANCE, Act.START_HELP, Act.CALL_ME}:
        return None
    if not ("?" in plain or any(QUESTION.search(one) for one in clauses)):
        return None
    if POLITE.search(plain) and not acts and (said := _by_word(plain)) is not None:
        return said
    return _to_desk(rest=plain)


def _one_of(acts: set[Act], plain: str) -> Said:
    for strong, weaker in _STRONGER.items():
        if strong in acts:
            acts = acts - weaker
    if len(acts) > 1:
        return _to_desk(rest=plain, why=Why.TWO_MEANINGS)
    (act,) = acts
    return Said(act=act, time=times_in(plain)[0] if act in _TIMED else "", rest=plain)


def _kinds_in(text: str) -> tuple[str, ...]:
    return tuple(kind for kind, words in KIND_WORDS.items() if words.search(text))


def _by_word(plain: str) -> Said | None:
    """A kind of help said in words; two kinds are for a person."""
    kinds = _kinds_in(plain)
    time, rest = times_in(plain)
    shown = _CLAUSE_ENDS.sub(" ", rest).strip()
    if len(kinds) > 1:
        return _to_desk(rest=plain, why=Why.TWO_MEANINGS)
    if not kinds and POLITE.search(plain):
        kinds = ("other",)
    return Said(act=Act.ASK, kinds=kinds, time=time, rest=shown, why=Why.BY_WORD) if kinds else None


def _bare_time(plain: str) -> Said | None:
    time, rest = times_in(plain)
    return Said(act=Act.TIME, time=time) if time and not rest.strip("的吧 .,!") else None
