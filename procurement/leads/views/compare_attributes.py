"""Attributes by which offers are compared: how each is read and written, and which value is best."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.permissions.permissions import Permissions
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.comparison import (
    UNKNOWN_VALUE,
    BestRule,
    ComparedValue,
    arrival_day,
    best_positions,
    is_different,
)
from procurement.leads.rules.landed_cost import TransportMode
from procurement.requests.alternatives.models import GoodsMatchLevel
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.statuses import SupplierStatus
from workflow.errors import LazyText
from workflow.formatting import format_day, format_money, format_quantity, format_share

# Supplier statuses from worst to best; no status ranks between watched and approved.
SUPPLIER_STATUSES_BY_RANK = (
    SupplierStatus.Status.BANNED,
    SupplierStatus.Status.SUSPENDED,
    SupplierStatus.Status.ON_WATCH,
    "",
    SupplierStatus.Status.APPROVED,
)


class ComparisonData(NamedTuple):
    """Data read once for all offers in a comparison.

    By offer id: the number of `blocking_finding_counts` and `warning_finding_counts` findings. By company id:
    supplier status (`supplier_statuses`), and the number of its `certificate_counts` and of those
    `confirmed_certificate_counts`.
    """

    day: date
    current_company_ids: dict[int, int]  # from the id of any record of a company to the id of its current one
    blocking_finding_counts: Counter[int]
    warning_finding_counts: Counter[int]
    supplier_statuses: dict[int, SupplierStatus]
    certificate_counts: Counter[int]
    confirmed_certificate_counts: Counter[int]


class Attribute(NamedTuple):
    """Attribute in a comparison: heading, reader, and rule for the best value.

    `is_private_to_city` marks an attribute that only the city's own people see.
    """

    label: LazyText
    read_value: Callable[[SupplierLead, ComparisonData], ComparedValue]
    best_rule: BestRule | None = None
    is_private_to_city: bool = False


class AttributeRow(NamedTuple):
    """Attribute with the values of every offer, in the order of the columns."""

    label: LazyText
    values: list[ComparedValue]
    best_positions: frozenset[int]
    best_label: LazyText

    @property
    def has_differences(self) -> bool:
        """True if the offers differ in this attribute."""
        return is_different(self.values)

    @property
    def cells(self) -> list[tuple[LazyText, LazyText]]:
        """Values as text, each with its word if it is the best."""
        return [
            (value.text, self.best_label if place in self.best_positions else "")
            for place, value in enumerate(self.values)
        ]


def attribute_rows(by: Permissions, leads: Sequence[SupplierLead], day: date) -> list[AttributeRow]:
    """Return the attributes of these offers, which must all be of one city. Five queries.

    Attributes that are private to the city are left out for readers who do not see it.
    """
    own = all(lead.city_id in by.visible_cities for lead in leads)
    known = _known(by, leads, day)
    rows = []
    for attribute in ATTRIBUTES:
        if attribute.is_private_to_city and not own:
            continue
        values = [attribute.read_value(lead, known) for lead in leads]
        best = best_positions([value.rank for value in values], attribute.best_rule)
        rows.append(
            AttributeRow(
                attribute.label, values, best, attribute.best_rule.label if attribute.best_rule else ""
            )
        )
    return rows


def _known(by: Permissions, leads: Sequence[SupplierLead], day: date) -> ComparisonData:
    companies = {row: lead.supplier.current_row.pk for lead in leads for row in lead.supplier.row_ids}
    standing = Finding.objects.visible_to(by).in_effect().filter(lead__in=leads)
    found = Counter(standing.values_list("lead", "severity"))
    certificates = (
        Certificate.objects.visible_to(by).filter(supplier__in=companies).values_list("supplier", "status")
    )
    counted, confirmed = Counter[int](), Counter[int]()
    for company, status in certificates:
        counted[companies[company]] += 1
        confirmed[companies[company]] += status == Certificate.Status.CONFIRMED
    return ComparisonData(
        day,
        companies,
        Counter({lead: n for (lead, severity), n in found.items() if severity == Finding.Severity.BLOCK}),
        Counter({lead: n for (lead, severity), n in found.items() if severity == Finding.Severity.WARN}),
        _statuses(by, leads, companies, day),
        counted,
        confirmed,
    )


def _statuses(
    by: Permissions, leads: Sequence[SupplierLead], companies: dict[int, int], day: date
) -> dict[int, SupplierStatus]:
    """Return the most severe supplier status of each company on the day, by company id."""
    said = SupplierStatus.objects.visible_to(by).filter(supplier__in=companies, city=leads[0].city_id)
    held = [one for one in said.order_by("pk") if one.is_in_force_on(day)]
    ordered = sorted(held, key=lambda one: SUPPLIER_STATUSES_BY_RANK.index(one.status), reverse=True)
    return {companies[one.supplier_id]: one for one in ordered}


# --- readers of the attributes -------------------------------------------------------------------------------------
def _text_value(text: Any) -> ComparedValue:
    return ComparedValue(str(text), str(text)) if text else UNKNOWN_VALUE


def _read_standard_match(lead: SupplierLead, _known: ComparisonData) -> ComparedValue:
    order = [
        str(one)
        for one in (
            GoodsMatchLevel.BELOW_STANDARD,
            GoodsMatchLevel.COMPARABLE,
            GoodsMatchLevel.ALTERNATIVE,
            GoodsMatchLevel.EQUAL,
            GoodsMatchLevel.BETTER,
        )
    ]
    rank = order.index(lead.meets) if lead.meets in order else None
    return ComparedValue(rank, lead.get_meets_display())


def _read_price(lead: SupplierLead, _known: ComparisonData) -> ComparedValue:
    if lead.kind == SupplierLead.Kind.DONATION:
        return ComparedValue(0, _("Donation"))
    if lead.price_in_city_currency is None:
        return UNKNOWN_VALUE
    return ComparedValue(
        lead.price_in_city_currency,
        format_money(lead.price_in_city_currency, lead.city.currency),
        lead.price_in_city_currency,
    )


def _landed_cost_reader(mode: TransportMode) -> Callable[[SupplierLead, ComparisonData], ComparedValue]:
    def read(lead: SupplierLead, _known: ComparisonData) -> ComparedValue:
        cost = lead.landed.get("by", {}).get(mode.value)
        if cost is None:
            return UNKNOWN_VALUE
        amount = Decimal(cost["total"])
        text = format_money(amount, lead.landed["currency"])
        if cost["complete"]:
            return ComparedValue(amount, text, amount)
        if not amount:
            return UNKNOWN_VALUE
        return ComparedValue(
            None, _("at least %(amount)s") % {"amount": text}
        )  # a minimum has no rank, because the full amount may be higher

    return read


def _arrival_reader(travel: str) -> Callable[[SupplierLead, ComparisonData], ComparedValue]:
    def read(lead: SupplierLead, known: ComparisonData) -> ComparedValue:
        days = getattr(lead, travel)
        day = arrival_day(known.day, ready_on=lead.ready_on, lead_days=lead.lead_days, travel=days)
        return ComparedValue(day, format_day(day, short=True), day) if day else UNKNOWN_VALUE

    return read


def _number_reader(name: str) -> Callable[[SupplierLead, ComparisonData], ComparedValue]:
    def read(lead: SupplierLead, _known: ComparisonData) -> ComparedValue:
        number = getattr(lead, name)
        return ComparedValue(number, format_quantity(number), number)

    return read


def _count_reader(name: str) -> Callable[[SupplierLead, ComparisonData], ComparedValue]:
    def read(lead: SupplierLead, known: ComparisonData) -> ComparedValue:
        number = getattr(known, name)[lead.pk]
        return ComparedValue(number, format_quantity(number), number)

    return read


def _read_checks(lead: SupplierLead, _known: ComparisonData) -> ComparedValue:
    if not lead.required_check_count:
        return ComparedValue(None, _("not started"))
    return ComparedValue(
        lead.checks_accepted / lead.required_check_count,
        f"{lead.checks_accepted}/{lead.required_check_count}",
    )


def _read_supplier_status(lead: SupplierLead, known: ComparisonData) -> ComparedValue:
    said = known.supplier_statuses.get(known.current_company_ids[lead.supplier_id])
    if said is None:
        return ComparedValue(SUPPLIER_STATUSES_BY_RANK.index(""), _("no status"))
    return ComparedValue(SUPPLIER_STATUSES_BY_RANK.index(said.status), said.get_status_display())


def _read_certificate_counts(lead: SupplierLead, known: ComparisonData) -> ComparedValue:
    company = known.current_company_ids[lead.supplier_id]
    shown, sure = known.certificate_counts[company], known.confirmed_certificate_counts[company]
    text = _("%(sure)s of %(shown)s confirmed by the issuer")
    return ComparedValue(sure, text % {"sure": format_quantity(sure), "shown": format_quantity(shown)})


def _read_prepayment(lead: SupplierLead, _known: ComparisonData) -> ComparedValue:
    percent = lead.prepayment_percent
    return UNKNOWN_VALUE if percent is None else ComparedValue(percent, format_share(percent, 100))


def _read_sample(lead: SupplierLead, _known: ComparisonData) -> ComparedValue:
    said = lead.sample_available
    return UNKNOWN_VALUE if said is None else ComparedValue(said, _("yes") if said else _("no"))


def _read_last_day(lead: SupplierLead, _known: ComparisonData) -> ComparedValue:
    day = lead.valid_until
    return ComparedValue(day, format_day(day, short=True), day) if day else UNKNOWN_VALUE


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(gettext_lazy("Status"), lambda lead, _known: _text_value(lead.get_status_display())),
    Attribute(gettext_lazy("Product"), lambda lead, _known: _text_value(lead.product.name)),
    Attribute(gettext_lazy("Standard"), lambda lead, _known: _text_value(lead.standard or "")),
    Attribute(gettext_lazy("Meets the requirements"), _read_standard_match, BestRule.BEST),
    Attribute(gettext_lazy("Unit price"), _read_price, BestRule.LOWEST),
    Attribute(gettext_lazy("Landed cost by air"), _landed_cost_reader(TransportMode.AIR), BestRule.LOWEST),
    Attribute(gettext_lazy("Landed cost by sea"), _landed_cost_reader(TransportMode.SEA), BestRule.LOWEST),
    Attribute(gettext_lazy("Arrival date by air"), _arrival_reader("air_days"), BestRule.SOONEST),
    Attribute(gettext_lazy("Arrival date by sea"), _arrival_reader("sea_days"), BestRule.SOONEST),
    Attribute(gettext_lazy("Available quantity"), _number_reader("free_quantity"), BestRule.MOST),
    Attribute(gettext_lazy("Minimum order quantity"), _number_reader("min_order_quantity"), BestRule.LOWEST),
    Attribute(
        gettext_lazy("Incoterms rule"),
        lambda lead, _known: _text_value(f"{lead.incoterm} {lead.incoterm_place}".strip()),
    ),
    Attribute(gettext_lazy("Prepayment requested"), _read_prepayment, BestRule.LOWEST),
    Attribute(gettext_lazy("Payment terms"), lambda lead, _known: _text_value(lead.payment_terms)),
    Attribute(gettext_lazy("Sample available"), _read_sample),
    Attribute(
        gettext_lazy("Blocking findings"),
        _count_reader("blocking_finding_counts"),
        BestRule.FEWEST,
        is_private_to_city=True,
    ),
    Attribute(
        gettext_lazy("Warnings"),
        _count_reader("warning_finding_counts"),
        BestRule.FEWEST,
        is_private_to_city=True,
    ),
    Attribute(gettext_lazy("Checks accepted"), _read_checks, BestRule.MOST, is_private_to_city=True),
    Attribute(
        gettext_lazy("Supplier status with your city"),
        _read_supplier_status,
        BestRule.BEST,
        is_private_to_city=True,
    ),
    Attribute(gettext_lazy("Certificates"), _read_certificate_counts, BestRule.MOST, is_private_to_city=True),
    Attribute(gettext_lazy("Offer valid until"), _read_last_day, BestRule.LATEST),
)
