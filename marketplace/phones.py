"""Telephone numbers as people write them: one normal form to find somebody by, and what was written to ring by.

A cell may hold several. Nothing is refused: what holds no number keeps its words (`见公示栏`), and says what is doubtful.
Normal forms: a mobile 19900000002; a landline with its area code 02885550000; a local number 85550000; 4008101234;
a hotline 12345; a number abroad 00852… as it is dialled from the mainland.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from marketplace.text import folded

_ABSENT = frozenset(
    {"", "-", "--", "—", "——", "/", "无", "没有", "暂无", "未留", "未填", "不详", "无电话", "没有电话", "n/a", "none", "no phone"}
)  # fmt: skip
# Outside brackets only: a note may hold a comma of its own.
_SEPARATORS = re.compile(
    r"(?:[/、,;|]+|或者?|以及|\s+or\s+|\s和\s*|和(?=\s*[+(\d]))(?![^()]*\))", re.IGNORECASE
)
# What only says that a telephone follows; it is no note.
_LABELS = re.compile(
    r"^(?:tel|phone|mobile|cell|t|电话|手机|手机号码?|联系电话|联系方式|号码)\s*[.:]?\s*(?=[+(\d])|^(?:tel|sms):(?://)?",
    re.IGNORECASE,
)
_EXTENSION_WORDS = r"(?:转|分机号?|内线|extension|ext\.?|x|#|\*)"
_EXTENSION = re.compile(rf"{_EXTENSION_WORDS}\s*:?\s*(\d{{1,6}})\s*$", re.IGNORECASE)
_HYPHENS = re.compile(r"[‐‑‒–—―−－~]")
_CORE = re.compile(r"[+\d][\d\s\-.()+]*\d|\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber:
    """One number of a cell.

    Attributes:
        number: digits only, in its normal form; "" when what is written holds none.
        extension: 1 to 6 digits to ask for behind a switchboard, else "".
        note: what stood beside it (女儿, 微信同号), else "".
        written: as it stood in the cell, for whoever rings.
    """

    number: str = ""
    extension: str = ""
    note: str = ""
    written: str = ""

    @property
    def doubt(self) -> str:
        """ "", or why no number was read: phone_length for digits alone, else phone_characters."""
        if self.number or not self.written:
            return ""
        plain = re.sub(r"[\s\-.()+]", "", folded(self.written))
        return "phone_length" if plain.isascii() and plain.isdigit() else "phone_characters"

    @property
    def mobile(self) -> bool:
        """Whether it takes text messages: a mobile number of the mainland."""
        return len(self.number) == 11 and self.number[0] == "1" and not self.extension

    @property
    def digits(self) -> str:
        """The digits written, a number or not, for asking about a slip."""
        return self.number or "".join(char for char in folded(self.written) if char.isdigit())

    @property
    def tail(self) -> str:
        """The last four digits, by which a desk asks for somebody; "" for a shorter number."""
        return self.number[-4:] if len(self.number) > 4 else ""

    def rings_like(self, other: PhoneNumber) -> bool:
        """True when both ring at one place: the same number, and no two extensions that differ."""
        if not self.number or not other.number:
            return False
        extensions = {self.extension, other.extension} - {""}
        return len(extensions) < 2 and (self.number == other.number or _local_of(self.number, other.number))


def read_phones(text: str, *, area_code: str = "") -> tuple[PhoneNumber, ...]:
    """Every number of a cell, in order, repeats left out; () for an empty cell or a sign for nothing.

    Args:
        area_code: put before a local number of 7 or 8 digits, such as 028; a landline earlier in the cell gives its own.
    """
    if folded(text).casefold() in _ABSENT:
        return ()
    found: list[PhoneNumber] = []
    pieces = _pieces(text)
    for piece in pieces:
        last = found[-1] if found else None
        given = _area_code_of(found) or area_code
        one = _continued(piece, last) or _read(piece, area_code=given)
        if one.number and any(one.rings_like(other) for other in found):
            continue
        found.append(one if len(pieces) > 1 else replace(one, written=text.strip()))
    return tuple(found)


def read_phone(text: str, *, area_code: str = "") -> PhoneNumber:
    """The first number that can be dialled, else what was written; an empty value for an empty cell."""
    found = read_phones(text, area_code=area_code)
    return next((one for one in found if one.number), found[0] if found else PhoneNumber())


def first_number(phones: tuple[PhoneNumber, ...]) -> str:
    """The first number that can be dialled; "" when there is none."""
    return next((one.number for one in phones if one.number), "")


def same_phone(one: tuple[PhoneNumber, ...], other: tuple[PhoneNumber, ...]) -> bool:
    """True when two people's numbers have one in common."""
    return any(first.rings_like(second) for first in one for second in other)


def _pieces(text: str) -> list[str]:
    """The cell in pieces of one number each, brackets kept whole."""
    plain = _unwrapped(_HYPHENS.sub("-", folded(text.replace("\n", ";").replace("\r", ";"))))
    pieces: list[str] = []
    for piece in _SEPARATORS.split(plain):
        parts = piece.split()
        digits = re.sub(r"[\s\-.]", "", piece)
        # Two numbers with a space between; a number written in groups has no group that is one.
        if len(parts) > 1 and not _normal(piece) and all(_normal(part) for part in parts):
            pieces.extend(parts)
        elif re.fullmatch(r"(?:1[3-9]\d{9}){2}", digits):
            pieces.extend((digits[:11], digits[11:]))
        elif bare := piece.strip().lstrip("'’ "):
            # A spreadsheet's sign for text before a number is no part of it.
            pieces.append(bare)
    return pieces


