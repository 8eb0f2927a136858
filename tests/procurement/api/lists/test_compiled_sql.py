"""Cached SQL of lists (`workflow/api/sql_cache.py`) equals SQL that is compiled for each request.

Every list is requested by different people, with every filter and order, page after page, forwards and backwards, in
two languages and on different days. Each time the cached statement with its parameters is compared with a newly
compiled one, and compiling may not read the database.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import django_filters
import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils.translation import get_language, override

from accounts.models import User
from partners.permissions.permissions import Permissions, permissions_of
from procurement.dashboard import views as dashboard
from procurement.requests.api import SupplyRequestViewSet
from procurement.requests.models import SupplyRequest
from procurement.shared_api.all_collections import COLLECTIONS
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.api import sql_cache, viewsets
from workflow.api.sql_cache import CompiledQuery, compiled_query
from workflow.api.viewsets import CollectionViewSet
from workflow.journal.hash_chain import seal_entries
from workflow.journal.models import FeedPosition

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "zh-hans")
DAYS = (0, 25)  # after the day of the example purchase
VALUES: tuple[tuple[type[django_filters.Filter], str], ...] = (
    (django_filters.BooleanFilter, "true"),
    (django_filters.NumberFilter, "1"),
    (django_filters.DateFilter, "2020-04-20"),
    (django_filters.IsoDateTimeFilter, "2020-04-20T00:00:00Z"),
    (django_filters.CharFilter, "need"),
)


class ComparedStatements:
    """Replacement of `compiled_query` that compares the statement from the cache with a newly compiled one."""

    def __init__(self) -> None:
        self.kept = 0

    def __call__(self, key: Any, position: Any, build: Any) -> CompiledQuery:
        """Return the statement as the product does, after the comparison."""
        self.kept += key in sql_cache._cache
        given = compiled_query(key, position, build)
        with CaptureQueriesContext(connection) as read:
            new = compiled_query(None, position, build)
        assert key is None or not read.captured_queries, "a statement that depends on rows may not be kept"
        assert given.sql == new.sql, key
        assert [_order_free(one) for one in given.params] == [_order_free(one) for one in new.params], key
        return given


def _order_free(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


@pytest.fixture
def compared_statements(monkeypatch: pytest.MonkeyPatch) -> ComparedStatements:
    """Compare each statement of lists and of the number beside Today in the menu."""
    comparison = ComparedStatements()
    monkeypatch.setattr(viewsets, "compiled_query", comparison)
    monkeypatch.setattr(dashboard, "compiled_query", comparison)
    return comparison


@pytest.fixture
def people(story: Journey) -> list[User]:
    """Return people who see different rows, after an example purchase with something in most lists."""
    story.received()
    cities.twinning("burnaby", "zhongshan")
    return [
        story.officer.user,
        story.stranger.user,
        story.contact.user,
        cities.member("coordinator"),
        cities.user("Nobody in particular"),
    ]


def query_strings(collection: type[CollectionViewSet]) -> Iterator[str]:
    """Yield a query string for each order and each filter of a list whose statement may be cached."""
    yield from (
        f"ordering={sign}{name}" for name in ("id", *collection.ordering_fields) for sign in ("", "-")
    )
    filters = collection.filterset_class.base_filters if collection.filterset_class else {}
    for name, one in filters.items():
        if name in collection.filterset_class.row_dependent_filters:  # it needs an object that exists
            continue
        choices = list(one.extra.get("choices", ()))
        value = choices[0][0] if choices else next(value for kind, value in VALUES if isinstance(one, kind))
        yield f"{name}={value}"


def request_pages(program: Program, path: str, language: str) -> bool:
    """Request a list; with an ordering, also request its next page and go back.

    Return False for an error.
    """
    answer = program.ask("get", path, **{"accept-language": language})
    if answer.status_code == 422:
        return False
    page = answer.json()
    if "ordering" in path and page["next"]:
        program.get(program.get(page["next"])["previous"])
    return True


def test_cached_list_sql_equals_freshly_compiled_sql(
    people: list[User], compared_statements: ComparedStatements, time_machine: Any
) -> None:
    officer, *others = [Program(user) for user in people]
    walked: dict[str, set[str]] = {collection.path: set() for collection in COLLECTIONS}
    for days, language in zip(DAYS, LANGUAGES, strict=True):
        time_machine.move_to(AT + timedelta(days=days), tick=False)
        for collection in COLLECTIONS:
            for query in query_strings(collection):
                if request_pages(officer, f"{collection.path}/?page_size=1&{query}", language):
                    walked[collection.path].add(query)
            for program in others:
                request_pages(program, f"{collection.path}/?page_size=1", language)
    assert {one.path: set(query_strings(one)) for one in COLLECTIONS} == walked
    requests = sum(len(done) + len(others) for done in walked.values())
    assert compared_statements.kept >= requests * (len(DAYS) - 1)


def test_sql_that_depends_on_rows_is_not_cached(
    people: list[User], compared_statements: ComparedStatements
) -> None:
    while seal_entries():
        pass
    program = Program(people[0])
    need, last = SupplyRequest.objects.earliest("pk"), FeedPosition.objects.earliest("pk").entry_id
    for query in (f"?about=supply-requests/{need.reference}", f"?after={last}&ordering=feed"):
        before = len(sql_cache._cache)
        assert program.get(f"entries/{query}")["results"]
        assert len(sql_cache._cache) == before


def test_today_count_sql_is_cached_by_reader_scope(
    people: list[User], compared_statements: ComparedStatements, time_machine: Any
) -> None:
    """A row that its reader postponed returns when its day comes, so the statement is kept within a day."""
    for days in DAYS:
        time_machine.move_to(AT + timedelta(days=days), tick=False)
        for user in people:
            for language in LANGUAGES:
                with override(language):
                    dashboard.todo_counts(permissions_of(user, via="session"))
    assert compared_statements.kept >= len(people) * len(DAYS) * (len(LANGUAGES) - 1)


def test_cached_sql_check_detects_a_condition_missing_from_the_key(
    people: list[User], compared_statements: ComparedStatements, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a list that depends on the reader's language."""

    def by_language(self: Any) -> Any:
        return self.model.objects.visible_to(self.by).filter(title__contains=get_language())

    monkeypatch.setattr(SupplyRequestViewSet, "get_queryset", by_language)
    program = Program(people[0])
    request_pages(program, "supply-requests/", "en")
    with pytest.raises(AssertionError):
        request_pages(program, "supply-requests/", "fr-ca")


