"""Filters of a list, given in its address, and the orders in which a reader may see it.

This module imports no app: a list names its fields, the lookups behind them and its orders.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workflow.errors import LazyText
from workflow.http.keyset import NEWEST_FIRST, Orders
from workflow.http.move_views import MoveOption

type Condition = Callable[[Any, Any], Q]
"""Function of the typed value and the reader that returns the condition for the rows."""

ALWAYS_SHOWN_FIELDS = ("q", "status")


class ListFilterForm(forms.Form):
    """Form that filters and sorts a list by its address.

    `lookups` gives each field its lookup or its `Condition`; a field without one is applied by the list itself.
    `sorts` names the orders that the reader can choose. `always_shown_fields` are the fields that are always visible; the
    others are behind "More filters". Invalid values are ignored, so that old bookmarks keep working.
    """

    lookups: ClassVar[Mapping[str, str | Condition]] = {}
    sorts: ClassVar[Sequence[tuple[str, LazyText]]] = ()
    always_shown_fields: ClassVar[Sequence[str]] = ALWAYS_SHOWN_FIELDS

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        if self.sorts and "order" not in self.fields:
            self.fields["order"] = forms.ChoiceField(
                label=_("Sort by"),
                required=False,
                choices=[("", _("Newest first")), *_both_directions(self.sorts)],
            )

    def filter_rows[M: Model](self, rows: QuerySet[M], by: Any) -> Any:
        """Return the rows that match the filters. `by` is the reader."""
        self.is_valid()
        if text := self.cleaned_data.get("q"):
            rows = rows.search(text)  # type: ignore[attr-defined]  # a list with a search box can be searched
        for name, lookup in self.lookups.items():
            value = self.cleaned_data.get(name)
            if value in (None, "", False):
                continue
            rows = rows.filter(lookup(value, by) if callable(lookup) else Q(**{lookup: value}))
        return rows

    @property
    def first_fields(self) -> list[BoundField]:
        """Fields that are always visible."""
        return [field for field in self.visible_fields() if field.name in self.always_shown_fields]

    @property
    def more_fields(self) -> list[BoundField]:
        """Fields behind "More filters"."""
        return [field for field in self.visible_fields() if field.name not in self.always_shown_fields]

    @property
    def more_filters_count(self) -> int:
        """Number of filters behind "More filters" that the reader set."""
        return sum(bool(field.value()) for field in self.more_fields if field.name != "order")


def _both_directions(sorts: Sequence[tuple[str, LazyText]]) -> list[tuple[str, LazyText]]:
    """Return each order and its reverse."""
    choices: list[tuple[str, LazyText]] = []
    for name, label in sorts:
        reverse = name.removeprefix("-") if name.startswith("-") else f"-{name}"
        choices += [(name, label), (reverse, _("%(column)s, reversed") % {"column": label})]
    return choices


def day_range_conditions(column: str) -> tuple[Condition, Condition]:
    """Return two conditions for a column with a moment: from a day on, and up to a day, in the reader's time zone."""
    return (
        lambda value, by: Q(**{f"{column}__gte": _start(value)}),
        lambda value, by: Q(**{f"{column}__lt": _start(value + timedelta(days=1))}),
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


@dataclass(frozen=True)
class RowSelectionPage:
    """Page that shows several rows of a list together, such as a comparison."""

    label: LazyText
    url: Callable[[list[Any]], str]


@dataclass(frozen=True)
class ListPage:
    """One list page: its rows, filters, orders, file columns, and the moves offered for ticked rows.

    `name` is the name of its address. `rows(by)` returns the rows that the reader may see. `default_order` is the order
    without a choice. `download(request, rows, kind)` returns rows as a file, CSV or XLSX. `move_options` are the moves of
    the bulk bar, and `selection_pages` the pages that it opens with the ticked rows. `row_move_options` are the moves
    whose short forms edit facts in a row, for the rows that are editable for a reader. `row_title(row)` says what the
    edited row is, in words.
    """

    name: str
    rows: Callable[[Any], QuerySet[Any]]
    form: type[ListFilterForm]
    orders: Orders
    default_order: str = NEWEST_FIRST
    download: Callable[[Any, QuerySet[Any], str], HttpResponseBase] | None = None
    move_options: Mapping[str, MoveOption] = field(default_factory=dict)
    selection_pages: Mapping[str, RowSelectionPage] = field(default_factory=dict)
    row_move_options: Mapping[str, MoveOption] = field(default_factory=dict)
    is_row_editable: Callable[[Any, Any], bool] = lambda _by, _row: True
    row_title: Callable[[Any], str] = str

    def filter_form_and_rows(self, by: Any, asked: QueryDict) -> tuple[ListFilterForm, Any]:
        """Return the filters of an address, and the rows that match them."""
        form = self.form(asked)
        return form, form.filter_rows(self.rows(by), by)


def row_counts(found: Sequence[QuerySet[Any]]) -> list[int]:
    """Return the number of rows of each queryset, from one statement."""
    if not found:
        return []
    counted, params = [], list[Any]()
    for rows in found:
        try:
            sql, values = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # such as the rows of a reader without cities
            sql, values = "SELECT 1 WHERE false", ()
        counted.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 - SQL of Django
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counted)}", params)
        return list(cursor.fetchone())


REGISTERED_LISTS: dict[str, ListPage] = {}


def register_list(page: ListPage) -> ListPage:
    """Register a list under the name of its address, and return it."""
    REGISTERED_LISTS[page.name] = page
    return page
