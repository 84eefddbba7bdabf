"""A form as it came: where it goes, its key and token, and its fields without those."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType

from timebank.store.channels.forms import Pairs
from timebank.web.once import KEY_LENGTH_MAX, fingerprint
from timebank.web.request import Request
from timebank.web.tokens import HEADER, KEY_FIELD, TOKEN_FIELD

ADDRESS_LENGTH_MAX = 300
KEPT_BYTES_MAX = 65_536
SECRET_FIELDS = frozenset({"password", "old", "new", "proof"})
"""Fields that are never kept: a password, or a code from a colleague's paper, is typed once more."""
_FORMS = frozenset({RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART})


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A writing request.

    Attributes:
        path: where it was sent, with its query. page: where it was filled in; "" when the browser does not say.
        is_form: whether a browser sent it as a form and shows what comes back as a page.
        pairs: its fields, without token and key. has_file: whether a file came with it.
    """

    path: str
    page: str
    is_form: bool
    token: str
    key: str
    pairs: Pairs
    has_file: bool
    fingerprint: str

    @property
    def says_something(self) -> bool:
        """Whether there is more in it than the press of a button."""
        return any(name != "next" and value for name, value in self.pairs)

    @property
    def keepable(self) -> Pairs:
        """What may be kept of it; nothing when it is too long."""
        found = tuple((name, value) for name, value in self.pairs if name not in SECRET_FIELDS)
        size = sum(len(name.encode()) + len(value.encode()) for name, value in found)
        return found if size <= KEPT_BYTES_MAX else ()


async def read_press(request: Request) -> Press:
    """The request as a press; its body is read once and found again by the handler."""
    header = request.headers.get(HEADER, "")
    query = request.url.query
    path = request.url.path + (f"?{query}" if query else "")
    fragment = "hx-request" in request.headers
    if request.content_type[0] not in _FORMS:
        return Press(
            path=path, page=_own_page(request), is_form=not fragment and _wants_page(request), token=header, key="", pairs=(),
            has_file=False, fingerprint=fingerprint(path, []),
        )  # fmt: skip
    token, key, has_file = header, "", False
    pairs: list[tuple[str, str]] = []
    marks: list[tuple[str, str]] = []
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            has_file = has_file or bool(value.filename)
            marks.append((name, sha256(await value.read()).hexdigest()))
            await value.seek(0)
        elif name == TOKEN_FIELD:
            token = token or str(value)
        elif name == KEY_FIELD:
            key = str(value)[:KEY_LENGTH_MAX]
        else:
            pairs.append((name, str(value)))
    return Press(
        path=path, page=_own_page(request), is_form=not fragment and _wants_page(request), token=token, key=key,
        pairs=tuple(pairs), has_file=has_file, fingerprint=fingerprint(path, [*pairs, *marks]),
    )  # fmt: skip


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def _own_page(request: Request) -> str:
    """The page of ours that the form stands on, as the browser says."""
    said = urlsplit(request.headers.get("referer", ""))
    if said.netloc != request.headers.get("host"):
        return ""
    page = said.path + (f"?{said.query}" if said.query else "")
    return page if page.startswith("/") and len(page) <= ADDRESS_LENGTH_MAX else ""
