"""Can I order? Reads what the light looks at, for an offer, an allocation and an order, and finds the one button that moves it on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.roles import Power
from partners.rules.powers import Powers
from procurement.allocations.models import Allocation
from procurement.leads.gathering.receivers import promised
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.rules.gates import goods_of, of_block
from procurement.orders.rules.light import Case, Light, Reason, light
from procurement.suppliers.models.judgement import Standing
from workflow import clock
from workflow.errors import Words
from workflow.models.tracked import Tracked
from workflow.moves import leads_on, moves_of

ASKS: dict[type[Tracked], tuple[str, ...]] = {
    Order: ("confirm",)
}  # the moves on the way that ask something before they are made
INSIDE: dict[type[Tracked], tuple[str, ...]] = {
    Allocation: ("order", "fulfil")
}  # and those that another page makes
OVER = (Allocation.Status.DROPPED, Allocation.Status.RELEASED)
SHOWN = (*Order.NOT_BINDING, *Order.BINDING)


WITH_GOODS = OrderLine.objects.select_related(
    "allocation__lead__product",
    "allocation__lead__supplier",
    "allocation__lead__city",
    "allocation__line__supply_request",
    "allocation__line__product",
).order_by("pk")


class Button(NamedTuple):
    """The one thing to press: a link, or a move that is made at once."""

    label: Words
    url: str
    post: bool = False
    verb: str = ""


class Shown(NamedTuple):
    """The light of a page: the answer, the one button for whoever looks, or who has to act instead."""

    light: Light
    button: Button | None
    who: Words

    @property
    def mark(self) -> str:
        """Its name in the table of marks."""
        return f"light_{self.light.colour}"

    @property
    def verb(self) -> str:
        """The move that it makes, which the page need not offer twice."""
        return self.button.verb if self.button else ""


def of_lead(by: Powers, lead: SupplierLead, findings: Iterable[Finding]) -> Shown | None:
    """The light of an offer, for the people of its city; its findings were read by the page. Two queries."""
    if lead.city_id not in by.sees:
        return None
    found = list(findings)
    needs = [lead.line.supply_request] if lead.line else []
    case = Case(
        city=lead.city,
        at=clock.now(),
        leads=[lead],
        blocking=[one for one in found if one.blocks],
        overruled=[one for one in found if one.overruled],
        standing=_standing([lead], lead.city),
        needs=needs,
        uses=promised(((lead, need) for need in needs), clock.now()),
    )
    onward = None
    if needs and by.may(Power.ALLOCATE, lead):
        onward = Button(_("Allocate"), reverse("allocate", args=[needs[0].reference]))
    return shown(by, lead, light(case), onward)


def of_allocation(by: Powers, allocation: Allocation, order: Order | None) -> Shown | None:
    """The light of a promise, or of the order it stands in; None once it was given back."""
    if order is not None:
        inside = of_order(by, order)
        return inside and Shown(inside.light, Button(_("Open the order"), order.get_absolute_url()), "")
    if allocation.status in OVER:
        return None
    lead = allocation.lead
    found = of_block([lead])
    case = Case(
        city=allocation.city,
        at=clock.now(),
        leads=[lead],
        blocking=[one for one in found if one.blocks],
        overruled=[one for one in found if one.overruled],
        standing=_standing([lead], allocation.city),
        needs=[allocation.line.supply_request],
        allocation=allocation,
        uses=promised([(lead, allocation.line.supply_request)], clock.now()),
    )
    onward = None
    if allocation.status == Allocation.Status.CONFIRMED and by.may(Power.ORDER, allocation):
        onward = Button(_("Write an order"), f"{reverse('write_order')}?allocation={allocation.pk}")
    return shown(by, allocation, light(case), onward)


def of_order(by: Powers, order: Order) -> Shown | None:
    """The light of an order that is not over. A line more asks nothing more, but for another maker and for non-medical goods."""
    return shown(by, order, light(case_of(order)), None) if order.status in SHOWN else None


def case_of(order: Order) -> Case:
    """What the light looks at for an order. Its lines are read with their offers and needs, where the page has not done so."""
    prefetch_related_objects([order], Prefetch("lines", WITH_GOODS))
    lines = list(order.lines.all())
    leads = {line.allocation.lead.pk: line.allocation.lead for line in lines}
    needs = {one.pk: one for one in (line.allocation.line.supply_request for line in lines if line.quantity)}
    found = of_block(leads.values())
    return Case(
        city=order.city,
        at=clock.now(),
        leads=list(leads.values()),
        blocking=[one for one in found if one.blocks],
        overruled=[one for one in found if one.overruled],
        standing=_standing(list(leads.values()), order.city),
        needs=list(needs.values()),
        order=order,
        lines=lines,
        account=order.bank_account,
        uses=promised(goods_of(lines), clock.now()),
        covers=frozenset(order.override_covers),
    )


def shown(by: Powers, thing: Tracked, found: Light, onward: Button | None) -> Shown:
    """The light with its one button: what the hardest reason asks for that this person may do; without reasons, the way on."""
    found = replace(found, reasons=[_read_by(by, thing, reason) for reason in found.reasons])
    for reason in found.reasons:
        if reason.power is None or not by.may(reason.power, thing):
            continue
        button = (
            _move(by, thing) if reason.url == thing.get_absolute_url() else Button(reason.act, reason.url)
        )
        if button is not None:
            return Shown(found, button, "")
    if not found.reasons:
        button = _move(by, thing) or onward
        return Shown(found, button, "" if button else _nobody(thing))
    return Shown(found, None, next((reason.who for reason in found.reasons if reason.who), ""))


def _read_by(by: Powers, thing: Tracked, reason: Reason) -> Reason:
    """A reason as this reader meets it: who may not settle it is led to where they can read about it."""
    may = reason.power is None or by.may(reason.power, thing)
    return reason if may or not reason.read else replace(reason, url=reason.read)


def _move(by: Powers, thing: Tracked) -> Button | None:
    """The open move that takes the thing furthest in its life."""
    moves = moves_of(thing)
    order = [str(one) for one in moves.statuses]
    opened = [
        move
        for move, no in moves.available(by, thing, clock.now())
        if no is None and leads_on(move, thing) and move.verb not in INSIDE.get(type(thing), ())
    ]
    if not opened:
        return None
    best = max(opened, key=lambda move: order.index(move.target or ""))
    asks = best.verb in ASKS.get(type(thing), ())
    return Button(best.label, f"{thing.get_absolute_url()}{best.verb}/", not asks, best.verb)


def _nobody(thing: Tracked) -> Words:
    if isinstance(thing, Order) and thing.status == Order.Status.DRAFT:
        return _("Whoever wrote the order approves it.")
    if isinstance(thing, Order) and thing.status == Order.Status.READY:
        return _("The shipment comes next.")
    return _("An officer of the city takes the next step.")


def _standing(leads: Sequence[SupplierLead], city: City) -> Standing | None:
    """What the city thinks today of the company, or of who makes its goods: the hardest word. An order is to one company."""
    companies = {lead.supplier for lead in leads} | {lead.maker for lead in leads if lead.maker_id}
    on = city.day_at(clock.now())
    of = Standing.objects.select_related("supplier").of
    said = [one for company in companies if company and (one := of(company, city, on)) is not None]
    return max(said, key=lambda one: Standing.Status.values.index(one.status), default=None)
