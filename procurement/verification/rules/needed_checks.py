"""Rules for the checks that an offer needs, their reasons, and the facts each check depends on.

They depend on product, use, kind of offer, value and supplier status.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.payment_terms import MAX_PREPAID_PERCENT_NUMBER
from procurement.leads.screening.rule_types import Rule, RuleNumber
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.rules.certificates import CERTIFICATE_FACT_PREFIX, certificate_fact_name
from procurement.verification.models import CheckKind
from workflow.errors import LazyText

MIN_PIECES_FOR_VISIT = 10_000  # pieces from which the factory must be visited
MIN_PIECES_FOR_VISIT_OF_APPROVED = 10 * MIN_PIECES_FOR_VISIT  # the same for a company the city has approved
MIN_RESPIRATORS_FOR_SAMPLE = (
    10_000  # respirators from which a laboratory tests one, because the filter is not visible
)

CHECK_REASON_TEXTS: dict[str, LazyText] = {
    "always": _("For every offer, someone must confirm that the company exists."),
    "claims_certificate": _(
        "The offer relies on a certificate, and a certificate number alone proves nothing."
    ),
    "many_pieces": _("For 10,000 units or more, someone must see the goods."),
    "trader": _("A trader buys the goods elsewhere: someone must see them at the source."),
    "watched": _("Your city has this supplier on watch: someone must see the goods."),
    "filter": _(
        "For 10,000 respirators or more, a laboratory must test a sample: a filter cannot be assessed by eye."
    ),
    "too_cheap": _("Priced below material cost: a laboratory must test the composition."),
    "export_rules": _("Medical goods can leave China only with the required registration or declaration."),
    "price_stands_out": _("The price is outside the usual range, so the supplier must explain it."),
    "much_money": _(
        "The bank account must also be checked when the amount is above your city’s "
        "limit or a large advance payment is requested."
    ),
    "again": _("The facts behind this check have changed."),
    "missing": _("The law requires this certificate, and the offer does not include it."),
}

NOT_NEEDED_REASON_TEXTS: dict[str, LazyText] = {
    "no_certificate": _("The offer does not rely on a certificate."),
    "few_pieces": _("Fewer than 10,000 units, from a manufacturer that your city does not have on watch."),
    "known_manufacturer": _(
        "Your city has approved this manufacturer, and there are fewer than 100,000 units."
    ),
    "few_respirators": _("Fewer than 10,000 respirators, not priced below material cost."),
    "no_filter": _("The goods are not respirators and are not priced below material cost."),
    "not_from_china": _("The goods do not come from China."),
    "not_medical": _("The goods are not declared for medical use."),
    "gift": _("The offer is a donation."),
    "usual_price": _("The price is within the usual range."),
    "little_money": _(
        "The amount is within your city’s limit, and no more than 30 percent is requested in advance."
    ),
}

VISIT_MIN_PIECES = RuleNumber(_("Minimum number of units for a site visit"), MIN_PIECES_FOR_VISIT)
APPROVED_VISIT_MIN_PIECES = RuleNumber(
    _("Minimum number of units for a site visit to an approved manufacturer"),
    MIN_PIECES_FOR_VISIT_OF_APPROVED,
)
SAMPLE_MIN_RESPIRATORS = RuleNumber(
    _("Minimum number of respirators for a sample test"), MIN_RESPIRATORS_FOR_SAMPLE
)
# For each kind of check that a rule requires, the reasons that require it and the numbers in them.
REASONS_BY_CHECK: dict[str, tuple[tuple[str, ...], tuple[RuleNumber, ...]]] = {
    CheckKind.BUSINESS_LICENCE: (("always",), ()),
    CheckKind.CERTIFICATE: (("claims_certificate",), ()),
    CheckKind.VISIT: (("many_pieces", "trader", "watched"), (VISIT_MIN_PIECES, APPROVED_VISIT_MIN_PIECES)),
    CheckKind.SAMPLE_TEST: (("filter", "too_cheap"), (SAMPLE_MIN_RESPIRATORS,)),
    CheckKind.PRICE_EXPLANATION: (("price_stands_out",), ()),
    CheckKind.EXPORT_PERMISSION: (("export_rules",), ()),
    CheckKind.BANK_ACCOUNT: (("much_money",), (MAX_PREPAID_PERCENT_NUMBER,)),
}
CHECK_RULES: tuple[Rule, ...] = tuple(
    Rule(
        code=f"check_{check}",
        description=CheckKind(check).label,
        rationale=rationales.CHECK_REQUIRED,
        remedy=remedies.ACCEPTED_REPORT,
        numbers=numbers,
        sources=(sources.OWN_FIGURE,),
        further_sentences=[CHECK_REASON_TEXTS[reason] for reason in reasons],
    )
    for check, (reasons, numbers) in REASONS_BY_CHECK.items()
)

# Facts of the offer and its company that each check depends on: if one changes, the check is repeated.
_GOODS_FACTS = frozenset({"supplier", "product", "standard", "model", "maker"})
_QUANTITY_FACTS = frozenset(
    {"stock_quantity", "stock_place", "capacity_per_day", "ready_on", "available_until"}
)
FACTS_BY_CHECK: dict[str, frozenset[str]] = {
    CheckKind.BUSINESS_LICENCE: frozenset({"supplier", "company", "register"}),
    CheckKind.CERTIFICATE: _GOODS_FACTS | {"company", "certificates", "listing", "origin"},
    CheckKind.VISIT: _GOODS_FACTS | _QUANTITY_FACTS | {"company", "referred_by", "origin"},
    CheckKind.SAMPLE_TEST: _GOODS_FACTS | {"stock_place"},
    CheckKind.PRICE_EXPLANATION: frozenset(
        {"supplier", "product", "kind", "unit_price", "currency", "incoterm"}
    ),
    CheckKind.EXPORT_PERMISSION: _GOODS_FACTS | {"kind", "declared_use", "certificates", "listing"},
    CheckKind.BANK_ACCOUNT: frozenset(
        {"supplier", "kind", "prepayment_percent", "company", "account", "register", "domain"}
    ),
    CheckKind.MISSING_CERTIFICATE: frozenset(),
}


@dataclass(frozen=True)
class NeededCheck:
    """Check that an offer needs: its kind (`check`) and the code of the reason (`reason_code`).

    `certificate_id` is the id of the certificate to check, if the check is about one.
    """

    check: str
    reason_code: str
    certificate_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CheckFactors:
    """Facts that decide which checks are needed.

    The supplier status is the one that the asking city set for the day, "" for none.
    """

    quantity: int
    supplier_role: str
    country_of_origin: str
    is_medical: bool
    certificate_ids: tuple[int, ...] = ()
    product_family: str = ""
    lead_kind: str = SupplierLead.Kind.SALE
    is_price_unusual: bool = False
    is_below_cost: bool = False
    is_high_value: bool = False
    supplier_status: str = ""


def needed_checks(case: CheckFactors) -> list[NeededCheck]:
    """Return the checks an offer needs before it can be verified, in the best order to make them."""
    sold = case.lead_kind == SupplierLead.Kind.SALE
    from_china = case.country_of_origin == "CN" and case.is_medical
    certificates = [
        NeededCheck(CheckKind.CERTIFICATE, "claims_certificate", certificate)
        for certificate in case.certificate_ids
    ]
    return [
        NeededCheck(CheckKind.BUSINESS_LICENCE, "always"),
        *certificates,
        *_needed_visit(case),
        *_needed_sample_test(case),
        *([NeededCheck(CheckKind.EXPORT_PERMISSION, "export_rules")] if from_china else []),
        *(
            [NeededCheck(CheckKind.PRICE_EXPLANATION, "price_stands_out")]
            if sold and case.is_price_unusual
            else []
        ),
        *([NeededCheck(CheckKind.BANK_ACCOUNT, "much_money")] if sold and case.is_high_value else []),
    ]


@dataclass(frozen=True)
class CheckDecision:
    """Decision of the rules on one kind of check.

    `reason_code` says why the check is needed, `not_needed_code` why not; one of them is empty.
    """

    check: str
    reason_code: str = ""
    not_needed_code: str = ""


def check_decisions(case: CheckFactors) -> list[CheckDecision]:
    """Return the decision on every kind of check that a rule can require, in display order."""
    why = {needed.check: needed.reason_code for needed in needed_checks(case)}
    return [
        CheckDecision(check, reason_code=why[check])
        if check in why
        else CheckDecision(check, not_needed_code=_not_needed_reason(check, case))
        for check in REASONS_BY_CHECK
    ]


def _not_needed_reason(check: str, case: CheckFactors) -> str:
    """Return the code of the first reason why an offer does not need this kind of check."""
    gift = case.lead_kind != SupplierLead.Kind.SALE
    reasons: dict[str, tuple[tuple[bool, str], ...]] = {
        CheckKind.CERTIFICATE: ((True, "no_certificate"),),
        CheckKind.VISIT: (
            (case.quantity >= MIN_PIECES_FOR_VISIT, "known_manufacturer"),
            (True, "few_pieces"),
        ),
        CheckKind.SAMPLE_TEST: (
            (case.product_family == Product.Family.RESPIRATOR, "few_respirators"),
            (True, "no_filter"),
        ),
        CheckKind.EXPORT_PERMISSION: (
            (case.country_of_origin != "CN", "not_from_china"),
            (True, "not_medical"),
        ),
        CheckKind.PRICE_EXPLANATION: ((gift, "gift"), (True, "usual_price")),
        CheckKind.BANK_ACCOUNT: ((gift, "gift"), (True, "little_money")),
    }
    return next(code for holds, code in reasons[check] if holds)


def depends_on_changed_fact(check: str, changed: frozenset[str], certificate: int | None = None) -> bool:
    """Return True if a check depends on a fact that has changed.

    `certificate` is the id of the certificate the check is about. A change of certificates is recorded as
    "certificates", together with the certificate that changed; checks of other certificates stay valid.
    """
    facts = FACTS_BY_CHECK[check] & changed
    if certificate is not None and any(fact.startswith(CERTIFICATE_FACT_PREFIX) for fact in changed):
        facts -= set() if certificate_fact_name(certificate) in changed else {"certificates"}
    return bool(facts)


def _needed_visit(case: CheckFactors) -> list[NeededCheck]:
    """Return the needed factory visit, if any.

    A company that the city has approved is visited only for large quantities.
    """
    enough = (
        MIN_PIECES_FOR_VISIT_OF_APPROVED
        if case.supplier_status == SupplierStatus.Status.APPROVED
        else MIN_PIECES_FOR_VISIT
    )
    reasons = (
        (case.quantity >= enough, "many_pieces"),
        (case.supplier_role != "maker", "trader"),
        (_is_supplier_doubted(case), "watched"),
    )
    why = next((why for holds, why in reasons if holds), None)
    return [NeededCheck(CheckKind.VISIT, why)] if why else []


def _needed_sample_test(case: CheckFactors) -> list[NeededCheck]:
    """Return the needed sample test, if any."""
    many = case.product_family == Product.Family.RESPIRATOR and case.quantity >= MIN_RESPIRATORS_FOR_SAMPLE
    why = "too_cheap" if case.is_below_cost else "filter" if many else None
    return [NeededCheck(CheckKind.SAMPLE_TEST, why)] if why else []


def _is_supplier_doubted(case: CheckFactors) -> bool:
    return case.supplier_status in (
        SupplierStatus.Status.ON_WATCH,
        SupplierStatus.Status.SUSPENDED,
        SupplierStatus.Status.BANNED,
    )
