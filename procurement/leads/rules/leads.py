"""Moves of an offer, with the permissions and conditions to enter, change, verify and end it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.unsolicited import ACCEPT, DECLINE, PASS_ON, unaccepted_offer_refusal
from procurement.outreach.rules.people import unaskable_contact_refusal
from procurement.suppliers.rules.statuses import contact_with_interest_refusal, person_with_interest_refusal
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, first_refusal, not_ready_refusal, one_of, system_only
from workflow.query_expressions import may_have_related

EXTENSION_PERIOD_BEFORE_END = timedelta(days=7)  # an offer is extended in the last days before its end


def may_offer(by: Actor, lead: SupplierLead) -> bool:
    """Return True for the contact with the inquiry's link, and for officers who enter an offer for a contact."""
    return by.may(Power.OFFER_LEAD, lead)


def may_correct(by: Actor, lead: SupplierLead) -> bool | Refused:
    """Return True for officers, and for the contact until something of the offer is ordered.

    After that the contact can only tell the city what has changed.
    """
    if not may_offer(by, lead) or may_review(by, lead) or not is_ordered(lead):
        return may_offer(by, lead)
    words = _("Part of this offer has been ordered. To report a change, choose “Tell the city”.")
    return Refused(NOT_ALLOWED, words, show=True)


def may_message_city(by: Actor, lead: SupplierLead) -> bool:
    """Return True for the contact who made the offer. The city's officers read the message."""
    return may_offer(by, lead) and not may_review(by, lead)


def may_review(by: Actor, lead: SupplierLead) -> bool:
    """Return True for officers and verifiers of the city."""
    return by.may(Power.REVIEW_LEAD, lead)


