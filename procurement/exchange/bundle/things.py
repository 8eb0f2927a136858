"""What belongs to an order, as far as whoever asked may see it: thing by thing, with the folder its papers go into. Reads only."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Model, Q

from partners.rules.powers import Powers
from procurement.allocations.models import Allocation, Criteria
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.lists.models.match import ListMatch
from procurement.orders.models.memo import Memo
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.models.payment import Payment
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.shipments.models.arrival import Inspection, Lot, Receipt
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper, Declaration
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Milestone, TrackingEvent
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.suppliers.models.judgement import Standing
from procurement.suppliers.models.lookup import LookUp
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report


class Belongs(NamedTuple):
    """A thing of an order's record, and the folder its papers go into."""

    folder: str
    thing: Model

    @property
    def key(self) -> tuple[str, int]:
        """By what files, entries and comments name it."""
        return self.thing._meta.label_lower, self.thing.pk


def of(order: Order, by: Powers) -> list[Belongs]:
    """The things of an order: its need, offers, checks, companies and their papers, itself with its payments, and its shipments."""
    return [
        *_before(order, by),
        *_companies(order, by),
        Belongs(f"order/{order.reference}", order),
        *_in("order/lines", OrderLine.objects.visible_to(by).filter(order=order)),
        *_in("order/payments", Payment.objects.visible_to(by).filter(order=order)),
        *_in("order/memos", Memo.objects.visible_to(by).filter(order=order)),
        *_in("order/made", MadePaper.objects.visible_to(by).filter(order=order, shipment=None)),
        *_shipped(order, by),
    ]


def leads_of(order: Order, by: Powers) -> list[SupplierLead]:
    """The offers considered: those that were ordered, and every other for the same lines of needs."""
    chosen = SupplierLead.objects.filter(allocations__order_line__order=order)
    lines = Allocation.objects.filter(order_line__order=order).values("line")
    rows = SupplierLead.objects.visible_to(by).filter(city=order.city)
    wanted = Q(pk__in=chosen.values("pk")) | (Q(line__in=lines) & ~Q(status=SupplierLead.Status.DRAFT))
    return list(rows.filter(wanted).select_related("supplier", "maker", "inquiry").order_by("pk"))


def _before(order: Order, by: Powers) -> Iterator[Belongs]:
    leads = leads_of(order, by)
    needs = Allocation.objects.filter(order_line__order=order).values("line__supply_request")
    yield from _in("need", SupplyRequest.objects.visible_to(by).filter(pk__in=needs), own=True)
    asked = [lead.inquiry_id for lead in leads if lead.inquiry_id]
    yield from _in("questions", Inquiry.objects.visible_to(by).filter(pk__in=asked), own=True)
    yield from (Belongs(f"offers/{lead.reference}", lead) for lead in leads)
    mine = [lead.pk for lead in leads]
    yield from _in("offers/findings", Finding.objects.visible_to(by).filter(lead__in=mine))
    yield from _in("checks", VerificationTask.objects.visible_to(by).filter(lead__in=mine), own=True)
    yield from _in("checks/reports", Report.objects.visible_to(by).filter(task__lead__in=mine))
    wanted = Allocation.objects.filter(order_line__order=order).values("line")
    yield from _in("need/criteria", Criteria.objects.visible_to(by).filter(line__in=wanted))
    yield from _in("order/allocations", Allocation.objects.visible_to(by).filter(order_line__order=order))


def _companies(order: Order, by: Powers) -> Iterator[Belongs]:
    """The order's company and whoever makes the goods of the chosen offers, under each of their rows, with the papers they show."""
    chosen = SupplierLead.objects.filter(allocations__order_line__order=order).select_related(
        "supplier", "maker"
    )
    companies = [order.supplier, *(one for lead in chosen for one in (lead.supplier, lead.maker) if one)]
    rows = sorted({row for company in companies for row in company.rows})
    yield from _in("companies", Supplier.objects.visible_to(by).filter(pk__in=rows), own=True)
    for folder, model in (
        ("companies/facts", CompanyFact),
        ("companies/accounts", BankAccount),
        ("companies/matches", ListMatch),
    ):
        yield from _in(folder, model.objects.visible_to(by).filter(supplier__in=rows))
    for folder, numbered in (("companies/look-ups", LookUp), ("certificates", Certificate)):
        yield from _in(folder, numbered.objects.visible_to(by).filter(supplier__in=rows), own=True)
    looks = IssuerCheck.objects.visible_to(by).filter(certificate__supplier__in=rows)
    yield from _in("certificates/issuers", looks)
    standing = Standing.objects.visible_to(by).filter(supplier__in=rows, city=order.city)
    yield from _in("companies/standing", standing)


def _shipped(order: Order, by: Powers) -> Iterator[Belongs]:
    shipments = Shipment.objects.visible_to(by).filter(lines__order_line__order=order).distinct()
    for shipment in shipments.order_by("pk"):
        folder = f"shipments/{shipment.reference}"
        yield Belongs(folder, shipment)
        for below, rows in (
            ("lines", shipment.lines.all()),
            ("milestones", Milestone.objects.visible_to(by).filter(shipment=shipment)),
            ("events", TrackingEvent.objects.visible_to(by).filter(shipment=shipment)),
            ("customs", CustomsLane.objects.visible_to(by).filter(shipment=shipment)),
            ("declared", Declaration.objects.visible_to(by).filter(lane__shipment=shipment)),
            ("holds", CustomsHold.objects.visible_to(by).filter(lane__shipment=shipment)),
            ("made", MadePaper.objects.visible_to(by).filter(shipment=shipment)),
            ("papers", CustomsPaper.objects.visible_to(by).filter(shipment=shipment)),
            ("received", Receipt.objects.visible_to(by).filter(shipment=shipment)),
            ("cases", DifferenceCase.objects.visible_to(by).filter(shipment=shipment)),
            ("lots", Lot.objects.visible_to(by).filter(shipment=shipment)),
            ("inspected", Inspection.objects.visible_to(by).filter(lot__shipment=shipment)),
        ):
            yield from _in(f"{folder}/{below}", rows)


def _in(folder: str, rows: Iterable[Any], *, own: bool = False) -> Iterator[Belongs]:
    """Each row in the folder, or (`own`) each in a folder of its own by its reference."""
    found: Any = rows
    for row in found.order_by("pk"):
        yield Belongs(f"{folder}/{row.reference}" if own else folder, row)
