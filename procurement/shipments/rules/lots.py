"""In quarantine: when a lot may be inspected, released, refused and recalled."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.catalogue.sampling import SamplePlan
from procurement.orders.models.order import Order
from procurement.shipments.models.arrival import Lot, Verdict
from procurement.shipments.models.shipment import Shipment
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, not_ready, one_of
from workflow.tongues import Figure


def may_receive(by: Actor, lot: Lot) -> bool:
    """Whoever receives for the city."""
    return by.may(Power.RECEIVE, lot)


def may_inspect(by: Actor, lot: Lot) -> bool:
    """Whoever inspects for the city."""
    return by.may(Power.INSPECT, lot)


def may_override(by: Actor, lot: Lot) -> bool | Refused:
    """Only an approver lets something through that did not pass, and nobody who made any inspection of it."""
    if not by.may(Power.APPROVE, lot):
        return False
    if by.user_id not in lot.inspectors:
        return True
    return Refused(NOT_ALLOWED, _("You inspected this lot, so somebody else lets it through."), show=True)


def may_release(by: Actor, lot: Lot) -> bool | Refused:
    """A person who inspects for the city; a failed or an unmeasured value takes two of them.

    What one person let through by name, another one releases. What passed although a value had failed, or with a firm limit
    that nothing covers, is released by a person who did not inspect it. What has not passed is not released: that comes first.
    """
    return _may_let_go(by, lot, Verdict.PASSED)


def may_condition(by: Actor, lot: Lot) -> bool | Refused:
    """The same with conditions, for what passed with them as well."""
    return _may_let_go(by, lot, Verdict.PASSED, Verdict.CONDITIONAL)


def _may_let_go(by: Actor, lot: Lot, *verdicts: str) -> bool | Refused:
    if not may_inspect(by, lot):
        return False
    if lot.override_by_id is not None and by.user_id == lot.override_by_id:
        return Refused(NOT_ALLOWED, _("You let this lot through, so a second person releases it."), show=True)
    alone = lot.override_by_id is None and by.user_id in lot.inspectors and lot.verdict in verdicts
    if alone and lot.values_failed:
        words = _("A value of this lot failed and you inspected it, so a second person releases it.")
        return Refused(NOT_ALLOWED, words, show=True)
    if alone and lot.unmeasured:
        words = _("A firm limit was not measured and you inspected the lot, so a second person releases it.")
        return Refused(NOT_ALLOWED, words, show=True)
    return True


def nobody(by: Actor, lot: Lot) -> bool:
    """Only the machine makes this move: who recalled the lot elsewhere is not named."""
    return False


def has_pieces(lot: Lot) -> Refused | None:
    """A lot whose counting was taken back is empty."""
    return None if lot.quantity else not_ready(_("There is nothing in %(lot)s.") % {"lot": lot.reference})


def passed(lot: Lot) -> Refused | None:
    """Nothing uninspected is released, unless a named person says so in writing."""
    return has_pieces(lot) or _verdict_holds(lot, Verdict.PASSED)


def passed_or_conditional(lot: Lot) -> Refused | None:
    """With conditions goes what passed, with them or without, or what a named person lets through."""
    return has_pieces(lot) or _verdict_holds(lot, Verdict.PASSED, Verdict.CONDITIONAL)


def _verdict_holds(lot: Lot, *wanted: str) -> Refused | None:
    if lot.verdict in wanted or lot.override_reason:
        return None
    if not lot.verdict:
        return not_ready(_("%(lot)s has not been inspected yet.") % {"lot": lot.reference})
    words = _("The last inspection of %(lot)s says “%(verdict)s”.")
    return not_ready(words % {"lot": lot.reference, "verdict": Verdict(lot.verdict).label})


def not_in_use(lot: Lot) -> Refused | None:
    """What may be on the wards already is recalled, not refused."""
    if lot.surplus and lot.status == Lot.Status.QUARANTINED:
        return has_pieces(lot)  # perhaps accepted after the shipment was closed: not in use yet
    order = lot.line.order_line.order
    if lot.shipment.status != Shipment.Status.CLOSED and order.status == Order.Status.READY:
        return has_pieces(lot)
    return not_ready(_("Its shipment or order is closed. Recall the lot instead."))


def not_expired(lot: Lot, at: datetime) -> Refused | None:
    """A lot is released up to the last minute of its expiry date, by the calendar of the city that holds it."""
    if lot.expires_on is None or lot.expires_on >= lot.city.day_at(at):
        return None
    words = _("%(lot)s expired on %(day)s.")
    return Refused("lot_expired", words % {"lot": lot.reference, "day": lot.expires_on.isoformat()})


def fits_the_sample(
    plan: SamplePlan, quantity: int, sampled: int, defects: int, verdict: str
) -> Refused | None:
    """A verdict cannot be better than the sample: enough pieces drawn, and no more bad ones than the plan accepts.

    Whatever lets pieces out of quarantine, with conditions or without, rests on the plan's whole sample: the condition says what
    they are good for, and a handful cannot know it. A lot fails on a single piece; without one there was no look at it.
    """
    if not 0 <= defects <= sampled:
        return Refused("bad_quantity", _("There cannot be more bad pieces than were drawn."), field="defects")
    if sampled > quantity:
        words = _("The lot has %(quantity)s: there cannot be %(sampled)s drawn from it.")
        figures = {"quantity": Figure(quantity), "sampled": Figure(sampled)}
        return Refused("sample_too_large", words % figures, **figures, field="sampled")
    wanted = 1 if verdict == Verdict.FAILED else plan.sample_size
    if sampled < wanted:
        words = _("Draw %(wanted)s: a lot is not judged so on %(sampled)s.")
        figures = {"wanted": Figure(wanted), "sampled": Figure(sampled)}
        return Refused("sample_too_small", words % figures, **figures, field="sampled")
    if verdict == Verdict.PASSED and not plan.passes(defects):
        words = _("Bad pieces: %(defects)s. Accepted at most: %(accept)s.")
        figures = {"defects": Figure(defects), "accept": Figure(plan.accept)}
        return Refused("too_many_defects", words % figures, **figures, field="verdict")
    return None


QUARANTINE = Move[Lot](
    verb="quarantine",
    label=_("Put into quarantine"),
    past=_("put the lot into quarantine"),
    target=Lot.Status.QUARANTINED,
    allowed=may_receive,
)
ADD = Move[Lot](
    verb="add",
    label=_("Add pieces"),
    past=_("changed how many pieces the lot has"),
    source=one_of(Lot.Status.QUARANTINED),
    allowed=may_receive,
)
INSPECT = Move[Lot](
    verb="inspect",
    label=_("Inspect"),
    past=_("inspected the lot"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.CONDITIONAL),
    allowed=may_inspect,
    ready=has_pieces,
)
OVERRIDE = Move[Lot](
    verb="override",
    label=_("Let through without a passed inspection"),
    past=_("let the lot through without a passed inspection"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.CONDITIONAL),
    allowed=may_override,
    reason=True,
)
RELEASE = Move[Lot](
    verb="release",
    label=_("Release"),
    past=_("released the lot"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.CONDITIONAL),
    target=Lot.Status.RELEASED,
    allowed=may_release,
    ready=passed,
    timely=not_expired,
)
CONDITION = Move[Lot](
    verb="condition",
    label=_("Release with conditions"),
    past=_("released the lot with conditions"),
    source=one_of(Lot.Status.QUARANTINED),
    target=Lot.Status.CONDITIONAL,
    allowed=may_condition,
    ready=passed_or_conditional,
    timely=not_expired,
    reason=True,
)
REFUSE = Move[Lot](
    verb="refuse",
    label=_("Refuse"),
    past=_("refused the lot"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.CONDITIONAL),
    target=Lot.Status.REFUSED,
    allowed=may_inspect,
    ready=not_in_use,
    reason=True,
)
RECALL = Move[Lot](
    verb="recall",
    label=_("Recall"),
    past=_("recalled the lot"),
    source=one_of(Lot.Status.RELEASED, Lot.Status.CONDITIONAL),
    target=Lot.Status.RECALLED,
    allowed=may_inspect,
    reason=True,
)
WARN = Move[Lot](
    verb="warn",
    label=_("Warn of a recall elsewhere"),
    past=_("learnt that the same lot was recalled elsewhere"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.RELEASED, Lot.Status.CONDITIONAL),
    allowed=nobody,
    clock=True,
)
LOT_MOVES = Moves(
    Lot,
    QUARANTINE,
    ADD,
    INSPECT,
    OVERRIDE,
    RELEASE,
    CONDITION,
    REFUSE,
    RECALL,
    WARN,
    ends={
        Lot.Status.REFUSED: "never used; given back to the offer and the need",
        Lot.Status.RECALLED: "taken out of use; the need opens again",
    },
)
