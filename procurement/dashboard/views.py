"""Today page: everything that waits for the reader, most urgent first, each row with one button."""

from collections import Counter
from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import Any, cast
from weakref import WeakKeyDictionary

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import IntegerField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.http import AuthenticatedRequest
from partners.permissions.permissions import Permissions
from partners.saved_views.models import SavedView
from procurement.dashboard import (
    after_delivery,
    city_register,
    contacts,
    follow_ups,
    leads_and_checks,
    orders_and_shipments,
    recalls,
)
from procurement.dashboard.todo_items import MAX_OF_KIND, TodoItem, TodoKind
from procurement.leads.models.leads import SupplierLead
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Shipment
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.api.sql_cache import compiled_query
from workflow.days import reader_day
from workflow.errors import Words
from workflow.http.keyset import Position
from workflow.http.pages import register_counter, render_page
from workflow.outbox.models import Notification

PER_PAGE = 50  # rows of Today; the rest are on its next pages
UNREAD = -1  # the index of unread notifications among those of the kinds
VIEWS = -2  # the index of saved views of lists, counted up to one
MOST_UNREAD = 100  # the limit of the count in the navigation

_asked: WeakKeyDictionary[HttpRequest, Counter[int]] = WeakKeyDictionary()

KINDS: tuple[TodoKind, ...] = (
    *recalls.KINDS,
    *contacts.KINDS,
    *orders_and_shipments.KINDS,
    *leads_and_checks.KINDS,
    *follow_ups.KINDS,
    *city_register.KINDS,
    *after_delivery.KINDS,
)


def todo_items(by: Permissions, at: datetime, most: int = MAX_OF_KIND) -> list[TodoItem]:
    """Return the rows for this reader, most urgent first, at most `most` of each kind."""
    return _rows_of(todo_counts(by), by, at, most)


def todo_counts(by: Permissions) -> Counter[int]:
    """Return the number of rows of each kind, by its index in `KINDS`, and of notifications (`BELL`).

    Counts unread notifications only. Runs one statement, because every page needs these numbers.
    """

    def build(_position: Position) -> QuerySet[Any, Any]:
        numbered = (
            kind.find(by).values_list(Value(number, output_field=IntegerField()))[:MAX_OF_KIND]
            for number, kind in enumerate(KINDS)
        )
        mine = Notification.objects.visible_to(by).unread()
        rung = mine.values_list(Value(UNREAD, output_field=IntegerField()))[:MOST_UNREAD]
        kept = SavedView.objects.for_reader(by).values_list(Value(VIEWS, output_field=IntegerField()))[:1]
        return rung.union(*numbered, kept, all=True)

    return Counter(number for (number,) in compiled_query(("waiting", by.scope), (), build).rows())


def _rows_of(known: Container[int], by: Permissions, at: datetime, most: int) -> list[TodoItem]:
    """Return the rows of the kinds in `known`, sorted by due date."""
    kinds = (kind for number, kind in enumerate(KINDS) if number in known)
    found = [row for kind in kinds for row in kind.rows(by, at, most)]
    return sorted(found, key=lambda row: (row.due, row.reference))


@login_required
def today(request: AuthenticatedRequest) -> HttpResponse:
    """Show the reader's home page: their rows by day, three figures, and what waits for others."""
    at = clock.now()
    values = _rows_of(_known(request), request.by, at, MAX_OF_KIND)
    shown = Paginator(values, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "groups": items_by_day(shown.object_list, at),
        "page": shown,
        "previous": f"?page={shown.previous_page_number()}" if shown.has_previous() else "",
        "next": f"?page={shown.next_page_number()}" if shown.has_next() else "",
        "figures": key_figures(request.by) if request.by.sees or request.by.coordinates else [],
        "helped": own_contributions(request.by),
        "others": awaited_checks(request.by, at),
        "at": at,
    }
    return render_page(request, "dashboard/today.html", context)


def items_by_day(waiting: Iterable[TodoItem], at: datetime) -> list[tuple[Words, list[TodoItem]]]:
    """Group the rows as overdue, today, this week and later, in the reader's time zone.

    The week ends on Sunday. Empty groups are left out.
    """
    today = reader_day(at)
    sunday = today + timedelta(days=6 - today.weekday())
    groups: dict[Words, list[TodoItem]] = {
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


def key_figures(by: Permissions) -> list[tuple[Words, int, str]]:
    """Return label, number and link of open needs, needs not fully covered, and shipments held.

    Each number is that of the rows in the linked list. City staff count the needs of their own cities,
    coordinators all that they oversee.
    """
    listed, whose = SupplyRequest.objects.visible_to(by), ""
    if not by.coordinates:
        listed, whose = listed.filter(city__in=by.sees), "&own=on"
    open_needs = listed.filter(status=SupplyRequest.Status.OPEN)
    needs, uncovered = open_needs.count(), open_needs.uncovered().count()
    held = Shipment.objects.visible_to(by).filter(held=True).count()
    address = f"{reverse('needs')}?status=open{whose}"
    return [
        (ngettext_lazy("open need", "open needs", needs), needs, address),
        (
            ngettext_lazy("need not fully covered", "needs not fully covered", uncovered),
            uncovered,
            f"{address}&uncovered=on",
        ),
        (
            ngettext_lazy("shipment on customs hold", "shipments on customs hold", held),
            held,
            f"{reverse('shipments')}?view=held",
        ),
    ]


def awaited_checks(by: Permissions, at: datetime) -> list[VerificationTask | Inquiry]:
    """Return the inquiries and checks that wait for others, soonest due first.

    For city staff those of their own cities, for coordinators all that they oversee.
    """
    tasks, asked = VerificationTask.objects.visible_to(by), Inquiry.objects.visible_to(by)
    if not by.coordinates:
        tasks, asked = tasks.filter(city__in=by.sees), asked.filter(city__in=by.sees)
    tasks = tasks.waiting().select_related("contact__user", "contact__city")
    asked = asked.waiting().select_related("contact__user", "contact__city")
    found: list[VerificationTask | Inquiry] = [
        *tasks.order_by("due_at", "pk")[:MAX_OF_KIND],
        *asked.order_by("due_at", "pk")[:MAX_OF_KIND],
    ]
    return sorted(found, key=lambda thing: thing.due_at or at)


def own_contributions(by: Permissions) -> list[SupplierLead]:
    """Return the latest offers of this person as a contact, so that they see the result."""
    if not by.contacts:
        return []
    mine = SupplierLead.objects.filter(contact__in=by.contacts, inquiry__isnull=False)
    return list(mine.select_related("supplier", "product", "inquiry").order_by("-pk")[:10])


@register_counter("today")
def todo_count(request: HttpRequest) -> int:
    """Return the number beside "Today" in the navigation."""
    if not getattr(request, "by", None):
        return 0
    known = _known(request)
    return known.total() - known[UNREAD] - known[VIEWS]


@register_counter("views")
def view_count(request: HttpRequest) -> int:
    """Return 1 if the reader has a saved view of any list, so that other lists need not ask for theirs."""
    return _known(request)[VIEWS] if getattr(request, "by", None) else 0


@register_counter("notices")
def unread_count(request: HttpRequest) -> int:
    """Return the number of unread notifications for the navigation, at most `MOST_UNREAD`."""
    return _known(request)[UNREAD] if getattr(request, "by", None) else 0


def _known(request: HttpRequest) -> Counter[int]:
    """Return the counts of `waiting`, read once for each request.

    The page needs them for its rows, and its frame for the numbers.
    """
    if request not in _asked:
        _asked[request] = todo_counts(cast("AuthenticatedRequest", request).by)
    return _asked[request]
