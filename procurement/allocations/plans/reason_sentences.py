"""Sentences that say why a need line, or a row of a plan (an offer for a need line), got as much as it did."""

from django.utils.translation import gettext_lazy as _

from procurement.allocations.plans.models import PlanLine, PlanRow
from workflow.errors import LazyText
from workflow.formatting import format_quantity

LINE_REASONS: dict[str, LazyText] = {
    "covered": _("Everything still needed is covered."),
    "no_offer": _("None of the chosen offers is for goods that this line accepts."),
    "kept_away": _("No offer of acceptable goods can be used for this line."),
    "minimum_order": _(
        "Minimum order or pack: %(lot)s. That is more than can still be allocated to this line."
    ),
    "shared": _("All offers that could cover this line are used up."),
}
OBSTACLE_SENTENCES: dict[str, LazyText] = {
    "city": _("offered to another city: %(n)s"),
    "kind": _("sale or donation not accepted: %(n)s"),
    "donor": _("donated for another need: %(n)s"),
    "evidence": _("not verified: %(n)s"),
    "price": _("above the maximum price: %(n)s"),
    "late": _("arriving after the “needed by” date: %(n)s"),
    "lot": _("minimum order or pack too large: %(n)s"),
    "lot_named": _("minimum order or pack too large (%(lot)s or more): %(n)s"),
}
ROW_REASONS: dict[str, LazyText] = {
    "need_covered": _("Nothing more is needed for this line."),
    "offer_used_up": _("Nothing more is available from this offer."),
    "share": _("The rest of the offer goes to other lines."),
    "lot": _("One more pack would exceed the quantity needed."),
}


def line_reason(line: PlanLine) -> str:
    """Return why a line gets as much as it does."""
    return str(LINE_REASONS[line.reason]) % {"lot": format_quantity(line.lot)}


def line_obstacles(line: PlanLine) -> list[str]:
    """Return the obstacles that kept offers of suitable goods from a line, each with the number of offers."""
    named = {"lot": "lot_named"} if line.lot else {}
    return [
        str(OBSTACLE_SENTENCES[named.get(name, name)])
        % {"n": format_quantity(n), "lot": format_quantity(line.lot)}
        for name, n in line.kept_away.items()
    ]


def row_reason(row: PlanRow) -> str:
    """Return the limit on the quantity that the rule proposed for a row, in words."""
    return str(ROW_REASONS[row.reason])
