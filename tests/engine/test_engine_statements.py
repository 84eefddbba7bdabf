"""Telling statements apart, translating placeholders, compiling Piccolo's queries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from piccolo.querystring import QueryString

from ledger.store.engine.compiling import compiled
from ledger.store.engine.errors import EngineError, WriterBusy
from ledger.store.engine.interface import distinct
from ledger.store.engine.statements import Kind, kind_of, numbered


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT a FROM t WHERE b = ? AND c = ?", "SELECT a FROM t WHERE b = $1 AND c = $2"),
        ("SELECT '?' || ?", "SELECT '?' || $1"),
        ("SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"),
        ('SELECT "odd?name" FROM t WHERE x = ?', 'SELECT "odd?name" FROM t WHERE x = $1'),
        ("SELECT ? -- really?\n, ?", "SELECT $1 -- really?\n, $2"),
        ("SELECT /* ? */ ?", "SELECT /* ? */ $1"),
        ("SELECT $$ ? $$, $tag$ ? $$ ? $tag$, ?", "SELECT $$ ? $$, $tag$ ? $$ ? $tag$, $1"),
        ("SELECT data ?? ? FROM t", "SELECT data ? $1 FROM t"),
        ("SELECT 1", "SELECT 1"),
    ],
)
def test_question_marks_become_numbers_outside_text_names_and_comments(sql: str, expected: str) -> None:
    assert numbered(sql) == expected


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", Kind.READ),
        ("\n  -- why\n  /* what */ select 1", Kind.READ),
        ("WITH x AS (SELECT 1) SELECT * FROM x", Kind.READ),
        ("PRAGMA table_info(t)", Kind.READ),
        ("PRAGMA foreign_keys", Kind.READ),
        ("INSERT INTO t VALUES (1)", Kind.WRITE),
        ("CREATE TABLE selection (id INTEGER)", Kind.WRITE),
        ("commit", Kind.OWNED),
        ("START TRANSACTION", Kind.OWNED),
        ("PREPARE TRANSACTION 'x'", Kind.OWNED),
        ("pragma Query_Only = off", Kind.OWNED),
        ("UPDATE commits SET rollback = 1", Kind.WRITE),
    ],
)
def test_a_statement_is_told_by_its_first_words(sql: str, kind: Kind) -> None:
    assert kind_of(sql) is kind


_VALUES = st.one_of(st.integers(), st.text(max_size=5), st.none(), st.booleans())
_TEXTS = st.text(alphabet="ab ,=()\"'", max_size=6)


def _querystrings() -> st.SearchStrategy[QueryString]:
    def build(parts: list[tuple[str, object]], tail: str) -> QueryString:
        return QueryString("".join(text + "{}" for text, _ in parts) + tail, *(value for _, value in parts))

    def extend(inner: st.SearchStrategy[object]) -> st.SearchStrategy[QueryString]:
        return st.builds(build, st.lists(st.tuples(_TEXTS, st.one_of(_VALUES, inner)), max_size=4), _TEXTS)

    return st.recursive(st.builds(QueryString, _TEXTS), extend, max_leaves=8)


@given(_querystrings(), st.sampled_from(["sqlite", "postgres"]))
def test_compiling_gives_what_piccolo_gives(querystring: QueryString, dialect: str) -> None:
    assert compiled(querystring, dialect) == querystring.compile_string(dialect)  # type: ignore[arg-type]


def test_a_frozen_query_is_not_compiled_again() -> None:
    querystring = QueryString("SELECT {}", 1)
    querystring.freeze("sqlite")
    frozen = querystring._frozen_compiled_strings
    assert compiled(querystring, "sqlite") is frozen


def _tree(kind: type[EngineError]) -> list[type[EngineError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in _tree(child))]


def test_every_error_has_its_own_code_and_stands_in_the_drawn_tree() -> None:
    import ledger.store.engine.errors as module

    kinds = _tree(EngineError)
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert f" {kind.__name__} " in f"{module.__doc__} ".replace("\n", " ")
        assert kind.__doc__
        assert kind.zh != EngineError.zh or kind is EngineError


def test_an_error_carries_its_fields_and_survives_pickling() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(WriterBusy(waited_s=3)))
    assert error.fields == {"waited_s": 3}
    assert error.sentence("zh") == "数据库持续繁忙 3 秒。"
    assert str(error) == "The database stayed busy for 3 s. [engine.writer_busy]"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("a", "b"), ("a", "b")),
        (("a", "a"), ("a", "a_2")),
        (("a", "a", "a_2", "a"), ("a", "a_3", "a_2", "a_4")),
        ((), ()),
    ],
)
def test_a_name_that_comes_again_gets_a_number(names, told):
    assert distinct(names) == told
    assert len(set(told)) == len(names)


async def test_no_column_is_lost_where_names_repeat(engine):
    """In a unit, outside, in a long read and in a stream."""
    query = "SELECT 1 AS a, 2 AS a, 3 AS b"
    wanted = [{"a": 1, "a_2": 2, "b": 3}]
    assert await engine.fetch(query) == wanted
    assert [tuple(row) for row in await engine.fetch_tuples(query)] == [(1, 2, 3)]
    async with engine.atomic():
        assert await engine.fetch(query) == wanted
        assert [tuple(row) for row in await engine.fetch_tuples(query)] == [(1, 2, 3)]
    async with engine.long_read() as snapshot:
        assert await snapshot.fetch(query) == wanted
        assert [page async for page in snapshot.stream(query)] == [wanted]
