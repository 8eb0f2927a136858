"""Moves of clearances and customs holds, and the declared goods compared with the customs rules.

The city, logistics and the broker record what customs did. Nothing is decided here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.catalogue.queries import (
    ConsignmentLine,
    applicable_rules_day,
    build_consignment,
    consignment_requirements,
    end_user_contradictions,
)
from procurement.catalogue.rules.customs_documents import Consignment, Requirement, strictest_end_user_type
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.shipments.models import Shipment, ShipmentLine
from workflow.actors import Actor
from workflow.base_models import JournaledModel
from workflow.errors import Refused
from workflow.moves import Move, Moves, first_refusal, not_ready_refusal, one_of, system_only

Side = CustomsRule.Side


def may_clear(by: Actor, thing: JournaledModel) -> bool:
    """Return True for logistics and officers of the city, and for the broker assigned to the shipment."""
    return by.may(Power.CLEAR_CUSTOMS, thing)


def may_open_clearance(by: Actor, thing: JournaledModel) -> bool:
    """Return True for those who plan shipments for the city, and for those who clear them."""
    return by.may(Power.SHIP, thing) or may_clear(by, thing)


def customs_hold_refusal(clearance: CustomsClearance) -> Refused | None:
    """Return a refusal while customs holds the clearance."""
    if not clearance.holds_open:
        return None
    return not_ready_refusal(
        _("Customs is holding the goods. Answer the question from customs and end the hold first."),
        holds=clearance.holds_open,
    )


def cancelled_shipment_refusal(clearance: CustomsClearance) -> Refused | None:
    """Return a refusal if the shipment was cancelled."""
    if clearance.shipment.status != Shipment.Status.CANCELLED:
        return None
    words = _("%(shipment)s was cancelled and cannot be declared.")
    return not_ready_refusal(
        words % {"shipment": clearance.shipment.reference}, status=clearance.shipment.status
    )


def too_early_refusal(clearance: CustomsClearance) -> Refused | None:
    """Return a refusal for an export that is not packed, or an import that has not departed.

    Filing ahead is usual on both sides; Canada takes the documents of an import up to 30 days before it
    arrives (facts/customs.md 3.1, no. 4). A release is different: export customs clears cartons,
    weights and lots, which are known after packing, and import customs answers when the cargo's arrival
    is announced to it. For an import the departure is enough, because a broker often learns of the
    release before the city records the arrival.
    """
    shipment = clearance.shipment
    if shipment.status == Shipment.Status.PLANNED and clearance.side == Side.EXPORT:
        words = _("%(shipment)s is not packed yet, so it cannot be cleared for export. Pack it first.")
    elif (
        shipment.status in {Shipment.Status.PLANNED, Shipment.Status.PACKED} and clearance.side == Side.IMPORT
    ):
        words = _(
            "The departure of %(shipment)s is not recorded yet, so the shipment cannot be cleared for "
            "import. Ask the city to record the departure."
        )
    else:
        return None
    return not_ready_refusal(words % {"shipment": shipment.reference}, status=shipment.status)


def release_refusal(clearance: CustomsClearance) -> Refused | None:
    """Return a refusal if the customs clearance cannot be recorded.

    It must not be held, its shipment must not be cancelled, and its goods must be packed or have departed.
    """
    return first_refusal(
        (customs_hold_refusal(clearance), cancelled_shipment_refusal(clearance), too_early_refusal(clearance))
    )


def hold_after_release_refusal(hold: CustomsHold) -> Refused | None:
    """Return a refusal if customs has cleared the goods already."""
    if hold.clearance.status != CustomsClearance.Status.CLEARED:
        return None
    return not_ready_refusal(
        _("Customs has already cleared the goods (%(lane)s).") % {"lane": hold.clearance}
    )


# --- clearances -------------------------------------------------------------------------------------------------
START_CLEARANCE = Move[CustomsClearance](
    verb="open",
    label=_("Start clearance"),
    past_tense=_("started the clearance"),
    target=CustomsClearance.Status.OPEN,
    allowed=may_open_clearance,
)


def false_use_clearance_refusal(clearance: CustomsClearance, at: datetime) -> Refused | None:
    """Return a refusal if an export clearance would rest on a false declaration.

    The export is then neither filed nor declared, and its release is not recorded.
    """
    return false_use_refusal(clearance.shipment, at) if clearance.side == CustomsRule.Side.EXPORT else None


FILE_CLEARANCE = Move[CustomsClearance](
    verb="file",
    label=_("Record filing with customs"),
    past_tense=_("filed the declaration with customs"),
    source=one_of(CustomsClearance.Status.OPEN),
    target=CustomsClearance.Status.FILED,
    allowed=may_clear,
    ready=cancelled_shipment_refusal,
    date_condition=false_use_clearance_refusal,
)
ADD_DECLARATION = Move[CustomsClearance](
    verb="declare",
    label=_("Add a declaration"),
    past_tense=_("added a declaration"),
    source=one_of(
        CustomsClearance.Status.OPEN, CustomsClearance.Status.FILED, CustomsClearance.Status.CLEARED
    ),
    allowed=may_clear,
    ready=cancelled_shipment_refusal,
    date_condition=false_use_clearance_refusal,
)
CHANGE_COUNTRY = Move[CustomsClearance](
    verb="redirect",
    label=_("Change country"),
    past_tense=_("moved the clearance to another country’s customs"),
    source=one_of(CustomsClearance.Status.OPEN),
    allowed=may_open_clearance,
    ready=customs_hold_refusal,
)
RECORD_RELEASE = Move[CustomsClearance](
    verb="release",
    label=_("Record customs clearance"),
    past_tense=_("recorded the customs clearance"),
    source=one_of(CustomsClearance.Status.FILED),
    target=CustomsClearance.Status.CLEARED,
    allowed=may_clear,
    ready=release_refusal,
    date_condition=false_use_clearance_refusal,
)
NOTIFY_DOCUMENTS_COMPLETE = Move[CustomsClearance](
    verb="notify_complete",
    label=_("Inform the broker that all documents have been received"),
    past_tense=_("informed the broker that all documents have been received"),
    source=CustomsClearance.Status.open,
    allowed=system_only,
    allowed_for_system=True,
)
CLEARANCE_MOVES = Moves(
    CustomsClearance,
    START_CLEARANCE,
    CHANGE_COUNTRY,
    FILE_CLEARANCE,
    ADD_DECLARATION,
    RECORD_RELEASE,
    NOTIFY_DOCUMENTS_COMPLETE,
    ends={CustomsClearance.Status.CLEARED: "cleared by customs"},
)


# --- holds ------------------------------------------------------------------------------------------------------
RECORD_HOLD = Move[CustomsHold](
    verb="hold",
    label=_("Record customs hold"),
    past_tense=_("recorded a customs hold"),
    target=CustomsHold.Status.ACTIVE,
    allowed=may_clear,
    ready=hold_after_release_refusal,
)
ANSWER_CUSTOMS = Move[CustomsHold](
    verb="answer",
    label=_("Answer customs"),
    past_tense=_("answered customs"),
    source=one_of(CustomsHold.Status.ACTIVE),
    allowed=may_clear,
)
END_HOLD = Move[CustomsHold](
    verb="end",
    label=_("End hold"),
    past_tense=_("ended the hold"),
    source=one_of(CustomsHold.Status.ACTIVE),
    target=CustomsHold.Status.ENDED,
    allowed=may_clear,
)
CUSTOMS_HOLD_MOVES = Moves(
    CustomsHold, RECORD_HOLD, ANSWER_CUSTOMS, END_HOLD, ends={CustomsHold.Status.ENDED: "the hold has ended"}
)

_LINES_ATTRIBUTE = "_lines_that_travel"  # attribute in which a shipment caches its lines


def declared_use(line: ShipmentLine) -> str:
    """Return the declared use of a line's goods: the offer's, else the need's."""
    allocation = line.order_line.allocation
    use: str = allocation.lead.declared_use or allocation.line.supply_request.declared_use
    return use


