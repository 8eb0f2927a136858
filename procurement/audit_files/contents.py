"""Objects of an order that the requesting user may see, with their folder in the file. Reads only."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Model, Q

from partners.permissions.permissions import Permissions
from procurement.allocations.models import Allocation, AllocationCriteria
from procurement.customs.models import CustomsClearance, CustomsHold, Declaration
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.decision_memos.models import DecisionMemo
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.outreach.models.inquiries import Inquiry
from procurement.quality.models import Inspection, Lot
from procurement.receiving.models import Discrepancy, GoodsReceipt
from procurement.requests.models import SupplyRequest
from procurement.sanctions.models import WatchlistMatch
from procurement.shipments.models import Milestone, Shipment
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.tracking.models import TrackingEvent
from procurement.verification.models import CheckReport, VerificationTask


class FolderItem(NamedTuple):
    """Item of an order's record, and the folder for its documents."""

    folder: str
    item: Model

    @property
    def key(self) -> tuple[str, int]:
        """Model label and primary key, as files, journal entries and comments refer to the item."""
        return self.item._meta.label_lower, self.item.pk


def order_items(order: Order, by: Permissions) -> list[FolderItem]:
    """Return the items of an order that the user may see.

    These are its need, offers, checks, companies with their certificates, the order itself with its payments,
    and its shipments.
    """
    return [
        *_need_and_offer_items(order, by),
        *_company_items(order, by),
        FolderItem(f"order/{order.reference}", order),
        *_items_in_folder("order/lines", OrderLine.objects.visible_to(by).filter(order=order)),
        *_items_in_folder("order/payments", Payment.objects.visible_to(by).filter(order=order)),
        *_items_in_folder(
            "order/acknowledgement", OrderAcknowledgement.objects.visible_to(by).filter(order=order)
        ),
        *_items_in_folder("order/memos", DecisionMemo.objects.visible_to(by).filter(order=order)),
        *_items_in_folder(
            "order/made", GeneratedDocument.objects.visible_to(by).filter(order=order, shipment=None)
        ),
        *_shipment_items(order, by),
    ]


def considered_leads(order: Order, by: Permissions) -> list[SupplierLead]:
    """Return the offers considered: the ordered ones and all others for the same need lines."""
    chosen = SupplierLead.objects.filter(allocations__order_line__order=order)
    lines = Allocation.objects.filter(order_line__order=order).values("line")
    rows = SupplierLead.objects.visible_to(by).filter(city=order.city)
    wanted = Q(pk__in=chosen.values("pk")) | (Q(line__in=lines) & ~Q(status=SupplierLead.Status.DRAFT))
    return list(rows.filter(wanted).select_related("supplier", "maker", "inquiry").order_by("pk"))


def _need_and_offer_items(order: Order, by: Permissions) -> Iterator[FolderItem]:
    leads = considered_leads(order, by)
    needs = Allocation.objects.filter(order_line__order=order).values("line__supply_request")
    yield from _items_in_folder("need", SupplyRequest.objects.visible_to(by).filter(pk__in=needs), own=True)
    inquiries = [lead.inquiry_id for lead in leads if lead.inquiry_id]
    yield from _items_in_folder(
        "questions", Inquiry.objects.visible_to(by).filter(pk__in=inquiries), own=True
    )
    yield from (FolderItem(f"offers/{lead.reference}", lead) for lead in leads)
    mine = [lead.pk for lead in leads]
    yield from _items_in_folder("offers/findings", Finding.objects.visible_to(by).filter(lead__in=mine))
    yield from _items_in_folder(
        "checks", VerificationTask.objects.visible_to(by).filter(lead__in=mine), own=True
    )
    yield from _items_in_folder(
        "checks/reports", CheckReport.objects.visible_to(by).filter(task__lead__in=mine)
    )
    wanted = Allocation.objects.filter(order_line__order=order).values("line")
    yield from _items_in_folder(
        "need/criteria", AllocationCriteria.objects.visible_to(by).filter(line__in=wanted)
    )
    yield from _items_in_folder(
        "order/allocations", Allocation.objects.visible_to(by).filter(order_line__order=order)
    )


def _company_items(order: Order, by: Permissions) -> Iterator[FolderItem]:
    """Yield the companies of the order and the manufacturers of its offers, with their documents.

    Includes all rows merged into a company.
    """
    chosen = SupplierLead.objects.filter(allocations__order_line__order=order).select_related(
        "supplier", "maker"
    )
    companies = [order.supplier, *(one for lead in chosen for one in (lead.supplier, lead.maker) if one)]
    rows = sorted({row for company in companies for row in company.row_ids})
    yield from _items_in_folder("companies", Supplier.objects.visible_to(by).filter(pk__in=rows), own=True)
    for folder, model in (
        ("companies/facts", SupplierFact),
        ("companies/accounts", BankAccount),
        ("companies/matches", WatchlistMatch),
    ):
        yield from _items_in_folder(folder, model.objects.visible_to(by).filter(supplier__in=rows))
    for folder, numbered in (("companies/register-lookups", RegisterLookup), ("certificates", Certificate)):
        yield from _items_in_folder(
            folder, numbered.objects.visible_to(by).filter(supplier__in=rows), own=True
        )
    looks = IssuerCheck.objects.visible_to(by).filter(certificate__supplier__in=rows)
    yield from _items_in_folder("certificates/issuers", looks)
    standing = SupplierStatus.objects.visible_to(by).filter(supplier__in=rows, city=order.city)
    yield from _items_in_folder("companies/standing", standing)


def _shipment_items(order: Order, by: Permissions) -> Iterator[FolderItem]:
    shipments = Shipment.objects.visible_to(by).filter(lines__order_line__order=order).distinct()
    for shipment in shipments.order_by("pk"):
        folder = f"shipments/{shipment.reference}"
        yield FolderItem(folder, shipment)
        for below, rows in (
            ("lines", shipment.lines.all()),
            ("milestones", Milestone.objects.visible_to(by).filter(shipment=shipment)),
            ("events", TrackingEvent.objects.visible_to(by).filter(shipment=shipment)),
            ("customs", CustomsClearance.objects.visible_to(by).filter(shipment=shipment)),
            ("declared", Declaration.objects.visible_to(by).filter(clearance__shipment=shipment)),
            ("holds", CustomsHold.objects.visible_to(by).filter(clearance__shipment=shipment)),
            ("made", GeneratedDocument.objects.visible_to(by).filter(shipment=shipment)),
            ("papers", CustomsDocument.objects.visible_to(by).filter(shipment=shipment)),
            ("received", GoodsReceipt.objects.visible_to(by).filter(shipment=shipment)),
            ("cases", Discrepancy.objects.visible_to(by).filter(shipment=shipment)),
            ("lots", Lot.objects.visible_to(by).filter(shipment=shipment)),
            ("inspected", Inspection.objects.visible_to(by).filter(lot__shipment=shipment)),
        ):
            yield from _items_in_folder(f"{folder}/{below}", rows)


def _items_in_folder(folder: str, rows: Iterable[Any], *, own: bool = False) -> Iterator[FolderItem]:
    """Yield each row in the folder, or with `own` in a subfolder named after its reference."""
    found: Any = rows
    for row in found.order_by("pk"):
        yield FolderItem(f"{folder}/{row.reference}" if own else folder, row)
