"""Today: everything that waits for the reader, the most urgent first, each row a sentence with one button."""

from collections import Counter
from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import Any, cast
from weakref import WeakKeyDictionary

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import IntegerField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.rules.powers import Powers
from partners.visit import Visit
from procurement.leads.models.offer import SupplierLead
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.shipments.models.shipment import Shipment
from procurement.verification.models.checks import VerificationTask
from procurement.web.today import afterwards, goods, loose_ends, offers, people, recalls, register
from procurement.web.today.rows import EACH, Kind, Row
from workflow import clock
from workflow.days import reader_day
from workflow.doors.api.plans import Position, plan_of
from workflow.doors.http import count, show
from workflow.errors import Words
from workflow.models.bell import InAppNotice

PER_PAGE = 50  # rows of Today; the rest are on its next pages
BELL = -1  # stands for an unread notice among the numbers of the kinds
MOST_UNREAD = 100  # counted for the bell

_asked: WeakKeyDictionary[HttpRequest, Counter[int]] = WeakKeyDictionary()

KINDS: tuple[Kind, ...] = (
    *recalls.KINDS,
    *people.KINDS,
    *goods.KINDS,
    *offers.KINDS,
    *loose_ends.KINDS,
    *register.KINDS,
    *afterwards.KINDS,
)


def rows(by: Powers, at: datetime, most: int = EACH) -> list[Row]:
    """What waits for this reader, the most urgent first; of each kind as many as asked for."""
    return _told(waiting(by), by, at, most)


def waiting(by: Powers) -> Counter[int]:
    """How many rows there are of each kind, by its place among the kinds, and how many unread notices (`BELL`).

    In one statement, for every page asks for it.
    """

    def build(_position: Position) -> QuerySet[Any, Any]:
        numbered = (
            kind.find(by).values_list(Value(number, output_field=IntegerField()))[:EACH]
            for number, kind in enumerate(KINDS)
        )
        mine = InAppNotice.objects.visible_to(by).unread()
        rung = mine.values_list(Value(BELL, output_field=IntegerField()))[:MOST_UNREAD]
        return rung.union(*numbered, all=True)

    return Counter(number for (number,) in plan_of(("waiting", by.scope), (), build).rows())


def _told(known: Container[int], by: Powers, at: datetime, most: int) -> list[Row]:
    """The rows of the kinds that have any."""
    kinds = (kind for number, kind in enumerate(KINDS) if number in known)
    found = [row for kind in kinds for row in kind.rows(by, at, most)]
    return sorted(found, key=lambda row: (row.due, row.reference))


@login_required
def today(request: Visit) -> HttpResponse:
    """The reader's home: all their rows by day, a page at a time, three figures, and what waits on others."""
    at = clock.now()
    told = _told(_known(request), request.by, at, EACH)
    shown = Paginator(told, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "groups": grouped(shown.object_list, at),
        "page": shown,
        "previous": f"?page={shown.previous_page_number()}" if shown.has_previous() else "",
        "next": f"?page={shown.next_page_number()}" if shown.has_next() else "",
        "figures": figures(request.by) if request.by.sees or request.by.coordinates else [],
        "helped": helped(request.by),
        "others": others(request.by, at),
        "at": at,
    }
    return show(request, "today/today.html", context)


def grouped(waiting: Iterable[Row], at: datetime) -> list[tuple[Words, list[Row]]]:
    """Overdue, today, this week, later by the reader's calendar, whose week ends on Sunday; only groups that hold something."""
    today = reader_day(at)
    sunday = today + timedelta(days=6 - today.weekday())
    groups: dict[Words, list[Row]] = {_("Overdue"): [], _("Today"): [], _("This week"): [], _("Later"): []}
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


def figures(by: Powers) -> list[tuple[Words, int, str]]:
    """Open needs, needs not fully covered, shipments held: each is the number of rows of the list it links to.

    City staff count the needs of their own cities, coordinators all that they oversee.
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
        (ngettext_lazy("shipment held", "shipments held", held), held, f"{reverse('shipments')}?view=held"),
    ]


def others(by: Powers, at: datetime) -> list[VerificationTask | Inquiry]:
    """What waits on others, the soonest due first: for city staff of their own cities, for coordinators of all they oversee."""
    tasks, asked = VerificationTask.objects.visible_to(by), Inquiry.objects.visible_to(by)
    if not by.coordinates:
        tasks, asked = tasks.filter(city__in=by.sees), asked.filter(city__in=by.sees)
    tasks = tasks.waiting().select_related("contact__user", "contact__city")
    asked = asked.waiting().select_related("contact__user", "contact__city")
    found: list[VerificationTask | Inquiry] = [
        *tasks.order_by("due_at", "pk")[:EACH],
        *asked.order_by("due_at", "pk")[:EACH],
    ]
    return sorted(found, key=lambda thing: thing.due_at or at)


def helped(by: Powers) -> list[SupplierLead]:
    """What this person offered as a contact, the newest first: they see what became of the favour."""
    if not by.contacts:
        return []
    mine = SupplierLead.objects.filter(contact__in=by.contacts, inquiry__isnull=False)
    return list(mine.select_related("supplier", "product", "inquiry").order_by("-pk")[:10])


@count("today")
def waiting_for(request: HttpRequest) -> int:
    """The figure beside "Today" in the navigation."""
    if not getattr(request, "by", None):
        return 0
    known = _known(request)
    return known.total() - known[BELL]


@count("notices")
def unread(request: HttpRequest) -> int:
    """The figure at the bell: unread notices, up to a hundred."""
    return _known(request)[BELL] if getattr(request, "by", None) else 0


def _known(request: HttpRequest) -> Counter[int]:
    """Asked for once a request: the page tells the rows, and its frame how many there are."""
    if request not in _asked:
        _asked[request] = waiting(cast("Visit", request).by)
    return _asked[request]


urlpatterns = [path("", today, name="today")]