def end_user_types_by_line(shipment: Shipment, lines: Sequence[ShipmentLine]) -> dict[int, str]:
    """Return, by line id, the kind of receiver of the goods as customs rules name it.

    It is the strictest kind that the need names, or "" if none is known. A receiver named by the
    shipment itself counts for every line.
    """
    return {
        line.pk: strictest_end_user_type([*_receiver_kinds(line), *_named_receivers(shipment)])
        for line in lines
    }


def importer_kinds(shipment: Shipment, lines: Sequence[ShipmentLine]) -> list[str]:
    """Return every kind of receiver of these lines. A duty relief has to apply to each kind."""
    return list(
        dict.fromkeys(
            [*(kind for line in lines for kind in _receiver_kinds(line)), *_named_receivers(shipment)]
        )
    )


def _named_receivers(shipment: Shipment) -> list[str]:
    return [shipment.consignee] if shipment.consignee else []


def _receiver_kinds(line: ShipmentLine) -> list[str]:
    return list(line.order_line.allocation.line.supply_request.facility_kinds)


def travelling_lines(shipment: Shipment) -> list[ShipmentLine]:
    """Return the lines whose goods travel, with their offers and needs.

    For a return, these are the lines of the original shipment.
    """
    mine = shipment.lines.all()
    if shipment.is_return:
        mine = ShipmentLine.objects.filter(pk__in=shipment.return_lines.values("line"))
    lines = mine.select_related(
        "order_line__order__supplier",
        "order_line__allocation__lead__product",
        "order_line__allocation__line__supply_request",
    )
    # Sorted here: for an order in the statement, Django compares it with each of the 239 columns.
    return sorted(lines, key=lambda line: line.pk)


