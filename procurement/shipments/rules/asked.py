"""What customs rules say of a shipment's goods as its needs stand now: who uses them, for what they are declared, what is asked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from procurement.catalogue import gathering
from procurement.catalogue.gathering import Line, of_receivers, rules_day
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.facts import Use
from procurement.catalogue.rules.papers import Consignment, Requirement
from procurement.catalogue.rules.receivers import strictest
from procurement.shipments.models.customs import CustomsLane
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from workflow.errors import Refused

_KEPT = "_lines_that_travel"  # under which name a shipment keeps its lines, for the moves of one page


def declared_use(line: ShipmentLine) -> str:
    """For what the goods of a line are declared: what the exporter says, else what the need says."""
    allocation = line.order_line.allocation
    use: str = allocation.lead.declared_use or allocation.line.supply_request.declared_use
    return use


def receivers(shipment: Shipment, lines: Sequence[ShipmentLine]) -> dict[int, str]:
    """Who will use the goods of each line, by its key, as customs rules name it: the strictest its need says, "" where it is not known.

    A receiver that the shipment itself names counts for every line.
    """
    return {line.pk: strictest([*_kinds(line), *_named(shipment)]) for line in lines}


def importers(shipment: Shipment, lines: Sequence[ShipmentLine]) -> list[str]:
    """Every kind of receiver of these lines: a relief from duty has to be for each of them."""
    return list(dict.fromkeys([*(kind for line in lines for kind in _kinds(line)), *_named(shipment)]))


def _named(shipment: Shipment) -> list[str]:
    return [shipment.consignee] if shipment.consignee else []


def _kinds(line: ShipmentLine) -> list[str]:
    return list(line.order_line.allocation.line.supply_request.facility_kinds)


def lines_of(shipment: Shipment) -> list[ShipmentLine]:
    """The lines whose goods travel, with their offers and needs; of a return, those of the shipment it goes back from."""
    mine = shipment.lines.all()
    if shipment.is_return:
        mine = ShipmentLine.objects.filter(pk__in=shipment.back_lines.values("line"))
    lines = mine.select_related(
        "order_line__order__supplier",
        "order_line__allocation__lead__product",
        "order_line__allocation__line__supply_request",
    )
    return list(lines.order_by("pk"))


def consignment_of(shipment: Shipment, lines: Sequence[ShipmentLine], on: date) -> Consignment:
    """These goods as customs sees them on a day."""
    named = receivers(shipment, lines)
    return gathering.consignment_of(
        [_goods(line, named[line.pk]) for line in lines],
        origin=shipment.origin[:2],
        destination=shipment.destination[:2],
        consignee=shipment.consignee,
        mode=shipment.mode,
        on=on,
    )


def requirements_of(shipment: Shipment, lines: Sequence[ShipmentLine], on: date) -> list[Requirement]:
    """Every paper, step and contradiction of these goods on a day."""
    return gathering.requirements(consignment_of(shipment, lines, on), on=on)


def truly_declared(shipment: Shipment, at: datetime) -> Refused | None:
    """Nothing is declared as non-medical that goes to patients: the importer would sign what is not true (customs.md 1.1, no. 1).

    Planning asks this first. It is asked again as the export is filed, declared, released and leaves, because a need may say since
    then that others will use the goods. The rules are those of the day on which the export was filed, else of today.
    """
    lines = _read_once(shipment)
    if all(declared_use(line) != Use.NON_MEDICAL for line in lines):
        return None
    filed = shipment.lanes.filter(side=CustomsRule.Side.EXPORT).values_list("filed_at", flat=True).first()
    on = rules_day(filed or at)
    for found in of_receivers(consignment_of(shipment, lines, on), on=on):
        if found.blocks:
            return contradiction(found)
    return None


def _read_once(shipment: Shipment) -> list[ShipmentLine]:
    """The shipment's lines, cached on the instance because every move on a page needs them.

    A move that is made works on a freshly locked row and never sees the cache.
    """
    known = vars(shipment)
    if _KEPT not in known:
        known[_KEPT] = lines_of(shipment)
    return cast("list[ShipmentLine]", known[_KEPT])


def lane_declared_truly(lane: CustomsLane, at: datetime) -> Refused | None:
    """An export is neither filed nor declared, and its release not noted, while that would rest on a false declaration."""
    return truly_declared(lane.shipment, at) if lane.side == CustomsRule.Side.EXPORT else None


def contradiction(wanted: Requirement) -> Refused:
    """The refusal of a firm contradiction, with the rule and the goods it is about."""
    words = _("%(what)s: %(why)s") % {"what": wanted.rule.name, "why": wanted.rule.why}
    return Refused("contradiction", words, rule=wanted.rule.code, products=list(wanted.products))


def _goods(line: ShipmentLine, receiver: str) -> Line:
    """A line as customs sees it: the offer's product, declared for what the exporter declares, else for what the need says."""
    product = line.order_line.allocation.lead.product
    return Line(product, declared_use(line), line.order_line.order.kind, receiver)