def test_cached_sql_check_detects_a_condition_that_reads_rows(
    people: list[User], compared_statements: ComparedStatements, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a list whose statement contains ids that a query found."""

    def by_rows(self: Any) -> Any:
        seen = self.model.objects.visible_to(self.by)
        return seen.filter(pk__in=list(seen.values_list("pk", flat=True)))

    monkeypatch.setattr(SupplyRequestViewSet, "get_queryset", by_rows)
    with pytest.raises(AssertionError, match="may not be kept"):
        request_pages(Program(people[0]), "supply-requests/", "en")


CHANGED: dict[str, Any] = {
    "user_id": 0,
    "city_ids_by_power": {},
    "contact_ids": frozenset({0}),
    "contact_city_ids": frozenset({0}),
    "partner_city_ids_by_city": {0: frozenset({0})},
    "is_broker": True,
    "overseen_city_ids": frozenset({0}),
    "oversees_all_cities": True,
    "delegations": ((0,),),
    "linked_object_key": ("procurement.order", 0),
}


def test_cache_scope_differs_with_every_permission_and_nothing_else(people: list[User]) -> None:
    by = permissions_of(people[0], via="token")
    assert {one.name for one in fields(Permissions)} == {*CHANGED, "label", "via"}
    for name, value in CHANGED.items():
        assert replace(by, **{name: value}).visibility_key != by.visibility_key, name
    other = replace(by, label="Another name", via="session")
    assert other.visibility_key == by.visibility_key
    for collection in COLLECTIONS:
        rows = collection.model._default_manager
        assert sql_of(rows.visible_to(other)) == sql_of(rows.visible_to(by)), collection.path


def sql_of(rows: QuerySet[Any]) -> str:
    """Return the statement of a query, or "" if Django knows that it finds nothing."""
    try:
        return str(rows.query)
    except EmptyResultSet:
        return ""
