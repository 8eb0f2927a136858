"""Report on one certificate: each rule examined, with its result (holds, doubtful or unknown). Pure.

Doubtful results are the findings themselves, so that the list and the findings cannot differ. Each result
has its reason and its source.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.offer_data import CertificateData, FindingData, OfferData
from procurement.suppliers.models.issuer_checks import IssuerCheck
from workflow.errors import Words


class RuleOutcome(StrEnum):
    """Result of one rule on a certificate."""

    HOLDS = "holds"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ScreeningRule:
    """One rule examined on a certificate.

    It has its words, the codes of findings that speak against the certificate, a test if the result is
    known, and the reason if not.
    """

    code: str
    words: Words
    against: frozenset[str]
    known: Callable[[CertificateData, OfferData], bool]
    holds: Words
    unknown: Words
    source: Callable[[CertificateData], str] = lambda paper: ""


@dataclass(frozen=True)
class RuleResult:
    """Result of one rule on one certificate.

    `ground`: the words of a rule that found nothing. `found`: the findings of the rule.
    """

    rule: ScreeningRule
    outcome: RuleOutcome
    ground: Words = ""
    why: dict[str, Any] | None = None
    found: Sequence[FindingData] = field(default_factory=tuple)
    source: str = ""


def evaluate_rules(
    paper: CertificateData, offer: OfferData, found: Sequence[FindingData]
) -> list[RuleResult]:
    """Return the result of every rule on a certificate, in reading order.

    `found`: the findings of the offer.
    """
    mine = [one for one in found if one.subject == paper.reference or one.code in SHARED_CODES]
    return [
        _look(rule, paper, offer, [one for one in mine if one.code in rule.against])
        for rule in CERTIFICATE_RULES
    ]


def _look(
    rule: ScreeningRule, paper: CertificateData, offer: OfferData, found: Sequence[FindingData]
) -> RuleResult:
    if found:
        source = " ".join(dict.fromkeys(one.source for one in found if one.source))
        return RuleResult(rule, RuleOutcome.DOUBTFUL, found=found, source=source)
    if rule.known(paper, offer):
        why = {"worth": paper.worth, "body": paper.body_holds}.get(rule.code)
        return RuleResult(rule, RuleOutcome.HOLDS, rule.holds, why=why, source=rule.source(paper))
    return RuleResult(rule, RuleOutcome.UNKNOWN, rule.unknown)


SHARED_CODES = frozenset(
    {"certificate_modules", "certificate_two_bodies", "file_elsewhere"}
)  # findings on all certificates of the offer together
CERTIFICATE_RULES = (
    ScreeningRule(
        "form",
        _("Form of the number and check digit"),
        frozenset(
            {
                "certificate_malformed",
                "certificate_number_future",
                "certificate_number_office",
                "certificate_number_other_goods",
            }
        ),
        lambda paper, offer: paper.form_known,
        _("The number has the form of its kind. That alone proves nothing."),
        _("Numbers of this kind have no fixed form."),
        lambda paper: paper.form_source,
    ),
    ScreeningRule(
        "worth",
        _("What the kind is worth for these goods and this market"),
        frozenset(
            {
                "certificate_declared_by",
                "certificate_importers",
                "certificate_too_low",
                "certificate_worthless",
            }
        ),
        lambda paper, offer: paper.worth is not None,
        _("It counts here."),
        _("Our rules say nothing of this kind for these goods here."),
        lambda paper: paper.source,
    ),
    ScreeningRule(
        "body",
        _("Notified body: act, scope, module, day"),
        frozenset(
            {
                "certificate_body",
                "certificate_body_to_check",
                "certificate_body_watched",
                "certificate_class_one",
                "certificate_other_module",
                "certificate_unsigned",
            }
        ),
        lambda paper, offer: bool(paper.module and paper.body),
        _("On the day of the paper the body was notified for this."),
        _("No notified body is named; this kind may need none."),
        lambda paper: paper.body_source,
    ),
    ScreeningRule(
        "modules",
        _("Module B, and C2 or D beside it"),
        frozenset({"certificate_modules", "certificate_two_bodies"}),
        lambda paper, offer: bool(paper.module),
        _("The design and the making are both covered, by one body."),
        _("It names no module."),
        lambda paper: paper.form_source,
    ),
    ScreeningRule(
        "standard",
        _("Standard, against the offer’s and the line’s"),
        frozenset({"certificate_other_standard", "certificate_not_the_lines"}),
        lambda paper, offer: bool(paper.standards and (offer.offered or offer.asked)),
        _("It names a standard that was offered or asked for."),
        _("It names no standard, or neither the offer nor the line does."),
    ),
    ScreeningRule(
        "products",
        _("Products it covers"),
        frozenset(),
        lambda paper, offer: paper.products is not None,
        _("It names these goods."),
        _("It names no goods: it may be for any."),
    ),
    ScreeningRule(
        "model",
        _("Models it covers"),
        frozenset({"certificate_other_model"}),
        lambda paper, offer: paper.covers is True,
        _("It covers the offered model."),
        _("It names no model, or the offer does not."),
    ),
    ScreeningRule(
        "holder",
        _("Holder, against the seller"),
        frozenset(
            {
                "certificate_holder",
                "certificate_holder_unread",
                "certificate_makers",
                "certificate_not_lent",
                "certificate_other_manufacturer",
                "certificate_province",
            }
        ),
        lambda paper, offer: bool(paper.holder_said),
        _("It is in the name of the company, or a letter of its holder was shown."),
        _("Its holder was not written down."),
    ),
    ScreeningRule(
        "end",
        _("End, as of the day the goods come"),
        frozenset(
            {
                "certificate_expired",
                "certificate_ends_on_the_way",
                "certificate_holds_too_long",
                "certificate_no_end",
                "certificate_long_ago",
            }
        ),
        lambda paper, offer: paper.ends is not None,
        _("It still holds when the goods come."),
        _("It names no end, and we know of none for its kind."),
    ),
    ScreeningRule(
        "days",
        _("Days that cannot be"),
        frozenset({"certificate_future", "certificate_before_number", "certificate_before_company"}),
        lambda paper, offer: paper.issued is not None,
        _("Its day of issue contradicts nothing that is known."),
        _("Its day of issue was not written down."),
    ),
    ScreeningRule(
        "number",
        _("The same number at another company, or for another model"),
        frozenset({"certificate_elsewhere", "certificate_report_open", "report_two_models"}),
        lambda paper, offer: any(char.isalnum() for char in paper.number) and not paper.number_is_anothers,
        _("No other company here claims this number."),
        _(
            "It has no number, or the number is that of a laboratory, a notified body or a company, which many may show."
        ),
    ),
    ScreeningRule(
        "file",
        _("The same file at another company"),
        frozenset({"file_elsewhere"}),
        lambda paper, offer: offer.files > 0,
        _("No file of this company was shown for another one (SHA-256)."),
        _("No file was brought yet."),
    ),
    ScreeningRule(
        "issuer",
        _("What its issuer says"),
        frozenset({"certificate_doubted", "issuer_denies", "issuer_asked_long_ago"}),
        lambda paper, offer: paper.asked_result == IssuerCheck.Result.CONFIRMS,
        _("Its issuer confirmed it."),
        _("Its issuer was not asked yet."),
    ),
)
