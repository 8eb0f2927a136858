"""The parts of a price landed in words: their names, what each rests on, what is missing. For pages and papers; by code."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.errors import Words

PARTS: dict[str, Words] = {
    "goods": _("Goods"),
    "origin": _("To the carrier, export clearance"),
    "freight": _("Freight"),
    "insurance": _("Insurance"),
    "duty": _("Duty"),
    "inspection": pgettext_lazy("a part of the price", "Inspection"),
}
BASES: dict[str, Words] = {
    "offered": _("as offered"),
    "inside": _("inside the price"),
    "anchor": _("a printed freight rate"),
    "assumed": _("assumed, no figure was offered"),
    "tariff": _("customs tariff"),
    "relief": _("relief from duty, if its conditions are met"),
    "gift": _("a gift"),
    "unknown": _("not known"),
}
WHY: dict[str, Words] = {
    "no_price": _("The offer names no price."),
    "no_incoterm": _("No known Incoterm is named: nothing else is taken to be in the price."),
    "no_origin": _("By this Incoterm the buyer fetches the goods and clears them for export."),
    "by_sea": _("By this Incoterm the price goes by sea."),
    "no_freight": _("No freight is offered, and none is printed for these days."),
    "no_pallet": _("Say how many pieces a carton and how many cartons a pallet hold."),
    "no_carton": _("Say how many pieces a carton holds, its weight and its volume."),
    "half_carton": _("Weight or volume of the carton is missing: it may be more."),
    "catalogue_carton": _("Reckoned with a usual carton of such goods."),
    "carried": _("The last rate that was printed: it may be another by now. Ask for a quote of the freight."),
    "before_crisis": _(
        "The last printed rate is older than the crisis: it may be several times more. Ask for a quote of the freight."
    ),
    "no_value": _("It is a share of the value, which is not known."),
    "no_tariff": _("No duty rate is known for these goods here. It is not nothing."),
    "no_inspection": _("What the inspection costs is not entered."),
    "no_pieces": _("Over how many pieces it is spread is not known."),
}
