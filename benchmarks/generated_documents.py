"""`python -m benchmarks.generated_documents`: time the generation of documents, without a database.

It measures gathering from rows in memory, words in two languages, hash, QR and PDF/A, in one process. A real
request adds one transaction and a few statements.
"""

import os
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

AT = datetime(2020, 4, 16, 16, 0, tzinfo=UTC)
ROUNDS = 20
BOXES = 100  # cartons of the shipment
SETTINGS = {  # settings required to start Django; the database is never read
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "for-benchmarks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "BASE_URL": "http://localhost:8300",
    "ALLOWED_HOSTS": "localhost",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
}


def main() -> int:
    """Generate each kind repeatedly, and print how many a second."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    import django  # noqa: PLC0415 - before any model

    django.setup()
    from procurement.documents.models.generated_documents import GeneratedDocument  # noqa: PLC0415

    print("| paper | pages a file | kB | papers a second |\n|---|---|---|---|")
    made, took = 0, 0.0
    for kind in GeneratedDocument.Kind:
        once(kind)  # loads fonts and the template before the measurement
        began = time.perf_counter()
        rounds = ROUNDS if kind not in ("carton_labels", "pallet_labels") else 3
        for _turn in range(rounds):
            size, pages = once(kind)
        seconds = time.perf_counter() - began
        made, took = made + rounds, took + seconds
        print(f"| {kind.label} | {pages} | {size / 1000:.0f} | {rounds / seconds:.1f} |")
    print(f"\n{made} papers in {took:.1f} s: {made / took:.1f} a second, labels of {BOXES} cartons included.")
    return 0


def once(kind: str) -> tuple[int, int]:
    """Generate one document of a kind; return its bytes and its pages."""
    import pypdfium2  # noqa: PLC0415

    from procurement.documents.models.generated_documents import GeneratedDocument  # noqa: PLC0415
    from procurement.generated_documents.content import comparable_figures, document_content  # noqa: PLC0415
    from procurement.generated_documents.pdf import content_hash, render_pdf, verification_url  # noqa: PLC0415

    record = record_of(gift=kind in GeneratedDocument.OF_GIFT or kind in ("proforma", "value_statement"))
    order = record.goods[0].order
    if kind in GeneratedDocument.OF_PART or kind in GeneratedDocument.OF_GIFT:
        part = record.of(order)
        part.__dict__["tariff"] = record.tariff
        record = part
    made = GeneratedDocument(
        reference="MP-2020-0001",
        city=record.city,
        shipment=record.shipment,
        order=order,
        kind=kind,
        tongues="zh-en",
        version=1,
        code="0" * 24,
    )
    content, figures = document_content(made, record), comparable_figures(kind, record)
    made.sha256 = content_hash(content, figures)
    file = render_pdf(kind, content, fingerprint=made.fingerprint, url=verification_url(made.code), at=AT)
    return len(file.pdf), len(pypdfium2.PdfDocument(file.pdf))


def record_of(*, gift: bool) -> Any:
    """Return a shipment of one line in a hundred cartons, in memory."""
    from partners.cities.models import City  # noqa: PLC0415
    from procurement.generated_documents.record import DocumentRecord, GoodsLine  # noqa: PLC0415
    from procurement.orders.models import Order  # noqa: PLC0415
    from procurement.quality.models import Inspection, Lot  # noqa: PLC0415
    from procurement.shipments.models import Carton, Shipment, ShipmentLine  # noqa: PLC0415

    burnaby = City(pk=1, name_en="Burnaby", name_zh="本那比", country="CA", timezone="America/Vancouver")
    zhongshan = City(pk=2, name_en="Zhongshan", name_zh="中山", country="CN", timezone="Asia/Shanghai")
    seller = _seller(zhongshan)
    order = Order(
        pk=1,
        reference="DN-2020-0001" if gift else "PO-2020-0001",
        kind="donation" if gift else "purchase",
        city=burnaby,
        supplier=seller,
        donor_city=zhongshan if gift else None,
        currency="USD",
        goods_total=Decimal(50_000),
        approved_at=AT,
    )
    shipment = Shipment(
        pk=1, reference="SH-2020-0001", city=burnaby, mode="air", origin="CNCAN", destination="CAVAN"
    )
    ordered = _line(order, seller)
    line = ShipmentLine(pk=1, shipment=shipment, order_line=ordered, quantity=BOXES * 1_000)
    boxes = tuple(
        Carton(
            pk=n,
            shipment=shipment,
            line=line,
            reference=f"CT-2020-{n:04d}",
            number=n,
            lot_number="L-1",
            pieces=1_000,
        )
        for n in range(1, BOXES + 1)
    )
    lot = Lot(
        pk=1,
        reference="LT-2020-0001",
        line=line,
        shipment=shipment,
        number="L-1",
        quantity=BOXES * 1_000,
        status="released",
    )
    look = Inspection(
        pk=1, lot=lot, at=AT, aql=Decimal("2.5"), sampled=315, defects=1, accept_at_most=14, verdict="passed"
    )
    look.__dict__["_prefetched_objects_cache"] = {"points": [_measured(look)]}  # as a query would fill it
    record = DocumentRecord(shipment, None, AT)
    known = {"goods": [GoodsLine(ordered, BOXES * 1_000, boxes, line)], "tariff": {}, "registrations": []}
    record.__dict__.update(known, lots=[lot], inspections=[look], counted=[])
    return record


def _measured(look: Any) -> Any:
    from procurement.catalogue.models.inspection_points import InspectionPoint  # noqa: PLC0415
    from procurement.quality.models import MeasuredPoint  # noqa: PLC0415

    limit = {"bound": "at_least", "limit": Decimal(98)}
    names = {
        "name_en": "Bacterial filtration",
        "name_fr": "Filtration bactérienne",
        "name_zh": "细菌过滤效率",
    }
    point = InspectionPoint(pk=1, unit="%", **names, **limit)
    return MeasuredPoint(
        inspection=look, point=point, value=Decimal("98.6"), firm=True, outcome="within", **limit
    )


def _seller(place: Any) -> Any:
    from procurement.suppliers.models.suppliers import Supplier  # noqa: PLC0415

    seller = Supplier(
        pk=1, legal_name_local="示范防护用品有限公司 DEMO", name_en="Example Protective DEMO", country="CN"
    )
    seller.place, seller.role = place, "maker"
    seller.__dict__["known_rows"] = [1]
    return seller


def _line(order: Any, seller: Any) -> Any:
    from procurement.allocations.models import Allocation  # noqa: PLC0415
    from procurement.catalogue.models.products import Product  # noqa: PLC0415
    from procurement.leads.models.leads import SupplierLead  # noqa: PLC0415
    from procurement.orders.models import OrderLine  # noqa: PLC0415
    from procurement.requests.models import RequestLine, SupplyRequest  # noqa: PLC0415

    product = Product(
        pk=1, code="MASK", name_en="Surgical mask", name_zh="医用外科口罩", unit="piece", family="mask"
    )
    lead = SupplierLead(pk=1, product=product, supplier=seller, model="KH-1", declared_use="medical")
    lead.carton_kg, lead.pallet_cartons = Decimal("8.5"), 20
    need = SupplyRequest(pk=1, declared_use="medical", deliver_to="4949 Canada Way")
    wanted = RequestLine(pk=1, supply_request=need, product=product)
    promised = Allocation(pk=1, lead=lead, line=wanted)
    return OrderLine(
        pk=1,
        order=order,
        allocation=promised,
        quantity=BOXES * 1_000,
        released=BOXES * 1_000,
        unit_price=Decimal("0.50"),
    )


if __name__ == "__main__":
    sys.exit(main())
