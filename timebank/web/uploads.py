"""Files sent with a form."""

from __future__ import annotations

from typing import Annotated, TypeVar

from litestar.datastructures import UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from timebank.web import i18n
from timebank.web.pages import read_form
from timebank.web.request import Request

_ = i18n.gettext
FILE_BYTES_MAX = 5_000_000
FILES_MAX = 10
NAME_LENGTH_MAX = 160


def _several(value: object) -> object:
    # One file of a group arrives by itself, several as a list.
    return value if isinstance(value, list) else [value]


PostedFile = Annotated[UploadFile, WithJsonSchema({"type": "string", "format": "binary"})]
"""One file of a form; how large it may be is judged when it is read."""


class Upload(BaseModel):
    """One file, with whatever else its form asks."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    files: PostedFile


class Uploads(BaseModel):
    """Several files at once."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    files: Annotated[
        list[PostedFile],
        BeforeValidator(_several),
        Field(json_schema_extra={"minItems": 1, "maxItems": FILES_MAX}),
    ]


Uploaded = TypeVar("Uploaded", bound=Upload)
Read = tuple[str, bytes]
"""A file's name and what is in it."""


async def read_upload(request: Request, kind: type[Uploaded]) -> tuple[Uploaded | None, Read, dict[str, str]]:
    """(the form, its one file, error by field); the form is None where a field cannot be used."""
    form, errors, _typed = await read_form(request, kind)
    if form is None:
        return None, ("", b""), _said_of(errors)
    read, errors = await _read([form.files])
    return (form, read[0], {}) if read else (None, ("", b""), errors)


async def read_uploads(request: Request) -> tuple[list[Read], dict[str, str]]:
    """(every file that has something in it, error by field); at most ten."""
    form, errors, _typed = await read_form(request, Uploads)
    if form is None:
        return [], _said_of(errors)
    read, errors = await _read(form.files)
    return ([], {"files": _("一次最多 10 个文件。")}) if len(read) > FILES_MAX else (read, errors)


async def _read(files: list[UploadFile]) -> tuple[list[Read], dict[str, str]]:
    read: list[Read] = []
    for file in files:
        content = await file.read()
        if len(content) > FILE_BYTES_MAX:
            return [], {"files": _("%(name)s 超过 5 MB，请分成几个文件。", name=file.filename)}
        if content:
            read.append((file.filename[-NAME_LENGTH_MAX:], content))
    return read, {} if read else {"files": _("请先选一个文件。")}


def _said_of(errors: dict[str, str]) -> dict[str, str]:
    return errors | ({"files": _("请先选一个文件。")} if "files" in errors else {})
