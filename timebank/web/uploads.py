"""One file sent with a form."""

from __future__ import annotations

from litestar.datastructures import UploadFile

from timebank.web import i18n
from timebank.web.request import Request

_ = i18n.gettext
FILE_BYTES_MAX = 5_000_000


async def read_upload(request: Request) -> tuple[str, bytes, dict[str, str]]:
    """(name, bytes, error by field) of the one file posted as `files`."""
    file = (await request.form()).get("files")
    if not isinstance(file, UploadFile):
        return "", b"", {"files": _("请先选一个文件。")}
    content = await file.read()
    if not content:
        return "", b"", {"files": _("请先选一个文件。")}
    if len(content) > FILE_BYTES_MAX:
        return "", b"", {"files": _("%(name)s 超过 5 MB，请分成几个文件。", name=file.filename)}
    return file.filename[-160:], content, {}
