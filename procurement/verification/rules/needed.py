"""Which checks an offer needs, why, and what each of them rests on. Pure: a rule of product, use, kind, value and standing."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.leads.models.offer import SupplierLead
from procurement.suppliers.models.judgement import Standing
from procurement.suppliers.rules.certificates import PAPER, paper_fact
from procurement.verification.models.checks import Check
from workflow.errors import Words

VISIT_FROM = 10_000  # pieces, from which somebody should have stood in the factory
KNOWN_VISIT_FROM = 10 * VISIT_FROM  # of a company the city has approved
SAMPLE_FROM = 10_000  # respirators, from which a laboratory tests one: their filter cannot be seen

WHY: dict[str, Words] = {
    "always": _("Every offer: the company must exist."),
    "claims_certificate": _("The offer rests on a certificate, and a number proves nothing alone."),
    "many_pieces": _("From 10,000 pieces on, somebody sees the goods."),
    "trader": _("A trader has the goods from somebody else: somebody sees where."),
    "watched": _("Your city watches this company: somebody sees the goods."),
    "filter": _("From 10,000 respirators on, a laboratory tests a sample: a filter cannot be judged by eye."),
    "too_cheap": _("It costs less than its material: a laboratory tests what it is made of."),
    "export_rules": _("Medical goods leave China only with the right registration or declaration."),
    "price_stands_out": _("The price stands out: the company explains it."),
    "much_money": _(
        "Above your city's limit, or where much is asked in advance, the account is checked too."
    ),
    "again": _("The facts it rested on have changed."),
}

WHY_NOT: dict[str, Words] = {
    "no_certificate": _("The offer rests on no certificate."),
    "few_pieces": _("Fewer than 10,000 pieces, from a maker your city does not watch."),
    "known_maker": _("Your city has approved this maker, and there are fewer than 100,000 pieces."),
    "few_respirators": _("Fewer than 10,000 respirators, and no cheaper than their material."),
    "no_filter": _("No respirator, and no cheaper than its material."),
    "not_from_china": _("It does not come from China."),
    "not_medical": _("It is not declared for medical use."),
    "gift": _("It is a gift."),
    "usual_price": _("Its price does not stand out."),
    "little_money": _("Within your city's limit, and no more than 30 percent is asked in advance."),
}

# The facts of the offer and of its company that each check rests on: when one changes, the check is made anew.
_GOODS = frozenset({"supplier", "product", "standard", "model", "maker"})
_HOW_MANY = frozenset({"stock_quantity", "stock_place", "capacity_per_day", "ready_on", "available_until"})
RESTS_ON: dict[str, frozenset[str]] = {
    Check.BUSINESS_LICENCE: frozenset({"supplier", "company", "register"}),
    Check.CERTIFICATE: _GOODS | {"company", "certificates", "listing", "origin"},
    Check.VISIT: _GOODS | _HOW_MANY | {"company", "referred_by", "origin"},
    Check.SAMPLE: _GOODS | {"stock_place"},
    Check.PRICE: frozenset({"supplier", "product", "kind", "unit_price", "currency", "incoterm"}),
    Check.EXPORT: _GOODS | {"kind", "declared_use", "certificates", "listing"},
    Check.BANK: frozenset(
        {"supplier", "kind", "prepayment_percent", "company", "account", "register", "domain"}
    ),
}


@dataclass(frozen=True)
class Needed:
    """A check an offer needs, and the code of why. `certificate`: the id of the paper it is about, where it is about one."""

    check: str
    why: str
    certificate: int | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """What decides which checks are needed. `standing` is the asking city's own on the day, "" for none."""

    quantity: int
    role: str
    origin: str
    medical: bool
    certificates: tuple[int, ...] = ()
    family: str = ""
    kind: str = SupplierLead.Kind.SALE
    price_stands_out: bool = False
    too_cheap: bool = False
    much_money: bool = False
    standing: str = ""


def needed_checks(case: Case) -> list[Needed]:
    """The checks an offer needs before it can be verified, in the order they are best made."""
    sold = case.kind == SupplierLead.Kind.SALE
    from_china = case.origin == "CN" and case.medical
    papers = [Needed(Check.CERTIFICATE, "claims_certificate", paper) for paper in case.certificates]
    return [
        Needed(Check.BUSINESS_LICENCE, "always"),
        *papers,
        *_seen(case),
        *_tested(case),
        *([Needed(Check.EXPORT, "export_rules")] if from_china else []),
        *([Needed(Check.PRICE, "price_stands_out")] if sold and case.price_stands_out else []),
        *([Needed(Check.BANK, "much_money")] if sold and case.much_money else []),
    ]


@dataclass(frozen=True)
class Decision:
    """What the rule says of one kind of check: why an offer needs it, or why it does not. One of the two is a code, the other ""."""

    check: str
    why: str = ""
    why_not: str = ""


def decisions(case: Case) -> list[Decision]:
    """Every kind of check with what the rule says of it, in the order in which they are listed."""
    why = {needed.check: needed.why for needed in needed_checks(case)}
    return [
        Decision(check, why=why[check]) if check in why else Decision(check, why_not=_why_not(check, case))
        for check in Check.values
    ]


def _why_not(check: str, case: Case) -> str:
    """The first reason for which an offer goes without a check of a kind."""
    gift = case.kind != SupplierLead.Kind.SALE
    reasons: dict[str, tuple[tuple[bool, str], ...]] = {
        Check.CERTIFICATE: ((True, "no_certificate"),),
        Check.VISIT: ((case.quantity >= VISIT_FROM, "known_maker"), (True, "few_pieces")),
        Check.SAMPLE: (
            (case.family == Product.Family.RESPIRATOR, "few_respirators"),
            (True, "no_filter"),
        ),
        Check.EXPORT: ((case.origin != "CN", "not_from_china"), (True, "not_medical")),
        Check.PRICE: ((gift, "gift"), (True, "usual_price")),
        Check.BANK: ((gift, "gift"), (True, "little_money")),
    }
    return next(code for holds, code in reasons[check] if holds)


def rests_on(check: str, changed: frozenset[str], certificate: int | None = None) -> bool:
    """Whether a check was made on a fact that has changed. `certificate`: the id of the one paper it is about.

    A change of papers is told as "certificates", and which one it was beside it: the check of another paper still stands.
    """
    facts = RESTS_ON[check] & changed
    if certificate is not None and any(fact.startswith(PAPER) for fact in changed):
        facts -= set() if paper_fact(certificate) in changed else {"certificates"}
    return bool(facts)


def _seen(case: Case) -> list[Needed]:
    """Whether somebody goes there. A company the city has approved is visited for great quantities only."""
    enough = KNOWN_VISIT_FROM if case.standing == Standing.Status.APPROVED else VISIT_FROM
    reasons = (
        (case.quantity >= enough, "many_pieces"),
        (case.role != "maker", "trader"),
        (_doubted(case), "watched"),
    )
    why = next((why for holds, why in reasons if holds), None)
    return [Needed(Check.VISIT, why)] if why else []


def _tested(case: Case) -> list[Needed]:
    """Whether a laboratory tests a sample."""
    many = case.family == Product.Family.RESPIRATOR and case.quantity >= SAMPLE_FROM
    why = "too_cheap" if case.too_cheap else "filter" if many else None
    return [Needed(Check.SAMPLE, why)] if why else []


def _doubted(case: Case) -> bool:
    return case.standing in (Standing.Status.WATCHED, Standing.Status.SUSPENDED, Standing.Status.BANNED)
