"""What looks wrong about who offers, how much, and on which terms."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from procurement.catalogue.models.facts import Use
from procurement.leads.screening.values import BLOCK, NOTE, WARN, FalseUse, Found, Offer

MOST_PREPAID = 30  # percent
STOCK_DAYS = 60  # of capacity, that a maker plausibly keeps
YOUNG_DAYS = 183
A_YEAR = 365
MUCH_A_DAY = 500_000  # pieces: about ten automatic lines of masks, which a young company seldom has
LONGEST_CHAIN = 2
# Pieces that an old company may have without saying what it makes in a day. Of masks the 99th percentile of offers is 1 to 2 million
# (facts/processes.md 3); those of other goods are our own.
USUAL_STOCK = {
    "": 500_000,
    "mask": 2_000_000,
    "respirator": 2_000_000,
    "glove": 20_000_000,
    "gown": 500_000,
    "coverall": 300_000,
    "eye_face": 1_000_000,
    "test": 2_000_000,
    "hygiene": 1_000_000,
    "device": 10_000,
}
YOUNG_SHARE = 20  # a company in its first year: a twentieth of that
TRADES = frozenset({"trader", "broker"})
FREE_MAIL = frozenset(
    ["163.com", "126.com", "yeah.net", "vip.163.com", "qq.com", "vip.qq.com", "foxmail.com", "sina.com"]
    + ["sina.cn", "sohu.com", "139.com", "189.cn", "21cn.com", "aliyun.com", "naver.com", "hanmail.net"]
    + ["gmail.com", "googlemail.com", "icloud.com", "me.com", "msn.com", "aol.com", "mail.com", "proton.me"]
    + ["protonmail.com", "tutanota.com", "zoho.com", "web.de", "laposte.net", "mail.ru", "yandex.ru"]
)
FREE_FAMILIES = ("gmx", "hotmail", "live", "outlook", "yahoo")  # of every country: yahoo.co.jp, hotmail.fr
OF_ANY_COUNTRY = re.compile(rf"(?:{'|'.join(FREE_FAMILIES)})\.(?:com|net|[a-z]{{2}}|com?\.[a-z]{{2}})")


def company(offer: Offer) -> Iterator[Found]:
    """Who offers: the number, the age, whom they look like, through whose hands it came."""
    if offer.country == "CN" and not offer.number:
        yield Found(code="uscc_missing", severity=WARN, figures={"company": offer.company})
    if offer.number_fault:
        malformed = {"number": offer.number, "fault": offer.number_fault}
        yield Found(code="uscc_malformed", severity=BLOCK, figures=malformed, source="GB 32100-2015")
    if offer.number_kind:
        other = {"number": offer.number, "number_kind": offer.number_kind}
        yield Found(code="number_malformed", severity=WARN, figures=other, source="python-stdnum")
    if offer.founded_on and (offer.on - offer.founded_on).days < YOUNG_DAYS:
        yield Found(code="company_young", severity=WARN, figures={"founded": offer.founded_on.isoformat()})
    if offer.duplicates:
        yield Found(
            code="duplicate_company",
            severity=WARN,
            figures={"others": ", ".join(offer.duplicates), "same": list(offer.same)},
        )
    if is_free(offer.email):
        yield Found(code="free_mail", severity=NOTE, figures={"domain": _domain(offer.email)})
    if len(offer.chain) > LONGEST_CHAIN:
        figures = {"links": len(offer.chain), "chain": " → ".join(offer.chain)}
        yield Found(code="chain_long", severity=WARN, figures=figures)


def is_free(email: str) -> bool:
    """Whether a mail address is one of a service that is free for everybody."""
    domain = _domain(email)
    return domain in FREE_MAIL or bool(OF_ANY_COUNTRY.fullmatch(domain))


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def quantities(offer: Offer) -> Iterator[Found]:
    """Whether there can be so many."""
    if offer.capacity and offer.stock > STOCK_DAYS * offer.capacity:
        figures = {"stock": offer.stock, "days": STOCK_DAYS, "capacity": offer.capacity}
        yield Found(code="stock_implausible", severity=WARN, figures=figures)
    yield from _without_capacity(offer)
    if offer.founded_on and (offer.on - offer.founded_on).days < A_YEAR and offer.capacity >= MUCH_A_DAY:
        young = {"capacity": offer.capacity, "founded": offer.founded_on.isoformat()}
        yield Found(code="capacity_young", severity=WARN, figures=young)
    if offer.role == "maker" and not offer.stock and not offer.capacity:
        yield Found(code="capacity_missing", severity=WARN, figures={"company": offer.company})


def _without_capacity(offer: Offer) -> Iterator[Found]:
    """A stock that no stated capacity explains, beside what such a company usually has; silent where the maker counted as many."""
    counted = any(row.count is not None and row.count >= offer.stock for row in offer.looked_up)
    usual = usual_stock(offer)
    if offer.capacity or offer.stock <= usual or counted:
        return
    code = "stock_unconfirmed" if offer.role in TRADES else "stock_unproven"
    yield Found(code=code, severity=WARN, figures={"stock": offer.stock, "usual": usual})


def usual_stock(offer: Offer) -> int:
    """How many pieces of such goods a company of this age usually has; one whose age is not stated counts between the two."""
    most = USUAL_STOCK.get(offer.family, USUAL_STOCK[""])
    if offer.founded_on is None:
        return most // 2
    return most // YOUNG_SHARE if (offer.on - offer.founded_on).days < A_YEAR else most


def terms(offer: Offer) -> Iterator[Found]:
    """What is asked in advance, and what the goods are declared for."""
    if offer.prepayment is not None and offer.prepayment > MOST_PREPAID:
        figures = {"percent": offer.prepayment, "most": MOST_PREPAID}
        yield Found(code="prepayment_high", severity=WARN, figures=figures)
    yield from _in_words(offer)
    if offer.declared_use and offer.needed_use and offer.declared_use != offer.needed_use:
        uses = {"declared": offer.declared_use, "needed": offer.needed_use}
        stricter = offer.declared_use == Use.MEDICAL
        yield Found(
            code="use_stricter" if stricter else "use_mismatch",
            severity=NOTE if stricter else BLOCK,
            figures=uses,
        )
    yield from receivers(offer.false_uses)


def _in_words(offer: Offer) -> Iterator[Found]:
    """The advance that the seller's words name, beside the percentage that was filled in."""
    said, field = offer.advance_said, offer.prepayment
    if field is None:
        if offer.advance_named and (said is None or said > MOST_PREPAID):
            code = "advance_open" if said is None else "advance_said"
            yield Found(code=code, severity=WARN, figures={"terms": offer.payment_terms, "percent": said})
        elif offer.whole_unsaid:
            yield Found(code="payment_unsaid", severity=WARN, figures={"terms": offer.payment_terms})
    elif said is not None and said != field:
        figures = {"terms": offer.payment_terms, "said": said, "percent": field}
        yield Found(code="advance_differs", severity=WARN, figures=figures)
    elif offer.advance_named and not field:
        yield Found(code="advance_denied", severity=WARN, figures={"terms": offer.payment_terms})


