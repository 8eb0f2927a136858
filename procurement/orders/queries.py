"""Reads on orders: overrides and reminders from the journal, quotes on record, offers as ordered, dependent cities."""

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from partners.cities.models import City
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import stored_landed_cost
from procurement.orders.models import Order, OrderLine
from procurement.outreach.models.inquiries import Inquiry, asks_about_lines
from procurement.requests.models import RequestLine
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.dependent_cities import cache_cities_relying_on_account
from workflow.formatting import format_day
from workflow.journal.models import Entry


class Override(NamedTuple):
    """One override: who made it, with which reason, and what it covers.

    `on_behalf_of`: the approver it was made for, in words; "" for an approver of the city.
    """

    overridden_by: str
    on_behalf_of: str
    reason: str
    covered_references: list[str]


def overrides_of(entries: Iterable[Entry]) -> list[Override]:
    """Return the overrides among an order's entries, oldest first.

    Each covers only what earlier ones did not.
    """
    found, known = [], list[str]()
    for entry in entries:
        if entry.verb != "override":
            continue
        covers = entry.after.get("override_covers", known)
        fresh = [reference for reference in covers if reference not in known] or covers
        found.append(Override(entry.by_label, _on_behalf_of_override(entry), entry.reason, fresh))
        known = covers
    return found


def overriders_by_reference(overrides: Iterable[Override]) -> dict[str, str]:
    """Return who overrode each blocker, by the reference of the blocker."""
    return {reference: one.overridden_by for one in overrides for reference in one.covered_references}


def on_behalf_text(name: object, until: date) -> str:
    """Return the words to append to a delegate's name: for which absent approver they decided, absent until when."""
    return " " + _("(for %(name)s, absent until %(day)s)") % {"name": name, "day": format_day(until)}


def _on_behalf_of_override(entry: Entry) -> str:
    delegator, until = entry.facts.get("on_behalf_of"), entry.facts.get("absent_until")
    return on_behalf_text(delegator, date.fromisoformat(until)) if delegator and until else ""


class QuotesOnRecord(NamedTuple):
    """Number of inquiries sent about need lines, and of offers received for them."""

    inquiries_sent: int
    offers_received: int

    @property
    def quotes_sought(self) -> int:
        """Number of quotes sought: the larger of the two, and at least the order's own offer."""
        return max(1, self.inquiries_sent, self.offers_received)


def quotes_on_record(city_id: int, line_ids: Iterable[int]) -> QuotesOnRecord:
    """Return how many inquiries and offers are on record for these need lines. One query."""
    lines = RequestLine.objects.filter(pk__in=list(line_ids))
    asked, came = sent_inquiries(lines), offers_received(lines, OuterRef("pk"))
    counts = City.objects.filter(pk=city_id).values_list(count_subquery(asked), count_subquery(came))
    return QuotesOnRecord(*counts.get())


def sent_inquiries(lines: QuerySet[RequestLine]) -> QuerySet[Inquiry]:
    """Return the inquiries sent about these need lines: about the whole need, or about one of them."""
    return Inquiry.objects.filter(asks_about_lines(lines), sent_at__isnull=False)


def offers_received(lines: QuerySet[RequestLine], city: Any) -> QuerySet[SupplierLead]:
    """Return the offers that a city received for these need lines."""
    return SupplierLead.objects.filter(line__in=lines, city=city).exclude(status=SupplierLead.Status.DRAFT)


def count_subquery(rows: QuerySet[Any]) -> Coalesce:
    """Return a subquery that counts these rows, which refer to the row of the outer query."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def lead_as_ordered(order: Order, line: OrderLine, at: datetime) -> SupplierLead:
    """Return the offer of a line as ordered: itself if nothing differs, else a copy that is never saved."""
    lead = line.allocation.lead
    if (line.unit_price, order.rate_on) == (lead.unit_price, lead.rate_on):
        return lead
    ordered = copy(lead)
    ordered.unit_price, ordered.currency = line.unit_price, order.currency
    ordered.price_in_city_currency, ordered.rate_on = order.to_city_currency(line.unit_price), order.rate_on
    ordered.landed = stored_landed_cost(ordered, at)
    return ordered


def cities_depending_on_supplier(company: Supplier) -> dict[int, City]:
    """Return the cities with an offer of the company or its goods, or an open order, by their ids. One query."""
    rows = company.row_ids
    offers = SupplierLead.objects.live().filter(Q(supplier__in=rows) | Q(maker__in=rows))
    orders = Order.objects.filter(
        Q(supplier__in=rows) | Q(lines__allocation__lead__maker__in=rows), status__in=Order.Status.open
    )
    cities = offers.order_by().values("city").union(orders.order_by().values("city"))
    return {city.pk: city for city in City.objects.filter(pk__in=cities)}


def cities_depending_on_account(account: BankAccount) -> frozenset[int]:
    """Return the ids of cities with an open order paid into this account.

    Orders to its company count too, if the account was entered or called about for the city.
    """
    paid = Q(bank_account=account)
    company = Q(supplier__in=account.supplier.row_ids, city__in=account.cities)
    return frozenset(
        Order.objects.filter(paid | company, status__in=Order.Status.open).values_list("city", flat=True)
    )


def accounts_with_dependants(accounts: QuerySet[BankAccount], company: Supplier) -> list[BankAccount]:
    """Return these accounts of a company, each with the cities that `cities_depending_on_account` returns. One query."""
    cities = Order.objects.filter(status__in=Order.Status.open).order_by().values("city")
    paid, ordered = cities.filter(bank_account=OuterRef("pk")), cities.filter(supplier__in=company.row_ids)
    found: list[Any] = list(accounts.annotate(paid=ArraySubquery(paid), ordered=ArraySubquery(ordered)))
    for account in found:
        cache_cities_relying_on_account(
            account, frozenset(account.paid) | (frozenset(account.ordered) & {*account.cities})
        )
    return found
