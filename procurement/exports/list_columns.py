"""Columns of the exported lists as spreadsheets, and their CSV output.

One row per item, plain numbers, dates as YYYY-MM-DD. Writes only the rows its caller passes. Cities and
companies are named, but persons are not, because a file travels further than a page. Two lists are
exceptions: the register of interests and the decision memos with their authors (docs/rules/suppliers.md).
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from procurement.logistics.rules import alerts
from workflow.csv_safety import escape_formula
from workflow.days import reader_day
from workflow.errors import LazyText

type Column = tuple[LazyText, Callable[[Any], Any]]

ROWS_PER_CHUNK = 500  # rows read at a time, so that memory use does not depend on the length of the list
UTF8_BOM = "\ufeff"  # without it, Excel does not recognize UTF-8

REFERENCE_COLUMN: Column = (_("Reference"), lambda row: row.reference)
STATUS_COLUMN: Column = (_("Status"), lambda row: row.get_status_display())

OFFER_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Supplier"), lambda row: row.supplier.name),
    (_("Registered name"), lambda row: row.supplier.legal_name_local),
    (_("Product"), lambda row: row.product.name),
    (_("Standard"), lambda row: row.standard),
    (_("Type"), lambda row: row.get_kind_display()),
    (_("Quantity"), lambda row: row.supply),
    (_("Allocated"), lambda row: row.allocated),
    (_("Unit price"), lambda row: row.unit_price),
    (_("Currency"), lambda row: row.currency),
    (_("Price in the city’s currency"), lambda row: row.price_in_city_currency),
    (_("Offer valid until"), lambda row: row.valid_until),
    (_("Need"), lambda row: row.line.supply_request.reference if row.line else ""),
    STATUS_COLUMN,
)
OFFER_PRICE_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Supplier"), lambda row: row.supplier.name),
    (_("Date"), lambda row: row.city.day_at(row.created_at)),
    (_("Incoterms rule"), lambda row: row.incoterm),
    (_("Unit price"), lambda row: row.unit_price),
    (_("Currency"), lambda row: row.currency),
    (_("Price in the city’s currency"), lambda row: row.price_in_city_currency),
    (_("Exchange rate"), lambda row: row.rate),
    (_("Date of the rate"), lambda row: row.rate_on),
    (_("Exchange rate source"), lambda row: row.rate_source),
    (_("Minimum landed cost by air"), lambda row: _landed(row, "air")),
    (_("Minimum landed cost by sea"), lambda row: _landed(row, "sea")),
    STATUS_COLUMN,
)
EXCHANGE_RATE_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Currency"), lambda row: row.currency),
    (_("Target currency"), lambda row: row.into),
    (_("Exchange rate"), lambda row: row.rate),
    (_("Date of the rate"), lambda row: row.on),
    (_("Exchange rate source"), lambda row: row.source),
    STATUS_COLUMN,
)
CHECK_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Check"), lambda row: row.get_check_kind_display()),
    (_("Supplier"), lambda row: row.supplier.name),
    (_("Offer"), lambda row: row.lead.reference if row.lead else ""),
    (_("City asked"), lambda row: row.contact.city.name if row.contact else ""),
    (_("Due"), lambda row: row.due_at),
    (_("Reminders"), lambda row: row.reminder_count),
    STATUS_COLUMN,
)
CONTACT_COLUMNS: tuple[Column, ...] = (
    (_("City"), lambda row: row.city.name),
    (_("Office"), lambda row: row.organization.name),
    (_("Job title"), lambda row: row.title_in(get_language() or "en")),
    (_("Language"), lambda row: row.user.get_language_display()),
    (_("Last asked"), lambda row: row.last_asked),
    (_("Open requests"), lambda row: row.waiting),
    (_("Away until"), lambda row: row.away_until),
    STATUS_COLUMN,
)
ASKED_LINES_COLUMN: Column = (
    _("Lines asked about"),
    lambda row: ", ".join(str(number) for number in row.line_numbers),
)
INQUIRY_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Need"), lambda row: row.supply_request.reference),
    ASKED_LINES_COLUMN,
    (_("City asked"), lambda row: row.contact.city.name),
    (_("Reply due by"), lambda row: row.due_at),
    STATUS_COLUMN,
)
INQUIRY_INBOX_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("City asked"), lambda row: row.contact.city.name),
    ASKED_LINES_COLUMN,
    (_("Sent"), lambda row: row.sent_at),
    (_("Link opened"), lambda row: row.opened_at),
    (_("Replied"), lambda row: row.answered_at),
    (_("By phone"), lambda row: _("yes") if row.phone_respondent else _("no")),
    (_("Reminders"), lambda row: row.reminder_count),
    (_("Next reminder"), lambda row: row.next_reminder_at),
    STATUS_COLUMN,
)
ALLOCATION_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Supplier"), lambda row: row.lead.supplier.name),
    (_("Offer"), lambda row: row.lead.reference),
    (_("Need"), lambda row: row.line.supply_request.reference),
    (_("Quantity"), lambda row: row.quantity),
    (_("Compared with the need"), lambda row: row.get_goods_match_display()),
    (_("Evidence seen"), lambda row: row.evidence),
    (_("Reason"), lambda row: row.override_reason),
    (_("Accepted by"), lambda row: str(row.substitution_accepted_by or "")),
    STATUS_COLUMN,
)
ALLOCATION_PLAN_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("City"), lambda row: row.city.name if row.city else ""),
    (_("Rule"), lambda row: row.get_rule_display()),
    (_("Rule in force since"), lambda row: row.rule_date),
    (_("As of"), lambda row: row.ready_at),
    STATUS_COLUMN,
)
# Lines and rows of the outcome of a plan.
PLAN_NEED_LINE_COLUMNS: tuple[Column, ...] = (
    (_("Need"), lambda one: one.plan_line.line.supply_request.reference),
    (_("City"), lambda one: one.plan_line.line.city.name),
    (_("Product"), lambda one: one.plan_line.line.product.name),
    (_("Quantity needed"), lambda one: one.plan_line.needed),
    (_("Planned quantity"), lambda one: one.pieces_given),
    (_("Days of supply without the plan"), lambda one: f"{one.plan_line.days_before:.1f}"),
    (_("Days of supply with the plan"), lambda one: f"{one.days_after:.1f}"),
    (_("Run-out date without the plan"), lambda one: one.runs_out_before),
    (_("Run-out date with the plan"), lambda one: one.runs_out_after),
    (_("Reason"), lambda one: one.reason),
    (_("Obstacles"), lambda one: "; ".join(one.obstacles)),
)
PLANNED_ALLOCATION_COLUMNS: tuple[Column, ...] = (
    (_("Need"), lambda one: one.plan_row.line.supply_request.reference),
    (_("City"), lambda one: one.plan_row.line.city.name),
    (_("Product"), lambda one: one.plan_row.line.product.name),
    (_("Offer"), lambda one: one.plan_row.lead.reference),
    (_("Supplier"), lambda one: one.plan_row.lead.supplier.name),
    (_("Proposed quantity"), lambda one: one.plan_row.proposed),
    (_("Quantity"), lambda one: one.plan_row.quantity),
    (_("Landed cost per unit"), lambda one: one.plan_row.cost),
    (_("Arrives"), lambda one: one.plan_row.arrives_on),
    (_("Reason"), lambda one: one.reason),
    (_("Reason for the change"), lambda one: one.plan_row.change_reason),
    (_("Allocation"), lambda one: one.plan_row.allocation.reference if one.plan_row.allocation else ""),
)
ORDER_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Supplier"), lambda row: row.supplier.name),
    (_("Type"), lambda row: row.get_kind_display()),
    (_("Total"), lambda row: row.total),
    (_("Currency"), lambda row: row.currency),
    (_("Promised date"), lambda row: row.promised_on),
    STATUS_COLUMN,
)
PAYMENT_COLUMNS: tuple[Column, ...] = (
    (_("Order"), lambda row: row.order.reference),
    (_("Supplier"), lambda row: row.order.supplier.name),
    (_("Payment"), lambda row: row.get_milestone_display()),
    (_("Percentage"), lambda row: row.percent),
    (_("Amount"), lambda row: row.amount),
    (_("Currency"), lambda row: row.currency),
    (_("Due"), lambda row: row.due_on),
    (_("Paid on"), lambda row: row.paid_on),
    (_("Transfer reference"), lambda row: row.transfer),
    STATUS_COLUMN,
)
DECISION_MEMO_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Order"), lambda row: row.order.reference),
    (_("Memo number"), lambda row: row.number),
    (_("Created"), lambda row: row.created_at),
    (_("Created by"), lambda row: row.author.name),
    (_("Order status at that time"), lambda row: row.get_order_status_display()),
    (_("SHA-256 of the text"), lambda row: row.sha256),
    (
        _("SHA-256 of the files"),
        lambda row: " ".join(f"{one.language}:{one.sha256}" for one in row.files.all()),
    ),
)
SHIPMENT_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("City"), lambda row: row.city.name),
    (_("Mode of transport"), lambda row: row.get_mode_display()),
    (_("Carrier"), lambda row: row.carrier),
    (_("From"), lambda row: row.origin_label),
    (_("To"), lambda row: row.destination_label),
    (_("Expected date"), lambda row: row.expected_on),
    (_("Alerts"), lambda row: "; ".join(str(alerts.ALERT_TYPES[code].name) for code in row.alerts)),
    (_("Missing documents"), lambda row: row.documents_missing),
    (_("Held by customs"), lambda row: _("yes") if row.held else _("no")),
    STATUS_COLUMN,
)
LOT_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Lot number"), lambda row: row.number),
    (_("Product"), lambda row: row.line.order_line.allocation.lead.product.name),
    (_("Supplier"), lambda row: row.line.order_line.allocation.lead.supplier.name),
    (_("City"), lambda row: row.city.name),
    (_("Shipment"), lambda row: row.shipment.reference),
    (_("Expiry date"), lambda row: row.expires_on),
    (_("Units"), lambda row: row.quantity),
    (_("Surplus"), lambda row: _("accepted surplus") if row.surplus else ""),
    (
        _("Distribution"),
        lambda row: "; ".join(f"{one.place_name}: {one.quantity}" for one in row.distributions.all()),
    ),
    STATUS_COLUMN,
)
DISCREPANCY_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Shipment"), lambda row: row.shipment.reference),
    (_("City"), lambda row: row.city.name),
    (_("Supplier"), lambda row: row.lead.supplier.name),
    (_("Product"), lambda row: row.lead.product.name),
    (_("Difference"), lambda row: row.get_kind_display()),
    (_("Units"), lambda row: row.pieces),
    (_("Reason"), lambda row: row.reason),
    (_("Opened"), lambda row: row.created_at),
    (_("Sender’s explanation"), lambda row: row.answer),
    (_("Resolution"), lambda row: row.get_outcome_display()),
    (_("Amount"), lambda row: row.amount),
    (_("Currency"), lambda row: row.currency),
    STATUS_COLUMN,
)
# Deliveries of a company: one row per shipment line, from `delivered_lines`.
DELIVERY_COLUMNS: tuple[Column, ...] = (
    (_("Shipment"), lambda row: row.shipment.reference),
    (_("City"), lambda row: row.shipment.city.name),
    (_("Order"), lambda row: row.order_line.order.reference),
    (_("Delivered"), lambda row: row.shipment.delivered_at),
    (_("Product"), lambda row: row.order_line.allocation.lead.product.name),
    (_("Shipped"), lambda row: row.quantity),
    (pgettext_lazy("pieces", "Accepted"), lambda row: row.accepted),
    (_("Rejected"), lambda row: row.rejected),
    (_("Missing"), lambda row: row.missing),
    (_("Failed lots"), lambda row: row.lots_failed),
    (_("Open discrepancies"), lambda row: row.cases_open),
    (_("Settled discrepancies"), lambda row: row.cases_settled),
)
THANK_YOU_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Order or donation"), lambda row: row.order.reference),
    (_("City"), lambda row: row.city.name),
    (_("Supplier"), lambda row: (row.order.donor_city or row.order.supplier).name),
    (_("Shipment"), lambda row: row.shipment.reference),
    (pgettext_lazy("thanks", "Sent"), lambda row: row.sent_at),
    STATUS_COLUMN,
)
SUPPLIER_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Supplier"), lambda row: row.name),
    (_("Registered name"), lambda row: row.legal_name_local),
    (_("Registration number"), lambda row: row.uscc),
    (_("City"), lambda row: row.place.name if row.place else ""),
    (_("Country or region"), lambda row: row.country),
    (_("Role"), lambda row: row.get_role_display()),
)
# Names persons, because a register of interests without names has no use (docs/rules/suppliers.md). Leaves out their explanations.
DECLARED_INTEREST_COLUMNS: tuple[Column, ...] = (
    (_("Supplier"), lambda row: row.supplier.name),
    (_("Reference"), lambda row: row.supplier.reference),
    (_("Person"), lambda row: row.person.name),
    (_("Declared"), lambda row: reader_day(row.created_at)),
    STATUS_COLUMN,
)
WATCHLIST_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("List name"), lambda row: row.name),
    (_("List type"), lambda row: row.get_kind_display()),
    (_("Publisher"), lambda row: row.publisher),
    (_("Source of the list"), lambda row: row.source),
    (_("List date"), lambda row: row.published_on),
    (_("SHA-256 of the file"), lambda row: row.sha256),
    (_("Names"), lambda row: row.names),
    STATUS_COLUMN,
)
WATCHLIST_ENTRY_COLUMNS: tuple[Column, ...] = (
    (_("Row"), lambda row: row.row),
    (_("Name"), lambda row: row.name),
    (_("Other names"), lambda row: "; ".join(row.aliases)),
    (_("Country or region"), lambda row: row.country),
    (_("Identification numbers"), lambda row: "; ".join(row.numbers)),
    (_("Remark"), lambda row: row.remark),
)
WATCHLIST_MATCH_COLUMNS: tuple[Column, ...] = (
    REFERENCE_COLUMN,
    (_("Supplier"), lambda row: row.supplier.reference),
    (_("Name"), lambda row: row.name),
    (_("Name type"), lambda row: row.get_name_source_display()),
    (_("Name on the list"), lambda row: row.listed_as),
    (_("List"), lambda row: row.entry.watchlist.name),
    (_("Similarity (percent)"), lambda row: row.score),
    STATUS_COLUMN,
)
# One row per need line, because quantities of different products are not added up.
NEED_COLUMNS: tuple[Column, ...] = (
    (_("Reference"), lambda line: line.supply_request.reference),
    (_("City"), lambda line: line.supply_request.city.name),
    (_("Title"), lambda line: line.supply_request.title),
    (_("Product"), lambda line: line.product.name),
    (_("Needed by"), lambda line: line.supply_request.needed_by),
    (_("Quantity"), lambda line: line.quantity),
    (_("Unit"), lambda line: line.product.get_unit_display()),
    (pgettext_lazy("pieces", "Offered"), lambda line: line.offered),
    (_("Verified and available"), lambda line: line.verified_free),
    (_("Allocated"), lambda line: line.allocated),
    (_("Shipped"), lambda line: line.shipped),
    (_("Arrived"), lambda line: line.arrived),
    (_("Released"), lambda line: line.released),
    (_("Covered"), lambda line: line.covered_quantity),
    (_("Still to find"), lambda line: line.quantity - line.covered_quantity),
    (_("Next arrival"), lambda line: line.next_arrival),
    (_("Arriving in time"), lambda line: line.arriving_in_time),
    (_("Arriving too late"), lambda line: line.arriving_late),
    (_("Status"), lambda line: line.supply_request.get_status_display()),
)


def plan_comparison_columns(first: Any, second: Any) -> tuple[Column, ...]:
    """Return the columns of the need lines of two plans, given by their outcomes: quantity and days in each."""
    columns: list[Column] = [
        (_("Need"), lambda row: row.line.supply_request.reference),
        (_("City"), lambda row: row.line.city.name),
        (_("Product"), lambda row: row.line.product.name),
    ]
    for place, outcome in enumerate((first, second)):
        columns += [
            (
                format_lazy("{} {}", outcome.plan, _("Planned quantity")),
                _of_side(place, lambda side: side.pieces_given),
            ),
            (
                format_lazy("{} {}", outcome.plan, _("Days of supply with the plan")),
                _of_side(place, lambda side: f"{side.days_after:.1f}"),
            ),
        ]
    return tuple(columns)


def _of_side(place: int, cell: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda row: "" if row.outcomes[place] is None else cell(row.outcomes[place])


def _landed(row: Any, mode: str) -> str:
    """Return the stored landed cost by a mode of transport, or an empty string."""
    return str(row.landed.get("by", {}).get(mode, {}).get("total", ""))


def csv_lines(columns: Iterable[Column], rows: QuerySet[Any] | Sequence[Any], language: str) -> Iterator[str]:
    """Yield a CSV file line by line in a language: the headings, then one line per row.

    A query set is read while the file is sent.
    """
    chosen = list(columns)
    yield UTF8_BOM + _line([heading for heading, _value in chosen], language)
    for row in rows.iterator(chunk_size=ROWS_PER_CHUNK) if isinstance(rows, QuerySet) else rows:
        with override(language):
            cells = [value(row) for _heading, value in chosen]
        yield _line(cells, language)


def _line(cells: Iterable[Any], language: str) -> str:
    buffer = io.StringIO()
    with override(language):
        csv.writer(buffer, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return escape_formula(value if value is None or isinstance(value, int) else str(value))
