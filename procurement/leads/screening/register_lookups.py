"""Screening of register lookups about seller and manufacturer. A finding follows the recorded answer.

Only an answer from an official register, or of the manufacturer itself, blocks.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import Use
from procurement.leads.screening.offer_data import BLOCK, WARN, FindingData, LookupResult, OfferData
from procurement.leads.screening.seller_and_terms import LONGEST_CHAIN, YOUNG_DAYS
from procurement.suppliers.models.register_lookups import RegisterLookup
from workflow.errors import Words

Answer, Kind = RegisterLookup.Answer, RegisterLookup.Kind
# Answers that mean the same for every offer, with the code of their finding.
PLAIN_CODES: dict[str, str] = {
    Answer.NOT_REGISTERED: "company_unregistered",
    Answer.STRUCK_OFF: "company_struck_off",
    Answer.DEBTS: "company_debts",
    Answer.INSOLVENT: "company_insolvent",
    Answer.NO_LICENCE: "maker_unlicensed",
    Answer.LICENCE_ENDED: "licence_ended",
    Answer.NOT_LISTED: "not_on_list",
    Answer.CUT: "cut_from_list",
    Answer.OWNER_DIFFERS: "domain_owner",
    Answer.NO_STAFF: "no_staff",
    Answer.OTHER_GOODS: "other_goods",
    Answer.NO_TRADE: "no_trade",
}
CODES_BY_MAKER_ANSWER: dict[str, str] = {Kind.DISTRIBUTOR: "distributor_unknown", Kind.LOT: "lot_unknown"}
NEVER_BLOCK = frozenset({Answer.DEBTS})  # a company in debt may still deliver; pay it nothing in advance
LICENCES = frozenset({Answer.NO_LICENCE, Answer.LICENCE_ENDED})


def screen_lookups(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding for each lookup against the offer, and for a long chain without confirmation.

    A long chain of intermediaries needs the manufacturer's confirmation that it knows the seller.
    """
    for row in offer.looked_up:
        yield from _plain(row, offer)
        yield from _compared(row, offer)
        if row.clear and row.old_after:
            yield _found("looked_up_long_ago", row, what=row.what or "", days=row.old_after)
    asked = any(row.kind == Kind.DISTRIBUTOR for row in offer.looked_up)
    if len(offer.chain) > LONGEST_CHAIN and not asked:
        yield FindingData(code="maker_unconfirmed", severity=WARN, figures={"links": len(offer.chain)})


def _plain(row: LookupResult, offer: OfferData) -> Iterator[FindingData]:
    code = (
        CODES_BY_MAKER_ANSWER.get(row.kind, "")
        if row.answer == Answer.NOT_KNOWN
        else PLAIN_CODES.get(row.answer, "")
    )
    if not code:
        return
    unsure = _doubt(row, offer)
    denied = (
        row.kind in CODES_BY_MAKER_ANSWER and row.answer == Answer.NOT_KNOWN
    )  # the manufacturer itself denies it, as an issuer denies a certificate
    blocks = denied or (row.official and row.answer not in NEVER_BLOCK and not unsure)
    yield _found(code, row, blocks=blocks, unsure=unsure if row.official else "")


def _compared(row: LookupResult, offer: OfferData) -> Iterator[FindingData]:
    """Yield findings from comparing with the offer: fewer pieces counted than offered, a young web domain."""
    if row.count is not None and row.count < offer.stock:
        yield _found("made_fewer", row, count=row.count, stock=offer.stock)
    if row.kind == Kind.DOMAIN and row.since and (row.on - row.since).days < YOUNG_DAYS:
        yield _found("domain_young", row)


def _doubt(row: LookupResult, offer: OfferData) -> str:
    """Return the code for why an official answer only warns, or "" if it may block.

    It only warns if it is about another party, or if the goods may not need the licence or the list.
    """
    if row.answer in NEVER_BLOCK:
        return ""
    if row.kind in (Kind.COMPANY_REGISTER, Kind.INSOLVENCY) and not row.itself:
        return "other_party"
    if row.kind == Kind.EXPORT_LIST:
        return "list_of_day"
    used = offer.needed_use or offer.declared_use
    return "use" if row.answer in LICENCES and used == Use.NON_MEDICAL else ""


