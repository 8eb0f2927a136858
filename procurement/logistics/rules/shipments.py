"""Moves of a shipment, with their permissions and conditions."""

from django.utils.translation import gettext_lazy as _

from procurement.customs.rules import false_use_refusal
from procurement.logistics.rules.blockers import delivery_refusal, departure_refusal
from procurement.quality.rules import uninspected_goods_refusal
from procurement.receiving.rules.cartons import RECORD_CARTON, UNDO_CARTON
from procurement.receiving.rules.rejected_goods import RECORD_SHIPMENT_DESTRUCTION
from procurement.shipments.models import Shipment
from procurement.shipments.rules import (
    UNDER_WAY_STATUSES,
    may_receive,
    may_record_return,
    may_report_tracking,
    may_ship,
    may_split_or_merge,
    may_take_delivery,
    unready_orders_refusal,
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
    past_tense=_("planned the shipment"),
    target=Shipment.Status.PLANNED,
    allowed=may_ship,
)
EDIT = Move[Shipment](
    verb="edit",
    label=_("Edit details"),
    past_tense=_("changed the shipment"),
    source=UNDER_WAY_STATUSES,
    allowed=may_ship,
)
ASSIGN_BROKER = Move[Shipment](
    verb="assign_broker",
    label=_("Choose customs broker"),
    past_tense=_("chose the customs broker"),
    source=UNDER_WAY_STATUSES,
    allowed=may_ship,
)
REVIEW_DOCUMENTS = Move[Shipment](
    verb="review_documents",
    label=_("Re-check required documents"),
    past_tense=_("re-checked the required documents"),
    source=UNDER_WAY_STATUSES,
    allowed=may_report_tracking,
)
REROUTE = Move[Shipment](
    verb="reroute",
    label=_("Change destination"),
    past_tense=_("changed the destination"),
    source=UNDER_WAY_STATUSES,
    allowed=may_ship,
    requires_reason=True,
)
SPLIT = Move[Shipment](
    verb="split",
    label=_("Split shipment"),
    past_tense=_("split off part of the goods into another shipment"),
    source=one_of(Shipment.Status.PLANNED),
    allowed=may_split_or_merge,
)
MERGE = Move[Shipment](
    verb="merge",
    label=_("Merge another shipment into this one"),
    past_tense=_("merged another shipment into this one"),
    source=one_of(Shipment.Status.PLANNED),
    allowed=may_split_or_merge,
)
PACK = Move[Shipment](
    verb="pack",
    label=_("Record packing"),
    past_tense=_("packed the shipment"),
    source=one_of(Shipment.Status.PLANNED),
    target=Shipment.Status.PACKED,
    allowed=may_ship,
    ready=unready_orders_refusal,
)
DEPART = Move[Shipment](
    verb="depart",
    label=_("Record departure"),
    past_tense=_("recorded the departure"),
    source=one_of(Shipment.Status.PACKED),
    target=Shipment.Status.IN_TRANSIT,
    allowed=may_ship,
    ready=departure_refusal,
    date_condition=false_use_refusal,
)
ARRIVE = Move[Shipment](
    verb="arrive",
    label=_("Record arrival in destination country"),
    past_tense=_("recorded the arrival"),
    source=one_of(Shipment.Status.IN_TRANSIT),
    target=Shipment.Status.ARRIVED,
    allowed=may_ship,
)
DELIVER = Move[Shipment](
    verb="deliver",
    label=_("Record delivery"),
    past_tense=_("recorded the delivery"),
    source=one_of(Shipment.Status.ARRIVED),
    target=Shipment.Status.DELIVERED,
    allowed=may_take_delivery,
    ready=delivery_refusal,
)
RECORD_RETURN = Move[Shipment](
    verb="record_return",
    label=_("Record return to sender"),
    past_tense=_("recorded the return of the goods to the sender"),
    source=one_of(Shipment.Status.ARRIVED),
    target=Shipment.Status.RETURNED,
    allowed=may_record_return,
    ready=delivery_refusal,
)
PLAN_RETURN = Move[Shipment](
    verb="plan_return",
    label=_("Return goods"),
    past_tense=_("arranged a return of goods"),
    source=one_of(Shipment.Status.DELIVERED, Shipment.Status.CLOSED),
    allowed=may_ship,
    requires_reason=True,
)
CLOSE = Move[Shipment](
    verb="close",
    label=_("Close shipment"),
    past_tense=_("closed the shipment"),
    source=one_of(Shipment.Status.DELIVERED),
    target=Shipment.Status.CLOSED,
    allowed=may_receive,
    ready=uninspected_goods_refusal,
)
CANCEL = Move[Shipment](
    verb="cancel",
    label=_("Cancel shipment"),
    past_tense=_("cancelled the shipment"),
    source=one_of(Shipment.Status.PLANNED, Shipment.Status.PACKED),
    target=Shipment.Status.CANCELLED,
    allowed=may_ship,
    allowed_for_system=True,
    requires_reason=True,
)
WRITE_OFF = Move[Shipment](
    verb="write_off",
    label=_("Write off as lost"),
    past_tense=_("wrote the shipment off as lost"),
    source=one_of(Shipment.Status.IN_TRANSIT, Shipment.Status.ARRIVED),
    target=Shipment.Status.LOST,
    allowed=may_ship,
    requires_reason=True,
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
    RECORD_SHIPMENT_DESTRUCTION,
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
