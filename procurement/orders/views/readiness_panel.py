"""Panel "Can I order?" of an offer, an allocation or an order: reasons against, and the next button."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.allocations.models import Allocation
from procurement.allocations.queries import allocated_goods_matches, unorderable_goods_refusal
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.document_readiness import false_uses_of_allocated
from procurement.logistics.actions.planning import SHIPPABLE_STATUSES
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules.blockers import (
    blocking_or_overruled_findings,
    findings_of,
    leads_with_needs,
    supplier_statuses_of_order,
    unaccepted_goods_of_order_refusal,
)
from procurement.orders.rules.fact_cache import cache_order_facts
from procurement.orders.rules.readiness import Readiness, ReadinessInput, ReadinessReason, assess_readiness
from procurement.suppliers.models.statuses import SupplierStatus
from workflow import clock
from workflow.base_models import JournaledModel
from workflow.errors import LazyText
from workflow.moves import advances_life_cycle, moves_of

FORM_MOVES_BY_MODEL: dict[type[JournaledModel], tuple[str, ...]] = {
    Order: ("confirm",)
}  # moves whose form asks for data first, so that the button is a link
LINKED_MOVES_BY_MODEL: dict[type[JournaledModel], tuple[str, ...]] = {
    Allocation: ("order", "fulfil")
}  # moves that another page makes


LINES_WITH_GOODS = OrderLine.objects.select_related(
    "allocation__lead__product",
    "allocation__lead__standard",
    "allocation__lead__supplier",
    "allocation__lead__maker",
    "allocation__lead__city",
    "allocation__lead__line__supply_request",
    "allocation__lead__verified_by",
    "allocation__line__supply_request__city",
    "allocation__line__product",
).order_by("pk")


class ReadinessButton(NamedTuple):
    """Single button that takes the page onward: a link, or a move made at once."""

    label: LazyText
    url: str
    post: bool = False
    verb: str = ""


class ReadinessPanel(NamedTuple):
    """Readiness as a page shows it: the answer, and the reader's button or the person who must act."""

    readiness: Readiness
    button: ReadinessButton | None
    responsible_text: LazyText

    @property
    def badge_key(self) -> str:
        """Name of the readiness level in the table of marks."""
        return f"light_{self.readiness.level}"

    @property
    def button_verb(self) -> str:
        """Verb of the move behind the button, so that the page need not offer the same move twice."""
        return self.button.verb if self.button else ""


def lead_readiness_panel(
    by: Permissions, lead: SupplierLead, findings: Iterable[Finding]
) -> ReadinessPanel | None:
    """Return the readiness of an offer, or None if the reader does not see its city.

    `findings` are those the page has already read. Runs two queries.
    """
    if lead.city_id not in by.visible_cities:
        return None
    found = list(findings)
    needs = [lead.line.supply_request] if lead.line else []
    case = ReadinessInput(
        city=lead.city,
        at=clock.now(),
        leads=[lead],
        blocking_findings=[one for one in found if one.blocks],
        overruled_findings=[one for one in found if one.overruled],
        supplier_status=_strictest_status([lead], lead.city),
        needs=needs,
        doubtful_declared_uses=false_uses_of_allocated(((lead, need) for need in needs), clock.now()),
        is_on_lead_page=True,
    )
    onward = None
    if needs and by.may(Power.ALLOCATE, lead):
        onward = ReadinessButton(_("Allocate goods"), reverse("allocate", args=[needs[0].reference]))
    return readiness_panel(by, lead, assess_readiness(case), onward)


def allocation_readiness_panel(
    by: Permissions, allocation: Allocation, order: Order | None
) -> ReadinessPanel | None:
    """Return the readiness of an allocation, or of the order that contains it.

    Return None if the allocation was dropped or given back.
    """
    if order is not None:
        prefetch_related_objects([order], Prefetch("lines", LINES_WITH_GOODS))
        cache_order_facts(order, order.lines.all())
        inside = order_readiness_panel(by, order)
        return inside and ReadinessPanel(
            inside.readiness, ReadinessButton(_("Open order"), order.get_absolute_url()), ""
        )
    if allocation.status in Allocation.Status.void:
        return None
    lead = allocation.lead
    found = blocking_or_overruled_findings([lead])
    unaccepted = None
    if allocation.status == Allocation.Status.CONFIRMED:
        matches = allocated_goods_matches([allocation], clock.now())
        unaccepted = unorderable_goods_refusal([allocation], matches)
    case = ReadinessInput(
        city=allocation.city,
        at=clock.now(),
        leads=[lead],
        blocking_findings=[one for one in found if one.blocks],
        overruled_findings=[one for one in found if one.overruled],
        supplier_status=_strictest_status([lead], allocation.city),
        needs=[allocation.line.supply_request],
        allocation=allocation,
        unaccepted_goods=unaccepted,
        doubtful_declared_uses=false_uses_of_allocated([(lead, allocation.line.supply_request)], clock.now()),
    )
    onward = None
    confirmed = allocation.status == Allocation.Status.CONFIRMED
    if confirmed and unaccepted is None and by.may(Power.ORDER, allocation):
        onward = ReadinessButton(_("Create order"), f"{reverse('add_order')}?allocation={allocation.pk}")
    return readiness_panel(by, allocation, assess_readiness(case), onward)


def order_readiness_panel(by: Permissions, order: Order) -> ReadinessPanel | None:
    """Return the readiness of an order, or None if the order has ended.

    The number of queries does not grow with the number of lines, except for another manufacturer and for
    non-medical goods.
    """
    if order.status not in Order.Status.open:
        return None
    onward = None
    if may_plan_shipment(by, order):
        onward = ReadinessButton(_("Plan a shipment"), f"{reverse('plan_shipment')}?order={order.reference}")
    return readiness_panel(by, order, assess_readiness(readiness_input(order)), onward)


