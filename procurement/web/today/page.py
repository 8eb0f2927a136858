"""Today: what needs the reader now, at most seven rows, each a sentence with one button; what waits on others stands folded."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet, Sum
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
from procurement.web.today import goods, loose_ends, offers, people
from procurement.web.today.rows import EACH, Kind, Row
from workflow import clock
from workflow.doors.api import plans
from workflow.doors.http import count, show
from workflow.errors import Words

MOST = 7

KINDS: tuple[Kind, ...] = (*people.KINDS, *goods.KINDS, *offers.KINDS, *loose_ends.KINDS)


def rows(by: Powers, at: datetime, most: int = EACH) -> list[Row]:
    """What waits for this reader, the most urgent first; of each kind as many as asked for."""
    found = [row for kind in KINDS for row in kind.rows(by, at, most)]
    return sorted(found, key=lambda row: (row.due, row.reference))


def many(by: Powers) -> int:
    """How many rows there are, in one statement that names nothing: every page asks for it."""

    def build(_position: plans.Position) -> QuerySet[Any, Any]:
        first, *more = (kind.find(by).values_list("pk")[:EACH] for kind in KINDS)
        return first.union(*more, all=True)

    return len(plans.plan_of(("waiting", by.scope), (), build).rows())


@login_required
def today(request: Visit) -> HttpResponse:
    """The reader's home: their rows by day, three figures, and what waits on others."""
    at = clock.now()
    context = {
        "groups": grouped(rows(request.by, at, MOST)[:MOST], at),
        "most": MOST,
        "figures": figures(request.by) if request.by.sees or request.by.coordinates else [],
        "helped": helped(request.by),
        "others": others(request.by, at),
        "at": at,
    }
    return show(request, "today/today.html", context)


def grouped(waiting: Iterable[Row], at: datetime) -> list[tuple[Words, list[Row]]]:
    """Overdue, today, this week; only the groups that hold something."""
    overdue: list[Row] = []
    day: list[Row] = []
    week: list[Row] = []
    for row in waiting:
        (overdue if row.due < at else day if row.due < at + timedelta(days=1) else week).append(row)
    named = ((_("Overdue"), overdue), (_("Today"), day), (_("This week"), week))
    return [(name, group) for name, group in named if group]


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
    by = getattr(request, "by", None)
    return many(by) if by else 0


urlpatterns = [path("", today, name="today")]
