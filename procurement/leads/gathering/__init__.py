"""Reading what screening needs to judge an offer: the company, its papers, the line, the prices of others. Reads only."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.formats import uscc_fault
from procurement.catalogue.models.certificates import CertificateStanding
from procurement.catalogue.models.facts import market_of
from procurement.catalogue.models.standards import Acceptance, Standard
from procurement.catalogue.rules.standards import Meeting, Verdict, ending, has_ended, meets_any, successor_of
from procurement.leads.gathering import accounts, companies, lists, marks, needed, papers, prices, receivers
from procurement.leads.gathering.bodies import on_class_one
from procurement.leads.gathering.files import captions_of, held_against_others
from procurement.leads.gathering.landed import Rates
from procurement.leads.gathering.origins import origin_of
from procurement.leads.gathering.papers import is_about, of_other_goods, shown_by
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules import features, pressing
from procurement.leads.rules.features import Feature, Named, counterfeit_signs, levels_in, named_in
from procurement.leads.rules.terms import advance_in, said_of_advance
from procurement.leads.screening import sentences
from procurement.leads.screening.values import Offer
from procurement.suppliers.actions.companies import same_facts
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.numbers import is_malformed, number_of
from workflow.tongues import InThreeLanguages, in_three

OF_NIOSH = frozenset({"RESP_N95", "RESP_N95_SURG"})
OWN_CODES = frozenset(sentences.SENTENCES)
# Days to the port by air from China, "3-5 days", and "3-4 days" more for congestion at its airports in spring 2020: secondary sources,
# to warn only. None is known for goods from elsewhere.
FROM, BY_AIR, AT_CROWDED_AIRPORTS = "CN", 5, 4
CROWDED = (date(2020, 3, 1), date(2020, 6, 30))


def gather(lead: SupplierLead, at: datetime, rates: Rates | None = None) -> Offer:
    """The facts of an offer as screening judges them, as of a moment."""
    on = lead.city.day_at(at)
    supplier = lead.supplier.current
    captions = captions_of(lead)
    alike = {
        fact: [one.reference for one in others] for fact, others in same_facts(supplier, lead.city_id).items()
    }
    chinese = supplier.country == "CN" and supplier.uscc
    return Offer(
        on=on,
        company=supplier.reference,
        arrives_on=_arrival(lead, on),
        travel_days=travel_days(lead, on),
        country=supplier.country,
        number=supplier.uscc,
        number_fault=uscc_fault(supplier.uscc) if chinese else "",
        number_kind=_number_kind(supplier),
        founded_on=supplier.founded_on,
        role=supplier.role,
        email=supplier.email,
        duplicates=sorted({one for others in alike.values() for one in others}),
        same=list(alike),
        accounts=accounts.of(supplier, lead.city_id),
        looked_up=companies.of(lead, on),
        on_lists=lists.of(lead),
        chain=lead.referred_by or supplier.referred_by,
        **_standard(lead, on),
        **_papers(lead, on, captions),
        model=lead.model,
        **_files(supplier),
        price=prices.of(lead, on, rates),
        prepayment=lead.prepayment_percent,
        **_terms(lead),
        **_features(lead, captions),
        family=lead.product.family,
        **_uses(lead, on),
        stock=lead.stock_quantity,
        capacity=lead.capacity_per_day,
    )


def _uses(lead: SupplierLead, on: date) -> dict[str, Any]:
    """What the goods are declared for, what they are needed for, and what customs rules say against it."""
    return {
        "declared_use": lead.declared_use,
        "needed_use": lead.line.supply_request.declared_use if lead.line else "",
        "false_uses": receivers.of(lead, lead.line.supply_request if lead.line else None, on),
    }


def _standard(lead: SupplierLead, on: date) -> dict[str, Any]:
    """Which standard is offered, how it stands to those asked for, and whether its edition still holds."""
    meeting = _meeting(lead, on)
    return {
        "meets": _meets(lead, meeting),
        "meets_why": in_three(meeting.reason),
        "meets_firm": meeting.blocks,
        "meets_source": " ".join(meeting.backing.sources) if meeting.backing else "",
        "asked": ", ".join(standard.label for standard in lead.line.standards.all()) if lead.line else "",
        "offered": lead.standard.label if lead.standard else "",
        "standard_ended": _ended(lead.standard, on),
    }


def _ended(standard: Standard | None, on: date) -> InThreeLanguages | None:
    """That the offered edition has ended by the day, and which took its place."""
    if standard is None or not has_ended(standard, on):
        return None
    editions = Standard.objects.filter(designation=standard.designation, level=standard.level)
    return in_three(ending(standard, successor_of(standard, editions, on)))


def _papers(lead: SupplierLead, on: date, captions: list[str]) -> dict[str, Any]:
    """What the company shows, read once: for the offered goods, for others, and what of what is needed is missing."""
    shown = shown_by(lead.supplier.current, lead.city_id)
    about = [one for one in shown if is_about(one, lead.product)]
    maker = (lead.maker or lead.supplier).current
    markets = {market_of(country) for country in (lead.city.country, maker.country)}
    standings = list(CertificateStanding.objects.about(lead.product, markets, on))
    return {
        "papers": papers.of(lead, on, about, standings, shown),
        "class_one_body": on_class_one((lead.model, lead.remark, *captions), lead.product, about),
        **marks.of(lead, shown),
        "others_papers": of_other_goods(lead, shown),
        "needed_papers": needed.of(lead, about, on, standings),
    }


def _features(lead: SupplierLead, captions: list[str]) -> dict[str, Any]:
    """What is asked for and named otherwise in the words of the offer; what gives a counterfeit of NIOSH's goods away."""
    offered = named_in(lead.model, lead.remark, *captions)
    signs = counterfeit_signs(offered.features) if lead.product.code in OF_NIOSH else []
    return {
        "features_differ": features.differences(_asked(lead), offered, lead.product.family),
        "counterfeit_signs": [sign.value for sign in signs],
    }


