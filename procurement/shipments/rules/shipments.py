"""The life of a shipment: planned, packed, on the way, here, delivered, closed. Who moves it, and what must be in hand."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.asked import truly_declared
from procurement.shipments.rules.gates import may_be_delivered, may_leave, orders_ready, seen_in
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready, one_of

UNDER_WAY = one_of(*Shipment.UNDER_WAY)
NOT_CANCELLED = one_of(*(status for status in Shipment.Status if status != Shipment.Status.CANCELLED))


def may_ship(by: Actor, shipment: Shipment) -> bool:
    """Logistics and officers of the receiving city."""
    return by.may(Power.SHIP, shipment)


def may_receive(by: Actor, shipment: Shipment) -> bool:
    """Whoever receives for the city."""
    return by.may(Power.RECEIVE, shipment)


def may_take(by: Actor, shipment: Shipment) -> bool:
    """Whoever receives for the city; a return is handed back, and not taken."""
    return may_receive(by, shipment) and not shipment.is_return


def may_regroup(by: Actor, shipment: Shipment) -> bool:
    """Whoever ships; a return stays as it was begun."""
    return may_ship(by, shipment) and not shipment.is_return


def may_hand_back(by: Actor, shipment: Shipment) -> bool:
    """Whoever ships, of a return."""
    return may_ship(by, shipment) and shipment.is_return


def is_shared(shipment: Shipment) -> Refused | None:
    """What is not shared cannot be shut."""
    return None if shipment.shared else not_ready(_("Its public page says nothing already."))


def is_not_shared(shipment: Shipment) -> Refused | None:
    """What is shared is."""
    return not_ready(_("It has a public page already.")) if shipment.shared else None


def may_follow(by: Actor, shipment: Shipment) -> bool:
    """Logistics, officers, and the broker the shipment was given to: whoever hears of it says so."""
    return may_ship(by, shipment) or by.may(Power.CLEAR, shipment)


PLAN = Move[Shipment](
    verb="plan",
    label=_("Plan a shipment"),
    past=_("planned the shipment"),
    target=Shipment.Status.PLANNED,
    allowed=may_ship,
)
EDIT = Move[Shipment](
    verb="edit",
    label=_("Change"),
    past=_("changed the shipment"),
    source=UNDER_WAY,
    allowed=may_ship,
)
ASSIGN_BROKER = Move[Shipment](
    verb="assign_broker",
    label=_("Choose the customs broker"),
    past=_("chose the customs broker"),
    source=UNDER_WAY,
    allowed=may_ship,
)
SCHEDULE = Move[Shipment](
    verb="schedule",
    label=_("Plan its times"),
    past=_("planned its times"),
    source=one_of(Shipment.Status.PLANNED, Shipment.Status.PACKED),
    allowed=may_ship,
)
REVIEW_PAPERS = Move[Shipment](
    verb="review_papers",
    label=_("Look up the papers again"),
    past=_("looked up the papers by the rules of the day"),
    source=UNDER_WAY,
    allowed=may_follow,
)
REROUTE = Move[Shipment](
    verb="reroute",
    label=_("Send it elsewhere"),
    past=_("sent it to another place"),
    source=UNDER_WAY,
    allowed=may_ship,
    reason=True,
)
SPLIT = Move[Shipment](
    verb="split",
    label=_("Split it"),
    past=_("let a part travel in a shipment of its own"),
    source=one_of(Shipment.Status.PLANNED),
    allowed=may_regroup,
)
MERGE = Move[Shipment](
    verb="merge",
    label=_("Take another one in"),
    past=_("took in the goods of another shipment"),
    source=one_of(Shipment.Status.PLANNED),
    allowed=may_regroup,
)
PACK = Move[Shipment](
    verb="pack",
    label=_("Packed"),
    past=_("packed"),
    source=one_of(Shipment.Status.PLANNED),
    target=Shipment.Status.PACKED,
    allowed=may_ship,
    ready=orders_ready,
)
DEPART = Move[Shipment](
    verb="depart",
    label=_("Departed"),
    past=_("noted the departure"),
    source=one_of(Shipment.Status.PACKED),
    target=Shipment.Status.DEPARTED,
    allowed=may_ship,
    ready=may_leave,
    timely=truly_declared,
)
ARRIVE = Move[Shipment](
    verb="arrive",
    label=_("Arrived in the country"),
    past=_("noted the arrival"),
    source=one_of(Shipment.Status.DEPARTED),
    target=Shipment.Status.ARRIVED,
    allowed=may_ship,
)
DELIVER = Move[Shipment](
    verb="deliver",
    label=_("Delivered"),
    past=_("took the delivery"),
    source=one_of(Shipment.Status.ARRIVED),
    target=Shipment.Status.DELIVERED,
    allowed=may_take,
    ready=may_be_delivered,
)
HAND_BACK = Move[Shipment](
    verb="hand_back",
    label=_("Handed back"),
    past=_("handed the goods back"),
    source=one_of(Shipment.Status.ARRIVED),
    target=Shipment.Status.HANDED_BACK,
    allowed=may_hand_back,
    ready=may_be_delivered,
)
SEND_BACK = Move[Shipment](
    verb="send_back",
    label=_("Send goods back"),
    past=_("sends goods back"),
    source=one_of(Shipment.Status.DELIVERED, Shipment.Status.CLOSED),
    allowed=may_ship,
    reason=True,
)
DESTROY = Move[Shipment](
    verb="destroy",
    label=_("Note goods as destroyed"),
    past=_("noted goods as destroyed"),
    source=one_of(Shipment.Status.DELIVERED, Shipment.Status.CLOSED),
    allowed=may_receive,
    reason=True,
)
SHARE = Move[Shipment](
    verb="share",
    label=_("Open its public page"),
    past=_("opened its public page"),
    source=NOT_CANCELLED,
    allowed=may_ship,
    ready=is_not_shared,
)
UNSHARE = Move[Shipment](
    verb="unshare",
    label=_("Shut its public page"),
    past=_("shut its public page"),
    source=NOT_CANCELLED | one_of(Shipment.Status.CANCELLED),
    allowed=may_ship,
    ready=is_shared,
)
ESTIMATE = Move[Shipment](
    verb="estimate",
    label=_("Estimate a step"),
    past=_("estimated a step"),
    source=UNDER_WAY | one_of(Shipment.Status.DELIVERED),
    allowed=may_follow,
)
HEAR = Move[Shipment](
    verb="hear",
    label=_("Add what was heard"),
    past=_("heard of it"),
    source=NOT_CANCELLED,
    allowed=may_follow,
)
CALL_WRONG = Move[Shipment](
    verb="call_wrong",
    label=_("Mark what was heard as wrong"),
    past=_("marked something heard as wrong"),
    source=NOT_CANCELLED,
    allowed=may_follow,
    reason=True,
)
CALL_RIGHT = Move[Shipment](
    verb="call_right",
    label=_("Take such a mark back"),
    past=_("took the mark of something heard back"),
    source=NOT_CANCELLED,
    allowed=may_follow,
    reason=True,
)
SEE_CARTON = Move[Shipment](
    verb="see_carton",
    label=_("Count a carton"),
    past=_("counted a carton"),
    source=one_of(Shipment.Status.DELIVERED),
    allowed=may_receive,
)
FORGET_CARTON = Move[Shipment](
    verb="forget_carton",
    label=_("Take a carton back"),
    past=_("took a carton back, to be counted anew"),
    source=one_of(Shipment.Status.DELIVERED),
    allowed=may_receive,
)
CLOSE = Move[Shipment](
    verb="close",
    label=_("Close"),
    past=_("closed the shipment"),
    source=one_of(Shipment.Status.DELIVERED),
    target=Shipment.Status.CLOSED,
    allowed=may_receive,
    ready=seen_in,
)
CANCEL = Move[Shipment](
    verb="cancel",
    label=_("Cancel"),
    past=_("cancelled the shipment"),
    source=one_of(Shipment.Status.PLANNED, Shipment.Status.PACKED),
    target=Shipment.Status.CANCELLED,
    allowed=may_ship,
    clock=True,
    reason=True,
)
LOSE = Move[Shipment](
    verb="lose",
    label=_("Lost"),
    past=_("gave the shipment up as lost"),
    source=one_of(Shipment.Status.DEPARTED, Shipment.Status.ARRIVED),
    target=Shipment.Status.LOST,
    allowed=may_ship,
    reason=True,
)

SHIPMENT_MOVES = Moves(
    Shipment,
    PLAN,
    EDIT,
    ASSIGN_BROKER,
    REVIEW_PAPERS,
    SCHEDULE,
    REROUTE,
    SPLIT,
    MERGE,
    PACK,
    DEPART,
    ARRIVE,
    DELIVER,
    HAND_BACK,
    SEND_BACK,
    DESTROY,
    SHARE,
    UNSHARE,
    ESTIMATE,
    HEAR,
    CALL_WRONG,
    CALL_RIGHT,
    SEE_CARTON,
    FORGET_CARTON,
    CLOSE,
    CANCEL,
    LOSE,
    ends={
        Shipment.Status.CLOSED: "counted, inspected and decided on",
        Shipment.Status.HANDED_BACK: "refused goods are with whoever they came from again",
        Shipment.Status.CANCELLED: "never left; its goods can be planned again",
        Shipment.Status.LOST: "its goods were given back to the offers and the needs",
    },
)
