"""Rules for unwanted goods: who maintains the list, and which entries are refused."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.requests.unwanted_goods.models import UnwantedGoods
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of


def may_maintain_list(by: Actor, entry: UnwantedGoods) -> bool:
    """Return True for officers of the city; if the entry holds for all cities, for coordinators."""
    return by.may(Power.EDIT_CUSTOMS_RULES if entry.city_id is None else Power.POST_REQUEST, entry)


def invalid_entry_refusal(entry: UnwantedGoods, today: date) -> Refused | None:
    """Return the refusal for an entry without goods or reason, or with a past last day, with its field; or None."""
    if entry.product_id is not None and entry.family:
        return Refused("bad_goods", _("Choose a product or a family, not both."), field="family")
    if entry.product_id is None and entry.standard_id is None and not (entry.family or entry.condition):
        words = _("Choose a product, a family, a standard or a condition.")
        return Refused("bad_goods", words, field="product")
    if not entry.reason:
        return Refused("reason_missing", _("Enter a reason."), field="reason")
    if entry.ends_on is not None and entry.ends_on < today:
        return Refused("day_past", _("Enter today or a later date, or leave it blank."), field="ends_on")
    return None


ADD_UNWANTED_GOODS = Move[UnwantedGoods](
    verb="add",
    label=_("Add unwanted goods"),
    past_tense=_("added the unwanted goods to the list"),
    target=UnwantedGoods.Status.ACTIVE,
    allowed=may_maintain_list,
)
WITHDRAW = Move[UnwantedGoods](
    verb="withdraw",
    label=_("Remove from list"),
    past_tense=_("removed the unwanted goods from the list"),
    source=one_of(UnwantedGoods.Status.ACTIVE),
    target=UnwantedGoods.Status.WITHDRAWN,
    allowed=may_maintain_list,
    requires_reason=True,
)
UNWANTED_GOODS_MOVES = Moves(
    UnwantedGoods,
    ADD_UNWANTED_GOODS,
    WITHDRAW,
    ends={UnwantedGoods.Status.WITHDRAWN: "kept for the record; another entry is added"},
)