def _found(
    code: str, row: LookupResult, *, blocks: bool = False, unsure: str = "", **figures: Any
) -> FindingData:
    since = {"since": row.since.isoformat()} if row.since else {}
    named = {"company": row.company, "whom": row.whom, "day": row.on.isoformat(), "look_up": row.reference}
    return FindingData(
        code=code,
        severity=BLOCK if blocks else WARN,
        subject=row.reference,
        figures={**named, **since, **figures},
        source=row.address,
        unsure=unsure,
    )


SENTENCES: dict[str, Words] = {
    "uscc_malformed": _("The company number %(number)s cannot be real: %(fault)s."),
    "number_malformed": _("The company number %(number)s does not have the form of a %(number_kind)s."),
    "uscc_region": _(
        "The company number %(number)s was given in %(region)s, and the factory is said to be in %(place)s. "
        "Ask for the factory’s own business licence."
    ),
    "uscc_no_business": _(
        "The company number %(number)s does not begin with 9: it is not that of a business. "
        "Ask who sells the goods, and for that company’s licence."
    ),
    "mark_other_country": _(
        "Only makers in %(country)s can have this mark, as far as we remember, and this maker is in another country. "
        "Look its approval up with the authority there."
    ),
    "words_of_no_paper": _(
        "The offer or a paper says “%(said)s”. %(flaw)s Ask for the paper itself, and look it up."
    ),
    "uscc_missing": _("No company number is given."),
    "free_mail": _("The company writes from a free address (%(domain)s)."),
    "duplicate_company": _("The company looks like %(others)s. Both have the same %(same)s."),
    "company_young": _("The company was founded on %(founded)s, less than half a year before the offer."),
    "chain_long": _("The offer came through %(links)s hands: %(chain)s."),
    "maker_unconfirmed": _(
        "The offer came through %(links)s hands, and nobody has asked the maker whether it knows the seller."
    ),
    "company_unregistered": _(
        "%(company)s, %(whom)s: no such company stands in the register (%(look_up)s, %(day)s)."
    ),
    "company_struck_off": _(
        "%(company)s, %(whom)s: the registration ended on %(since)s (%(look_up)s, %(day)s)."
    ),
    "company_debts": _(
        "%(company)s, %(whom)s: debts before a court (%(look_up)s, %(day)s). Pay nothing in advance."
    ),
    "company_insolvent": _(
        "%(company)s, %(whom)s: insolvent, as the insolvency register says (%(look_up)s, %(day)s)."
    ),
    "maker_unlicensed": _(
        "%(company)s has no licence to make these goods (%(look_up)s, %(day)s). A foreign mark is none."
    ),
    "licence_ended": _(
        "The licence of %(company)s to make these goods ended on %(since)s (%(look_up)s, %(day)s)."
    ),
    "not_on_list": _("The goods of %(company)s are not on the authority’s list (%(look_up)s, %(day)s)."),
    "cut_from_list": _(
        "The goods of %(company)s were cut from the authority’s list on %(since)s (%(look_up)s, %(day)s)."
    ),
    "distributor_unknown": _(
        "The maker knows no such distributor: %(company)s (%(look_up)s, %(day)s). "
        "Order nothing until the maker confirms the seller."
    ),
    "lot_unknown": _(
        "The maker says the lot that %(company)s offers is not its own (%(look_up)s, %(day)s). "
        "Order nothing until the maker confirms the lot."
    ),
    "made_fewer": _(
        "%(stock)s pieces are offered, but the maker says only %(count)s exist (%(look_up)s, %(day)s)."
    ),
    "domain_young": _(
        "The web domain of %(company)s was registered on %(since)s only, less than half a year before it was looked up "
        "(%(look_up)s, %(day)s). Whoever clones a site needs a new domain."
    ),
    "domain_owner": _(
        "The web domain of %(company)s is registered to somebody else (%(look_up)s, %(day)s). Call a number from the register."
    ),
    "looked_up_long_ago": _(
        "%(what)s: what was said of %(company)s is of %(day)s, more than %(days)s days ago (%(look_up)s). Look it up again."
    ),
    "no_staff": _("%(company)s, %(whom)s: no staff and no activity were found (%(look_up)s, %(day)s)."),
    "other_goods": _("%(company)s has dealt in other goods only (%(look_up)s, %(day)s)."),
    "no_trade": _("No trade of %(company)s was found at all (%(look_up)s, %(day)s)."),
}
