"""Rulebook entries on watchlists, and on findings after the offer. One entry for each code.

A test fails for a code without one.
"""

from django.utils.translation import gettext_lazy as _

from procurement.rulebook.entries import BLOCKS, WARNS, Entry

LISTS: tuple[Entry, ...] = (
    Entry(
        code="list_match",
        looks_at=_("Every name behind the offer, beside lists of sanctions and of forced labour"),
        does=(BLOCKS,),
        ground="judged",
        settled="two",
        numbers=("alike",),
        sources=("row",),
    ),
    Entry(
        code="list_confirmed",
        looks_at=_("Names that two persons found to be on a list"),
        does=(BLOCKS,),
        ground="judged",
        settled="two",
        sources=("row",),
    ),
)
LATER: tuple[Entry, ...] = (
    Entry(
        code="account_after_contract",
        looks_at=_("Whether another account was named after the order was placed"),
        does=(BLOCKS,),
        ground="second",
        settled="second_call",
        numbers=("cooling",),
        sources=("F19", "F20"),
    ),
    Entry(
        code="payment_urgent",
        looks_at=_(
            "Whether a second payment is asked for shortly after another, before its goods have moved"
        ),
        does=(BLOCKS,),
        ground="second",
        settled="second_call",
        numbers=("hurry", "cooling"),
        sources=("F19", "F20"),
    ),
    Entry(
        code="reported_no",
        looks_at=_("Questions of a check that somebody on the spot answered by no"),
        does=(WARNS,),
        ground="word",
        settled="report",
        sources=("F37", "F41"),
    ),
    Entry(
        code="customs_doubt",
        looks_at=_("What a customs rule says against the papers of a shipment, without a firm source"),
        does=(WARNS,),
        ground="published_warns",
        settled="goods",
        sources=("row",),
    ),
    Entry(
        code="paper_old",
        looks_at=_("Whether the certificates behind the papers of goods that have not left still hold"),
        does=(WARNS,),
        ground="ours",
        settled="issuer",
        numbers=("fresh",),
        sources=("recorded",),
    ),
    Entry(
        code="declared_otherwise",
        looks_at=_("The customs codes of a declaration, beside those of the goods: their first six digits"),
        does=(WARNS,),
        ground="honest",
        settled="answer",
        sources=("F7",),
    ),
    Entry(
        code="no_hand_over",
        looks_at=_("Goods said to have left that no carrier has taken"),
        does=(WARNS,),
        ground="honest",
        settled="goods",
        numbers=("hand_over",),
        sources=("F12", "F15"),
    ),
    Entry(
        code="parcels_short",
        looks_at=_("Parcels handed over, beside those that arrived"),
        does=(WARNS,),
        ground="honest",
        settled="goods",
        sources=("recorded",),
    ),
    Entry(
        code="came_short",
        looks_at=_("Pieces shipped, beside those accepted at the door"),
        does=(WARNS,),
        ground="honest",
        settled="goods",
        sources=("recorded",),
    ),
)
