"""Today: what needs the reader now, at most seven rows, each a sentence with one button; what waits on others stands folded."""

from collections import Counter
from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import Any, cast
from weakref import WeakKeyDictionary

from django.contrib.auth.decorators import login_required
from django.db.models import F, IntegerField, QuerySet, Sum, Value
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.rules import Powers
from partners.visit import Visit
from procurement.leads.models import SupplierLead
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models import Shipment
from procurement.verification.models import VerificationTask
from procurement.web.today import afterwards, goods, loose_ends, offers, people, recalls, register
from procurement.web.today.rows import EACH, Kind, Row
from workflow import clock
from workflow.doors.api import plans
from workflow.doors.http import count, show
from workflow.errors import Words
from workflow.models import InAppNotice

MOST = 7
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

    def build(_position: plans.Position) -> QuerySet[Any, Any]:
        numbered = (
            kind.find(by).values_list(Value(number, output_field=IntegerField()))[:EACH]
            for number, kind in enumerate(KINDS)
        )
        mine = InAppNotice.objects.visible_to(by).unread()
        rung = mine.values_list(Value(BELL, output_field=IntegerField()))[:MOST_UNREAD]
        return rung.union(*numbered, all=True)

    return Counter(number for (number,) in plans.plan_of(("waiting", by.scope), (), build).rows())


def _told(known: Container[int], by: Powers, at: datetime, most: int) -> list[Row]:
    """The rows of the kinds that have any."""
    kinds = (kind for number, kind in enumerate(KINDS) if number in known)
    found = [row for kind in kinds for row in kind.rows(by, at, most)]
    return sorted(found, key=lambda row: (row.due, row.reference))


@login_required
def today(request: Visit) -> HttpResponse:
    """The reader's home: their rows by day, three figures, and what waits on others."""
    at = clock.now()
    context = {
        "groups": grouped(_told(_known(request), request.by, at, MOST)[:MOST], at),
        "most": MOST,
        "figures": figures(request.by) if request.by.sees or request.by.coordinates else [],
        "helped": helped(request.by),
        "others": others(request.by, at),
        "at": at,
    }
    return show(request, "today/today.html", context)


def grouped(waiting: Iterable[Row], at: datetime) -> list[tuple[Words, list[Row]]]:
    """Overdue, today, this week, later; only the groups that hold something."""
    spans = (
        (_("Overdue"), timedelta()),
        (_("Today"), timedelta(days=1)),
        (_("This week"), timedelta(days=7)),
        (_("Later"), timedelta.max),
    )
    groups: list[tuple[Words, list[Row]]] = [(name, []) for name, _span in spans]
    for row in waiting:
        left = row.due - at
        number = next(number for number, (_name, span) in enumerate(spans) if left < span)
        groups[number][1].append(row)
    return [(name, group) for name, group in groups if group]


def figures(by: Powers) -> list[tuple[Words, int, str]]:
    """Open needs, uncovered pieces, shipments held: each with the list behind it."""
    open_needs = SupplyRequest.objects.filter(city__in=by.sees, status=SupplyRequest.Status.OPEN)
    lines = RequestLine.objects.filter(city__in=by.sees, supply_request__in=open_needs)
    uncovered = lines.aggregate(total=Sum(F("quantity") - F("allocated"), default=0))["total"]
    needs, held = open_needs.count(), Shipment.objects.visible_to(by).filter(held=True).count()
    return [
        (ngettext_lazy("open need", "open needs", needs), needs, f"{reverse('needs')}?status=open"),
        (
            ngettext_lazy("piece not covered", "pieces not covered", uncovered),
            uncovered,
            f"{reverse('needs')}?status=open",
        ),
        (ngettext_lazy("shipment held", "shipments held", held), held, f"{reverse('shipments')}?view=held"),
    ]


def others(by: Powers, at: datetime) -> list[VerificationTask | Inquiry]:
    """What waits on others, the soonest due first."""
    tasks = (
        VerificationTask.objects.filter(city__in=by.sees)
        .waiting()
        .select_related("contact__user", "contact__city")
    )
    asked = (
        Inquiry.objects.filter(city__in=by.sees).waiting().select_related("contact__user", "contact__city")
    )
    found: list[VerificationTask | Inquiry] = [
        *tasks.order_by("due_at", "pk")[:10],
        *asked.order_by("due_at", "pk")[:10],
    ]
    return sorted(found, key=lambda thing: thing.due_at or at)[:10]


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
