"""Text travels compressed for whoever can read it; files keep for a year only under an address that marks their content."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from timebank.web.compression import gzipped


@pytest.mark.parametrize("name_length", [0, 1, 64])
def test_what_is_compressed_is_read_back_by_anybody(name_length: int) -> None:
    for body in (b"", b"a", "时间不是钱".encode() * 999):
        assert gzip.decompress(gzipped(body, name_length=name_length)) == body


async def _raw(client: Any, path: str, accepts: str) -> tuple[Any, bytes]:
    async with client.stream("GET", path, headers={"accept-encoding": accepts}) as answer:
        return answer, b"".join([piece async for piece in answer.aiter_raw()])


async def test_a_page_travels_compressed_and_says_so(town: Any) -> None:
    client = await town.stranger()
    plain, whole = await _raw(client, "/notice", "identity")
    answer, body = await _raw(client, "/notice", "gzip, br")
    assert "content-encoding" not in plain.headers
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert int(answer.headers["content-length"]) == len(body) < len(whole) / 2
    assert gzip.decompress(body).startswith(b"<!doctype html>")


async def test_the_length_of_a_page_is_blurred(town: Any) -> None:
    client = await town.stranger()
    lengths = {len((await _raw(client, "/notice", "gzip"))[1]) for _ in range(20)}
    assert len(lengths) > 5


async def test_a_refusal_travels_compressed_like_any_page(town: Any) -> None:
    client = await town.stranger()
    answer, body = await _raw(client, "/c/nowhere/notice", "gzip")
    assert answer.status_code == 404
    if answer.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    assert b"nowhere" not in body


async def test_a_static_file_is_the_same_each_time_and_compressed_well(town: Any) -> None:
    client = await town.stranger()
    answer, body = await _raw(client, "/static/vendor/htmx.min.js", "gzip")
    again, same = await _raw(client, "/static/vendor/htmx.min.js", "gzip")
    plain, whole = await _raw(client, "/static/vendor/htmx.min.js", "")
    assert body == same
    assert gzip.decompress(body) == whole
    assert len(body) < 17_000
    assert answer.headers["etag"] == again.headers["etag"] == "W/" + plain.headers["etag"].removeprefix("W/")


async def test_only_an_address_that_marks_the_content_is_kept_for_a_year(town: Any) -> None:
    client = await town.stranger()
    marked = await client.get("/static/app.css?v=0123456789")
    bare = await client.get("/static/app.css")
    page = await client.get("/notice")
    assert marked.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert bare.headers["cache-control"] == "public, max-age=3600"
    assert page.headers["cache-control"] == "no-store"


async def test_a_workbook_is_not_compressed_twice(town: Any) -> None:
    worker = await town.client("worker")
    answer, body = await _raw(worker, "/desk/funnel.xlsx", "gzip")
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert body.startswith(b"PK")
