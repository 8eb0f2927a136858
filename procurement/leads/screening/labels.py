"""Labels of the values in findings, and amounts in the reader's format.

Also reads old findings with one currency for all amounts.
"""

from typing import Any

from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.reference_rows import Confidence, DeclaredUse, Market
from procurement.leads.rules.product_features import PROTECTION_LEVELS, SIZES
from procurement.sanctions.models import NameSource
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.models.register_lookups import RegisterLookup
from workflow.errors import LazyText
from workflow.i18n import lowercase_first

LEGACY_AMOUNTS = (
    "price",
    "median",
    "high",
    "floor",
    "limit",
)  # stored as plain text, with one currency for all


def figures_with_currency(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the figures with a currency for each amount, also for old findings."""
    currency = figures.get("currency")
    if not isinstance(currency, str):
        return figures
    bare = {name: figures[name] for name in LEGACY_AMOUNTS if isinstance(figures.get(name), str)}
    return figures | {name: {"amount": amount, "currency": currency} for name, amount in bare.items()}


def format_amount(value: dict[str, str]) -> str | None:
    """Return an amount or a decimal in the reader's language (`CAD 1.25`, `1,25 CAD`), or None for others."""
    if "decimal" in value:
        return _format_decimal(value["decimal"])
    if "amount" not in value:
        return None
    figure, currency = _format_decimal(value["amount"]), value["currency"]
    french = (get_language() or "en").startswith("fr")
    return f"{figure}\xa0{currency}" if french else f"{currency}\xa0{figure}"


def _format_decimal(figure: str) -> str:
    places = len(figure.partition(".")[2])
    return formats.number_format(figure, decimal_pos=places, use_l10n=True, force_grouping=True)


FEATURE_LABELS: dict[str, LazyText] = {
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
    **{f"level_{level}": format_lazy(_("level {level}"), level=level) for level in PROTECTION_LEVELS},
}
LABELS_BY_FIGURE: dict[str, dict[str, LazyText]] = {
    "fault": {
        "length": _("it must have 18 characters"),
        "characters": _("it contains characters never used in such numbers"),
        "check_digit": _("its check digit is incorrect"),
    },
    "verdict": {
        "impossible": _("cannot be real"),
        "odd": _("does not look genuine"),
    },
    "flaw": {
        "fda": _("The FDA does not issue such certificates, and its registration is not an approval."),
        "status": _("A document with this name has no legal status in Europe."),
        "niosh": _("NIOSH assigns approval numbers but does not issue certificates."),
    },
    "old_for": {
        "doubted": _("which is no longer confirmed"),
        "ended": _("which has expired"),
        "long_ago": _("whose issuer has not been contacted for a long time"),
    },
    "country": {"KR": _("South Korea")},
    "name_source": {choice.value: lowercase_first(choice.label) for choice in NameSource},
    "basis": {choice.value: choice.label for choice in PriceBand.Basis},
    "grade": {choice.value: choice.label for choice in Confidence},
    "declared": {choice.value: choice.label for choice in DeclaredUse},
    "needed": {choice.value: choice.label for choice in DeclaredUse},
    "status": {choice.value: choice.label for choice in Certificate.Status},
    "market": {"": _("everywhere"), **{choice.value: choice.label for choice in Market}},
    "party": {choice.value: lowercase_first(choice.label) for choice in RegisterLookup.Party},
    "result": {choice.value: choice.label for choice in IssuerCheck.Result},
    "flags": {
        "free_mail": _("a free email address"),
        "pressed": _("pressure to pay immediately"),
        "advance": _("a large advance payment"),
    },
    "feature": FEATURE_LABELS,
    "asked_feature": FEATURE_LABELS,
    "same": {
        "number": _("number"),
        "phone": pgettext_lazy("of a company", "phone"),
        "address": pgettext_lazy("of a company", "address"),
        "name": pgettext_lazy("of a company", "name"),
    },
}

DOWNGRADE_REASONS: dict[str, LazyText] = {
    "form": _("The format of these numbers does not come from a reliable source."),
    "rule": _("The source of this rule is not reliable enough."),
    "body": _("The information on this body does not come from an official list."),
    "band": _("The highest known price does not come from a reliable source."),
    "list_model": _("The list price of this model is unknown; it lies between the two prices."),
    "list_manufacturer": _("The manufacturer is not stated; this is one manufacturer’s price list."),
    "maker": _("This is an approval number, which other brands of the same manufacturer may share."),
    "laboratory": _(
        "Companies that sell for the same manufacturer may present the same report. Ask the "
        "laboratory who ordered the test."
    ),
    "theirs": _(
        "This document belongs to the other company. A company that sells on its behalf may "
        "present it with an authorization letter."
    ),
    "holders_differ": _("The two documents name different holders: one was misread or is false."),
    "holder_open": _("One of the two documents does not clearly state its holder. Enter the holder."),
    "other_party": _("The register entry is about a party other than the company making the offer."),
    "list": _(
        "The company refers to a published list instead. Check the list as of that date, and "
        "record what it says."
    ),
    "list_of_day": _("Which list of exporters applies depends on the rules in force on that date."),
    "use": _("The goods are not for medical use and may not need a licence."),
    "same_holder": _(
        "Both documents name the same holder. A company that sells for the holder may present both."
    ),
}

COST_LABELS: dict[str, LazyText] = {
    "goods": _("Goods"),
    "origin": _("Delivery to the carrier and export clearance"),
    "freight": _("Freight"),
    "insurance": _("Insurance"),
    "duty": _("Duty"),
    "inspection": pgettext_lazy("a part of the price", "Inspection"),
}
BASIS_LABELS: dict[str, LazyText] = {
    "offered": _("as offered"),
    "inside": _("included in the price"),
    "anchor": _("a published freight rate"),
    "assumed": _("assumed; the offer gives no figure"),
    "tariff": _("customs tariff"),
    "relief": _("duty relief, if its conditions are met"),
    "gift": _("a donation"),
    "unknown": _("unknown"),
}
COST_NOTES: dict[str, LazyText] = {
    "no_price": _("The offer does not state a price."),
    "no_incoterm": _("No recognized Incoterm is stated, so no other costs are assumed to be in the price."),
    "no_origin": _("Under this Incoterm, the buyer collects the goods and clears them for export."),
    "no_term": _(
        "The Incoterm is not stated, so it is unknown who collects the goods and clears them for export."
    ),
    "by_sea": _("Under this Incoterm, the price is for transport by sea."),
    "no_freight": _("The offer gives no freight rate, and none was published for that period."),
    "no_pallet": _("Enter the units per carton and the cartons per pallet."),
    "no_carton": _("Enter the units per carton, and the carton’s weight and volume."),
    "half_carton": _("The carton’s weight or volume is missing, so the cost may be higher."),
    "catalogue_carton": _("Calculated with a typical carton for these goods."),
    "carried": _("This is the last published rate and may have changed since. Ask for a freight quote."),
    "before_crisis": _(
        "The last published rate dates from before the crisis; the actual rate may be several "
        "times higher. Ask for a freight quote."
    ),
    "no_value": _("Calculated as a share of the value, which is unknown."),
    "no_tariff": _(
        "No duty rate is known for these goods in the destination country. This does not mean "
        "the rate is zero."
    ),
    "no_inspection": _("The inspection cost has not been entered."),
    "no_pieces": _("The number of units that share this cost is unknown."),
}
# Incoterms 2020: each term's duties, then mismatches. From memory, so they are notes and never block.
INCOTERM_NOTES: dict[str, LazyText] = {
    "not_stated": _(
        "No Incoterm is stated. Ask the seller for one. For a city, DAP, or FCA with its own "
        "forwarder, is usually best."
    ),
    "not_known": _("This is not an Incoterms 2020 rule. Ask the seller which rule is meant."),
    "EXW": _(
        "EXW: the city collects the goods at the seller’s premises and clears them for export, "
        "which in China requires a registered exporter. Ask for FCA instead."
    ),
    "FCA": _("FCA: the seller clears the goods for export and hands them over to the city’s forwarder."),
    "FAS": _(
        "FAS: the seller delivers the goods alongside the ship and clears them for export; the "
        "city pays the sea freight."
    ),
    "FOB": _(
        "FOB: the seller loads the goods on the ship and clears them for export; the city pays the sea "
        "freight."
    ),
    "CFR": _(
        "CFR: the seller pays the sea freight. Once the goods are on board, the risk passes to "
        "the city, which insures them."
    ),
    "CIF": _(
        "CIF: the seller pays the sea freight and minimum insurance. Once the goods are on board, "
        "the risk passes to the city."
    ),
    "CPT": _(
        "CPT: the seller pays the carriage. Once the carrier has the goods, the risk passes to "
        "the city, which insures them."
    ),
    "CIP": _(
        "CIP: the seller pays the carriage and insurance. Once the carrier has the goods, the "
        "risk passes to the city."
    ),
    "DAP": _(
        "DAP: the seller delivers the goods to the named place; the city clears them for import "
        "and pays duty and taxes."
    ),
    "DPU": _(
        "DPU: the seller delivers and unloads the goods; the city clears them for import and pays "
        "duty and taxes."
    ),
    "DDP": _(
        "DDP: the seller delivers the goods, clears them for import and pays duty and taxes. The "
        "seller is the importer of record."
    ),
    "by_air": _(
        "This rule is for goods sent by sea, but the offer mentions only air transport. Ask for "
        "FCA, CPT or CIP."
    ),
    "importer": _(
        "The seller has no address in the destination country. Ask under which registration it "
        "imports, and ask for its establishment licence. With an unknown seller, FCA or DAP is "
        "safer."
    ),
}
