"""Report on one certificate: each question about it, with its result (holds, doubtful or unknown).

Doubtful results are the findings themselves, so that the list and the findings cannot differ. Each result
has its reason and its source.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.certificate_acceptability import (
    CERTIFICATE_LOWER_CLASS,
    CERTIFICATE_NOT_ACCEPTED,
    CERTIFICATE_OF_IMPORTER,
    CLASS_ONE_WITH_NOTIFIED_BODY,
    DECLARATION_NOT_BY_MANUFACTURER,
)
from procurement.leads.screening.certificate_dates import (
    CERTIFICATE_BEFORE_COMPANY,
    CERTIFICATE_BEFORE_NUMBER_YEAR,
    CERTIFICATE_ENDS_IN_TRANSIT,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_ISSUED_IN_FUTURE,
    CERTIFICATE_NO_END,
    CERTIFICATE_NUMBER_YEAR_FUTURE,
    CERTIFICATE_OLD,
    CERTIFICATE_VALIDITY_TOO_LONG,
)
from procurement.leads.screening.certificate_goods import (
    CERTIFICATE_NOT_FOR_NEED_LINE,
    CERTIFICATE_OTHER_MODEL,
    CERTIFICATE_OTHER_STANDARD,
)
from procurement.leads.screening.certificate_holders import (
    CERTIFICATE_HOLDER_DIFFERS,
    CERTIFICATE_HOLDER_OTHER_SCRIPT,
    CERTIFICATE_OF_MANUFACTURER,
    CERTIFICATE_OTHER_MANUFACTURER,
    CERTIFICATE_PROVINCE_DIFFERS,
    CERTIFICATE_WITHOUT_LETTER,
)
from procurement.leads.screening.certificate_issuers import (
    CERTIFICATE_INVALIDATED,
    ISSUER_ANSWER_OUTDATED,
    ISSUER_DENIES,
)
from procurement.leads.screening.certificate_numbers import (
    CERTIFICATE_MALFORMED,
    CERTIFICATE_NUMBER_OTHER_GOODS,
    CERTIFICATE_NUMBER_SHARED,
    CERTIFICATE_NUMBER_WRONG_OFFICE,
    REPORT_NUMBER_MISSING,
    REPORT_TWO_MODELS,
)
from procurement.leads.screening.certificates import FILE_SHARED
from procurement.leads.screening.notified_bodies import (
    CERTIFICATE_BODY_TO_CHECK,
    CERTIFICATE_MODULE_MISSING,
    CERTIFICATE_OTHER_MODULE,
    CERTIFICATE_TWO_BODIES,
    NOTIFIED_BODY_MISSING,
    NOTIFIED_BODY_UNSUITABLE,
    NOTIFIED_BODY_WITH_WARNING,
)
from procurement.leads.screening.offer_data import CertificateData, FindingData, OfferData
from procurement.leads.screening.rule_types import ScreeningRule, codes_of
from procurement.suppliers.models.issuer_checks import IssuerCheck
from workflow.errors import LazyText


class QuestionOutcome(StrEnum):
    """Result of one question about a certificate."""

    CONFIRMED = "holds"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CertificateQuestion:
    """One question that the report answers about a certificate, as a `text`.

    A finding of one of the `rules` answers it with "doubtful". Otherwise `is_answerable` says whether it can be answered:
    if so, the result is "holds", else "unknown". `confirmed_text` and `unknown_text` explain these two results. `source_of` returns the
    source of a "holds".
    """

    code: str
    text: LazyText
    rules: tuple[ScreeningRule, ...]
    is_answerable: Callable[[CertificateData, OfferData], bool]
    confirmed_text: LazyText
    unknown_text: LazyText
    source_of: Callable[[CertificateData], str] = lambda paper: ""


@dataclass(frozen=True)
class QuestionResult:
    """Result of one question about one certificate.

    `explanation`: why the result is "holds" or "unknown". `catalogue_reason`: the catalogue's reason for a "holds". `findings`: the
    findings of a "doubtful". `source`: the source of the result.
    """

    question: CertificateQuestion
    outcome: QuestionOutcome
    explanation: LazyText = ""
    catalogue_reason: dict[str, Any] | None = None
    findings: Sequence[FindingData] = field(default_factory=tuple)
    source: str = ""


def answer_questions(
    certificate: CertificateData, offer: OfferData, found: Sequence[FindingData]
) -> list[QuestionResult]:
    """Return the result of every question about a certificate, in reading order.

    `found`: the findings of the offer.
    """
    mine = [one for one in found if one.subject == certificate.reference or one.code in CERTIFICATE_SET_CODES]
    return [
        _question_result(
            question, certificate, offer, [one for one in mine if one.code in codes_of(question.rules)]
        )
        for question in CERTIFICATE_QUESTIONS
    ]


def _question_result(
    question: CertificateQuestion,
    certificate: CertificateData,
    offer: OfferData,
    found: Sequence[FindingData],
) -> QuestionResult:
    if found:
        source = " ".join(dict.fromkeys(one.source for one in found if one.source))
        return QuestionResult(question, QuestionOutcome.DOUBTFUL, findings=found, source=source)
    if question.is_answerable(certificate, offer):
        why = {"worth": certificate.type_acceptance_reason, "body": certificate.signer_acceptance_reason}.get(
            question.code
        )
        return QuestionResult(
            question,
            QuestionOutcome.CONFIRMED,
            question.confirmed_text,
            catalogue_reason=why,
            source=question.source_of(certificate),
        )
    return QuestionResult(question, QuestionOutcome.UNKNOWN, question.unknown_text)


# Rules whose findings are about all certificates of the offer together.
CERTIFICATE_SET_CODES = codes_of((CERTIFICATE_MODULE_MISSING, CERTIFICATE_TWO_BODIES, FILE_SHARED))
CERTIFICATE_QUESTIONS = (
    CertificateQuestion(
        "form",
        _("Number format and check digit"),
        (
            CERTIFICATE_MALFORMED,
            CERTIFICATE_NUMBER_YEAR_FUTURE,
            CERTIFICATE_NUMBER_WRONG_OFFICE,
            CERTIFICATE_NUMBER_OTHER_GOODS,
        ),
        lambda paper, offer: paper.has_known_number_format,
        _("The number has the format expected for its type, but that alone proves nothing."),
        _("Numbers of this type have no fixed format."),
        lambda paper: paper.format_source,
    ),
    CertificateQuestion(
        "worth",
        _("Value of this document type for these goods and this market"),
        (
            DECLARATION_NOT_BY_MANUFACTURER,
            CERTIFICATE_OF_IMPORTER,
            CERTIFICATE_LOWER_CLASS,
            CERTIFICATE_NOT_ACCEPTED,
        ),
        lambda paper, offer: paper.type_acceptance_reason is not None,
        _("This document type is recognized in this market."),
        _("Our rules do not cover this document type for these goods in this market."),
        lambda paper: paper.source,
    ),
    CertificateQuestion(
        "body",
        _("Notified body: act, scope, module and date"),
        (
            NOTIFIED_BODY_UNSUITABLE,
            CERTIFICATE_BODY_TO_CHECK,
            NOTIFIED_BODY_WITH_WARNING,
            CLASS_ONE_WITH_NOTIFIED_BODY,
            CERTIFICATE_OTHER_MODULE,
            NOTIFIED_BODY_MISSING,
        ),
        lambda paper, offer: bool(paper.module and paper.signer),
        _("The body had the required notification on the date of the document."),
        _("No notified body is named; this document type may not need one."),
        lambda paper: paper.signer_source,
    ),
    CertificateQuestion(
        "modules",
        _("Module B, with C2 or D"),
        (CERTIFICATE_MODULE_MISSING, CERTIFICATE_TWO_BODIES),
        lambda paper, offer: bool(paper.module),
        _("One body covers both design and production."),
        _("No module is named."),
        lambda paper: paper.format_source,
    ),
    CertificateQuestion(
        "standard",
        _("Standard compared with the offer and the need line"),
        (CERTIFICATE_OTHER_STANDARD, CERTIFICATE_NOT_FOR_NEED_LINE),
        lambda paper, offer: bool(paper.standards and (offer.offered_standard or offer.required_standards)),
        _("The document names a standard that was offered or requested."),
        _("The document names no standard, or neither the offer nor the need line does."),
    ),
    CertificateQuestion(
        "products",
        _("Products covered"),
        (),
        lambda paper, offer: paper.products is not None,
        _("The document names these goods."),
        _("The document names no goods, so it may apply to any goods."),
    ),
    CertificateQuestion(
        "model",
        _("Models covered"),
        (CERTIFICATE_OTHER_MODEL,),
        lambda paper, offer: paper.covers_model is True,
        _("The document covers the offered model."),
        _("The document or the offer names no model."),
    ),
    CertificateQuestion(
        "holder",
        _("Holder compared with the seller"),
        (
            CERTIFICATE_HOLDER_DIFFERS,
            CERTIFICATE_HOLDER_OTHER_SCRIPT,
            CERTIFICATE_OF_MANUFACTURER,
            CERTIFICATE_WITHOUT_LETTER,
            CERTIFICATE_OTHER_MANUFACTURER,
            CERTIFICATE_PROVINCE_DIFFERS,
        ),
        lambda paper, offer: bool(paper.stated_holder),
        _("The document is in the company’s name, or a letter from its holder was provided."),
        _("The holder was not recorded."),
    ),
    CertificateQuestion(
        "end",
        _("Validity when the goods arrive"),
        (
            CERTIFICATE_EXPIRED,
            CERTIFICATE_ENDS_IN_TRANSIT,
            CERTIFICATE_VALIDITY_TOO_LONG,
            CERTIFICATE_NO_END,
            CERTIFICATE_OLD,
        ),
        lambda paper, offer: paper.valid_until is not None,
        _("The document will still be valid when the goods arrive."),
        _("No expiry date is stated, and we know of none for this document type."),
    ),
    CertificateQuestion(
        "days",
        _("Impossible dates"),
        (CERTIFICATE_ISSUED_IN_FUTURE, CERTIFICATE_BEFORE_NUMBER_YEAR, CERTIFICATE_BEFORE_COMPANY),
        lambda paper, offer: paper.issued is not None,
        _("The issue date is consistent with everything on record."),
        _("The issue date was not recorded."),
    ),
    CertificateQuestion(
        "number",
        _("Same number used by another company or for another model"),
        (CERTIFICATE_NUMBER_SHARED, REPORT_NUMBER_MISSING, REPORT_TWO_MODELS),
        lambda paper, offer: (
            any(char.isalnum() for char in paper.number) and not paper.number_names_other_party
        ),
        _("No other company on record claims this number."),
        _(
            "There is no number, or the number belongs to a laboratory, a notified body or a "
            "company, and several companies may present it."
        ),
    ),
    CertificateQuestion(
        "file",
        _("Same file provided by another company"),
        (FILE_SHARED,),
        lambda paper, offer: offer.file_count > 0,
        _("No file from this company was provided for another company (SHA-256)."),
        _("No file has been provided yet."),
    ),
    CertificateQuestion(
        "issuer",
        _("Issuer’s answer"),
        (CERTIFICATE_INVALIDATED, ISSUER_DENIES, ISSUER_ANSWER_OUTDATED),
        lambda paper, offer: paper.issuer_result == IssuerCheck.Result.CONFIRMED,
        _("The issuer confirmed the document."),
        _("The issuer has not been contacted yet."),
    ),
)
