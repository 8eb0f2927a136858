"""The lives of a customs lane, a hold and a paper. City, logistics and broker record what customs did; nothing is decided here."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.asked import lane_declared_truly
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, first_refusal, not_ready, one_of

Side = CustomsRule.Side


def may_clear(by: Actor, thing: CustomsLane | CustomsHold | CustomsPaper) -> bool:
    """Logistics and officers of the city, and the broker the shipment was given to."""
    return by.may(Power.CLEAR, thing)


def may_begin(by: Actor, thing: CustomsLane | CustomsPaper) -> bool:
    """Whoever plans the shipment, or looks its papers up again."""
    return by.may(Power.SHIP, thing) or may_clear(by, thing)


def may_bring(by: Actor, paper: CustomsPaper) -> bool:
    """Whoever may begin it, and whoever was asked for it by a link, with what they hand in."""
    return may_begin(by, paper) or by.may(Power.HAND_IN, paper)


def may_renew(by: Actor, paper: CustomsPaper) -> bool:
    """Whoever clears it, and whoever was asked for it by a link: a refused paper begins anew with what they hand in."""
    return may_clear(by, paper) or by.may(Power.HAND_IN, paper)


def nobody(_by: Actor, _lane: CustomsLane) -> bool:
    """Only what follows from another move."""
    return False


def not_held(lane: CustomsLane) -> Refused | None:
    """Nothing is released while customs holds it."""
    if not lane.holds_open:
        return None
    return not_ready(
        _("Customs holds it. Answer its question and end the hold first."), holds=lane.holds_open
    )


def goes_ahead(lane: CustomsLane) -> Refused | None:
    """Nothing is declared for a shipment that was cancelled."""
    if lane.shipment.status != Shipment.Status.CANCELLED:
        return None
    words = _("%(shipment)s was cancelled, so nothing is declared for it.")
    return not_ready(words % {"shipment": lane.shipment.reference}, status=lane.shipment.status)


def far_enough(lane: CustomsLane) -> Refused | None:
    """Customs releases an export once it is packed, and an import once it has left.

    Filing ahead is usual on both sides; Canada takes the papers of an import up to 30 days before it arrives (facts/customs.md 3.1,
    no. 4). A release is not: export customs clears cartons, weights and lots, which the packing settles, and import customs
    answers when the cargo's arrival is announced to it. The departure is enough for an import, because a broker often hears of
    the release before the city notes the arrival.
    """
    shipment = lane.shipment
    if shipment.status == Shipment.Status.PLANNED and lane.side == Side.EXPORT:
        words = _("%(shipment)s is not packed yet, so customs cannot release its export. Pack it first.")
    elif shipment.status in {Shipment.Status.PLANNED, Shipment.Status.PACKED} and lane.side == Side.IMPORT:
        words = _(
            "The departure of %(shipment)s is not noted yet, so customs cannot release its import. The city notes it."
        )
    else:
        return None
    return not_ready(words % {"shipment": shipment.reference}, status=shipment.status)


def can_be_released(lane: CustomsLane) -> Refused | None:
    """Nothing is released while customs holds it, nor before its goods are where customs can release them."""
    return first_refusal((not_held(lane), goes_ahead(lane), far_enough(lane)))


def can_be_held(hold: CustomsHold) -> Refused | None:
    """What customs has released it does not hold."""
    if hold.lane.status != CustomsLane.Status.RELEASED:
        return None
    return not_ready(_("Customs has released %(lane)s already.") % {"lane": hold.lane})


# --- lanes ------------------------------------------------------------------------------------------------------
OPEN = Move[CustomsLane](
    verb="open",
    label=_("Open a lane"),
    past=_("opened the lane"),
    target=CustomsLane.Status.OPEN,
    allowed=may_begin,
)
FILE = Move[CustomsLane](
    verb="file",
    label=_("Filed with customs"),
    past=_("filed it with customs"),
    source=one_of(CustomsLane.Status.OPEN),
    target=CustomsLane.Status.FILED,
    allowed=may_clear,
    ready=goes_ahead,
    timely=lane_declared_truly,
)
DECLARE = Move[CustomsLane](
    verb="declare",
    label=_("Add a declaration"),
    past=_("added a declaration"),
    source=one_of(CustomsLane.Status.OPEN, CustomsLane.Status.FILED, CustomsLane.Status.RELEASED),
    allowed=may_clear,
    ready=goes_ahead,
    timely=lane_declared_truly,
)
REDIRECT = Move[CustomsLane](
    verb="redirect",
    label=_("Another country"),
    past=_("is for the customs of another country now"),
    source=one_of(CustomsLane.Status.OPEN),
    allowed=may_begin,
    ready=not_held,
)
RELEASE = Move[CustomsLane](
    verb="release",
    label=_("Released by customs"),
    past=_("noted the release by customs"),
    source=one_of(CustomsLane.Status.FILED),
    target=CustomsLane.Status.RELEASED,
    allowed=may_clear,
    ready=can_be_released,
    timely=lane_declared_truly,
)
WHOLE = Move[CustomsLane](
    verb="whole",
    label=_("All papers are there"),
    past=_("noted that all papers are there, and told the broker"),
    source=one_of(CustomsLane.Status.OPEN, CustomsLane.Status.FILED),
    allowed=nobody,
    clock=True,
)
LANE_MOVES = Moves(
    CustomsLane,
    OPEN,
    REDIRECT,
    FILE,
    DECLARE,
    RELEASE,
    WHOLE,
    ends={CustomsLane.Status.RELEASED: "customs let the goods go"},
)


# --- holds ------------------------------------------------------------------------------------------------------
HOLD = Move[CustomsHold](
    verb="hold",
    label=_("Held by customs"),
    past=_("noted that customs holds it"),
    target=CustomsHold.Status.HELD,
    allowed=may_clear,
    ready=can_be_held,
)
ANSWER = Move[CustomsHold](
    verb="answer",
    label=_("Answer customs"),
    past=_("answered customs"),
    source=one_of(CustomsHold.Status.HELD),
    allowed=may_clear,
)
END = Move[CustomsHold](
    verb="end",
    label=_("No longer held"),
    past=_("noted the end of the hold"),
    source=one_of(CustomsHold.Status.HELD),
    target=CustomsHold.Status.ENDED,
    allowed=may_clear,
)
HOLD_MOVES = Moves(
    CustomsHold, HOLD, ANSWER, END, ends={CustomsHold.Status.ENDED: "a spell with a start and an end"}
)


# --- papers -----------------------------------------------------------------------------------------------------
ASK = Move[CustomsPaper](
    verb="ask",
    label=_("Ask for a paper"),
    past=_("asked for the paper"),
    target=CustomsPaper.Status.MISSING,
    allowed=may_begin,
)
DRAFT = Move[CustomsPaper](
    verb="draft",
    label=_("Begun"),
    past=_("began the paper"),
    source=one_of(CustomsPaper.Status.MISSING),
    target=CustomsPaper.Status.DRAFT,
    allowed=may_bring,
)
READY = Move[CustomsPaper](
    verb="ready",
    label=_("Ready"),
    past=_("has the paper ready"),
    source=one_of(CustomsPaper.Status.DRAFT),
    target=CustomsPaper.Status.READY,
    allowed=may_begin,
)
FILE_PAPER = Move[CustomsPaper](
    verb="file",
    label=_("Handed in"),
    past=_("handed the paper in"),
    source=one_of(CustomsPaper.Status.READY, CustomsPaper.Status.QUERIED),
    target=CustomsPaper.Status.FILED,
    allowed=may_clear,
)
ACCEPT = Move[CustomsPaper](
    verb="accept",
    label=_("Accepted"),
    past=_("noted that it was accepted"),
    source=one_of(CustomsPaper.Status.FILED),
    target=CustomsPaper.Status.ACCEPTED,
    allowed=may_clear,
)
QUERY = Move[CustomsPaper](
    verb="query",
    label=_("Queried"),
    past=_("noted a question about it"),
    source=one_of(CustomsPaper.Status.FILED),
    target=CustomsPaper.Status.QUERIED,
    allowed=may_clear,
    reason=True,
)
REFUSE = Move[CustomsPaper](
    verb="refuse",
    label=_("Refused"),
    past=_("noted that it was refused"),
    source=one_of(CustomsPaper.Status.FILED),
    target=CustomsPaper.Status.REFUSED,
    allowed=may_clear,
    reason=True,
)
NEW_VERSION = Move[CustomsPaper](
    verb="new_version",
    label=_("Begin a new version"),
    past=_("began a new version"),
    source=one_of(CustomsPaper.Status.REFUSED),
    target=CustomsPaper.Status.DRAFT,
    allowed=may_renew,
)
BEFORE_FILED = one_of(
    CustomsPaper.Status.MISSING,
    CustomsPaper.Status.DRAFT,
    CustomsPaper.Status.READY,
    CustomsPaper.Status.QUERIED,
    CustomsPaper.Status.REFUSED,
)
NO_LONGER = Move[CustomsPaper](
    verb="no_longer",
    label=_("No longer asked"),
    past=_("is asked for no longer"),
    source=BEFORE_FILED,
    target=CustomsPaper.Status.NO_LONGER,
    allowed=may_begin,
    reason=True,
)
ASK_AGAIN = Move[CustomsPaper](
    verb="ask_again",
    label=_("Ask for it again"),
    past=_("asked for the paper again"),
    source=one_of(CustomsPaper.Status.NO_LONGER),
    target=CustomsPaper.Status.MISSING,
    allowed=may_begin,
)
RESTATE = Move[CustomsPaper](
    verb="restate",
    label=_("Ask for it by another rule"),
    past=_("asks for it by another rule"),
    source=BEFORE_FILED,
    allowed=may_begin,
)
PAPER_MOVES = Moves(
    CustomsPaper,
    ASK,
    DRAFT,
    READY,
    FILE_PAPER,
    ACCEPT,
    QUERY,
    REFUSE,
    NEW_VERSION,
    NO_LONGER,
    ASK_AGAIN,
    RESTATE,
    ends={CustomsPaper.Status.ACCEPTED: "nobody asks for it any more"},
)
