"""Rules of approval before posting: which needs and changes need it, who decides, and who may not.

A change of a posted need's lines that asks for more waits as a proposal until it is approved.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, cast

from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.permissions.permissions import ActiveDelegation, Permissions
from partners.powers import Power
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal.entries import history_of
from workflow.moves import not_ready_refusal

# Facts of a need, besides its lines, that an approver reads on the card and decides on.
DECIDED_FIELDS = frozenset({"needed_by", "deliver_to", "accepts", "visibility"})
_VISIBILITIES = list(SupplyRequest.Visibility.values)  # from the fewest readers to the most
AUTHORING_VERBS = ("draft", "edit", "submit")  # moves that write a need or ask for its approval
_AUTHORS_CACHE = "_authors"  # attribute that caches the authors on the need


class PricedLine(Protocol):
    """Line with a quantity, in the unit of its goods, and a maximum price per unit, if there is one."""

    @property
    def quantity(self) -> int:
        """The quantity."""
        ...

    @property
    def max_unit_price(self) -> Decimal | None:
        """The maximum price per unit, or None."""
        ...

    @property
    def currency(self) -> str:
        """The currency of the price, or "" for that of the city."""
        ...


class LineTerms(NamedTuple):
    """What a line asks for, as far as an approval covers it.

    `accepted_ids` are the ids of the products that the line accepts: its own and the alternatives.
    """

    product_id: int
    accepted_ids: frozenset[int]
    quantity: int
    max_unit_price: Decimal | None
    currency: str


# --- which needs and changes need approval ----------------------------------------------------------------------
def estimated_value(city: City, lines: Iterable[PricedLine]) -> Decimal | None:
    """Return the maximum prices times the quantities, in the city's currency, or None if it is unknown.

    It is unknown if a line has no maximum price, or one in another currency.
    """
    total = Decimal(0)
    for line in lines:
        if line.max_unit_price is None or (line.currency or city.currency) != city.currency:
            return None
        total += line.quantity * line.max_unit_price
    return total


def needs_approval(city: City, lines: Iterable[PricedLine]) -> bool:
    """Return True if the city approves a need with these lines before it is posted.

    An unknown value counts as above the limit.
    """
    if city.need_approval != City.NeedApproval.ABOVE:
        return city.need_approval == City.NeedApproval.ALWAYS
    value = estimated_value(city, lines)
    return value is None or city.need_approval_limit is None or value > city.need_approval_limit


def asks_for_more(before: Mapping[int, LineTerms], after: Sequence[tuple[int, LineTerms]]) -> bool:
    """Return True if a change adds a line, raises a quantity or a maximum price, or accepts further products.

    `before` holds the lines by id, `after` the changed lines with theirs. Other goods count as a new line, and a
    maximum price that is removed or given in another currency as a higher one. Another standard of the same product
    does not count.
    """
    return any(pk not in before or _is_raised(before[pk], line) for pk, line in after)


def _is_raised(before: LineTerms, after: LineTerms) -> bool:
    if after.product_id != before.product_id or after.quantity > before.quantity:
        return True
    if not after.accepted_ids <= before.accepted_ids:
        return True
    if before.max_unit_price is None:
        return False
    return (
        after.max_unit_price is None
        or after.max_unit_price > before.max_unit_price
        or after.currency != before.currency
    )


def terms_of(line: RequestLine) -> LineTerms:
    """Return what a line asks for, as far as an approval covers it. Its alternatives are read if they are not loaded."""
    accepted = frozenset({line.product_id, *(one.product_id for one in line.alternatives.all())})
    return LineTerms(line.product_id, accepted, line.quantity, line.max_unit_price, line.currency)


def missing_approval_refusal(need: SupplyRequest) -> Refused | None:
    """Return a refusal to post a need that must be approved first, else None."""
    if not needs_approval(need.city, need.lines.all()):
        return None
    return Refused(
        "needs_approval", _("This need must be approved before it is posted. Send it for approval.")
    )


def needless_approval_refusal(need: SupplyRequest) -> Refused | None:
    """Return a refusal to send a need for approval that may be posted without it, else None."""
    if needs_approval(need.city, need.lines.all()):
        return None
    return not_ready_refusal(_("This need does not require approval. Post it."))


def widening_refusal(need: SupplyRequest, changed: Mapping[str, Any]) -> Refused | None:
    """Return a refusal to widen a posted need that needs approval: by purchase, or to more cities; else None.

    `changed` are the new values of its facts by name, without those that stay.
    """
    buys = (
        AcquisitionType.PURCHASE in changed.get("accepts", ())
        and AcquisitionType.PURCHASE not in need.accepts
    )
    seen = changed.get("visibility", need.visibility)
    is_wider = _VISIBILITIES.index(seen) > _VISIBILITIES.index(need.visibility)
    if need.status != SupplyRequest.Status.OPEN or not (buys or is_wider):
        return None
    if not needs_approval(need.city, need.lines.all()):
        return None
    if buys:
        words = _(
            "This need is open for donations only. To buy goods, post a new need, which must be approved."
        )
        return Refused("needs_approval", words, field="accepts")
    words = _(
        "An approver decides who can see a need before it is posted. Share it with the cities that you choose, or post "
        "a new need."
    )
    return Refused("needs_approval", words, field="visibility")


def waiting_change_refusal(need: SupplyRequest) -> Refused | None:
    """Return a refusal to change lines while a proposed change of them waits for approval, else None."""
    if need.proposal is None or need.waiting_since is None:
        return None
    words = _(
        "A change to this need is waiting for approval. Withdraw that change before you change the lines again."
    )
    return Refused("change_waiting", words)


def proposal_refusal(need: SupplyRequest) -> Refused | None:
    """Return a refusal to propose a change where none is needed, or while another one waits for approval, else None."""
    if need.city.need_approval == City.NeedApproval.NONE:
        return not_ready_refusal(_("Your city posts needs without approval. Change the lines."))
    return waiting_change_refusal(need)


def no_waiting_change_refusal(need: SupplyRequest) -> Refused | None:
    """Return a refusal to decide while no change waits for approval, else None."""
    if waiting_change_refusal(need) is not None:
        return None
    return not_ready_refusal(_("No change to this need is waiting for approval."))


def no_proposed_change_refusal(need: SupplyRequest) -> Refused | None:
    """Return a refusal to withdraw a change while none is proposed, else None."""
    return None if need.proposal is not None else not_ready_refusal(_("No change to this need is proposed."))


# --- who decides ------------------------------------------------------------------------------------------------
def authors_of(need: SupplyRequest) -> frozenset[int]:
    """Return the ids of the users who wrote or changed the need, or sent it for approval.

    Read once per need object. A move reads its own need under the lock.
    """
    known = vars(need)
    if _AUTHORS_CACHE not in known:
        written = history_of(need).filter(verb__in=AUTHORING_VERBS, by__isnull=False)
        known[_AUTHORS_CACHE] = frozenset({need.author_id, *written.values_list("by", flat=True)})
    return cast("frozenset[int]", known[_AUTHORS_CACHE])


def authors_of_change(need: SupplyRequest) -> frozenset[int]:
    """Return the ids of the need's author and of the user who proposed the change to it, if there is one."""
    proposer = need.proposed_by_id
    return frozenset({need.author_id} if proposer is None else {need.author_id, proposer})


