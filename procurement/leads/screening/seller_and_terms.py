"""Screening of the seller, the quantity, the features and the terms of an offer."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import Use
from procurement.leads.screening.offer_data import BLOCK, NOTE, WARN, FalseUse, FindingData, OfferData
from workflow.errors import Words

MOST_PREPAID = 30  # percent
STOCK_DAYS = 60  # days of production that a manufacturer plausibly keeps in stock
YOUNG_DAYS = 183
YEAR_DAYS = 365
MUCH_A_DAY = 500_000  # pieces: about ten automatic mask lines, which a young company seldom has
LONGEST_CHAIN = 2
# Pieces an old company may offer without a stated capacity. For masks, the 99th percentile is 1-2 million
# (facts/processes.md 3); the figures for other goods are our own.
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
YOUNG_SHARE = 20  # a company in its first year may have one twentieth of that
TRADES = frozenset({"trader", "broker"})
FREE_MAIL = frozenset(
    ["163.com", "126.com", "yeah.net", "vip.163.com", "qq.com", "vip.qq.com", "foxmail.com", "sina.com"]
    + ["sina.cn", "sohu.com", "139.com", "189.cn", "21cn.com", "aliyun.com", "naver.com", "hanmail.net"]
    + ["gmail.com", "googlemail.com", "icloud.com", "me.com", "msn.com", "aol.com", "mail.com", "proton.me"]
    + ["protonmail.com", "tutanota.com", "zoho.com", "web.de", "laposte.net", "mail.ru", "yandex.ru"]
)
FREE_FAMILIES = ("gmx", "hotmail", "live", "outlook", "yahoo")  # in every country: yahoo.co.jp, hotmail.fr
FREE_MAIL_PATTERN = re.compile(rf"(?:{'|'.join(FREE_FAMILIES)})\.(?:com|net|[a-z]{{2}}|com?\.[a-z]{{2}})")


def screen_seller(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the seller: number, age, similar companies, mail address, intermediaries."""
    if offer.country == "CN" and not offer.number:
        yield FindingData(code="uscc_missing", severity=WARN, figures={"company": offer.company})
    if offer.number_fault:
        malformed = {"number": offer.number, "fault": offer.number_fault}
        yield FindingData(code="uscc_malformed", severity=BLOCK, figures=malformed, source="GB 32100-2015")
    if offer.number_kind:
        other = {"number": offer.number, "number_kind": offer.number_kind}
        yield FindingData(code="number_malformed", severity=WARN, figures=other, source="python-stdnum")
    if offer.founded_on and (offer.on - offer.founded_on).days < YOUNG_DAYS:
        yield FindingData(
            code="company_young", severity=WARN, figures={"founded": offer.founded_on.isoformat()}
        )
    if offer.duplicates:
        yield FindingData(
            code="duplicate_company",
            severity=WARN,
            figures={"others": ", ".join(offer.duplicates), "same": list(offer.same)},
        )
    if is_free_mail(offer.email):
        yield FindingData(code="free_mail", severity=NOTE, figures={"domain": _domain(offer.email)})
    if len(offer.chain) > LONGEST_CHAIN:
        figures = {"links": len(offer.chain), "chain": " → ".join(offer.chain)}
        yield FindingData(code="chain_long", severity=WARN, figures=figures)


