"""Readiness before ordering: which papers the lane of an offer will need, who owes each, which it has, and what cannot be met."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.leads.gathering.origins import origin_of
from procurement.leads.gathering.readiness import Lane, lanes_of, readiness
from procurement.leads.gathering.twins import TRADES
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.origins import Said
from procurement.leads.rules.readiness import Has, Ready
from procurement.suppliers.models.certificate import Certificate
from procurement.web.customs_rules.asked import address
from procurement.web.customs_rules.words import doubt
from workflow.errors import Words

WORDS: Mapping[Has, Words] = {
    Has.CANNOT: _("cannot be met"),
    Has.REFUSED: _("shown, and does not hold"),
    Has.UNSTATED: _("who will use the goods is not stated"),
    Has.MISSING: _("to be brought"),
    Has.SHOWN: _("shown, not confirmed yet"),
    Has.HAVE: _("the offer has it"),
}

SAYS: Mapping[Said, Words] = {
    Said.STOCK: _("by the place of the stock"),
    Said.INCOTERM: _("by the place named with the Incoterm"),
    Said.MAKER: _("by the maker’s country"),
    Said.SELLER: _("by the seller’s country"),
}


def of_offer(lead: SupplierLead, certificates: Iterable[Certificate], on: date) -> dict[str, Any] | None:
    """What the card of an offer shows, with the routes that others of its facts give; None where no customs stands between."""
    held = list(certificates)
    routes = [_route(lead, lane, held) for lane in lanes_of(lead, on)]
    if not routes:
        return None
    return {
        **routes[0],
        "routes": routes,
        "at_home_too": origin_of(lead).is_at_home_too(lead.city.country),
        "unsaid": routes[0]["lane"].said is Said.SELLER and lead.supplier.current.role in TRADES,
    }


def _route(lead: SupplierLead, lane: Lane, certificates: Iterable[Certificate]) -> dict[str, Any]:
    found = [_shown(one) for one in readiness(lead, lane, certificates)]
    firm = [one for one in found if one["asked"].blocks or one["ready"].has in {Has.CANNOT, Has.UNSTATED}]
    said = {
        name: getattr(lane, name) for name in ("origin", "destination", "use", "dealing", "receiver", "mode")
    }
    return {
        "lane": lane,
        "by": SAYS[lane.said],
        "stopping": [one for one in firm if one["ready"].stops and one["ready"].has is not Has.MISSING],
        "firm": firm,
        "others": [one for one in found if one not in firm],
        "address": address(**said, product=lead.product.code),
    }


def _shown(one: Ready) -> dict[str, Any]:
    return {
        "ready": one,
        "asked": one.asked,
        "rule": one.asked.rule,
        "has": WORDS[one.has],
        "doubt": doubt(one.asked),
    }