def may_verify(by: Actor, lead: SupplierLead) -> bool | Refused:
    """Return True for an officer or verifier who did not take part in the offer, else False or a refusal.

    Refuses the author of the offer, a person who overruled one of its blocking findings, and a person with a
    declared interest in the supplier or the manufacturer.
    """
    if not may_review(by, lead):
        return False
    if by.user_id == lead.author_id:
        words = _("You entered this offer, so another person must verify it.")
        return Refused(NOT_ALLOWED, words, show=True)
    if lead.status == SupplierLead.Status.UNDER_REVIEW and lead.has_finding_overruled_by(by.user_id):
        words = _(
            "You overrode a blocking finding on this offer, so another procurement officer or a "
            "verifier of your city must verify the offer. If your city has no such person, its "
            "administrator can invite a verifier."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    return person_with_interest_refusal(by, lead.supplier_id, lead.maker_id) or True


def verification_refusal(lead: SupplierLead) -> Refused | None:
    """Return the first reason against verifying the offer, or None."""
    return first_refusal(verification_refusals(lead))


def verification_refusals(lead: SupplierLead) -> list[Refused]:
    """Return every reason against verifying the offer, in the order in which to settle them.

    All checks of the offer must be accepted, and at least one of them must have been made by someone other than the
    person who made the offer. There must be no open blocking finding and no changed fact. Only the reasons that apply
    now are returned: that the checks must be started, for example, only while none is open or accepted.
    """
    answers = (
        not_ready_refusal(_("Facts have changed. The checks based on these facts are being reopened."))
        if lead.recheck
        else None,
        _refuse_without_open_checks(lead),
        _refuse_without_blocker(lead),
        None
        if lead.checks_accepted or lead.checks_open
        else not_ready_refusal(_("No check has been accepted yet. Start the checks first.")),
        None
        if lead.checks_by_others or not lead.checks_accepted
        else not_ready_refusal(
            _(
                "Every check was carried out by the person who provided the offer. Someone else must "
                "carry out at least one."
            )
        ),
    )
    return [answer for answer in answers if answer is not None]


def _refuse_without_open_checks(lead: SupplierLead) -> Refused | None:
    if not lead.checks_open:
        return None
    words = ngettext_lazy(
        "%(count)s required check has not been accepted yet.",
        "%(count)s required checks have not been accepted yet.",
        lead.checks_open,
    )
    return not_ready_refusal(words % {"count": lead.checks_open}, checks_open=lead.checks_open)


def _refuse_without_blocker(lead: SupplierLead) -> Refused | None:
    if not lead.blocking_findings:
        return None
    words = ngettext_lazy(
        "%(count)s finding blocks this offer. Respond to the finding first.",
        "%(count)s findings block this offer. Respond to the findings first.",
        lead.blocking_findings,
    )
    return not_ready_refusal(
        words % {"count": lead.blocking_findings}, blocking_findings=lead.blocking_findings
    )


def allocated_offer_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal if some pieces of the offer are allocated, else None."""
    if not lead.allocated:
        return None
    words = ngettext_lazy(
        "%(allocated)s unit from this offer is allocated. Undo the allocation first.",
        "%(allocated)s units from this offer are allocated. Undo the allocations first.",
        lead.allocated,
    )
    return not_ready_refusal(words % {"allocated": LocalizedCount(lead.allocated)}, allocated=lead.allocated)


def offer_rejection_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal if the offer waits to be accepted, or some of its pieces are allocated, else None."""
    return unaccepted_offer_refusal(lead) or allocated_offer_refusal(lead)


def is_ordered(lead: SupplierLead) -> bool:
    """Return True if pieces of the offer are ordered or have arrived.

    Pages read it with the offer, as `has_orders`.
    """
    known: bool | None = getattr(lead, "has_orders", None)
    return lead.allocations.in_orders().exists() if known is None else known


def ordered_offer_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal if pieces of the offer are ordered, else None."""
    if not is_ordered(lead):
        return None
    return not_ready_refusal(
        _("Part of this offer has been ordered, so the offer can no longer be withdrawn.")
    )


def not_allocated_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal while nothing of the offer is allocated: its contact can still change it, else None."""
    if lead.allocated:
        return None
    return not_ready_refusal(
        _("Nothing has been set aside from this offer yet. Correct or withdraw the offer instead.")
    )


def missing_quantity_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal if the offer states no quantity, else None."""
    if lead.supply:
        return None
    return not_ready_refusal(
        _("Enter the quantity in stock, or the daily production and the last day of production."),
        field="stock_quantity",
    )


def expired_offer_refusal(lead: SupplierLead, at: datetime) -> Refused | None:
    """Return a refusal after the offer's last day in its city's calendar, else None.

    After that day nothing more is allocated or ordered from the offer.
    """
    if lead.valid_until is None or lead.city.day_at(at) <= lead.valid_until:
        return None
    words = _(
        "%(lead)s was offered until %(day)s. Ask whether the offer is still valid and enter the new end date."
    )
    day = lead.valid_until.isoformat()
    return not_ready_refusal(words % {"lead": lead.reference, "day": day}, field="lead", valid_until=day)


def extension_refusal(lead: SupplierLead) -> Refused | None:
    """Return a refusal for an offer without an end, and for one that ends with its production, else None."""
    if lead.valid_until is None:
        return not_ready_refusal(_("This offer has no end date, so you do not need to extend it."))
    if lead.capacity_per_day and not lead.stock_quantity and lead.valid_until == lead.available_until:
        words = _("This offer ends when production ends. Correct the last day of production instead.")
        return not_ready_refusal(words, field="available_until")
    return None


def early_extension_refusal(lead: SupplierLead, at: datetime) -> Refused | None:
    """Return a refusal more than seven days before the offer's last day, else None."""
    if lead.valid_until is None or lead.valid_until - lead.city.day_at(at) <= EXTENSION_PERIOD_BEFORE_END:
        return None
    words = _(
        "You can extend the offer only in its last seven days. To set another end date, correct the offer."
    )
    return not_ready_refusal(words, valid_until=lead.valid_until.isoformat())


def may_request_certificates(by: Actor, lead: SupplierLead) -> bool:
    """Return True for officers and verifiers of the city, who also assign its checks."""
    return by.may(Power.ASSIGN_CHECK, lead)


def certificate_request_refusal(lead: SupplierLead) -> Refused | None:
    """Return the first reason why no certificate can be requested from the contact, or None.

    The offer must be made by a contact who can be asked and has no interest in the company. At least one certificate
    must be missing that no one has been asked for.
    """
    if lead.contact is None:
        return not_ready_refusal(
            _("This offer did not come from a contact. Ask the supplier for the certificate, then add it.")
        )
    if not lead.certificates_to_request:
        return not_ready_refusal(
            _("No certificates are missing, or all missing certificates have already been requested.")
        )
    unaskable = unaskable_contact_refusal(lead.city_id, lead.contact)
    if unaskable is not None or not may_have_related(lead, "interests"):
        return unaskable
    return contact_with_interest_refusal(lead.contact, lead.supplier, lead.maker_id)


DRAFT = Move[SupplierLead](
    verb="draft",
    label=_("Enter an offer"),
    past_tense=_("entered the offer"),
    target=SupplierLead.Status.DRAFT,
    allowed=may_offer,
)
EDIT = Move[SupplierLead](
    verb="edit",
    label=_("Correct details"),
    past_tense=_("corrected the offer"),
    source=SupplierLead.Status.open,
    allowed=may_correct,
)
CHANGE_VERIFIED_FACT = Move[SupplierLead](
    verb="change",
    label=_("Change a verified fact"),
    past_tense=_("changed a verified fact"),
    source=one_of(SupplierLead.Status.VERIFIED),
    target=SupplierLead.Status.UNDER_REVIEW,
    allowed=may_correct,
)
CHANGE_REMARK = Move[SupplierLead](
    verb="remark",
    label=_("Add a remark"),
    past_tense=_("changed the remark"),
    source=one_of(SupplierLead.Status.VERIFIED),
    allowed=may_correct,
)
SUBMIT = Move[SupplierLead](
    verb="offer",
    label=_("Submit the offer"),
    past_tense=_("submitted the offer"),
    source=one_of(SupplierLead.Status.DRAFT),
    target=SupplierLead.Status.RECEIVED,
    allowed=may_offer,
    ready=missing_quantity_refusal,
)
BEGIN_CHECKS = Move[SupplierLead](
    verb="check",
    label=_("Start the checks"),
    past_tense=_("started the checks"),
    source=one_of(SupplierLead.Status.RECEIVED),
    target=SupplierLead.Status.UNDER_REVIEW,
    allowed=may_review,
    ready=unaccepted_offer_refusal,
)
VERIFY = Move[SupplierLead](
    verb="verify",
    label=_("Verify offer"),
    past_tense=_("verified the offer"),
    source=one_of(SupplierLead.Status.UNDER_REVIEW),
    target=SupplierLead.Status.VERIFIED,
    allowed=may_verify,
    ready=verification_refusal,
    undo_verb="reopen",
)
REOPEN = Move[SupplierLead](
    verb="reopen",
    label=_("Send back for review"),
    past_tense=_("sent the offer back for review"),
    source=one_of(SupplierLead.Status.VERIFIED),
    target=SupplierLead.Status.UNDER_REVIEW,
    allowed=may_review,
    allowed_for_system=True,
    requires_reason=True,
)
REJECT = Move[SupplierLead](
    verb="reject",
    label=_("Reject offer"),
    past_tense=_("rejected the offer"),
    source=one_of(
        SupplierLead.Status.RECEIVED, SupplierLead.Status.UNDER_REVIEW, SupplierLead.Status.VERIFIED
    ),
    target=SupplierLead.Status.REJECTED,
    allowed=may_review,
    ready=offer_rejection_refusal,
    requires_reason=True,
)
WITHDRAW = Move[SupplierLead](
    verb="withdraw",
    label=_("Withdraw offer"),
    past_tense=_("withdrew the offer"),
    source=one_of(
        SupplierLead.Status.DRAFT,
        SupplierLead.Status.RECEIVED,
        SupplierLead.Status.UNDER_REVIEW,
        SupplierLead.Status.VERIFIED,
    ),
    target=SupplierLead.Status.WITHDRAWN,
    allowed=may_offer,
    ready=ordered_offer_refusal,
    requires_reason=True,
)
MESSAGE_CITY = Move[SupplierLead](
    verb="tell",
    label=_("Tell the city"),
    past_tense=_("told the city about a change"),
    source=one_of(*SupplierLead.LIVE_STATUSES),
    allowed=may_message_city,
    ready=not_allocated_refusal,
    requires_reason=True,
)
ASK_VALIDITY = Move[SupplierLead](
    verb="ask_validity",
    label=_("Ask whether the offer is still valid"),
    past_tense=_("asked whether the offer is still valid"),
    source=one_of(*SupplierLead.LIVE_STATUSES),
    allowed=system_only,
    allowed_for_system=True,
)
EXTEND = Move[SupplierLead](
    verb="extend",
    label=_("The offer is still valid"),
    past_tense=_("confirmed that the offer is still valid"),
    source=one_of(*SupplierLead.LIVE_STATUSES),
    allowed=may_offer,
    ready=extension_refusal,
    date_condition=early_extension_refusal,
)
EXPIRE = Move[SupplierLead](
    verb="expire",
    label=_("Mark as expired"),
    past_tense=_("marked the offer as expired"),
    source=one_of(
        SupplierLead.Status.RECEIVED, SupplierLead.Status.UNDER_REVIEW, SupplierLead.Status.VERIFIED
    ),
    target=SupplierLead.Status.EXPIRED,
    allowed=system_only,
    ready=allocated_offer_refusal,
    allowed_for_system=True,
)
REQUEST_CERTIFICATES = Move[SupplierLead](
    verb="request_certificates",
    label=_("Ask the contact for the missing certificates"),
    past_tense=_("asked the contact for missing certificates"),
    source=one_of(*SupplierLead.LIVE_STATUSES),
    allowed=may_request_certificates,
    ready=certificate_request_refusal,
)
SHARE = Move[SupplierLead](
    verb="share",
    label=_("Share with a city"),
    past_tense=_("shared the offer"),
    source=one_of(
        SupplierLead.Status.RECEIVED, SupplierLead.Status.UNDER_REVIEW, SupplierLead.Status.VERIFIED
    ),
    allowed=may_review,
)

LEAD_MOVES = Moves(
    SupplierLead,
    DRAFT,
    EDIT,
    SUBMIT,
    PASS_ON,
    ACCEPT,
    DECLINE,
    BEGIN_CHECKS,
    VERIFY,
    CHANGE_VERIFIED_FACT,
    CHANGE_REMARK,
    REOPEN,
    REJECT,
    WITHDRAW,
    MESSAGE_CITY,
    ASK_VALIDITY,
    EXTEND,
    EXPIRE,
    REQUEST_CERTIFICATES,
    SHARE,
    ends={
        SupplierLead.Status.REJECTED: "kept with its reason for the auditor",
        SupplierLead.Status.WITHDRAWN: "kept for the record",
        SupplierLead.Status.EXPIRED: "its date passed; a new offer is a new lead",
    },
)