def together(offer: Offer) -> Iterator[Found]:
    """Red flags that weigh more together: a stranger's free address or haste, with much money in advance. A second approver decides."""
    most = max(offer.prepayment or 0, offer.advance_said or 0)
    if most <= MOST_PREPAID and not (
        offer.advance_named and offer.advance_said is None and not offer.prepayment
    ):
        return
    flags = [
        flag for flag, there in (("free_mail", is_free(offer.email)), ("pressed", offer.pressed)) if there
    ]
    if flags:
        yield Found(code="flags_together", severity=WARN, figures={"flags": [*flags, "advance"]})


def receivers(false_uses: Iterable[FalseUse]) -> Iterator[Found]:
    """Whether the declared use is true of who will use the goods: an importer signs for it (customs.md 1.1, Announcement 12)."""
    for one in false_uses:
        told: dict[str, Any] = {"need": one.need, "what": one.what}
        if one.receivers is None:
            yield Found(code="receiver_unstated", severity=WARN, figures=told, source=one.source)
        else:
            yield Found(
                code="use_false",
                severity=BLOCK if one.firm else WARN,
                figures={**told, "receivers": one.receivers},
                source=one.source,
                unsure="" if one.firm else "rule",
            )


def features(offer: Offer) -> Iterator[Found]:
    """Features that the words of the offer name and the need does not want, and signs of a counterfeit."""
    for asked, instead in offer.features_differ:
        yield Found(
            code="feature_differs",
            severity=WARN,
            subject=asked,
            figures={"asked_feature": asked, "feature": instead},
        )
    for sign in offer.counterfeit_signs:
        yield Found(code="counterfeit_sign", severity=WARN, subject=sign, figures={"feature": sign})
