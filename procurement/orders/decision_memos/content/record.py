"""The record behind a decision memo: all stored data about an order on which the decision rests.

It is read once, so that all three languages show the same data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Prefetch, Q

from procurement.allocations.models import AllocationCriteria
from procurement.catalogue.models.prices import PriceBand
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import landed_costs_by_mode
from procurement.leads.queries.prices import ComparableQuotes, comparable_quotes, published_prices
from procurement.leads.rules.landed_cost import LandedCost, TransportMode
from procurement.orders.decision_memos.models import DecisionMemo
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.orders.queries import Override, lead_as_ordered, overrides_of, sent_inquiries
from procurement.orders.rules.blockers import companies_of
from procurement.requests.alternatives.queries import ACCEPTED_GOODS
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.sanctions.models import Watchlist, WatchlistMatch
from procurement.suppliers.models.statuses import InterestDeclaration, SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.models import CheckReport, VerificationTask
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

DETAIL_RELATIONS = (
    *("supplier__place", "maker", "product", "standard", "city", "verified_by"),
    *("contact__user", "contact__organization__city", "inquiry"),
)
NEED_LINES = Prefetch(
    "lines", RequestLine.objects.select_related("product").prefetch_related(*ACCEPTED_GOODS)
)


@dataclass(frozen=True)
class OrderRecord:
    """The record of an order as of a moment. Each part is read on first use."""

    memo: DecisionMemo
    recorded_at: datetime

    @cached_property
    def order(self) -> Order:
        """The order with all people and places named on it."""
        names = (
            "city",
            "supplier",
            "author",
            "approved_by",
            "bank_account__confirmed_by",
            "donor_city",
        )
        away = (
            "approved_under__delegator",
            "override_under__delegator",
            "contact__user",
            "contact__organization__city",
        )
        return Order.objects.select_related(*names, *away).get(pk=self.memo.order_id)

    @cached_property
    def lines(self) -> list[OrderLine]:
        """The order lines, each with its need line."""
        rows = self.order.lines.select_related(
            "allocation__line__product",
            "allocation__line__supply_request",
            "allocation__substitution_accepted_by",
        )
        return list(rows.order_by("pk"))

    @cached_property
    def chosen_leads(self) -> list[SupplierLead]:
        """The offers behind the order, oldest first."""
        rows = SupplierLead.objects.filter(allocations__order_line__order=self.order)
        return list(rows.select_related(*DETAIL_RELATIONS).distinct().order_by("pk"))

    @cached_property
    def need_lines(self) -> list[RequestLine]:
        """The need lines the order is for."""
        return list({line.allocation.line_id: line.allocation.line for line in self.lines}.values())

    @cached_property
    def needs(self) -> list[SupplyRequest]:
        """The needs the order is for, each once, with all their lines."""
        keys = {line.supply_request_id for line in self.need_lines}
        rows = SupplyRequest.objects.filter(pk__in=keys).select_related("author")
        return list(rows.prefetch_related(NEED_LINES).order_by("pk"))

    @cached_property
    def considered_leads(self) -> list[SupplierLead]:
        """All offers received for these lines, and the chosen ones, oldest first."""
        need_lines = [line.pk for line in self.need_lines]
        chosen = [lead.pk for lead in self.chosen_leads]
        rows = SupplierLead.objects.filter(Q(line__in=need_lines) | Q(pk__in=chosen), city=self.order.city_id)
        return list(
            rows.exclude(status=SupplierLead.Status.DRAFT).select_related(*DETAIL_RELATIONS).order_by("pk")
        )

    @cached_property
    def inquiries_sent_count(self) -> int:
        """Number of inquiries sent about these lines."""
        lines = RequestLine.objects.filter(pk__in=[line.pk for line in self.need_lines])
        return sent_inquiries(lines).count()

    @cached_property
    def criteria(self) -> list[AllocationCriteria]:
        """Criteria for the offers, by need line, including replaced ones."""
        rows = AllocationCriteria.objects.filter(line__in=[line.pk for line in self.need_lines])
        return list(rows.select_related("author", "line__product").order_by("line", "pk"))

    @cached_property
    def checks(self) -> list[VerificationTask]:
        """Checks of the chosen offers."""
        rows = VerificationTask.objects.filter(lead__in=[lead.pk for lead in self.chosen_leads])
        named = (
            "contact__user",
            "contact__organization__city",
            "reviewed_by",
            "reused_from__city",
            "lead__product",
        )
        return list(rows.select_related(*named).order_by("lead", "pk"))

    @cached_property
    def last_check_reports(self) -> dict[int, CheckReport]:
        """Last report of each check, by check id."""
        rows = (
            CheckReport.objects.filter(task__in=[task.pk for task in self.checks])
            .select_related("by")
            .order_by("pk")
        )
        return {report.task_id: report for report in rows}

    @cached_property
    def findings(self) -> list[Finding]:
        """Findings about all offers considered: by offer, most severe first, then oldest first."""
        rows = Finding.objects.filter(lead__in=[lead.pk for lead in self.considered_leads])
        ranks = {severity: place for place, severity in enumerate(Finding.Severity.values)}
        found = rows.select_related("answered_by").order_by("pk")
        return sorted(found, key=lambda one: (one.lead_id, ranks[one.severity]))

    @cached_property
    def companies(self) -> list[Supplier]:
        """The order's company and the manufacturers of its goods."""
        return companies_of(self.order)

    @cached_property
    def watchlist_matches(self) -> list[WatchlistMatch]:
        """Watchlist matches of these companies, with any decision."""
        rows = [row for company in self.companies for row in company.row_ids]
        own = Q(city=None) | Q(city=self.order.city_id)
        named = ("supplier", "entry__watchlist", "proposed_by", "reviewed_by")
        return list(
            WatchlistMatch.objects.filter(own, supplier__in=rows).select_related(*named).order_by("pk")
        )

    @cached_property
    def watchlists(self) -> list[Watchlist]:
        """The watchlists in force."""
        return list(Watchlist.objects.in_force().order_by("pk"))

    @property
    def record_day(self) -> date:
        """Day of the moment `recorded_at`, in the city's calendar."""
        return self.order.city.day_at(self.recorded_at)

    @cached_property
    def supplier_status(self) -> SupplierStatus | None:
        """The city's supplier status for the company on that day."""
        return SupplierStatus.objects.strictest_in_force(
            self.order.supplier, self.order.city, self.record_day
        )

    @cached_property
    def interest_declarations(self) -> list[InterestDeclaration]:
        """Declared interests in these companies, current and ended. Their wording is private to the person."""
        rows = [row for company in self.companies for row in company.row_ids]
        return list(
            InterestDeclaration.objects.filter(supplier__in=rows)
            .select_related("person", "supplier")
            .order_by("pk")
        )

    @cached_property
    def landed_costs(self) -> dict[int, dict[TransportMode, LandedCost]]:
        """Landed cost of the offers considered: for each offer id, a landed cost by mode of transport."""
        return {lead.pk: landed_costs_by_mode(lead, self.recorded_at) for lead in self.considered_leads}

    @cached_property
    def leads_as_ordered(self) -> dict[int, SupplierLead]:
        """Each chosen offer at the price and rate of the order, by offer id."""
        by_id = {lead.pk: lead for lead in self.chosen_leads}
        for line in self.lines:
            line.allocation.lead = by_id[line.allocation.lead_id]
        return {
            line.allocation.lead_id: lead_as_ordered(self.order, line, self.recorded_at)
            for line in self.lines
        }

    @cached_property
    def landed_costs_as_ordered(self) -> dict[int, dict[TransportMode, LandedCost]]:
        """Landed cost at the order's price: for each offer id, a landed cost by mode of transport."""
        return {
            pk: landed_costs_by_mode(lead, self.recorded_at) for pk, lead in self.leads_as_ordered.items()
        }

    @cached_property
    def comparable_quotes_by_lead(self) -> dict[int, ComparableQuotes]:
        """Comparable quotes for each chosen offer for sale with a price, by offer id."""
        priced = [lead for lead in self.leads_as_ordered.values() if _is_priced(lead)]
        return {lead.pk: comparable_quotes(lead, self.record_day) for lead in priced}

    @cached_property
    def price_bands(self) -> dict[int, list[PriceBand]]:
        """Published prices of the day for each chosen offer for sale with a price, by offer id."""
        day = self.record_day
        return {
            lead.pk: published_prices(lead, day)
            for lead in self.leads_as_ordered.values()
            if _is_priced(lead)
        }

    @cached_property
    def payments(self) -> list[Payment]:
        """Payments of the order."""
        return list(self.order.payments.select_related("proposed_by", "paid_by").order_by("pk"))

    @cached_property
    def journal_entries(self) -> list[Entry]:
        """Journal entries of the order, oldest first."""
        return list(history_of(self.order).order_by("pk"))

    @property
    def overrides(self) -> list[Override]:
        """Overrides of the order, in the reader's language."""
        return overrides_of(self.journal_entries)

    @cached_property
    def last_decisions(self) -> dict[int, Entry]:
        """Last journal entry that verified or ended each offer considered, by offer id."""
        things: Sequence[SupplierLead] = self.considered_leads
        verbs = ("verify", "reject", "withdraw", "expire")
        rows = list(history_of(*things).filter(verb__in=verbs).order_by("pk")) if things else []
        return {entry.thing_id: entry for entry in rows}


def _is_priced(lead: SupplierLead) -> bool:
    return lead.price_in_city_currency is not None and lead.kind == SupplierLead.Kind.SALE