def is_free_mail(email: str) -> bool:
    """Return True if the mail address belongs to a free mail service."""
    domain = _domain(email)
    return domain in FREE_MAIL or bool(FREE_MAIL_PATTERN.fullmatch(domain))


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def screen_quantities(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on implausible quantities."""
    if offer.capacity and offer.stock > STOCK_DAYS * offer.capacity:
        figures = {"stock": offer.stock, "days": STOCK_DAYS, "capacity": offer.capacity}
        yield FindingData(code="stock_implausible", severity=WARN, figures=figures)
    yield from _without_capacity(offer)
    if offer.founded_on and (offer.on - offer.founded_on).days < YEAR_DAYS and offer.capacity >= MUCH_A_DAY:
        young = {"capacity": offer.capacity, "founded": offer.founded_on.isoformat()}
        yield FindingData(code="capacity_young", severity=WARN, figures=young)
    if offer.role == "maker" and not offer.stock and not offer.capacity:
        yield FindingData(code="capacity_missing", severity=WARN, figures={"company": offer.company})


def _without_capacity(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding for a large stock without a stated capacity.

    Silent if the stock is usual for such a company, or if the manufacturer counted as many.
    """
    counted = any(row.count is not None and row.count >= offer.stock for row in offer.looked_up)
    usual = usual_stock(offer)
    if offer.capacity or offer.stock <= usual or counted:
        return
    code = "stock_unconfirmed" if offer.role in TRADES else "stock_unproven"
    yield FindingData(code=code, severity=WARN, figures={"stock": offer.stock, "usual": usual})


def usual_stock(offer: OfferData) -> int:
    """Return the usual stock of such goods, in pieces, for a company of this age.

    A company of unknown age counts as half an old one.
    """
    most = USUAL_STOCK.get(offer.family, USUAL_STOCK[""])
    if offer.founded_on is None:
        return most // 2
    return most // YOUNG_SHARE if (offer.on - offer.founded_on).days < YEAR_DAYS else most


def screen_terms(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the advance payment and on the declared use."""
    if offer.prepayment is not None and offer.prepayment > MOST_PREPAID:
        figures = {"percent": offer.prepayment, "most": MOST_PREPAID}
        yield FindingData(code="prepayment_high", severity=WARN, figures=figures)
    yield from _in_words(offer)
    if offer.declared_use and offer.needed_use and offer.declared_use != offer.needed_use:
        uses = {"declared": offer.declared_use, "needed": offer.needed_use}
        stricter = offer.declared_use == Use.MEDICAL
        yield FindingData(
            code="use_stricter" if stricter else "use_mismatch",
            severity=NOTE if stricter else BLOCK,
            figures=uses,
        )
    yield from screen_receivers(offer.false_uses)


def _in_words(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on the advance in the seller's words, compared with the percentage entered."""
    said, field = offer.advance_said, offer.prepayment
    if field is None:
        if offer.advance_named and (said is None or said > MOST_PREPAID):
            code = "advance_open" if said is None else "advance_said"
            yield FindingData(
                code=code, severity=WARN, figures={"terms": offer.payment_terms, "percent": said}
            )
        elif offer.whole_unsaid:
            yield FindingData(code="payment_unsaid", severity=WARN, figures={"terms": offer.payment_terms})
    elif said is not None and said != field:
        figures = {"terms": offer.payment_terms, "said": said, "percent": field}
        yield FindingData(code="advance_differs", severity=WARN, figures=figures)
    elif offer.advance_named and not field:
        yield FindingData(code="advance_denied", severity=WARN, figures={"terms": offer.payment_terms})


def screen_combined_flags(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding for red flags that weigh more together: large advance with haste or free mail.

    A second approver then decides on the order.
    """
    most = max(offer.prepayment or 0, offer.advance_said or 0)
    if most <= MOST_PREPAID and not (
        offer.advance_named and offer.advance_said is None and not offer.prepayment
    ):
        return
    flags = [
        flag
        for flag, there in (("free_mail", is_free_mail(offer.email)), ("pressed", offer.pressed))
        if there
    ]
    if flags:
        yield FindingData(code="flags_together", severity=WARN, figures={"flags": [*flags, "advance"]})


def screen_receivers(false_uses: Iterable[FalseUse]) -> Iterator[FindingData]:
    """Yield findings if the declared use is false, or unproven, for the users of the goods.

    An importer signs for it (customs.md 1.1, Announcement 12).
    """
    for one in false_uses:
        told: dict[str, Any] = {"need": one.need, "what": one.what}
        if one.receivers is None:
            yield FindingData(code="receiver_unstated", severity=WARN, figures=told, source=one.source)
        else:
            yield FindingData(
                code="use_false",
                severity=BLOCK if one.firm else WARN,
                figures={**told, "receivers": one.receivers},
                source=one.source,
                unsure="" if one.firm else "rule",
            )


def screen_features(offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on features that differ from those the need asks for, and on signs of a counterfeit."""
    for asked, instead in offer.features_differ:
        yield FindingData(
            code="feature_differs",
            severity=WARN,
            subject=asked,
            figures={"asked_feature": asked, "feature": instead},
        )
    for sign in offer.counterfeit_signs:
        yield FindingData(code="counterfeit_sign", severity=WARN, subject=sign, figures={"feature": sign})


SENTENCES: dict[str, Words] = {
    "prepayment_high": _(
        "%(percent)s %% is asked before anything is shipped; %(most)s %% is the most that is usual."
    ),
    "use_mismatch": _(
        "The goods are declared for %(declared)s, the need is for %(needed)s. "
        "Choose other goods, or correct the declared use of the offer or of the need."
    ),
    "use_stricter": _(
        "The goods are declared for %(declared)s, the need is for %(needed)s. They may be used for it: customs asks for the papers of "
        "medical goods, and order and declaration must say “medical”."
    ),
    "use_false": _(
        "%(what)s: %(need)s is for %(receivers)s. The importer would sign a false declaration. "
        "Choose medical goods, or correct who will use them in %(need)s."
    ),
    "receiver_unstated": _(
        "%(need)s does not state who will use the goods. They are declared as non-medical, and the importer signs that "
        "nobody will use them for medical work. Enter in %(need)s who will use them."
    ),
    "stock_implausible": _(
        "%(stock)s pieces in stock are more than %(days)s days of what is made in a day, %(capacity)s."
    ),
    "capacity_missing": _("A maker says neither what is in stock nor what is made in a day."),
    "capacity_young": _(
        "%(capacity)s pieces a day are a lot for a company founded on %(founded)s, less than a year before."
    ),
    "stock_unproven": _(
        "%(stock)s pieces are offered, and the capacity is not stated. "
        "Such a company usually has %(usual)s at most (a number of our own). Ask what is made in a day, and have the stock counted."
    ),
    "stock_unconfirmed": _(
        "%(stock)s pieces are offered by a company that only trades, and the capacity is not stated. "
        "Such a company usually has %(usual)s at most (a number of our own). "
        "Ask the maker to confirm the goods, and have the stock counted."
    ),
    "advance_said": _(
        "By the payment terms (“%(terms)s”) %(percent)s %% is asked in advance; the percentage is not filled in. "
        "Ask the seller and fill it in."
    ),
    "advance_open": _(
        "The payment terms (“%(terms)s”) mention an advance payment but not how much. Ask the seller and fill in the percentage."
    ),
    "payment_unsaid": _(
        "The payment terms (“%(terms)s”) ask for all of the price and do not say when. "
        "Ask the seller, and fill in the percentage that is asked in advance."
    ),
    "advance_differs": _(
        "By the payment terms (“%(terms)s”) %(said)s %% is asked in advance, by the offer %(percent)s %%. "
        "Ask the seller which holds, and correct the other."
    ),
    "advance_denied": _(
        "The payment terms (“%(terms)s”) mention an advance payment, and the offer says that nothing is asked in advance. "
        "Ask the seller which holds, and correct the other."
    ),
    "flags_together": _(
        "Warning signs come together: %(flags)s. Pay nothing in advance before the maker confirms the seller. "
        "A second approver decides on the order."
    ),
    "feature_differs": _(
        "The need asks for “%(asked_feature)s”, and the offer mentions “%(feature)s”. "
        "Ask for a photo of the goods before anything is ordered."
    ),
    "counterfeit_sign": _(
        "The offer mentions “%(feature)s”: on a NIOSH-approved respirator, that is a sign of a counterfeit. "
        "Look the number up in its list and ask for a photo of the goods."
    ),
}
