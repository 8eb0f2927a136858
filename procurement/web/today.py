"""Today: what needs the reader now, at most seven rows, each a sentence with one button; what waits on others stands folded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from partners.roles import Power
from partners.rules import Powers
from partners.visit import Visit
from procurement.leads.models import SupplierLead
from procurement.orders.models import Order, Payment
from procurement.outreach.models import Inquiry
from procurement.outreach.rules import MOST_CHASES
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.shipments.models import CustomsHold, Lot, Shipment
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.doors.http import count, show
from workflow.doors.words import moment
from workflow.errors import Words

MOST = 7
EACH = 20  # rows read of one kind: more are behind its list


@dataclass(frozen=True)
class Row:
    """One thing to do: a sentence, a button, and what happens if nobody does it."""

    what: Words
    action: Words
    url: str
    consequence: Words
    due: datetime
    reference: str


def rows(by: Powers, at: datetime) -> list[Row]:
    """Everything that waits for this reader, the most urgent first."""
    found = [row for kind in KINDS for row in kind(by, at)]
    return sorted(found, key=lambda row: (row.due, row.reference))


def _mine(by: Powers, power: Power) -> frozenset[int]:
    return by.cities.get(power, frozenset())


def _reports(by: Powers, at: datetime) -> Iterator[Row]:
    tasks = VerificationTask.objects.filter(
        city__in=_mine(by, Power.JUDGE_REPORT), status=VerificationTask.Status.SUBMITTED
    )
    for task in tasks.select_related("contact__user", "supplier").order_by("submitted_at", "pk")[:EACH]:
        words = _("Read the report on %(supplier)s: %(check)s")
        yield Row(
            words % {"supplier": task.supplier.name, "check": task.get_check_kind_display()},
            _("Read it"),
            task.get_absolute_url(),
            _("The offer stays unverified until it is judged."),
            (task.submitted_at or at) + timedelta(days=1),
            task.reference,
        )


def _to_give_out(by: Powers, at: datetime) -> Iterator[Row]:
    tasks = VerificationTask.objects.filter(
        city__in=_mine(by, Power.ASSIGN_CHECK),
        status__in=(VerificationTask.Status.PROPOSED, VerificationTask.Status.DECLINED),
        lead__status__in=SupplierLead.LIVE,
    )
    for task in tasks.select_related("supplier").order_by("pk")[:EACH]:
        words = _("Choose who checks %(supplier)s: %(check)s")
        yield Row(
            words % {"supplier": task.supplier.name, "check": task.get_check_kind_display()},
            _("Choose"),
            task.get_absolute_url(),
            _("Nobody looks until somebody is asked."),
            task.created_at + timedelta(days=1),
            task.reference,
        )


def _leads(by: Powers, at: datetime) -> Iterator[Row]:
    mine = SupplierLead.objects.filter(city__in=_mine(by, Power.JUDGE_LEAD)).select_related("supplier")
    for lead in mine.filter(status=SupplierLead.Status.OFFERED).order_by("pk")[:EACH]:
        yield Row(
            _("Look at the new offer of %(supplier)s") % {"supplier": lead.supplier.name},
            _("Look"),
            lead.get_absolute_url(),
            _("Its checks are not open yet."),
            lead.created_at + timedelta(days=1),
            lead.reference,
        )
    ready = mine.filter(
        status=SupplierLead.Status.CHECKING, checks_open=0, blocking_findings=0, recheck=False
    )
    for lead in ready.filter(checks_accepted__gt=0).order_by("pk")[:EACH]:
        yield Row(
            _("Verify the offer of %(supplier)s: every check is accepted") % {"supplier": lead.supplier.name},
            _("Verify"),
            lead.get_absolute_url(),
            _("Its goods cannot be allocated before."),
            at,
            lead.reference,
        )


def _phone(by: Powers, at: datetime) -> Iterator[Row]:
    """What three reminders did not move: somebody phones. The asking city's officers, and coordinators."""
    tasks = VerificationTask.objects.visible_to(by).waiting().filter(chases__gte=MOST_CHASES)
    for task in (
        _watched(tasks, by, Power.ASSIGN_CHECK)
        .select_related("contact__user", "supplier")
        .order_by("due_at", "pk")[:EACH]
    ):
        yield _call(task.contact, task, task.due_at or at, at)
    asked = Inquiry.objects.visible_to(by).waiting().filter(chases__gte=MOST_CHASES)
    for inquiry in (
        _watched(asked, by, Power.ASK).select_related("contact__user").order_by("due_at", "pk")[:EACH]
    ):
        yield _call(inquiry.contact, inquiry, inquiry.due_at or at, at)


def _watched(query: Any, by: Powers, power: Power) -> Any:
    """Rows of one's own cities; for who coordinates, all they oversee."""
    return query if by.coordinates else query.filter(city__in=_mine(by, power))


