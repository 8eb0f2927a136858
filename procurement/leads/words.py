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
    "no_term": _(
        "The Incoterm is not stated, so who fetches the goods and clears them for export is not known."
    ),
    "by_sea": _("By this Incoterm the price goes by sea."),
    "no_freight": _("No freight is offered, and none is printed for these days."),
    "no_pallet": _("Say how many pieces a carton and how many cartons a pallet hold."),
    "no_carton": _("Say how many pieces a carton holds, its weight and its volume."),
    "half_carton": _("Weight or volume of the carton is missing: it may be more."),
    "catalogue_carton": _("Reckoned with a usual carton of such goods."),
    "carried": _("The last rate that was printed: it may have changed since. Ask for a freight quote."),
    "before_crisis": _(
        "The last printed rate is older than the crisis: it may be several times more. Ask for a freight quote."
    ),
    "no_value": _("It is a share of the value, which is not known."),
    "no_tariff": _("No duty rate is known for these goods here. It is not nothing."),
    "no_inspection": _("What the inspection costs is not entered."),
    "no_pieces": _("Over how many pieces it is spread is not known."),
}
# What each term asks of a city, Incoterms 2020, and of whom it asks a registration; then what does not fit. As remembered: notes only.
INCOTERMS: dict[str, Words] = {
    "not_stated": _(
        "No Incoterm is stated. Ask the seller for one: for a city, FCA with its own forwarder or DAP is usually best."
    ),
    "not_known": _("This is no term of Incoterms 2020. Ask the seller which one is meant."),
    "EXW": _(
        "EXW: the city fetches the goods at the seller’s door and clears them for export, which in China needs a registered exporter. "
        "Ask for FCA instead."
    ),
    "FCA": _("FCA: the seller clears the goods for export and hands them to the city’s forwarder."),
    "FAS": _(
        "FAS: the seller brings the goods alongside the ship and clears them for export; the city pays the sea freight."
    ),
    "FOB": _(
        "FOB: the seller loads the goods on the ship and clears them for export; the city pays the sea freight."
    ),
    "CFR": _(
        "CFR: the seller pays the sea freight; the risk is the city’s once the goods are on board, and it insures them."
    ),
    "CIF": _(
        "CIF: the seller pays the sea freight and minimum insurance cover; the risk is the city’s once the goods are on board."
    ),
    "CPT": _(
        "CPT: the seller pays the carriage; the risk is the city’s once the carrier has the goods, and it insures them."
    ),
    "CIP": _(
        "CIP: the seller pays the carriage and the insurance; the risk is the city’s once the carrier has the goods."
    ),
    "DAP": _(
        "DAP: the seller brings the goods to the place named; the city clears the import and pays duty and taxes."
    ),
    "DPU": _(
        "DPU: the seller brings and unloads the goods; the city clears the import and pays duty and taxes."
    ),
    "DDP": _(
        "DDP: the seller brings the goods, clears the import, and pays duty and taxes: it is the importer of record."
    ),
    "by_air": _(
        "This term is for goods that go by sea, and the offer mentions air only. Ask for FCA, CPT or CIP."
    ),
    "importer": _(
        "The seller has no address in the country of destination: ask under which registration it imports, and for its establishment "
        "licence. From a seller nobody knows, FCA or DAP is safer."
    ),
}
