"""Labels of the values in findings, and amounts in the reader's format.

Also reads old findings with one currency for all amounts.
"""

from typing import Any

from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.reference_rows import Confidence, Market, Use
from procurement.leads.rules.product_features import LEVELS, SIZES
from procurement.sanctions.models import NameSource
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.models.register_lookups import RegisterLookup
from workflow.errors import Words

LEGACY_AMOUNTS = (
    "price",
    "median",
    "high",
    "floor",
    "limit",
)  # stored as plain text, with one currency for all


def typed_figures(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the figures with a currency for each amount, also for old findings."""
    currency = figures.get("currency")
    if not isinstance(currency, str):
        return figures
    bare = {name: figures[name] for name in LEGACY_AMOUNTS if isinstance(figures.get(name), str)}
    return figures | {name: {"amount": amount, "currency": currency} for name, amount in bare.items()}


def format_amount(value: dict[str, str]) -> str | None:
    """Return an amount or a decimal in the reader's language (`CAD 1.25`, `1,25 CAD`), or None for others."""
    if "decimal" in value:
        return _decimal(value["decimal"])
    if "amount" not in value:
        return None
    figure, currency = _decimal(value["amount"]), value["currency"]
    french = (get_language() or "en").startswith("fr")
    return f"{figure}\xa0{currency}" if french else f"{currency}\xa0{figure}"


def _decimal(figure: str) -> str:
    places = len(figure.partition(".")[2])
    return formats.number_format(figure, decimal_pos=places, use_l10n=True, force_grouping=True)


FEATURES: dict[str, Words] = {
    "straps": _("head straps"),
    "loops": _("ear loops"),
    "valve": _("a valve"),
    "no_valve": _("no valve"),
    "sterile": _("sterile"),
    "not_sterile": _("not sterile"),
    "children": _("for children"),
    "adults": _("for adults"),
    "ties": _("ties"),
    **{f"size_{size}": format_lazy(_("size {size}"), size=size) for size in SIZES},
    **{f"level_{level}": format_lazy(_("level {level}"), level=level) for level in LEVELS},
}
LABELS: dict[str, dict[str, Words]] = {
    "fault": {
        "length": _("it must have 18 characters"),
        "characters": _("it has characters that no such number has"),
        "check_digit": _("its check digit is wrong"),
    },
    "verdict": {
        "impossible": _("cannot be real"),
        "odd": _("does not look like one"),
    },
    "flaw": {
        "fda": _("The FDA issues no such certificate, and its registration approves nothing."),
        "status": _("A paper of this name has no legal status in Europe."),
        "niosh": _("NIOSH gives an approval number and issues no certificate."),
    },
    "old_for": {
        "doubted": _("which is not confirmed any more"),
        "ended": _("which has ended"),
        "long_ago": _("whose issuer was asked long ago"),
    },
    "country": {"KR": _("Korea")},
    "name_source": {choice.value: choice.label for choice in NameSource},
    "basis": {choice.value: choice.label for choice in PriceBand.Basis},
    "grade": {choice.value: choice.label for choice in Confidence},
    "declared": {choice.value: choice.label for choice in Use},
    "needed": {choice.value: choice.label for choice in Use},
    "status": {choice.value: choice.label for choice in Certificate.Status},
    "market": {"": _("everywhere"), **{choice.value: choice.label for choice in Market}},
    "whom": {choice.value: choice.label for choice in RegisterLookup.Whom},
    "result": {choice.value: choice.label for choice in IssuerCheck.Result},
    "flags": {
        "free_mail": _("a free mail address"),
        "pressed": _("pressure to pay at once"),
        "advance": _("much money in advance"),
    },
    "feature": FEATURES,
    "asked_feature": FEATURES,
    "same": {
        "number": _("number"),
        "phone": pgettext_lazy("of a company", "phone"),
        "address": pgettext_lazy("of a company", "address"),
        "name": pgettext_lazy("of a company", "name"),
    },
}

DOWNGRADES: dict[str, Words] = {
    "form": _("The form of these numbers is not known from a firm source."),
    "rule": _("The source of this rule is not firm."),
    "body": _("What is known of this body is not from an official list."),
    "band": _("The highest price last known is not from a firm source."),
    "list_model": _("The list price of this model is not known: it lies between the two."),
    "list_maker": _("Who made the goods is not said; this is the list of one maker."),
    "maker": _("The number is that of an approval, and other brands of its maker may share it."),
    "laboratory": _(
        "Companies that sell for one maker may show one report: ask the laboratory whom it tested for."
    ),
    "theirs": _("It is the other company’s paper: who sells for it may show it, with a letter."),
    "holders_differ": _("The two papers name different holders: one of them was misread, or is false."),
    "holder_open": _("One of the two papers does not clearly say whose it is. Enter its holder."),
    "other_party": _("The register speaks of somebody else than the company that offers."),
    "list": _(
        "The company names a published list in its place: look it up as of the day, and record what it says."
    ),
    "list_of_day": _("Which list of exporters counts depends on the rules of the day."),
    "use": _("The goods are not for medical use, and may need no licence."),
    "same_holder": _("Both papers name the same holder: who sells for it may show them."),
}

COST_LABELS: dict[str, Words] = {
    "goods": _("Goods"),
    "origin": _("To the carrier, export clearance"),
    "freight": _("Freight"),
    "insurance": _("Insurance"),
    "duty": _("Duty"),
    "inspection": pgettext_lazy("a part of the price", "Inspection"),
}
BASIS_LABELS: dict[str, Words] = {
    "offered": _("as offered"),
    "inside": _("inside the price"),
    "anchor": _("a printed freight rate"),
    "assumed": _("assumed, no figure was offered"),
    "tariff": _("customs tariff"),
    "relief": _("relief from duty, if its conditions are met"),
    "gift": _("a gift"),
    "unknown": _("not known"),
}
COST_NOTES: dict[str, Words] = {
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
# Incoterms 2020: each term's duties, then mismatches. From memory, so they are notes and never block.
INCOTERM_NOTES: dict[str, Words] = {
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
