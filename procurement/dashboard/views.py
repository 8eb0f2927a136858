"""Start page (“Today”): everything that waits for the reader, most urgent first, each row with one button."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import IntegerField, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.permissions.permissions import Permissions
from partners.powers import Power
from partners.saved_views.models import SavedView
from partners.todo_marks.models import TodoMark
from procurement.dashboard import (
    city_register_items,
    contact_items,
    follow_up_items,
    lead_and_check_items,
    need_approval_items,
    order_and_shipment_items,
    recall_items,
    thank_you_and_relief_items,
)
from procurement.dashboard.awaited_items import AWAITED_KINDS
from procurement.dashboard.key_figures import key_figures
from procurement.dashboard.setup_tasks import setup_lists
from procurement.dashboard.todo_items import MAX_ROWS_PER_KIND, TodoItem, TodoKind, read_items
from procurement.leads.models.leads import SupplierLead
from workflow import clock
from workflow.api.sql_cache import compiled_query
from workflow.days import reader_day
from workflow.errors import LazyText
from workflow.http.keyset import Position
from workflow.http.pages import register_counter, render_page
from workflow.outbox.models import Notification

MAX_ROWS_OF_GROUP = 7  # rows of a group on the first page
NEW_GROUP = "new"  # the group of what began to wait in the last 24 hours
ROWS_PER_PAGE = 50  # rows of Today; the rest are on its next pages
UNREAD_INDEX = -1  # the index of unread notifications among those of the kinds
SAVED_VIEWS_INDEX = -2  # the index of saved views of lists, read up to one
MARKS_INDEX = -3  # the index of the reader's marks, read up to one
MAX_UNREAD_COUNT = 100  # the limit of the count in the navigation

_pks_by_request: WeakKeyDictionary[HttpRequest, dict[int, list[int]]] = WeakKeyDictionary()

TODO_KINDS: tuple[TodoKind, ...] = (
    *recall_items.RECALL_TODO_KINDS,
    *contact_items.CONTACT_TODO_KINDS,
    *need_approval_items.NEED_APPROVAL_TODO_KINDS,
    *order_and_shipment_items.ORDER_AND_SHIPMENT_TODO_KINDS,
    *lead_and_check_items.LEAD_AND_CHECK_TODO_KINDS,
    *follow_up_items.FOLLOW_UP_TODO_KINDS,
    *city_register_items.CITY_REGISTER_TODO_KINDS,
    *thank_you_and_relief_items.THANK_YOU_AND_RELIEF_TODO_KINDS,
)
PAGE_KINDS = (*TODO_KINDS, *AWAITED_KINDS)  # the kinds whose rows the start page shows
KIND_BY_CODE = {kind.code: kind for kind in TODO_KINDS}
# Kinds with the same label are one group, which has the code of the first of them.
GROUP_BY_KIND_CODE: dict[str, str] = {}
GROUP_LABELS: dict[str, LazyText] = {}
for _kind in TODO_KINDS:
    _code = next((code for code, label in GROUP_LABELS.items() if label == _kind.label), _kind.code)
    GROUP_LABELS.setdefault(_code, _kind.label)
    GROUP_BY_KIND_CODE[_kind.code] = _code


def todo_items(by: Permissions, at: datetime) -> list[TodoItem]:
    """Return the rows for this reader, most urgent first, at most `MAX_ROWS_PER_KIND` of each kind."""
    return _rows_of(waiting_pks(by, at), by, at)


def todo_counts(by: Permissions, at: datetime | None = None) -> Counter[int]:
    """Return the number of rows of each kind, by its index in `TODO_KINDS`, and of notifications (`UNREAD_INDEX`)."""
    return Counter({number: len(pks) for number, pks in waiting_pks(by, at).items()})


def waiting_pks(
    by: Permissions, at: datetime | None = None, *, whole_page: bool = False
) -> dict[int, list[int]]:
    """Return the ids of the objects that wait for this reader, by the index of their kind in `TODO_KINDS`.

    Unread notifications have `UNREAD_INDEX`. `at` is the present unless given. With `whole_page`, the kinds of
    `AWAITED_KINDS` follow, and `MARKS_INDEX` is there if the reader has marks in effect. Every page needs the numbers,
    so one SQL statement reads all. It is built once a day, because rows that were put off return on a day.
    """
    today = reader_day(at or clock.now())

    def build(_position: Position) -> QuerySet[Any, Any]:
        parts = [
            _numbered(kind.waiting_objects(by, today), number)[:MAX_ROWS_PER_KIND]
            for number, kind in enumerate(PAGE_KINDS if whole_page else TODO_KINDS)
        ]
        parts.append(_numbered(SavedView.objects.for_reader(by), SAVED_VIEWS_INDEX)[:1])
        if whole_page:
            parts.append(_numbered(_marks(by, today), MARKS_INDEX)[:1])
        unread = _numbered(Notification.objects.visible_to(by).unread(), UNREAD_INDEX)[:MAX_UNREAD_COUNT]
        return unread.union(*parts, all=True)

    found: dict[int, list[int]] = {}
    key = ("waiting", whole_page, by.visibility_key, today)
    for number, pk in compiled_query(key, (), build).rows():
        found.setdefault(number, []).append(pk)
    return found


def _numbered(rows: QuerySet[Any], number: int) -> QuerySet[Any, Any]:
    """Return each row as this number and the id of the row."""
    return rows.values_list(Value(number, output_field=IntegerField()), "pk")


def _rows_of(known: Mapping[int, list[int]], by: Permissions, at: datetime) -> list[TodoItem]:
    """Return the rows of the waiting objects that are `known` by the index of their kind, sorted by due date.

    The statement of `waiting_pks` sorts nothing, so the first of a kind with too many rows are read again here.
    """
    pks_by_kind = {
        kind: known[number] if len(known[number]) < MAX_ROWS_PER_KIND else kind.first_pks(by, reader_day(at))
        for number, kind in enumerate(PAGE_KINDS)
        if number in known
    }
    return sorted(read_items(pks_by_kind, by, at), key=lambda row: (row.due, row.reference))


@login_required
def todo_page(request: AuthenticatedRequest) -> HttpResponse:
    """Show the start page: the reader's tasks by type, key figures, and tasks that wait for others.

    `?group=` shows all rows of one group, and `?by=day` groups the rows by due date.
    """
    at = clock.now()
    known = _pks_by_request[request] = waiting_pks(request.by, at, whole_page=True)
    marks = marks_of_reader(request.by, at) if MARKS_INDEX in known else []
    found = _rows_of(known, request.by, at)
    rows = attach_marks([row for row in found if row.kind in KIND_BY_CODE], marks, request.by)
    chosen, by_day = request.GET.get("group", ""), request.GET.get("by") == "day"
    values = [row for row in rows if not chosen or _is_in(row, chosen, at)]
    shown = Paginator(values, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    kept = {name: request.GET[name] for name in ("group", "by") if request.GET.get(name)}
    groups = (
        [TodoGroup("", name, found) for name, found in items_by_day(shown.object_list, at)]
        if by_day
        else items_by_task_type(values if not chosen else shown.object_list, at, show_all=bool(chosen))
    )
    paged = by_day or chosen
    context = {
        "groups": groups,
        "page": shown if paged else None,
        "previous": _page(kept, shown.previous_page_number()) if paged and shown.has_previous() else "",
        "next": _page(kept, shown.next_page_number()) if paged and shown.has_next() else "",
        "chosen": chosen,
        "by_day": by_day,
        "total": len(rows),
        "put_off": put_off_rows(marks, request.by, at),
        "figures": key_figures(request.by, at),
        "setup": []
        if clock.is_practice()
        else [one for one in setup_lists(request.by, at, marks) if one.open_tasks],
        "may_post": bool(request.by.city_ids_by_power.get(Power.POST_REQUEST)),
        "helped": own_latest_offers(request.by),
        "offers_as": min(request.by.contact_ids, default=None),
        "others": [row for row in found if row.kind not in KIND_BY_CODE],
        "at": at,
    }
    return render_page(request, "dashboard/today.html", context)


def _page(kept: dict[str, str], number: int) -> str:
    return f"?{urlencode({**kept, 'page': number})}"


@dataclass(frozen=True)
class TodoGroup:
    """Some rows of the start page under one heading. `code` is the group in the address; `hidden_row_count` counts rows not shown."""

    code: str
    label: LazyText
    rows: list[TodoItem]
    hidden_row_count: int = 0

    @property
    def row_count(self) -> int:
        """Number of rows of the group, shown or not."""
        return len(self.rows) + self.hidden_row_count


def items_by_task_type(
    waiting: Iterable[TodoItem], at: datetime, *, show_all: bool = False
) -> list[TodoGroup]:
    """Group the rows by type of task; rows that are new within the last 24 hours form the first group.

    The other groups follow by their most urgent row. Each group shows seven rows at most; with `show_all`, all rows
    are shown and there is no group of new ones.
    """
    rows = list(waiting)
    new = [] if show_all else [row for row in rows if row.is_new(at)]
    groups: dict[str, list[TodoItem]] = {}
    for row in rows:
        if show_all or row not in new:
            groups.setdefault(_group_of(row), []).append(row)
    found = [TodoGroup(code, GROUP_LABELS[code], group) for code, group in groups.items()]
    named = [TodoGroup(NEW_GROUP, _("New since yesterday"), new), *found] if new else found
    if show_all:
        return named
    return [
        replace(
            one, rows=one.rows[:MAX_ROWS_OF_GROUP], hidden_row_count=max(0, len(one.rows) - MAX_ROWS_OF_GROUP)
        )
        for one in named
    ]


def _is_in(row: TodoItem, group: str, at: datetime) -> bool:
    return row.is_new(at) if group == NEW_GROUP else _group_of(row) == group


def _group_of(row: TodoItem) -> str:
    """Return the code of the first kind with the same label: kinds with one label are one group."""
    return GROUP_BY_KIND_CODE[row.kind]


def marks_of_reader(by: Permissions, at: datetime) -> list[TodoMark]:
    """Return the marks (rows put off or handed over) made by the reader or for the reader, the first to end first."""
    marks = _marks(by, reader_day(at)).select_related("user", "handed_to")
    return list(marks.order_by("until", "pk"))


def _marks(by: Permissions, today: date) -> QuerySet[TodoMark]:
    mine = Q(user=by.user_id) | Q(handed_to=by.user_id)
    return TodoMark.objects.filter(mine).in_effect(today)


def attach_marks(rows: list[TodoItem], marks: Iterable[TodoMark], by: Permissions) -> list[TodoItem]:
    """Return the rows with the marks of colleagues who handed them to the reader."""
    handed = {(mark.kind, mark.thing_id): mark for mark in marks if mark.handed_to_id == by.user_id}
    return [replace(row, mark=handed.get((row.kind, row.pk))) for row in rows] if handed else rows


def put_off_rows(marks: Iterable[TodoMark], by: Permissions, at: datetime) -> list[TodoItem]:
    """Return the rows that the reader put off or handed over and that still wait, in the order in which they return.

    One statement finds the objects that still wait, and `read_items` reads them.
    """
    own = [mark for mark in marks if mark.user_id == by.user_id and mark.kind in KIND_BY_CODE]
    pks_by_code: dict[str, list[int]] = {}
    for mark in own:
        pks_by_code.setdefault(mark.kind, []).append(mark.thing_id)
    if not pks_by_code:
        return []
    codes = list(pks_by_code)
    first, *others = (
        _numbered(KIND_BY_CODE[code].find_waiting(by).filter(pk__in=pks_by_code[code]), number)
        for number, code in enumerate(codes)
    )
    waiting: dict[TodoKind, list[int]] = {}
    for number, pk in first.union(*others, all=True) if others else first:
        waiting.setdefault(KIND_BY_CODE[codes[number]], []).append(pk)
    rows = {(row.kind, row.pk): row for row in read_items(waiting, by, at)}
    found = [(rows.get((mark.kind, mark.thing_id)), mark) for mark in own]
    return [replace(row, mark=mark) for row, mark in found if row is not None]


def items_by_day(waiting: Iterable[TodoItem], at: datetime) -> list[tuple[LazyText, list[TodoItem]]]:
    """Group the rows as overdue, today, this week and later, in the reader's time zone.

    The week ends on Sunday. Empty groups are left out.
    """
    today = reader_day(at)
    sunday = today + timedelta(days=6 - today.weekday())
    groups: dict[LazyText, list[TodoItem]] = {
        _("Overdue"): [],
        _("Today"): [],
        _("This week"): [],
        _("Later"): [],
    }
    overdue, of_today, this_week, later = groups.values()
    for row in waiting:
        day = reader_day(row.due)
        if row.due < at:
            overdue.append(row)
        elif day <= today:
            of_today.append(row)
        else:
            (this_week if day <= sunday else later).append(row)
    return [(name, group) for name, group in groups.items() if group]


def own_latest_offers(by: Permissions) -> list[SupplierLead]:
    """Return the latest offers of this person as a contact, so that they see the result."""
    if not by.contact_ids:
        return []
    mine = SupplierLead.objects.filter(contact__in=by.contact_ids).exclude(status=SupplierLead.Status.DRAFT)
    return list(mine.select_related("supplier", "product", "inquiry").order_by("-pk")[:10])


@register_counter("today")
def todo_count(request: HttpRequest) -> int:
    """Return the number beside "Today" in the navigation."""
    known = _pks_of_request(request)
    return sum(len(known.get(number, ())) for number in range(len(TODO_KINDS)))


@register_counter("views")
def has_saved_views(request: HttpRequest) -> int:
    """Return 1 if the reader has saved a view of any list, else 0. With 0, lists need no query for saved views."""
    return len(_pks_of_request(request).get(SAVED_VIEWS_INDEX, ()))


@register_counter("notices")
def unread_count(request: HttpRequest) -> int:
    """Return the number of unread notifications for the navigation, at most `MAX_UNREAD_COUNT`."""
    return len(_pks_of_request(request).get(UNREAD_INDEX, ()))


def _pks_of_request(request: HttpRequest) -> dict[int, list[int]]:
    """Return the result of `waiting_pks`, read once for each request; empty for a person who is not signed in.

    The page needs the ids for its rows, and its frame their numbers.
    """
    if not getattr(request, "by", None):
        return {}
    if request not in _pks_by_request:
        _pks_by_request[request] = waiting_pks(cast("AuthenticatedRequest", request).by)
    return _pks_by_request[request]