def shipment_consignment(shipment: Shipment, lines: Sequence[ShipmentLine], on: date) -> Consignment:
    """Return the goods as customs sees them on a day."""
    named = end_user_types_by_line(shipment, lines)
    return build_consignment(
        [_consignment_line(line, named[line.pk]) for line in lines],
        origin=shipment.origin[:2],
        destination=shipment.destination[:2],
        consignee=shipment.consignee,
        mode=shipment.mode,
        on=on,
    )


def shipment_requirements(shipment: Shipment, lines: Sequence[ShipmentLine], on: date) -> list[Requirement]:
    """Return every document, step and contradiction for these goods on a day."""
    return consignment_requirements(shipment_consignment(shipment, lines, on), on=on)


def false_use_refusal(shipment: Shipment, at: datetime) -> Refused | None:
    """Return a refusal if goods for patients are declared as non-medical.

    The importer would sign a false statement (customs.md 1.1, no. 1). Planning checks this first. The
    check is repeated when the export is filed, declared and released and when the shipment departs,
    because a need may name other receivers in the meantime. The rules are those of the day on which the
    export was filed, else of today.
    """
    lines = _cached_lines(shipment)
    if all(declared_use(line) != DeclaredUse.NON_MEDICAL for line in lines):
        return None
    filed = (
        shipment.clearances.filter(side=CustomsRule.Side.EXPORT).values_list("filed_at", flat=True).first()
    )
    on = applicable_rules_day(filed or at)
    for found in end_user_contradictions(shipment_consignment(shipment, lines, on), on=on):
        if found.is_blocking:
            return contradiction_refusal(found)
    return None


def cache_shipment_lines(shipment: Shipment, lines: list[ShipmentLine]) -> None:
    """Cache the shipment's lines, as `travelling_lines` reads them, for all moves of a page."""
    vars(shipment)[_LINES_ATTRIBUTE] = lines


def _cached_lines(shipment: Shipment) -> list[ShipmentLine]:
    """Return the shipment's lines, cached on the instance because every move on a page needs them.

    A move that is made works on a freshly locked row and never sees the cache.
    """
    known = vars(shipment)
    if _LINES_ATTRIBUTE not in known:
        known[_LINES_ATTRIBUTE] = travelling_lines(shipment)
    return cast("list[ShipmentLine]", known[_LINES_ATTRIBUTE])


def contradiction_refusal(wanted: Requirement) -> Refused:
    """Return the refusal for a blocking contradiction with a customs rule, with the rule and the goods concerned."""
    words = _("%(what)s: %(why)s") % {"what": wanted.rule.name, "why": wanted.rule.why}
    return Refused("contradiction", words, rule=wanted.rule.code, products=list(wanted.products))


def _consignment_line(line: ShipmentLine, end_user_type: str) -> ConsignmentLine:
    """Return a line as customs sees it, with the offer's product and the declared use."""
    product = line.order_line.allocation.lead.product
    return ConsignmentLine(product, declared_use(line), line.order_line.order.kind, end_user_type)
