"""Rules on the facts of an offer: facts that checks rest on, supply in pieces, impossible facts."""

from collections.abc import Container, Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from procurement.leads.models.leads import SupplierLead
from procurement.requests.models import MAX_QUANTITY
from procurement.suppliers.models.suppliers import Supplier
from workflow.errors import Refused
from workflow.i18n import LocalizedCount

# Changing one of these after a lead was verified sends it back to checking.
VERIFIED_FACTS = frozenset(
    {
        "supplier",
        "product",
        "standard",
        "model",
        "maker",
        "kind",
        "stock_quantity",
        "stock_place",
        "capacity_per_day",
        "ready_on",
        "available_until",
        "unit_price",
        "currency",
        "incoterm",
        "prepayment_percent",
        "declared_use",
        "referred_by",
    }
)


def total_supply(
    stock: int, capacity_per_day: int, ready_on: date | None, available_until: date | None
) -> int:
    """Return the pieces a supplier has or can make in time, at most 10^9.

    It is the stock plus the capacity per day times the days from `ready_on` to `available_until`, both
    included.
    """
    days = max(0, (available_until - ready_on).days + 1) if ready_on and available_until else 0
    return min(MAX_QUANTITY, stock + capacity_per_day * days)


def search_names(lead: SupplierLead) -> str:
    """Return the search names of an offer: its company, the company it was merged into, its product."""
    companies, product = {lead.supplier, lead.supplier.current_row}, lead.product
    said = [
        name for one in sorted(companies, key=_supplier_id) for name in (one.legal_name_local, one.name_en)
    ]
    return "\n".join(name for name in (*said, product.name_en, product.name_fr, product.name_zh) if name)


def _supplier_id(company: Supplier) -> int:
    return company.pk


MAX_PRICE = Decimal(
    9_999_999
)  # per piece, in either currency: the total of 10^9 pieces still fits the database column
MAX_LEAD_OR_TRANSIT_DAYS = 999  # to make goods, or to carry them
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)  # a day outside this range is a typing error
PRODUCTION_FACTS = (
    "capacity_per_day",
    "ready_on",
    "available_until",
)  # the facts about goods still to be made
MAX_INTERMEDIARIES = 20  # intermediaries an offer came through
MAX_REFERENCE_CUSTOMERS = 20  # reference customers
MAX_PACKING_COUNTS = {"carton_pieces": 100_000, "pallet_cartons": 1_000}
MAX_CARTON_KG_OR_LITRES = 5_000  # kilograms, litres: more than a whole pallet
MAX_FREIGHT_RATE = 1_000_000  # per kilogram or per pallet, in any currency
MAX_INSPECTION_COST = 100_000_000  # of a whole lot, in any currency


def invalid_lead_refusal(lead: SupplierLead, changed: Container[str] = PRODUCTION_FACTS) -> Refused | None:
    """Return the refusal for the first impossible fact of the offer, with its field, or None.

    `changed`: the names of the facts that are new. Older offers may state a capacity without its days. The
    days are required only when one of the facts in `PRODUCTION_FACTS` changes.
    """
    return next(_find_faults(lead, changed), None)


def _find_faults(lead: SupplierLead, changed: Container[str]) -> Iterator[Refused]:
    for name in ("stock_quantity", "capacity_per_day", "min_order_quantity"):
        if not 0 <= getattr(lead, name) <= MAX_QUANTITY:
            yield Refused("bad_quantity", _("Enter a quantity of at most 1,000,000,000."), field=name)
    yield from _find_price_faults(lead)
    yield from _find_day_faults(lead)
    if any(name in changed for name in PRODUCTION_FACTS):
        yield from _find_production_faults(lead)
    yield from _find_freight_faults(lead)
    if lead.maker_id is not None and lead.maker_id == lead.supplier_id:
        words = _("Leave blank: the supplier is the manufacturer.")
        yield Refused("own_maker", words, field="maker")
    if len(lead.referred_by) > MAX_INTERMEDIARIES:
        words = _("List at most 20 intermediaries.")
        yield Refused("too_many_hands", words, field="referred_by")
    if len(lead.reference_customers) > MAX_REFERENCE_CUSTOMERS:
        words = _("List at most 20 reference customers.")
        yield Refused("too_many_customers", words, field="reference_customers")


