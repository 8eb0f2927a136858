"""Words for candidates: why an offer fits a need line, and what is missing."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from procurement.allocations.candidates.rules import Candidate, MissingFact, Shortfall
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.landed_cost import TransportMode
from workflow.errors import LazyText
from workflow.formatting import format_day, format_money, format_quantity

PLAIN_SHORTFALLS: dict[Shortfall, LazyText] = {
    Shortfall.STANDARD_UNKNOWN: gettext_lazy("standard unknown"),
    Shortfall.EVIDENCE_NEEDED: gettext_lazy("comparable standard, evidence needed"),
    Shortfall.NON_MEDICAL: gettext_lazy("declared for non-medical use"),
    Shortfall.NOT_PURCHASED: gettext_lazy("for sale, but the need accepts donations only"),
    Shortfall.NO_DONATIONS: gettext_lazy("a donation, but the need accepts purchases only"),
    Shortfall.NOT_VERIFIED: gettext_lazy("not verified yet"),
    Shortfall.NO_PRICE: gettext_lazy("no price stated"),
}


def reason_texts(candidate: Candidate) -> list[str]:
    """Return what speaks for the candidate: goods, verification, arrival, cost and free quantity, in the active language."""
    lead = candidate.pair.lead
    texts = [str(candidate.pair.match.level.label)] if candidate.pair.match.counts_in_full else []
    if lead.status == SupplierLead.Status.VERIFIED:
        texts.append(str(lead.get_status_display()))
    texts += [_arrival_text(candidate), _cost_text(candidate)]
    free = format_quantity(lead.free_quantity)
    texts.append(_("%(free)s available") % {"free": free})
    return texts


def _arrival_text(candidate: Candidate) -> str:
    if candidate.arrives_on is None:
        return _("transit time not stated")
    by_sea, by_air = _("in time: by sea on %(day)s"), _("in time: by air on %(day)s")
    if not candidate.is_in_time:
        by_sea, by_air = _("by sea on %(day)s"), _("by air on %(day)s")
    words = by_sea if candidate.mode is TransportMode.SEA else by_air
    return words % {"day": format_day(candidate.arrives_on)}


def _cost_text(candidate: Candidate) -> str:
    lead, landed = candidate.pair.lead, candidate.landed_cost
    if landed is not None:
        words = _("landed cost: %(price)s") if landed.is_complete else _("landed cost: at least %(price)s")
        return words % {"price": format_money(landed.total, lead.city.currency)}
    if lead.kind == SupplierLead.Kind.DONATION:
        return _("Donation")
    if lead.price_in_city_currency is None:
        return _("no price stated")
    price = format_money(lead.price_in_city_currency, lead.city.currency)
    return _("%(price)s per unit, landed cost unknown") % {"price": price}


def missing_texts(candidate: Candidate) -> list[str]:
    """Return what the candidate lacks, in the active language."""
    return [_missing_text(candidate, one) for one in candidate.missing]


def _missing_text(candidate: Candidate, missing: MissingFact) -> str:
    plain = PLAIN_SHORTFALLS.get(missing.shortfall)
    return str(plain) if plain is not None else _WORDS[missing.shortfall](candidate, missing.figure or 0)


def _donated_for(candidate: Candidate, _figure: int) -> str:
    line = candidate.pair.lead.line
    return _("donated for %(need)s") % {"need": line.supply_request.reference if line is not None else ""}


def _above_maximum(candidate: Candidate, _figure: int) -> str:
    line, lead = candidate.pair.line, candidate.pair.lead
    prices = {
        "price": format_money(lead.price_in_city_currency, lead.city.currency),
        "most": format_money(line.max_unit_price, lead.city.currency),
    }
    return _("%(price)s per unit is above the maximum of %(most)s") % prices


def _late(_candidate: Candidate, days: int) -> str:
    words = ngettext("arrives %(n)s day late", "arrives %(n)s days late", days)
    return words % {"n": format_quantity(days)}


def _minimum_order(_candidate: Candidate, pieces: int) -> str:
    return _("minimum order %(least)s") % {"least": format_quantity(pieces)}


def _carton(_candidate: Candidate, pieces: int) -> str:
    return _("whole cartons: at least %(pieces)s") % {"pieces": format_quantity(pieces)}


def _ended(candidate: Candidate, _figure: int) -> str:
    return _("offered until %(day)s") % {"day": format_day(candidate.pair.lead.valid_until)}


_WORDS: dict[Shortfall, Callable[[Candidate, int], str]] = {
    Shortfall.OTHER_NEED: _donated_for,
    Shortfall.PRICE: _above_maximum,
    Shortfall.LATE: _late,
    Shortfall.MINIMUM_ORDER: _minimum_order,
    Shortfall.CARTON: _carton,
    Shortfall.ENDED: _ended,
}