def may_plan_shipment(by: Permissions, order: Order) -> bool:
    """Return True if this person can plan a shipment of the order now."""
    return (
        by.may(Power.SHIP, order)
        and order.held_since is None
        and order.status in SHIPPABLE_STATUSES
        and any(line.unshipped_quantity for line in order.lines.all())
    )


def readiness_input(order: Order) -> ReadinessInput:
    """Return the data from which the readiness of an order is assessed.

    Reads the lines with their offers and needs if the page has not done so.
    """
    prefetch_related_objects([order], Prefetch("lines", LINES_WITH_GOODS))
    lines = list(order.lines.all())
    leads = {line.allocation.lead.pk: line.allocation.lead for line in lines}
    needs = {one.pk: one for one in (line.allocation.line.supply_request for line in lines if line.quantity)}
    found = [one for one in findings_of(order) if one.severity == Finding.Severity.BLOCK]
    at, binding = clock.now(), order.status in Order.BINDING_STATUSES
    statuses = supplier_statuses_of_order(order, order.city.day_at(at)).values()
    return ReadinessInput(
        city=order.city,
        at=at,
        leads=list(leads.values()),
        blocking_findings=[one for one in found if one.blocks],
        overruled_findings=[one for one in found if one.overruled],
        supplier_status=max(statuses, key=_severity, default=None),
        needs=list(needs.values()),
        order=order,
        unaccepted_goods=None if binding else unaccepted_goods_of_order_refusal(order, at),
        lines=lines,
        bank_account=order.bank_account,
        doubtful_declared_uses=false_uses_of_allocated(leads_with_needs(lines), clock.now()),
        override_covered_references=frozenset(order.override_covers),
    )


def readiness_panel(
    by: Permissions, thing: JournaledModel, found: Readiness, onward: ReadinessButton | None
) -> ReadinessPanel:
    """Return the readiness with the button for this reader.

    The button settles the first (hardest) reason that the reader has the power to settle. Without reasons, it
    is the next move of `thing`, or else the button `onward`. A binding order proceeds despite open points, so
    there the next move comes first. Without a button, `responsible_text` names the person who must act.
    """
    found = replace(found, reasons=[_with_link_for_reader(by, thing, reason) for reason in found.reasons])
    if isinstance(thing, Order) and thing.status in Order.BINDING_STATUSES:
        button = _next_move_button(by, thing) or onward
        if button is not None:
            return ReadinessPanel(found, button, "")
    for reason in found.reasons:
        if reason.required_power is None or not by.may(reason.required_power, thing):
            continue
        button = (
            _next_move_button(by, thing)
            if reason.url == thing.get_absolute_url()
            else ReadinessButton(reason.link_text, reason.url)
        )
        if button is not None:
            return ReadinessPanel(found, button, "")
    if not found.reasons:
        button = _next_move_button(by, thing) or onward
        return ReadinessPanel(found, button, "" if button else _who_acts_instead(thing))
    return ReadinessPanel(
        found,
        None,
        next((reason.responsible_text for reason in found.reasons if reason.responsible_text), ""),
    )


def _with_link_for_reader(by: Permissions, thing: JournaledModel, reason: ReadinessReason) -> ReadinessReason:
    """Return the reason with the link for this reader.

    A reader who may not settle it gets a link to the page that explains it.
    """
    may = reason.required_power is None or by.may(reason.required_power, thing)
    return reason if may or not reason.url_without_power else replace(reason, url=reason.url_without_power)


def _next_move_button(by: Permissions, thing: JournaledModel) -> ReadinessButton | None:
    """Return a button for the open move that takes the object furthest in its life cycle, or None."""
    moves = moves_of(thing)
    order = [str(one) for one in moves.statuses]
    aside = {move.verb for move in moves if not advances_life_cycle(move, thing)}
    aside |= set(LINKED_MOVES_BY_MODEL.get(type(thing), ()))
    opened = [move for move, no in moves.available(by, thing, clock.now(), aside) if no is None]
    if not opened:
        return None
    best = max(opened, key=lambda move: order.index(move.target or ""))
    asks = best.verb in FORM_MOVES_BY_MODEL.get(type(thing), ())
    return ReadinessButton(best.label, f"{thing.get_absolute_url()}{best.verb}/", not asks, best.verb)


def _who_acts_instead(thing: JournaledModel) -> LazyText:
    if isinstance(thing, Order) and thing.status == Order.Status.DRAFT:
        return _("The person who created the order can approve it.")
    if isinstance(thing, Order) and thing.status == Order.Status.READY_TO_SHIP:
        return _("The shipment is the next step.")
    return _("A procurement officer of the city takes the next step.")


def _strictest_status(leads: Sequence[SupplierLead], city: City) -> SupplierStatus | None:
    """Return the most severe supplier status that the city holds today for these companies, or None.

    Looks at the suppliers of the offers and the manufacturers of the goods.
    """
    companies = {lead.supplier for lead in leads} | {lead.maker for lead in leads if lead.maker_id}
    on = city.day_at(clock.now())
    of = SupplierStatus.objects.select_related("supplier").strictest_in_force
    statuses = [one for company in companies if company and (one := of(company, city, on)) is not None]
    return max(statuses, key=_severity, default=None)


def _severity(status: SupplierStatus) -> int:
    return SupplierStatus.Status.values.index(status.status)
