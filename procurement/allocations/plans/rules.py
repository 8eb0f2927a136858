"""Rules of allocation plans: moves, the goods that a need line accepts, and the weight of its priority."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.powers import CityScope, Power
from procurement.allocations.plans.models import AllocationPlan, PlanRow
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import DeclaredUse
from procurement.leads.models.leads import SupplierLead
from procurement.requests.alternatives.rules import AcceptedGoods
from procurement.requests.models import RequestLine
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, one_of, system_only

RULES_EFFECTIVE_DATE = date(2020, 4, 1)  # the day from which these rules apply; shown with every plan
PRIORITY_WEIGHTS = {
    RequestLine.Priority.CRITICAL: 2.0,
    RequestLine.Priority.HIGH: 1.5,
    RequestLine.Priority.NORMAL: 1.0,
}
ROW_MISSING_MESSAGE = _("Choose a proposed allocation that has not been accepted yet.")
ASSUMED_SUPPLY_DAYS = 30  # days for which a line's quantity lasts where its use a day is not stated


def are_goods_suitable(lead: SupplierLead, accepted: AcceptedGoods) -> bool:
    """Return True if a plan may propose the offered goods for a line: they count in full, and their use fits.

    Comparable goods are left to a person, who records the evidence.
    """
    if not is_use_suitable(lead, accepted.line):
        return False
    return accepted.match(lead.product, lead.standard).counts_in_full


def is_use_suitable(lead: SupplierLead, line: RequestLine) -> bool:
    """Return True unless the need is medical and the goods are declared for non-medical use."""
    is_medical = line.supply_request.declared_use == DeclaredUse.MEDICAL
    return not (is_medical and lead.declared_use == DeclaredUse.NON_MEDICAL)


def may_plan(by: Actor, plan: AllocationPlan) -> bool:
    """Return True for officers who allocate for every city of the plan."""
    return bool(plan.city_ids) and all(by.may(Power.ALLOCATE, CityScope(city)) for city in plan.city_ids)


def invalid_choice_refusal(lines: Sequence[RequestLine], leads: int) -> Refused | None:
    """Refuse a plan without need lines, with lines in different units, or without offers."""
    if not lines:
        return Refused(
            "nothing_chosen", _("Choose at least one need line that still needs goods."), field="lines"
        )
    units = sorted({line.product.unit for line in lines})
    if len(units) > 1:
        named = ", ".join(str(Product.Unit(unit).label) for unit in units)
        words = _("These lines are counted in different units (%(units)s). Choose lines with the same unit.")
        return Refused("mixed_units", words % {"units": named}, units=units, field="lines")
    if not leads:
        return Refused("nothing_chosen", _("Choose at least one offer with available goods."), field="leads")
    return None


def row_change_refusal(row: PlanRow, quantity: int, free: int, uncovered: int) -> Refused | None:
    """Refuse a quantity of a row that is accepted already, not free any more, or more than the line needs."""
    if row.allocation_id is not None:
        return Refused(
            "already_accepted",
            _("This proposal has been accepted. Change the allocation on its own page."),
            field="row",
        )
    most = min(free, uncovered)
    if 0 <= quantity <= most:
        return None
    words = _(
        "Enter a quantity from 0 to %(most)s: %(free)s are available, and %(uncovered)s are still needed."
    )
    figures = {
        name: LocalizedCount(n) for name, n in (("most", most), ("free", free), ("uncovered", uncovered))
    }
    return Refused("bad_quantity", words % figures, field="quantity")


def row_allocation_refusal(row: PlanRow, refused: Refused) -> Refused:
    """Return the refusal to allocate a row of a plan (`refused`), with the row named in its message."""
    words = _("%(lead)s for %(need)s, %(quantity)s: %(why)s")
    if refused.code == "evidence_missing":  # a plan has no field for the evidence
        words = _(
            "%(lead)s for %(need)s, %(quantity)s: the goods are no longer known to meet the standards of the need line. "
            "Allocate them on the page of the need, with the evidence that you have seen."
        )
    figures = {
        "lead": row.lead.reference,
        "need": row.line.supply_request.reference,
        "quantity": LocalizedCount(row.quantity),
        "why": refused.message,
    }
    return Refused(refused.code, words % figures, **{**refused.details, "row": row.pk, "field": "rows"})


CREATE = Move[AllocationPlan](
    verb="create",
    label=_("Calculate plan"),
    past_tense=_("requested the plan"),
    target=AllocationPlan.Status.PENDING,
    allowed=may_plan,
)
FINISH = Move[AllocationPlan](
    verb="finish",
    label=_("Calculate plan"),
    past_tense=_("calculated the plan"),
    source=one_of(AllocationPlan.Status.PENDING),
    target=AllocationPlan.Status.READY,
    allowed=system_only,
    allowed_for_system=True,
)
FAIL = Move[AllocationPlan](
    verb="fail",
    label=_("Mark plan as failed"),
    past_tense=_("could not calculate the plan"),
    source=one_of(AllocationPlan.Status.PENDING),
    target=AllocationPlan.Status.FAILED,
    allowed=system_only,
    allowed_for_system=True,
)
CANCEL = Move[AllocationPlan](
    verb="cancel",
    label=_("Cancel plan"),
    past_tense=_("cancelled the plan"),
    source=one_of(AllocationPlan.Status.PENDING, AllocationPlan.Status.READY),
    target=AllocationPlan.Status.CANCELLED,
    allowed=may_plan,
)
CHANGE_ROW = Move[AllocationPlan](
    verb="change_row",
    label=_("Change quantity"),
    past_tense=_("changed a proposed allocation"),
    source=one_of(AllocationPlan.Status.READY),
    allowed=may_plan,
    requires_reason=True,
)
ACCEPT = Move[AllocationPlan](
    verb="accept",
    label=_("Accept allocations"),
    past_tense=_("accepted proposed allocations"),
    source=one_of(AllocationPlan.Status.READY),
    allowed=may_plan,
)

PLAN_MOVES = Moves(
    AllocationPlan,
    CREATE,
    FINISH,
    FAIL,
    CANCEL,
    CHANGE_ROW,
    ACCEPT,
    ends={
        AllocationPlan.Status.FAILED: "nothing was proposed",
        AllocationPlan.Status.CANCELLED: "kept on record",
    },
)
