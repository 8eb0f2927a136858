"""Actions that add goods to the list of unwanted goods, and remove them."""

from datetime import date, datetime

from partners.cities.models import City
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.unwanted_goods import rules
from procurement.requests.unwanted_goods.models import UnwantedGoods
from workflow.actors import Actor
from workflow.days import utc_day
from workflow.moves import register_action


@register_action(rules.ADD_UNWANTED_GOODS)
def add_unwanted_goods(
    city: City | None,
    *,
    product: Product | None = None,
    family: str = "",
    standard: Standard | None = None,
    condition: str = "",
    reason: str,
    ends_on: date | None = None,
    by: Actor,
    at: datetime,
) -> UnwantedGoods:
    """Add goods that a city does not want, or no city if `city` is None, until the end of a day or until removed.

    Refuses an entry that names no goods, or both a product and a family, and a last day that has passed.
    """
    fresh = UnwantedGoods(
        city=city,
        product=product,
        family=family,
        standard=standard,
        condition=condition,
        reason=reason.strip(),
        ends_on=ends_on,
    )
    # An entry for all cities follows no city's calendar.
    today = city.day_at(at) if city is not None else utc_day(at)
    if (no := rules.invalid_entry_refusal(fresh, today)) is not None:
        raise no
    return rules.ADD_UNWANTED_GOODS.create(fresh, by=by, at=at)


@register_action(rules.WITHDRAW)
def withdraw_unwanted_goods(entry: UnwantedGoods, *, reason: str, by: Actor, at: datetime) -> UnwantedGoods:
    """Remove goods from the list, with a reason. The entry stays on record."""
    with rules.WITHDRAW.apply_to(entry, by=by, at=at, reason=reason):
        pass
    return entry
