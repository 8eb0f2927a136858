"""What looks wrong about who offers, how much, and on which terms."""

import re
from collections.abc import Iterator

from procurement.leads.screening.values import BLOCK, NOTE, WARN, Found, Offer

MOST_PREPAID = 30  # percent
STOCK_DAYS = 60  # of capacity, that a maker plausibly keeps
YOUNG_DAYS = 183
A_YEAR = 365
MUCH_A_DAY = 500_000  # pieces: about ten automatic lines of masks, which a young company seldom has
LONGEST_CHAIN = 2
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
    domain = offer.email.rpartition("@")[2].lower()
    if domain in FREE_MAIL or OF_ANY_COUNTRY.fullmatch(domain):
        yield Found(code="free_mail", severity=NOTE, figures={"domain": domain})
    if len(offer.chain) > LONGEST_CHAIN:
        figures = {"links": len(offer.chain), "chain": " → ".join(offer.chain)}
        yield Found(code="chain_long", severity=WARN, figures=figures)


def quantities(offer: Offer) -> Iterator[Found]:
    """Whether there can be so many."""
    if offer.capacity and offer.stock > STOCK_DAYS * offer.capacity:
        figures = {"stock": offer.stock, "days": STOCK_DAYS, "capacity": offer.capacity}
        yield Found(code="stock_implausible", severity=WARN, figures=figures)
    if offer.founded_on and (offer.on - offer.founded_on).days < A_YEAR and offer.capacity >= MUCH_A_DAY:
        young = {"capacity": offer.capacity, "founded": offer.founded_on.isoformat()}
        yield Found(code="capacity_young", severity=WARN, figures=young)
    if offer.role == "maker" and not offer.stock and not offer.capacity:
        yield Found(code="capacity_missing", severity=WARN, figures={"company": offer.company})


def terms(offer: Offer) -> Iterator[Found]:
    """What is asked in advance, and what the goods are declared for."""
    if offer.prepayment is not None and offer.prepayment > MOST_PREPAID:
        figures = {"percent": offer.prepayment, "most": MOST_PREPAID}
        yield Found(code="prepayment_high", severity=WARN, figures=figures)
    if offer.declared_use and offer.needed_use and offer.declared_use != offer.needed_use:
        uses = {"declared": offer.declared_use, "needed": offer.needed_use}
        yield Found(code="use_mismatch", severity=BLOCK, figures=uses)
