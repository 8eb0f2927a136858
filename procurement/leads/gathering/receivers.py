"""Reading whether the use an offer is declared for is true of who will use the goods."""

from collections.abc import Iterable
from datetime import date, datetime

from procurement.catalogue.rules.papers import Doubt
from procurement.leads.gathering.readiness import of_receiver
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening import offers
from procurement.leads.screening.values import FalseUse, Found
from procurement.requests.models import SupplyRequest
from workflow.tongues import InThreeLanguages, in_three


def of(lead: SupplierLead, need: SupplyRequest | None, on: date) -> list[FalseUse]:
    """What customs rules of a day say against the declared use, given who a need is for; nothing without one."""
    if need is None:
        return []
    return [
        FalseUse(
            need=need.reference,
            what={"en": one.rule.name_en, "fr": one.rule.name_fr, "zh": one.rule.name_zh},
            firm=one.blocks,
            receivers=None if one.doubt is Doubt.RECEIVER else named(need),
            source=" ".join(one.backing.sources)[:600],
        )
        for one in of_receiver(lead, need, on)
    ]


def promised(
    goods: Iterable[tuple[SupplierLead, SupplyRequest]], at: datetime
) -> list[tuple[SupplyRequest, Found]]:
    """What customs rules of the city's day say against offers and the needs that their goods are promised to, which need not be those
    they were made for. Three queries for each pair that is declared for non-medical use, none for the others.
    """
    return [
        (need, found)
        for lead, need in dict.fromkeys(goods)
        for found in offers.receivers(of(lead, need, lead.city.day_at(at)))
    ]


def named(need: SupplyRequest) -> InThreeLanguages:
    """Who will use the goods of a need, in words."""
    return in_three(lambda: ", ".join(need.receivers))
