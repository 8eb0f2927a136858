"""Everything a memo is made of, read once: the memo in three languages then says the same of the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q

from procurement.allocations.models import Criteria
from procurement.catalogue.models.prices import PriceBand
from procurement.leads.gathering import landed
from procurement.leads.gathering.prices import Peers, peer_prices, printed_prices
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.landed import LandedCost, Mode
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import WatchList
from procurement.orders.gathering.overrides import Override, overrides_of
from procurement.orders.gathering.prices import as_ordered
from procurement.orders.models.memo import Memo
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.models.payment import Payment
from procurement.orders.rules.gates import companies_of
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.judgement import Interest, Standing
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.reports import Report
from workflow.journal.entries import history_of
from workflow.models.journal import Entry

WITH_NAMES = (
    *("supplier__place", "maker", "product", "standard", "city", "verified_by"),
    *("contact__user", "contact__organisation__city", "inquiry"),
)


@dataclass(frozen=True)
class Record:
    """One order's record as of a moment. Each part is read when it is first asked for."""

    memo: Memo
    at: datetime

    @cached_property
    def order(self) -> Order:
        """The order with everybody named on it."""
        names = (
            "city",
            "supplier",
            "author",
            "approved_by",
            "bank_account__confirmed_by",
            "donor_city",
        )
        away = (
            "approved_under__giver",
            "override_under__giver",
            "contact__user",
            "contact__organisation__city",
        )
        return Order.objects.select_related(*names, *away).get(pk=self.memo.order_id)

    @cached_property
    def lines(self) -> list[OrderLine]:
        """What is ordered, with the need's line each is for."""
        rows = self.order.lines.select_related(
            "allocation__line__product", "allocation__line__supply_request"
        )
        return list(rows.order_by("pk"))

    @cached_property
    def chosen(self) -> list[SupplierLead]:
        """The offers it rests on, oldest first."""
        rows = SupplierLead.objects.filter(allocations__order_line__order=self.order)
        return list(rows.select_related(*WITH_NAMES).distinct().order_by("pk"))

    @cached_property
    def wanted(self) -> list[RequestLine]:
        """The lines of needs it is for."""
        return list({line.allocation.line_id: line.allocation.line for line in self.lines}.values())

    @cached_property
    def needs(self) -> list[SupplyRequest]:
        """The needs it is for, each once, with all their lines."""
        keys = {line.supply_request_id for line in self.wanted}
        rows = SupplyRequest.objects.filter(pk__in=keys).select_related("author")
        return list(rows.prefetch_related("lines__product", "lines__standards").order_by("pk"))

    @cached_property
    def considered(self) -> list[SupplierLead]:
        """Every offer that came in for these lines, and those that were chosen; oldest first."""
        wanted = [line.pk for line in self.wanted]
        chosen = [lead.pk for lead in self.chosen]
        rows = SupplierLead.objects.filter(Q(line__in=wanted) | Q(pk__in=chosen), city=self.order.city_id)
        return list(rows.exclude(status=SupplierLead.Status.DRAFT).select_related(*WITH_NAMES).order_by("pk"))

    @cached_property
    def asked(self) -> int:
        """How many questions were sent for these needs."""
        needs = [need.pk for need in self.needs]
        return Inquiry.objects.filter(supply_request__in=needs, sent_at__isnull=False).count()

    @cached_property
    def criteria(self) -> list[Criteria]:
        """By what offers were judged, line by line, what was replaced since included."""
        rows = Criteria.objects.filter(line__in=[line.pk for line in self.wanted])
        return list(rows.select_related("author", "line__product").order_by("line", "pk"))

    @cached_property
    def checks(self) -> list[VerificationTask]:
        """The checks of the chosen offers, with the last report of each."""
        rows = VerificationTask.objects.filter(lead__in=[lead.pk for lead in self.chosen])
        named = (
            "contact__user",
            "contact__organisation__city",
            "judged_by",
            "reused_from__city",
            "lead__product",
        )
        return list(rows.select_related(*named).order_by("lead", "pk"))

    @cached_property
    def reports(self) -> dict[int, Report]:
        """The last report of each check, by the check's id."""
        rows = (
            Report.objects.filter(task__in=[task.pk for task in self.checks])
            .select_related("by")
            .order_by("pk")
        )
        return {report.task_id: report for report in rows}

    @cached_property
    def findings(self) -> list[Finding]:
        """What screening found about every offer considered; the hardest first, then the oldest."""
        rows = Finding.objects.filter(lead__in=[lead.pk for lead in self.considered])
        ranks = {severity: place for place, severity in enumerate(Finding.Severity.values)}
        found = rows.select_related("answered_by").order_by("pk")
        return sorted(found, key=lambda one: (one.lead_id, ranks[one.severity]))

    @cached_property
    def companies(self) -> list[Supplier]:
        """Whom it deals with: the company, and who makes the goods where that is another."""
        return companies_of(self.order)

    @cached_property
    def matches(self) -> list[ListMatch]:
        """What was found on lists about these companies, however it was judged."""
        rows = [row for company in self.companies for row in company.rows]
        own = Q(city=None) | Q(city=self.order.city_id)
        named = ("supplier", "listed__watch_list", "proposed_by", "judged_by")
        return list(ListMatch.objects.filter(own, supplier__in=rows).select_related(*named).order_by("pk"))

    @cached_property
    def lists(self) -> list[WatchList]:
        """The lists in force."""
        return list(WatchList.objects.in_force().order_by("pk"))

    @property
    def day(self) -> date:
        """The day of the record, by the calendar of the city."""
        return self.order.city.day_at(self.at)

    @cached_property
    def standing(self) -> Standing | None:
        """What the city thinks of the company on the day."""
        return Standing.objects.of(self.order.supplier, self.order.city, self.day)

    @cached_property
    def interests(self) -> list[Interest]:
        """Who declared that one of these companies concerns them, whether it still does or not. The words are theirs alone."""
        rows = [row for company in self.companies for row in company.rows]
        return list(
            Interest.objects.filter(supplier__in=rows).select_related("person", "supplier").order_by("pk")
        )

    @cached_property
    def ways(self) -> dict[int, dict[Mode, LandedCost]]:
        """The price of each offer considered, landed by each mode, by its id."""
        return {lead.pk: landed.both(lead, self.at) for lead in self.considered}

    @cached_property
    def ordered(self) -> dict[int, SupplierLead]:
        """Each chosen offer at the price and the rate of the order, by its id."""
        by_id = {lead.pk: lead for lead in self.chosen}
        for line in self.lines:
            line.allocation.lead = by_id[line.allocation.lead_id]
        return {line.allocation.lead_id: as_ordered(self.order, line, self.at) for line in self.lines}

    @cached_property
    def ordered_ways(self) -> dict[int, dict[Mode, LandedCost]]:
        """That price landed by each mode, by the id of the offer."""
        return {pk: landed.both(lead, self.at) for pk, lead in self.ordered.items()}

    @cached_property
    def peers(self) -> dict[int, Peers]:
        """What others asked, by the id of each chosen offer with a price that is for sale."""
        priced = [lead for lead in self.ordered.values() if _is_priced(lead)]
        return {lead.pk: peer_prices(lead, self.day) for lead in priced}

    @cached_property
    def bands(self) -> dict[int, list[PriceBand]]:
        """The printed prices known on the day, by the id of each chosen offer with a price."""
        day = self.day
        return {lead.pk: printed_prices(lead, day) for lead in self.ordered.values() if _is_priced(lead)}

    @cached_property
    def payments(self) -> list[Payment]:
        """What is paid when."""
        return list(self.order.payments.select_related("proposed_by", "paid_by").order_by("pk"))

    @cached_property
    def entries(self) -> list[Entry]:
        """What happened to the order, oldest first."""
        return list(history_of(self.order).order_by("pk"))

    @property
    def overrides(self) -> list[Override]:
        """Every decision to order in spite of something, in the reader's language."""
        return overrides_of(self.entries)

    @cached_property
    def judged(self) -> dict[int, Entry]:
        """What last ended or verified each offer considered, by its id."""
        things: Sequence[SupplierLead] = self.considered
        verbs = ("verify", "reject", "withdraw", "expire")
        rows = list(history_of(*things).filter(verb__in=verbs).order_by("pk")) if things else []
        return {entry.thing_id: entry for entry in rows}


def _is_priced(lead: SupplierLead) -> bool:
    return lead.price_here is not None and lead.kind == SupplierLead.Kind.SALE
