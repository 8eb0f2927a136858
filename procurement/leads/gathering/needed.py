"""Reading which papers the goods need, by law, where they are to be used and where they leave, and which of them nobody shows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from procurement.catalogue.models.certificates import CertificateStanding
from procurement.catalogue.models.facts import market_of
from procurement.catalogue.rules.worth import Worth, asked_for_use, needed_kinds, stand_ins
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.papers_shown import NeededPaper
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.lookup import LookUp
from procurement.suppliers.rules import lookups
from procurement.suppliers.rules.certificates import DOUBTED
from procurement.suppliers.rules.lookups import Asked, is_old
from workflow.tongues import in_three

# Kinds of papers that rest on a published list, and the list that is looked up for them. Lists change from day to day.
LISTS = {
    "CN_WL_MED": LookUp.Kind.EXPORT_LIST,
    "CN_WL_NONMED": LookUp.Kind.EXPORT_LIST,
    "US_EUA": LookUp.Kind.PRODUCT_LIST,
}
FEWEST_DIGITS = 3  # in a number of any kind that has a known form; a name like "N95" has two


def of(
    lead: SupplierLead, shown: Sequence[Certificate], on: date, standings: Sequence[CertificateStanding]
) -> list[NeededPaper]:
    """The kinds that are needed and not shown, in the buyer's market and in that of whoever made the goods.

    A paper that was judged false, that has ended, or that bears no number where its kind has one, was not shown. In place of a kind
    goes what the same market takes for the same goods by name: the Chinese list of makers with foreign papers, say.
    """
    maker = (lead.maker or lead.supplier).current
    held = [
        one
        for one in shown
        if one.status not in DOUBTED and not (one.valid_until and one.valid_until < on) and _numbered(one)
    ]
    there = {one.kind.code for one in looked_up_on_lists(lead, held, on)}
    named = {one.kind.code for one in held}
    markets = dict.fromkeys(market_of(country) for country in (lead.city.country, maker.country))
    found: dict[str, NeededPaper] = {}
    for market in markets:
        instead = {worth.kind.code: worth for worth in _missing(lead, market, named, standings, on)}
        for worth in _missing(lead, market, there, standings, on):
            found.setdefault(worth.kind.code, _named(worth, market, on_list=worth.kind.code not in instead))
    return list(found.values())


def _missing(
    lead: SupplierLead, market: str, there: set[str], standings: Sequence[CertificateStanding], on: date
) -> Iterator[Worth]:
    use = lead.line.supply_request.declared_use if lead.line else lead.declared_use
    instead = stand_ins(lead.product, market=market, on=on, standings=standings)
    for worth in needed_kinds(lead.product, market=market, on=on, standings=standings):
        if worth.kind.code not in there and not instead & there and asked_for_use(worth.kind, use):
            yield worth


def _numbered(certificate: Certificate) -> bool:
    """Whether it bears a number, where numbers of its kind have one: "NIOSH N95" is a name, and no approval."""
    digits = sum(char.isdigit() for char in certificate.number_key)
    return not certificate.kind.number_hint or digits >= FEWEST_DIGITS


def looked_up_on_lists(lead: SupplierLead, papers: Iterable[Certificate], on: date) -> list[Certificate]:
    """The papers that count as shown. One that rests on a published list counts once its issuer confirmed it, or the company or the
    maker was found on that list by the day.
    """
    held = list(papers)
    if not any(one.kind.code in LISTS for one in held):
        return held
    companies = {one.pk: one for one in (lead.supplier.current, (lead.maker or lead.supplier).current)}
    listed = {kind for company in companies.values() for kind in _listed(company, lead, on)}
    confirmed = Certificate.Status.CONFIRMED
    return [
        one
        for one in held
        if one.kind.code not in LISTS or one.status == confirmed or LISTS[one.kind.code] in listed
    ]


def _listed(company: Supplier, lead: SupplierLead, on: date) -> set[str]:
    """The kinds of lists on which a company itself was found with these goods or any, by the newest answer of each up to the day that
    counts for the city; an old one counts no more.
    """
    rows = LookUp.objects.standing().for_city(lead.city_id).of(company).filter(answered_on__lte=on)
    newest: dict[str, LookUp] = {}
    for row in lookups.newest(rows.filter(whom=LookUp.Whom.ITSELF), Asked(lead.product_id, lead.model)):
        newest.setdefault(row.kind, row)
    listed = (row for row in newest.values() if row.answer == LookUp.Answer.LISTED)
    return {row.kind for row in listed if not is_old(row.kind, row.answered_on, on)}


def _named(worth: Worth, market: str, *, on_list: bool) -> NeededPaper:
    kind = worth.kind
    return NeededPaper(
        kind_code=kind.code,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        market=market,
        why=in_three(worth.reason),
        firm=worth.backing.firm,
        on_list=on_list,
        source=" ".join(worth.backing.sources),
    )
