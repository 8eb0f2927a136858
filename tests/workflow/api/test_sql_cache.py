"""Cached SQL of lists: compiled once, filled for each page, and not cached where that is impossible."""

from datetime import date
from typing import Any

import pytest

from tests.workflow.conftest import AT, ActorStub
from workflow.api import sql_cache
from workflow.api.sql_cache import _cache, _with_other_position, clear_cache, compiled_query
from workflow.comments_and_files.actions import add_comment
from workflow.comments_and_files.models import Comment
from workflow.http.keyset import Position
from workflow.journal.models import Entry


@pytest.fixture
def empty_cache() -> Any:
    clear_cache()
    yield _cache
    clear_cache()


def entries(position: Position) -> Any:
    rows = Entry.objects.order_by("pk").values_list("pk", "verb")
    return rows.filter(pk__gt=position[0]) if position else rows


@pytest.mark.django_db
def test_sql_statement_is_compiled_once_and_filled_for_each_page(empty_cache: Any, user: Any) -> None:
    add_comment(user, "One", by=ActorStub(user.pk), at=AT, language="en")
    last = Entry.objects.latest("pk").pk
    built: list[Any] = []

    def build(position: Position) -> Any:
        built.append(position)
        return entries(position)

    assert compiled_query("key", (last - 1,), build).rows()[0][0] == last
    made = len(built)
    assert compiled_query("key", (last,), build).rows() == []
    assert len(built) == made, "not built again"
    assert compiled_query(None, (last,), build).rows() == []
    assert len(built) == made + 1, "without a key none is kept"


@pytest.mark.django_db
def test_statement_whose_cursor_position_cannot_be_located_is_not_cached(empty_cache: Any) -> None:
    compiled_query("blind", (5,), lambda position: entries(()))
    compiled_query("other", (5,), lambda position: entries(position if position == (5,) else ()))
    assert empty_cache == {}


@pytest.mark.django_db
def test_statement_that_can_match_nothing_runs_no_query(
    empty_cache: Any, django_assert_num_queries: Any
) -> None:
    plan = compiled_query("none", (), lambda position: Entry.objects.filter(pk__in=[]).values_list("pk"))
    with django_assert_num_queries(0):
        assert plan.rows() == []


@pytest.mark.django_db
def test_full_query_cache_is_emptied_before_next_entry(
    empty_cache: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_cache, "MAX_CACHED_QUERIES", 2)
    for key in "abc":
        compiled_query(key, (), entries)
    assert set(empty_cache) == {"c"}


@pytest.mark.parametrize("value", ["open", 5, date.max, AT])
def test_probe_value_differs_but_keeps_its_type(value: Any) -> None:
    assert _with_other_position(value) != value
    assert type(_with_other_position(value)) is type(value)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["100% cotton", "it’s %s", "O'Neill \\ 口罩"])
def test_cached_statement_finds_text_with_signs_of_sql(empty_cache: Any, user: Any, text: str) -> None:
    add_comment(user, text, by=ActorStub(user.pk), at=AT, language="en")

    def build(_position: Position) -> Any:
        return Comment.objects.filter(text=text).values_list("text")

    compiled_query("comments", (), build)
    assert compiled_query("comments", (), build).rows() == [(text,)]
