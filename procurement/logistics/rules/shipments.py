"""Moves of a shipment, with their permissions and conditions."""

from django.utils.translation import gettext_lazy as _

from procurement.customs.rules import refuse_false_use
from procurement.logistics.rules.blockers import refuse_delivery, refuse_departure
from procurement.quality.rules import refuse_uninspected
from procurement.receiving.rules.cartons import RECORD_CARTON, UNDO_CARTON
from procurement.receiving.rules.rejected_goods import ANNOUNCE_DESTRUCTION
from procurement.shipments.models import Shipment
from procurement.shipments.rules import (
    UNDER_WAY,
    may_receive,
    may_record_return,
    may_report_tracking,
    may_ship,
    may_split_or_merge,
    may_take_delivery,
    refuse_unready_orders,
)
from procurement.tracking.rules import (
    ESTIMATE,
    FLAG_EVENT,
    RECORD_EVENT,
    SCHEDULE,
    SHARE,
    UNFLAG_EVENT,
    UNSHARE,
)
from workflow.moves import Move, Moves, one_of

PLAN = Move[Shipment](
    verb="plan",
    label=_("Plan a shipment"),
    past=_("planned the shipment"),
    target=Shipment.Status.PLANNED,
    allowed=may_ship,
)
EDIT = Move[Shipment](
    verb="edit",
    label=_("Edit details"),
    past=_("changed the shipment"),
    source=UNDER_WAY,
    allowed=may_ship,
)
ASSIGN_BROKER = Move[Shipment](
    verb="assign_broker",
    label=_("Choose customs broker"),
    past=_("chose the customs broker"),
    source=UNDER_WAY,
    allowed=may_ship,
)
REVIEW_DOCUMENTS = Move[Shipment](
    verb="review_documents",
    label=_("Re-check required documents"),
    past=_("re-checked the required documents"),
    source=UNDER_WAY,
    allowed=may_report_tracking,
)
REROUTE = Move[Shipment](
    verb="reroute",
    label=_("Change destination"),
    past=_("changed the destination"),
    source=UNDER_WAY,
    allowed=may_ship,
    reason=True,
)
SPLIT = Move[Shipment](
    verb="split",
    label=_("Split shipment"),
    past=_("split off part of the goods into another shipment"),
    source=one_of(Shipment.Status.PLANNED),
    allowed=may_split_or_merge,
)
MERGE = Move[Shipment](
    verb="merge",
    label=_("Merge another shipment into this one"),
    past=_("merged another shipment into this one"),
    source=one_of(Shipment.Status.PLANNED),
    allowed=may_split_or_merge,
)
PACK = Move[Shipment](
    verb="pack",
    label=_("Record packing"),
    past=_("packed the shipment"),
    source=one_of(Shipment.Status.PLANNED),
    target=Shipment.Status.PACKED,
    allowed=may_ship,
    ready=refuse_unready_orders,
)
DEPART = Move[Shipment](
    verb="depart",
    label=_("Record departure"),
    past=_("recorded the departure"),
    source=one_of(Shipment.Status.PACKED),
    target=Shipment.Status.IN_TRANSIT,
    allowed=may_ship,
    ready=refuse_departure,
    timely=refuse_false_use,
)
ARRIVE = Move[Shipment](
    verb="arrive",
    label=_("Record arrival in destination country"),
    past=_("recorded the arrival"),
    source=one_of(Shipment.Status.IN_TRANSIT),
    target=Shipment.Status.ARRIVED,
    allowed=may_ship,
)
DELIVER = Move[Shipment](
    verb="deliver",
    label=_("Record delivery"),
    past=_("recorded the delivery"),
    source=one_of(Shipment.Status.ARRIVED),
    target=Shipment.Status.DELIVERED,
    allowed=may_take_delivery,
    ready=refuse_delivery,
)
RECORD_RETURN = Move[Shipment](
    verb="record_return",
    label=_("Record return to sender"),
    past=_("recorded the return of the goods to the sender"),
    source=one_of(Shipment.Status.ARRIVED),
    target=Shipment.Status.RETURNED,
    allowed=may_record_return,
    ready=refuse_delivery,
)
PLAN_RETURN = Move[Shipment](
    verb="plan_return",
    label=_("Return goods"),
    past=_("arranged a return of goods"),
    source=one_of(Shipment.Status.DELIVERED, Shipment.Status.CLOSED),
    allowed=may_ship,
    reason=True,
)
CLOSE = Move[Shipment](
    verb="close",
    label=_("Close shipment"),
    past=_("closed the shipment"),
    source=one_of(Shipment.Status.DELIVERED),
    target=Shipment.Status.CLOSED,
    allowed=may_receive,
    ready=refuse_uninspected,
)
CANCEL = Move[Shipment](
    verb="cancel",
    label=_("Cancel shipment"),
    past=_("cancelled the shipment"),
    source=one_of(Shipment.Status.PLANNED, Shipment.Status.PACKED),
    target=Shipment.Status.CANCELLED,
    allowed=may_ship,
    by_system=True,
    reason=True,
)
WRITE_OFF = Move[Shipment](
    verb="write_off",
    label=_("Write off as lost"),
    past=_("wrote the shipment off as lost"),
    source=one_of(Shipment.Status.IN_TRANSIT, Shipment.Status.ARRIVED),
    target=Shipment.Status.LOST,
    allowed=may_ship,
    reason=True,
)

SHIPMENT_MOVES = Moves(
    Shipment,
    PLAN,
    EDIT,
    ASSIGN_BROKER,
    REVIEW_DOCUMENTS,
    SCHEDULE,
    REROUTE,
    SPLIT,
    MERGE,
    PACK,
    DEPART,
    ARRIVE,
    DELIVER,
    RECORD_RETURN,
    PLAN_RETURN,
    ANNOUNCE_DESTRUCTION,
    SHARE,
    UNSHARE,
    ESTIMATE,
    RECORD_EVENT,
    FLAG_EVENT,
    UNFLAG_EVENT,
    RECORD_CARTON,
    UNDO_CARTON,
    CLOSE,
    CANCEL,
    WRITE_OFF,
    ends={
        Shipment.Status.CLOSED: "counted, inspected and decided on",
        Shipment.Status.RETURNED: "the returned goods are back with their sender",
        Shipment.Status.CANCELLED: "never left; its goods can be planned again",
        Shipment.Status.LOST: "its goods were returned to the offers and the needs",
    },
)
