"""What registers and makers answered about who offers and who makes: the recorded answer is the fact; only an official one blocks."""

from collections.abc import Iterator
from typing import Any

from procurement.catalogue.models.facts import Use
from procurement.leads.screening.offers import LONGEST_CHAIN, YOUNG_DAYS
from procurement.leads.screening.values import BLOCK, WARN, Found, LookedUp, Offer
from procurement.suppliers.models.lookup import LookUp

A, K = LookUp.Answer, LookUp.Kind
# The answers that say one thing whatever the offer, by the code of their finding.
PLAIN: dict[str, str] = {
    A.NOT_REGISTERED: "company_unregistered",
    A.STRUCK_OFF: "company_struck_off",
    A.DEBTS: "company_debts",
    A.INSOLVENT: "company_insolvent",
    A.NO_LICENCE: "maker_unlicensed",
    A.LICENCE_ENDED: "licence_ended",
    A.NOT_LISTED: "not_on_list",
    A.CUT: "cut_from_list",
    A.OWNER_DIFFERS: "domain_owner",
    A.NO_STAFF: "no_staff",
    A.OTHER_GOODS: "other_goods",
    A.NO_TRADE: "no_trade",
}
BY_MAKER: dict[str, str] = {K.DISTRIBUTOR: "distributor_unknown", K.LOT: "lot_unknown"}
NEVER_BLOCK = frozenset({A.DEBTS})  # who owes may still deliver: it is a reason to pay nothing in advance
LICENCES = frozenset({A.NO_LICENCE, A.LICENCE_ENDED})


def looked_up(offer: Offer) -> Iterator[Found]:
    """Every answer that speaks against the offer, and a long chain whose maker nobody has asked."""
    for row in offer.looked_up:
        yield from _plain(row, offer)
        yield from _compared(row, offer)
        if row.clear and row.old_after:
            yield _found("looked_up_long_ago", row, what=row.what or "", days=row.old_after)
    asked = any(row.kind == K.DISTRIBUTOR for row in offer.looked_up)
    if len(offer.chain) > LONGEST_CHAIN and not asked:
        yield Found(code="maker_unconfirmed", severity=WARN, figures={"links": len(offer.chain)})


def _plain(row: LookedUp, offer: Offer) -> Iterator[Found]:
    code = BY_MAKER.get(row.kind, "") if row.answer == A.NOT_KNOWN else PLAIN.get(row.answer, "")
    if not code:
        return
    unsure = _doubt(row, offer)
    denied = (
        row.kind in BY_MAKER and row.answer == A.NOT_KNOWN
    )  # the maker itself says so, as an issuer does of a paper
    blocks = denied or (row.official and row.answer not in NEVER_BLOCK and not unsure)
    yield _found(code, row, blocks=blocks, unsure=unsure if row.official else "")


def _compared(row: LookedUp, offer: Offer) -> Iterator[Found]:
    """What is wrong only beside the offer: fewer pieces than are offered, a site younger than the trade it speaks of."""
    if row.count is not None and row.count < offer.stock:
        yield _found("made_fewer", row, count=row.count, stock=offer.stock)
    if row.kind == K.DOMAIN and row.since and (row.on - row.since).days < YOUNG_DAYS:
        yield _found("domain_young", row)


def _doubt(row: LookedUp, offer: Offer) -> str:
    """Why an official answer only warns: it is about somebody else, or the goods may do without. "" where it may block."""
    if row.answer in NEVER_BLOCK:
        return ""
    if row.kind in (K.COMPANY_REGISTER, K.INSOLVENCY) and not row.itself:
        return "other_party"
    if row.kind == K.EXPORT_LIST:
        return "list_of_day"
    used = offer.needed_use or offer.declared_use
    return "use" if row.answer in LICENCES and used == Use.NON_MEDICAL else ""


def _found(code: str, row: LookedUp, *, blocks: bool = False, unsure: str = "", **figures: Any) -> Found:
    since = {"since": row.since.isoformat()} if row.since else {}
    named = {"company": row.company, "whom": row.whom, "day": row.on.isoformat(), "look_up": row.reference}
    return Found(
        code=code,
        severity=BLOCK if blocks else WARN,
        subject=row.reference,
        figures={**named, **since, **figures},
        source=row.address,
        unsure=unsure,
    )