def _unwrapped(text: str) -> str:
    """The cell with numbers out of their brackets: a second one (19900000001(女儿19900000002)) as a piece of its own."""
    beside = re.sub(r"\([^()]*\)", "", text)
    joint = ";" if sum(char.isdigit() for char in beside) > 4 else " "

    def out(found: re.Match[str]) -> str:
        holds = any(_normal(one) for one in _CORE.findall(found[1]))
        return f"{joint}{found[1]}{joint}" if holds else found[0]

    return re.sub(r"\(([^()]*)\)", out, text)


def _read(piece: str, *, area_code: str) -> PhoneNumber:
    """One piece: a label and notes taken off, then the extension, then the number."""
    bare, notes, extension = _without_notes(_LABELS.sub("", piece.strip()))
    if behind := _EXTENSION.search(bare):
        bare, extension = bare[: behind.start()].rstrip(" -,"), behind[1]
    core = _CORE.search(bare)
    if core is None:
        return PhoneNumber(written=piece)
    beside = [bare[: core.start()], bare[core.end() :]]
    # A letter joined to the digits is a slip (199O0000004), not a note.
    if re.search(r"[a-z]$", beside[0], re.IGNORECASE) or re.match(r"[a-z]", beside[1], re.IGNORECASE):
        return PhoneNumber(written=piece)
    digits, behind_hyphen = _split_extension(core[0])
    number = _normal(digits)
    if not number:
        return PhoneNumber(written=piece)
    if area_code and _is_local(number):
        number = area_code + number
    notes = [*notes, *(part.strip(" :.-*#()") for part in beside)]
    return PhoneNumber(
        number=number,
        extension=extension or behind_hyphen,
        note=" ".join(filter(None, notes)),
        written=piece,
    )


def _without_notes(piece: str) -> tuple[str, list[str], str]:
    """The piece without bracketed notes, the notes, and an extension in brackets; digits in brackets stay, as an area code."""
    notes: list[str] = []
    extension = ""

    def note(found: re.Match[str]) -> str:
        nonlocal extension
        inside = found[1].strip()
        if behind := re.fullmatch(_EXTENSION.pattern, inside, re.IGNORECASE):
            extension = behind[1]
            return " "
        if re.fullmatch(r"[+\d\s-]+", inside):
            return f" {inside} "
        notes.append(inside)
        return " "

    return re.sub(r"\(([^()]*)\)", note, piece).strip(), notes, extension


def _split_extension(core: str) -> tuple[str, str]:
    """A landline and the digits behind its last hyphen, where these are more than the number can hold."""
    head, hyphen, tail = core.rpartition("-")
    groups = re.findall(r"\d+", head)
    if hyphen and re.fullmatch(r"\s*\d{1,6}\s*", tail) and groups:
        whole = _normal(head)
        is_landline = whole.startswith(("0", "400", "800")) or _is_local(whole)
        # 028-8555-0000 is one number in groups; 028-85550000-802 ends with somebody's extension.
        if whole and is_landline and (len(groups[-1]) >= 7 or not _normal(core)):
            return head, tail.strip()
    return core, ""


def _normal(text: str) -> str:
    """The digits in their normal form; "" when they are no number."""
    plain = re.sub(r"[\s\-.()]", "", text)
    abroad = plain.startswith(("+", "00"))
    digits = re.sub(r"^(?:\+|00)", "", plain)
    if not (digits.isascii() and digits.isdigit()):
        return ""
    if digits.startswith("86") and (abroad or re.fullmatch(r"86(?:1[3-9]\d{9}|0\d{9,11})", digits)):
        digits, home = digits[2:], True
    else:
        home = False
    if abroad and not home:
        return f"00{digits}" if 8 <= len(digits) <= 15 and digits[0] != "0" else ""
    if home and not re.fullmatch(r"1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}", digits):
        digits = f"0{digits}"  # +86 28 8555 0000 leaves the 0 of the area code out
    good = (
        re.fullmatch(r"1[3-9]\d{9}", digits)
        or re.fullmatch(r"0[1-9]\d{8,10}", digits)
        or re.fullmatch(r"[48]00\d{7}", digits)
        or re.fullmatch(r"(?:12|95|96)\d{3}", digits)
        or _is_local(digits)
    )
    return digits if good else ""


def _is_local(number: str) -> bool:
    return 7 <= len(number) <= 8 and number[0] not in "01"


def _local_of(one: str, other: str) -> bool:
    """One is the other without its area code."""
    short, long = sorted((one, other), key=len)
    return _is_local(short) and _area_code(long) + short == long


def _area_code(number: str) -> str:
    """The area code of a landline: three digits for Beijing and the 02 cities, four elsewhere; "" for other numbers."""
    if not number.startswith("0") or number.startswith("00"):
        return ""
    return number[: 3 if number.startswith(("010", "02")) else 4]


def _area_code_of(found: list[PhoneNumber]) -> str:
    """The area code of the last landline so far."""
    return next((code for one in reversed(found) if (code := _area_code(one.number))), "")


def _continued(piece: str, last: PhoneNumber | None) -> PhoneNumber | None:
    """The neighbouring line of 85550000/1, the other extension of 85550000-802/803; None for anything else."""
    if last is None or not last.number or not re.fullmatch(r"\d{1,6}", piece):
        return None
    if last.extension and len(piece) == len(last.extension):
        return replace(last, extension=piece, note="", written=piece)
    if len(piece) > 1 or last.extension:
        return None
    return replace(last, number=last.number[:-1] + piece, note="", written=piece)
