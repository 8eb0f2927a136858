"""Kept statements: put together once, filled for each page, and not kept where that cannot be done."""

from datetime import date
from typing import Any

import pytest

from tests.workflow.conftest import AT, Someone
from workflow import actions
from workflow.doors.api import plans
from workflow.doors.api.plans import Position, _another, _kept, plan_of
from workflow.models.journal import Entry


@pytest.fixture
def empty_shelf() -> Any:
    plans.forget()
    yield _kept
    plans.forget()


def entries(position: Position) -> Any:
    rows = Entry.objects.order_by("pk").values_list("pk", "verb")
    return rows.filter(pk__gt=position[0]) if position else rows


@pytest.mark.django_db
def test_a_statement_is_put_together_once_and_filled_for_each_page(empty_shelf: Any, user: Any) -> None:
    actions.comment(user, "One", by=Someone(user.pk), at=AT, language="en")
    last = Entry.objects.latest("pk").pk
    built: list[Any] = []

    def build(position: Position) -> Any:
        built.append(position)
        return entries(position)

    assert plan_of("key", (last - 1,), build).rows()[0][0] == last
    made = len(built)
    assert plan_of("key", (last,), build).rows() == []
    assert len(built) == made, "not built again"
    assert plan_of(None, (last,), build).rows() == []
    assert len(built) == made + 1, "without a key none is kept"


@pytest.mark.django_db
def test_a_statement_whose_position_cannot_be_found_again_is_not_kept(empty_shelf: Any) -> None:
    plan_of("blind", (5,), lambda position: entries(()))
    plan_of("other", (5,), lambda position: entries(position if position == (5,) else ()))
    assert empty_shelf == {}


@pytest.mark.django_db
def test_nothing_is_asked_where_nothing_can_fit(empty_shelf: Any, django_assert_num_queries: Any) -> None:
    plan = plan_of("none", (), lambda position: Entry.objects.filter(pk__in=[]).values_list("pk"))
    with django_assert_num_queries(0):
        assert plan.rows() == []


@pytest.mark.django_db
def test_a_full_shelf_is_begun_anew(empty_shelf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MOST", 2)
    for key in "abc":
        plan_of(key, (), entries)
    assert set(empty_shelf) == {"c"}


@pytest.mark.parametrize("value", ["open", 5, date.max, AT])
def test_another_value_of_the_same_kind_differs(value: Any) -> None:
    assert _another(value) != value
    assert type(_another(value)) is type(value)