def may_decide_on_need(by: Actor, need: SupplyRequest) -> bool | Refused:
    """Return True for an approver who neither wrote nor changed the need, else False or a refusal.

    A delegate is refused too if the absent approver would be.
    """
    return by.may(Power.APPROVE, need) and _may_decide(by, need, authors_of(need))


def may_decide_on_change(by: Actor, need: SupplyRequest) -> bool | Refused:
    """Return True for an approver who neither created the need nor proposed the change, else False or a refusal."""
    return by.may(Power.APPROVE, need) and _may_decide(by, need, authors_of_change(need))


def may_return_need(by: Actor, need: SupplyRequest) -> bool:
    """Return True for an approver, and for the city's officers, who may take the need back."""
    return by.may(Power.APPROVE, need) or by.may(Power.POST_REQUEST, need)


def may_return_change(by: Actor, need: SupplyRequest) -> bool:
    """Return True for an approver."""
    return by.may(Power.APPROVE, need)


def _may_decide(by: Actor, need: SupplyRequest, authors: frozenset[int]) -> bool | Refused:
    if by.user_id in authors:
        words = _("You created or changed this need, so someone else must decide on it.")
        return Refused(NOT_ALLOWED, words, show=True)
    if delegations_for_need(by, need) and delegation_for_decision(by, need, authors) is None:
        words = _("The person you act for created or changed this need. Someone else must decide on it.")
        return Refused(NOT_ALLOWED, words, show=True)
    return True


def delegations_for_need(by: Actor, need: SupplyRequest) -> list[ActiveDelegation]:
    """Return the delegations under which the actor approves for the need's city today.

    Empty for an approver of the city.
    """
    delegations = by.delegations if isinstance(by, Permissions) else ()
    return [one for one in delegations if one.city_id == need.city_id]


def delegation_for_decision(
    by: Actor, need: SupplyRequest, authors: frozenset[int]
) -> ActiveDelegation | None:
    """Return the first delegation whose absent approver is none of the authors, or None."""
    return next((one for one in delegations_for_need(by, need) if one.delegator_id not in authors), None)
