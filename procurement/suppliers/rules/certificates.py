"""Moves of a certificate: claimed, its number checked, and the answers of its issuer."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.rules.dependent_cities import allowed_unless_shared
from procurement.suppliers.rules.permissions import may_edit_supplier, may_enter_supplier, may_review_supplier
from procurement.suppliers.rules.statuses import person_with_interest_refusal
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of, system_only

ANY_CERTIFICATE_STATUS = frozenset(Certificate.Status.values)
# Issued by an authority or a notified body to one manufacturer for its own goods; no letter transfers them.
MANUFACTURER_BOUND_TYPES = frozenset(
    {
        "CN_NMPA_REG",
        "CN_NMPA_FILING",
        "CN_NMPA_PROD",
        "EU_PPE_B",
        "EU_PPE_C2",
        "EU_PPE_D",
        "EU_MD_NB",
        "ISO_13485",
    }
    | {"US_510K", "US_EUA", "US_NIOSH", "CA_MDL", "CA_IO", "CA_NPN_DIN", "JP_PMD", "KR_MFDS"}
)
# Longest validity in years by type, as far as we know (facts: "expired by 2020, five-year validity", "valid, max 5 years").
VALIDITY_YEARS = {"CN_NMPA_REG": 5, "CN_NMPA_PROD": 5, "EU_PPE_B": 5, "EU_MD_NB": 5, "ISO_13485": 3}
EARLIEST_DAY, LATEST_DAY = date(1950, 1, 1), date(2099, 12, 31)  # a date outside this range was misread

CERTIFICATE_FACT_PREFIX = (
    "certificate:"  # prefix of a changed certificate's id, among the facts on which checks are based
)


def certificate_fact_name(certificate_id: int) -> str:
    """Return the name by which one certificate is listed among the changed facts of its supplier.

    It is listed beside "certificates", which means that any certificate changed.
    """
    return f"{CERTIFICATE_FACT_PREFIX}{certificate_id}"


def impossible_dates_refusal(certificate: Certificate) -> Refused | None:
    """Return the first refusal for impossible dates of a certificate, with its field, else None."""
    issued, ends = certificate.issued_on, certificate.valid_until
    for name, day in (("issued_on", issued), ("valid_until", ends)):
        if day is not None and not EARLIEST_DAY <= day <= LATEST_DAY:
            return Refused("bad_day", _("Enter a date between 1950 and 2099."), field=name)
    if issued and ends and ends < issued:
        words = _("The certificate expires before it was issued. Correct one of the dates.")
        return Refused("bad_day", words, field="valid_until")
    return None


END_ANNOUNCEMENT_DAYS = (30, 7)  # days before its end, the longest first


def end_announcement_days_due(certificate: Certificate, today: date) -> int | None:
    """Return how many days before its end the certificate is to be announced today, or None if not today.

    If it was entered too late for both announcements, only the nearer one is due.
    """
    if certificate.valid_until is None or certificate.valid_until < today:
        return None
    left = (certificate.valid_until - today).days
    due = min((days for days in END_ANNOUNCEMENT_DAYS if left <= days), default=None)
    known = certificate.end_announced
    return due if due is not None and (known is None or due < known) else None


def may_review(by: Actor, certificate: Certificate) -> bool | Refused:
    """Return True for officers and verifiers of any city without a declared interest in the supplier."""
    return may_review_supplier(by, certificate) and (
        person_with_interest_refusal(by, certificate.supplier_id) or True
    )


ADD_CERTIFICATE = Move[Certificate](
    verb="claim",
    label=_("Add a certificate"),
    past_tense=_("added the certificate"),
    target=Certificate.Status.CLAIMED,
    allowed=may_enter_supplier,
)
AMEND = Move[Certificate](
    verb="amend",
    label=_("Correct details"),
    past_tense=_("corrected the certificate"),
    source=ANY_CERTIFICATE_STATUS,
    allowed=allowed_unless_shared(may_edit_supplier),
)
RESET_TO_CLAIMED = Move[Certificate](
    verb="claim_again",
    label=_("Reset to “Claimed”"),
    past_tense=_("reset the certificate to “Claimed” because its facts changed"),
    source=one_of(
        Certificate.Status.WELL_FORMED, Certificate.Status.SUSPECT, Certificate.Status.CONFIRMED
    ),  # other statuses were set by a person, who must confirm them
    target=Certificate.Status.CLAIMED,
    allowed=system_only,
    allowed_for_system=True,
)
PASS_NUMBER_CHECK = Move[Certificate](
    verb="pass_format",
    label=_("Mark number as well formed"),
    past_tense=_("confirmed that the number is well formed"),
    source=one_of(Certificate.Status.CLAIMED),
    target=Certificate.Status.WELL_FORMED,
    allowed=may_review_supplier,
    allowed_for_system=True,
)
FAIL_NUMBER_CHECK = Move[Certificate](
    verb="suspect",
    label=_("Mark as suspect"),
    past_tense=_("marked the certificate as suspect"),
    source=one_of(Certificate.Status.CLAIMED, Certificate.Status.WELL_FORMED),
    target=Certificate.Status.SUSPECT,
    allowed=may_review_supplier,
    allowed_for_system=True,
)
CONFIRM_WITH_ISSUER = Move[Certificate](
    verb="confirm",
    label=_("Record issuer’s confirmation"),
    past_tense=_("recorded the issuer’s confirmation"),
    source=ANY_CERTIFICATE_STATUS - {Certificate.Status.CONFIRMED},
    target=Certificate.Status.CONFIRMED,
    allowed=allowed_unless_shared(may_review),
    requires_reason=True,
)
MARK_UNCONFIRMABLE = Move[Certificate](
    verb="mark_unconfirmable",
    label=_("Record that the certificate could not be confirmed"),
    past_tense=_("recorded that the certificate could not be confirmed"),
    source=ANY_CERTIFICATE_STATUS - {Certificate.Status.UNCONFIRMABLE},
    target=Certificate.Status.UNCONFIRMABLE,
    allowed=allowed_unless_shared(may_review),
    requires_reason=True,
)
MARK_ALTERED = Move[Certificate](
    verb="mark_altered",
    label=_("Mark as altered"),
    past_tense=_("marked the certificate as altered"),
    source=ANY_CERTIFICATE_STATUS - {Certificate.Status.ALTERED},
    target=Certificate.Status.ALTERED,
    allowed=allowed_unless_shared(may_review),
    requires_reason=True,
)
MARK_WRONG_SCOPE = Move[Certificate](
    verb="mark_wrong_scope",
    label=_("Mark as not for these goods"),
    past_tense=_("marked the certificate as not for these goods"),
    source=ANY_CERTIFICATE_STATUS - {Certificate.Status.WRONG_SCOPE},
    target=Certificate.Status.WRONG_SCOPE,
    allowed=allowed_unless_shared(may_review),
    requires_reason=True,
)
RECORD_ISSUER_ANSWER = Move[Certificate](
    verb="look_up",
    label=_("Record issuer’s answer"),
    past_tense=_("recorded the issuer’s answer"),
    source=ANY_CERTIFICATE_STATUS,
    allowed=may_review_supplier,
    allowed_for_system=True,  # also made by the program, from a contact's check report
)
ANNOUNCE_END = Move[Certificate](
    verb="announce_end",
    label=_("Announce expiry"),
    past_tense=_("warned that the certificate would expire soon"),
    source=ANY_CERTIFICATE_STATUS - Certificate.Status.void,
    allowed=system_only,
    allowed_for_system=True,
)
CERTIFICATE_MOVES = Moves(
    Certificate,
    ADD_CERTIFICATE,
    AMEND,
    RESET_TO_CLAIMED,
    PASS_NUMBER_CHECK,
    FAIL_NUMBER_CHECK,
    CONFIRM_WITH_ISSUER,
    MARK_UNCONFIRMABLE,
    MARK_ALTERED,
    MARK_WRONG_SCOPE,
    RECORD_ISSUER_ANSWER,
    ANNOUNCE_END,
    ends={},
)

# Certificates can be suspended or withdrawn within weeks. No source states how often to check, so we chose this period.
CONFIRMATION_FRESH_FOR = timedelta(days=90)
ADVERSE_RESULTS = frozenset(
    {
        IssuerCheck.Result.UNKNOWN_TO_ISSUER,
        IssuerCheck.Result.INFORMATION_DIFFERS,
        IssuerCheck.Result.OTHER_GOODS,
    }
)
# The issuer's result behind each certificate status, if the issuer was asked.
RESULT_OF_STATUS = {
    Certificate.Status.CONFIRMED: IssuerCheck.Result.CONFIRMED,
    Certificate.Status.UNCONFIRMABLE: IssuerCheck.Result.UNKNOWN_TO_ISSUER,
    Certificate.Status.ALTERED: IssuerCheck.Result.INFORMATION_DIFFERS,
    Certificate.Status.WRONG_SCOPE: IssuerCheck.Result.OTHER_GOODS,
}


def invalid_issuer_check_refusal(check: IssuerCheck, today: date) -> Refused | None:
    """Return the first refusal for an invalid issuer check, with its field, else None."""
    if check.seen_on > today:
        return Refused("day_to_come", _("Enter a date that is not in the future."), field="seen_on")
    if check.how == IssuerCheck.CheckMethod.DOCUMENT and check.result == IssuerCheck.Result.CONFIRMED:
        words = _("A document cannot confirm itself. Check it with the issuer.")
        return Refused("bad_look", words, field="how")
    if check.how != IssuerCheck.CheckMethod.DOCUMENT and not check.address and check.city_id is None:
        words = _("Enter the link opened or the number called.")
        return Refused("address_missing", words, field="address")
    return None


def is_check_outdated(seen_on: date, on: date) -> bool:
    """Return True if a confirmation must be repeated by this date."""
    return on > seen_on + CONFIRMATION_FRESH_FOR
