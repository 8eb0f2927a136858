"""When a paper may be made from the record, and by whom. It begins frozen, and nothing changes it afterwards."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.shipments.models.made import MadePaper
from workflow.actors import Actor
from workflow.moves import Move, Moves


def may_make(by: Actor, made: MadePaper) -> bool:
    """Of a shipment: logistics and officers. Of a gift: who writes the city's orders, for it speaks for the city."""
    gift = made.kind in MadePaper.OF_GIFT
    return by.may(Power.ORDER if gift else Power.SHIP, made)


MAKE = Move[MadePaper](
    verb="freeze",
    label=_("Make it from the record"),
    past=_("made the paper from the record"),
    target=MadePaper.Status.FROZEN,
    allowed=may_make,
)

MADE_MOVES = Moves(
    MadePaper,
    MAKE,
    ends={MadePaper.Status.FROZEN: "it says for good what it said; a newer version stands beside it"},
)
