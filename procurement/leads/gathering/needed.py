"""Reading which papers the goods need, by law, where they are to be used and where they leave, and which of them nobody shows."""

from collections.abc import Iterator, Sequence
from datetime import date

from procurement.catalogue.models import CertificateStanding
from procurement.catalogue.rules import Worth, asked_for_use, market_of, needed_kinds, stand_ins
from procurement.leads.models import SupplierLead
from procurement.leads.screening import NeededPaper
from procurement.suppliers.models import Certificate
from procurement.suppliers.rules.certificates import DOUBTED
from workflow.tongues import in_three

FEWEST_DIGITS = 3  # in a number of any kind that has a known form; a name like "N95" has two


def of(
    lead: SupplierLead, shown: Sequence[Certificate], on: date, standings: Sequence[CertificateStanding]
) -> list[NeededPaper]:
    """The kinds that are needed and not shown, in the buyer's market and in that of whoever made the goods.

    A paper that was judged false, that has ended, or that bears no number where its kind has one, was not shown. In place of a kind
    goes what the same market takes for the same goods by name: the Chinese list of makers with foreign papers, say.
    """
    maker = (lead.maker or lead.supplier).current
    there = {
        one.kind.code
        for one in shown
        if one.status not in DOUBTED and not (one.valid_until and one.valid_until < on) and _numbered(one)
    }
    markets = dict.fromkeys(market_of(country) for country in (lead.city.country, maker.country))
    found: dict[str, NeededPaper] = {}
    for market in markets:
        for worth in _missing(lead, market, there, standings, on):
            found.setdefault(worth.kind.code, _named(worth, market))
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


def _named(worth: Worth, market: str) -> NeededPaper:
    kind = worth.kind
    return NeededPaper(
        kind_code=kind.code,
        kind={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
        market=market,
        why=in_three(worth.reason),
        firm=worth.backing.firm,
        source=" ".join(worth.backing.sources),
    )