def _call(contact: Any, thing: Any, due: datetime, at: datetime) -> Row:
    zone = contact.user.time_zone
    return Row(
        _("Phone %(contact)s about %(thing)s: three reminders went out")
        % {"contact": contact, "thing": thing.reference},
        pgettext_lazy("a link", "Open"),
        thing.get_absolute_url(),
        _("%(phone)s · their clock is %(zone)s")
        % {"phone": contact.phone or _("no number known"), "zone": moment(at, zone, short=True)},
        due,
        thing.reference,
    )


def _consents(by: Powers, at: datetime) -> Iterator[Row]:
    waiting = Inquiry.objects.filter(
        through_city__in=_mine(by, Power.ASK), status=Inquiry.Status.AWAITING_CONSENT
    )
    for inquiry in waiting.select_related("city", "contact__user").order_by("pk")[:EACH]:
        words = _("%(city)s would like to ask your contact %(contact)s")
        yield Row(
            words % {"city": inquiry.city.name, "contact": inquiry.contact},
            _("Decide"),
            inquiry.get_absolute_url(),
            _("They are not asked without you."),
            inquiry.created_at + timedelta(days=1),
            inquiry.reference,
        )


def _orders(by: Powers, at: datetime) -> Iterator[Row]:
    waiting = Order.objects.filter(
        city__in=_mine(by, Power.APPROVE), status__in=(Order.Status.AWAITING_APPROVAL, Order.Status.OFFERED)
    )
    for order in waiting.exclude(author=by.user_id).select_related("supplier").order_by("pk")[:EACH]:
        yield Row(
            _("Decide on %(order)s, %(supplier)s")
            % {"order": order.reference, "supplier": order.supplier.name},
            _("Decide"),
            order.get_absolute_url(),
            _("Nothing is ordered or accepted without it."),
            order.created_at + timedelta(days=1),
            order.reference,
        )
    proposed = Payment.objects.filter(city__in=_mine(by, Power.PAY), status=Payment.Status.PROPOSED)
    for payment in proposed.exclude(proposed_by=by.user_id).select_related("order").order_by("pk")[:EACH]:
        yield Row(
            _("Pay %(milestone)s of %(order)s as the second person")
            % {"milestone": payment.get_milestone_display(), "order": payment.order.reference},
            _("Look"),
            payment.get_absolute_url(),
            _("The supplier waits for it."),
            payment.created_at + timedelta(days=1),
            payment.order.reference,
        )


def _goods(by: Powers, at: datetime) -> Iterator[Row]:
    held = CustomsHold.objects.visible_to(by).filter(status=CustomsHold.Status.HELD)
    if _mine(by, Power.CLEAR) or by.brokers:
        for one in held.select_related("lane__shipment").order_by("started_at", "pk")[:EACH]:
            yield Row(
                _("Answer customs about %(shipment)s: %(reason)s")
                % {"shipment": one.lane.shipment.reference, "reason": one.reason},
                _("Answer"),
                one.get_absolute_url(),
                _("The goods stand still until it is answered."),
                one.started_at,
                one.lane.shipment.reference,
            )
    delivered = Shipment.objects.filter(city__in=_mine(by, Power.RECEIVE), status=Shipment.Status.DELIVERED)
    for shipment in (
        delivered.filter(lines__accepted=0, lines__rejected=0, lines__missing=0)
        .distinct()
        .order_by("pk")[:EACH]
    ):
        yield Row(
            _("Count %(shipment)s at the door") % {"shipment": shipment.reference},
            _("Count"),
            reverse("receive_shipment", args=[shipment.reference]),
            _("Nobody knows yet what came."),
            shipment.delivered_at or at,
            shipment.reference,
        )
    lots = Lot.objects.filter(
        city__in=_mine(by, Power.INSPECT), status=Lot.Status.QUARANTINED, quantity__gt=0
    )
    for lot in lots.order_by("pk")[:EACH]:
        yield Row(
            _("Inspect lot %(lot)s") % {"lot": lot.number},
            _("Inspect"),
            lot.get_absolute_url(),
            _("It stays in quarantine until then."),
            lot.created_at + timedelta(days=1),
            lot.reference,
        )


KINDS = (_goods, _phone, _reports, _orders, _leads, _to_give_out, _consents)


@login_required
def today(request: Visit) -> HttpResponse:
    """The reader's home: their rows by day, three figures, and what waits on others."""
    at = clock.now()
    waiting = rows(request.by, at)
    context = {
        "groups": grouped(waiting[:MOST], at),
        "more": max(0, len(waiting) - MOST),
        "figures": figures(request.by),
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
    lines = RequestLine.objects.filter(supply_request__in=open_needs)
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


@count("today")
def waiting_for(request: HttpRequest) -> int:
    """The figure beside "Today" in the navigation."""
    by = getattr(request, "by", None)
    return len(rows(by, clock.now())) if by else 0


urlpatterns = [path("", today, name="today")]