def _asked(lead: SupplierLead) -> Named:
    """The features, sizes and levels asked for: in the need's words, by the standards of its line, by what the goods are."""
    need = lead.line.supply_request if lead.line else None
    words = named_in(need.title, need.notes) if need else Named()
    what = lead.line.product.code if lead.line else lead.product.code
    of_goods = {Feature.STERILE} if what in features.STERILE_GOODS else set()
    levels = levels_in(*(one.level for one in lead.line.standards.all())) if lead.line else set()
    return Named(words.features or frozenset(of_goods), words.sizes, frozenset(levels) or words.levels)


def _terms(lead: SupplierLead) -> dict[str, Any]:
    """What the seller's own words say about payment and haste. An advance in the remark counts where the terms name none."""
    words = lead.payment_terms
    advance = advance_in(words)
    if not advance.named and (remarked := said_of_advance(lead.remark)):
        words, advance = remarked, advance_in(remarked)
    return {
        "payment_terms": words,
        "advance_named": advance.named,
        "advance_said": advance.percent,
        "whole_unsaid": advance.whole,
        "pressed": pressing.presses(lead.payment_terms, lead.remark, *_told(lead)),
    }


def _told(lead: SupplierLead) -> list[str]:
    """What was said with the answer, by phone too, where the question brought this offer alone: else it may be about another."""
    question = lead.inquiry
    alone = question is not None and question.remark and not question.answers.exclude(pk=lead.pk).exists()
    return [question.remark] if question is not None and alone else []


def _files(supplier: Supplier) -> dict[str, Any]:
    held = held_against_others(supplier)
    return {
        "file_elsewhere": [other.reference for other in held.others],
        "files_elsewhere": held.shared,
        "files": held.many,
    }


def _number_kind(supplier: Supplier) -> str:
    """What companies are numbered by in its country, where its number cannot be one; China's are judged more closely."""
    kind = number_of(supplier.country)
    wrong = supplier.country != "CN" and is_malformed(supplier.country, supplier.uscc)
    return f"{kind.name} ({supplier.country})" if kind is not None and wrong else ""


def _meets(lead: SupplierLead, meeting: Meeting) -> str:
    """How the goods stand to the line; other goods are neither below its standard nor unknown."""
    named = lead.line is not None and lead.line.standards.exists()
    return SupplierLead.Meets.OTHER if _is_other(lead, named=named) else meeting.verdict.value


def _meeting(lead: SupplierLead, on: date) -> Meeting:
    """How the offered standard stands to those the line accepts; without a line, nothing is asked."""
    asked = list(lead.line.standards.all()) if lead.line else []
    offered = lead.standard
    rows = list(Acceptance.objects.about(asked, offered)) if offered and asked else []
    use = lead.line.supply_request.declared_use if lead.line else lead.declared_use
    meeting = meets_any(asked, offered, market=market_of(lead.city.country), use=use, rows=rows, on=on)
    if _is_other(lead, named=bool(asked)):
        return Meeting(Verdict.UNKNOWN, _("It is other goods than the line asks for."))
    return meeting


def _is_other(lead: SupplierLead, *, named: bool) -> bool:
    """Whether the goods are not of the kind asked for. Within a kind that is counted in one unit the standards decide (AAMI level 3
    for level 2): where none is named, only the product itself is.
    """
    if lead.line is None or lead.line.product_id == lead.product_id:
        return False
    asked = lead.line.product
    return not named or (asked.family, asked.unit) != (lead.product.family, lead.product.unit)


def _arrival(lead: SupplierLead, on: date) -> date:
    """The earliest day the goods could be there: ready, made, and shipped by the fastest mode named, else as is usual by air where
    that is known.
    """
    ways = [days for days in (lead.air_days, lead.sea_days) if days is not None]
    travel = travel_days(lead, on) or min(ways, default=0)
    return max(on, lead.ready_on or on) + timedelta(days=(lead.lead_days or 0) + travel)


def travel_days(lead: SupplierLead, on: date) -> int | None:
    """The days of travel that are counted where the offer names none; None where it does, where the goods cross no border, and where
    they come from a country for which none are known.
    """
    named = lead.air_days is not None or lead.sea_days is not None
    routes = origin_of(lead).routes(lead.city.country)
    if named or not routes or routes[0][0] != FROM:
        return None
    crowded = CROWDED[0] <= on <= CROWDED[1]
    return BY_AIR + (AT_CROWDED_AIRPORTS if crowded else 0)
