"""Reading whether the use an offer is declared for is true of who will use the goods."""

from datetime import date

from procurement.catalogue.rules import Doubt
from procurement.leads.gathering.readiness import of_receiver
from procurement.leads.models import SupplierLead
from procurement.leads.screening.values import FalseUse
from procurement.requests.models import SupplyRequest
from workflow.tongues import InThreeLanguages, in_three


def of(lead: SupplierLead, on: date) -> list[FalseUse]:
    """What customs rules of a day say against the declared use, given who the need is for."""
    return [
        FalseUse(
            need=lead.line.supply_request.reference,
            what={"en": one.rule.name_en, "fr": one.rule.name_fr, "zh": one.rule.name_zh},
            firm=one.blocks,
            receivers=None if one.doubt is Doubt.RECEIVER else named(lead.line.supply_request),
            source=" ".join(one.backing.sources)[:600],
        )
        for one in of_receiver(lead, on)
        if lead.line
    ]


def named(need: SupplyRequest) -> InThreeLanguages:
    """Who will use the goods of a need, in words."""
    return in_three(lambda: ", ".join(need.receivers))