def _find_day_faults(lead: SupplierLead) -> Iterator[Refused]:
    for name in ("lead_days", "air_days", "sea_days"):
        if not 0 <= (getattr(lead, name) or 0) <= MAX_LEAD_OR_TRANSIT_DAYS:
            yield Refused("bad_days", _("Enter a number of days from 0 to 999."), field=name)
    for name in ("ready_on", "available_until", "valid_until"):
        day = getattr(lead, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield Refused("bad_day", _("Enter a date between 2000 and 2099."), field=name)
    if lead.ready_on and lead.available_until and lead.available_until < lead.ready_on:
        words = _(
            "The “Available until” date is before the “Ready to ship on” date. Correct one of the dates."
        )
        yield Refused("bad_day", words, field="available_until")


def _find_production_faults(lead: SupplierLead) -> Iterator[Refused]:
    """Yield a refusal for a missing last day of production. A capacity without it would count as nothing."""
    if lead.capacity_per_day and lead.available_until is None:
        words = _("Enter the last day of production. Daily production is counted up to that date.")
        yield Refused("day_missing", words, field="available_until")


def first_day_of_production(lead: SupplierLead, today: date) -> date | None:
    """Return the first day of production: as stated, else today for goods that are still to be made.

    Refuses a last day that has passed, since nothing can be made until then.
    """
    if lead.ready_on is not None or not lead.capacity_per_day or lead.available_until is None:
        return lead.ready_on
    if lead.available_until < today:
        words = _("The last day of production has passed. Enter a later date.")
        raise Refused("bad_day", words, field="available_until")
    return today


def _find_price_faults(lead: SupplierLead) -> Iterator[Refused]:
    if lead.unit_price is not None and not lead.currency:
        yield Refused("currency_missing", _("Enter the currency of the price."), field="currency")
    if lead.unit_price is not None and lead.unit_price <= 0:
        words = _("Enter a price above zero. For donated goods, mark the offer as a donation.")
        if lead.kind == SupplierLead.Kind.DONATION:
            words = _("Enter a donation value above zero, or leave this blank if you do not know it.")
        yield Refused("bad_price", words, field="unit_price")
    if lead.unit_price is not None and lead.unit_price > MAX_PRICE:
        yield price_too_high_refusal()
    if not 0 <= (lead.prepayment_percent or 0) <= 100:
        words = _("Enter the prepayment as a percentage of the price, from 0 to 100.")
        yield Refused("bad_prepayment", words, field="prepayment_percent")
    if not 0 <= (lead.insurance_percent or 0) <= 100:
        words = _("Enter the insurance as a percentage of the value, from 0 to 100.")
        yield Refused("bad_insurance", words, field="insurance_percent")


def _find_freight_faults(lead: SupplierLead) -> Iterator[Refused]:
    for name in ("carton_pieces", "carton_kg", "carton_litres", "pallet_cartons"):
        most = MAX_PACKING_COUNTS.get(name, MAX_CARTON_KG_OR_LITRES)
        if (value := getattr(lead, name)) is not None and not 0 < value <= most:
            words = _("Enter a number above zero, up to %(most)s.")
            yield Refused("bad_carton", words % {"most": LocalizedCount(most)}, field=name)
    for name, most in (
        ("air_freight", MAX_FREIGHT_RATE),
        ("sea_freight", MAX_FREIGHT_RATE),
        ("inspection_cost", MAX_INSPECTION_COST),
    ):
        if (value := getattr(lead, name)) is None:
            continue
        if not lead.currency:
            yield Refused("currency_missing", _("Enter the currency of this amount."), field="currency")
        if not 0 <= value <= most:
            words = _("Enter a number from 0 to %(most)s.")
            yield Refused("bad_freight", words % {"most": LocalizedCount(most)}, field=name)


def price_too_high_refusal() -> Refused:
    """Return the refusal for a price per piece above the limit, in the offer's or the city's currency."""
    words = _("The price per unit is above %(most)s. Enter the price of one unit, not the total.")
    return Refused("bad_price", words % {"most": LocalizedCount(int(MAX_PRICE))}, field="unit_price")


def minimum_above_supply_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal if the smallest order is larger than the whole supply, else None."""
    if not lead.supply or lead.min_order_quantity <= lead.supply:
        return None
    words = _("The minimum order quantity is more than the %(supply)s available. Correct one of the figures.")
    return Refused("bad_minimum", words % {"supply": LocalizedCount(lead.supply)}, field="min_order_quantity")
