"""When an offer may be entered, changed, checked, verified and ended."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.roles import Power
from procurement.leads.models.offer import SupplierLead
from procurement.suppliers.rules.judgements import uninvolved
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, first_refusal, not_ready, one_of
from workflow.tongues import Figure


def may_offer(by: Actor, lead: SupplierLead) -> bool:
    """The contact who was asked, by their link; or an officer who enters what they were told."""
    return by.may(Power.OFFER_LEAD, lead)


def may_judge(by: Actor, lead: SupplierLead) -> bool:
    """Officers and verifiers of the city."""
    return by.may(Power.JUDGE_LEAD, lead)


def may_verify(by: Actor, lead: SupplierLead) -> bool | Refused:
    """Two pairs of eyes: who entered an offer or overruled one of its blocking findings does not verify it, nor does anybody whom the
    company concerns.
    """
    if not may_judge(by, lead):
        return False
    if by.user_id == lead.author_id:
        words = _("You entered this offer, so a second person verifies it.")
        return Refused(NOT_ALLOWED, words, show=True)
    if (
        lead.status == SupplierLead.Status.CHECKING
        and lead.overruled_findings.filter(answered_by=by.user_id).exists()
    ):
        words = _(
            "You overruled a blocking finding of this offer, so another person verifies it: another officer or a verifier of "
            "your city. If there is none, your administrator can invite a verifier."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    return uninvolved(by, lead.supplier_id, lead.maker_id) or True


def verifiable(lead: SupplierLead) -> Refused | None:
    """All needed checks accepted, not every one made by who brought it, no open blocking finding, no changed fact to be checked."""
    return first_refusal(missing(lead))


def missing(lead: SupplierLead) -> list[Refused]:
    """Everything that still keeps an offer from being verified, in the order in which it is best seen to.

    A reason is given only where it is true: nobody is told to open checks that are open, or who made checks that are not made.
    """
    answers = (
        not_ready(_("Facts changed. The checks that rested on them are being opened again."))
        if lead.recheck
        else None,
        _still_open(lead),
        _still_blocking(lead),
        None
        if lead.checks_accepted or lead.checks_open
        else not_ready(_("No check has been accepted yet. Open the checks first.")),
        None
        if lead.checks_by_others or not lead.checks_accepted
        else not_ready(_("Whoever brought the offer made every check. Let somebody else make one.")),
    )
    return [answer for answer in answers if answer is not None]


def _still_open(lead: SupplierLead) -> Refused | None:
    if not lead.checks_open:
        return None
    words = ngettext_lazy(
        "%(count)s needed check is not accepted yet.",
        "%(count)s needed checks are not accepted yet.",
        lead.checks_open,
    )
    return not_ready(words % {"count": lead.checks_open}, checks_open=lead.checks_open)


def _still_blocking(lead: SupplierLead) -> Refused | None:
    if not lead.blocking_findings:
        return None
    words = ngettext_lazy(
        "%(count)s finding blocks this offer. Answer it in writing first.",
        "%(count)s findings block this offer. Answer them in writing first.",
        lead.blocking_findings,
    )
    return not_ready(words % {"count": lead.blocking_findings}, blocking_findings=lead.blocking_findings)


def nothing_promised(lead: SupplierLead) -> Refused | None:
    """A lead does not end while a part of it is promised."""
    if not lead.allocated:
        return None
    words = ngettext_lazy(
        "%(allocated)s piece of it is allocated. Release it first.",
        "%(allocated)s pieces of it are allocated. Release them first.",
        lead.allocated,
    )
    return not_ready(words % {"allocated": Figure(lead.allocated)}, allocated=lead.allocated)


def supplied(lead: SupplierLead) -> Refused | None:
    """An offer says how much there is."""
    if lead.supply:
        return None
    return not_ready(
        _("Say how much there is, or how much is made in a day and until when."),
        field="stock_quantity",
    )


def still_offered(lead: SupplierLead, at: datetime) -> Refused | None:
    """Past its last day, by the calendar of the city it was made to, nothing more is promised or ordered of an offer."""
    if lead.valid_until is None or lead.city.day_at(at) <= lead.valid_until:
        return None
    words = _("%(lead)s was offered until %(day)s. Ask whether it still holds, and enter its new last day.")
    day = lead.valid_until.isoformat()
    return not_ready(words % {"lead": lead.reference, "day": day}, field="lead", valid_until=day)


def nobody(by: Actor, thing: object) -> bool:
    """Only the machine makes this move."""
    return False


DRAFT = Move[SupplierLead](
    verb="draft",
    label=_("Enter an offer"),
    past=_("entered the offer"),
    target=SupplierLead.Status.DRAFT,
    allowed=may_offer,
)
EDIT = Move[SupplierLead](
    verb="edit",
    label=_("Correct"),
    past=_("corrected the offer"),
    source=one_of(SupplierLead.Status.DRAFT, SupplierLead.Status.OFFERED, SupplierLead.Status.CHECKING),
    allowed=may_offer,
)
CHANGE = Move[SupplierLead](
    verb="change",
    label=_("Change a verified fact"),
    past=_("changed a verified fact"),
    source=one_of(SupplierLead.Status.VERIFIED),
    target=SupplierLead.Status.CHECKING,
    allowed=may_offer,
)
REMARK = Move[SupplierLead](
    verb="remark",
    label=_("Add a remark"),
    past=_("changed the remark"),
    source=one_of(SupplierLead.Status.VERIFIED),
    allowed=may_offer,
)
OFFER = Move[SupplierLead](
    verb="offer",
    label=_("Send the offer"),
    past=_("sent the offer"),
    source=one_of(SupplierLead.Status.DRAFT),
    target=SupplierLead.Status.OFFERED,
    allowed=may_offer,
    ready=supplied,
)
CHECK = Move[SupplierLead](
    verb="check",
    label=_("Open the checks"),
    past=_("opened the checks"),
    source=one_of(SupplierLead.Status.OFFERED),
    target=SupplierLead.Status.CHECKING,
    allowed=may_judge,
)
VERIFY = Move[SupplierLead](
    verb="verify",
    label=_("Verify"),
    past=_("verified the offer"),
    source=one_of(SupplierLead.Status.CHECKING),
    target=SupplierLead.Status.VERIFIED,
    allowed=may_verify,
    ready=verifiable,
)
REOPEN = Move[SupplierLead](
    verb="reopen",
    label=_("Check again"),
    past=_("sent the offer back to checking"),
    source=one_of(SupplierLead.Status.VERIFIED),
    target=SupplierLead.Status.CHECKING,
    allowed=may_judge,
    clock=True,
    reason=True,
)
REJECT = Move[SupplierLead](
    verb="reject",
    label=_("Reject"),
    past=_("rejected the offer"),
    source=one_of(SupplierLead.Status.OFFERED, SupplierLead.Status.CHECKING, SupplierLead.Status.VERIFIED),
    target=SupplierLead.Status.REJECTED,
    allowed=may_judge,
    ready=nothing_promised,
    reason=True,
)
WITHDRAW = Move[SupplierLead](
    verb="withdraw",
    label=_("Withdraw"),
    past=_("withdrew the offer"),
    source=one_of(
        SupplierLead.Status.DRAFT,
        SupplierLead.Status.OFFERED,
        SupplierLead.Status.CHECKING,
        SupplierLead.Status.VERIFIED,
    ),
    target=SupplierLead.Status.WITHDRAWN,
    allowed=may_offer,
    ready=nothing_promised,
    reason=True,
)
EXPIRE = Move[SupplierLead](
    verb="expire",
    label=_("Expire"),
    past=_("let the offer expire"),
    source=one_of(SupplierLead.Status.OFFERED, SupplierLead.Status.CHECKING, SupplierLead.Status.VERIFIED),
    target=SupplierLead.Status.EXPIRED,
    allowed=nobody,
    ready=nothing_promised,
    clock=True,
)
SHARE = Move[SupplierLead](
    verb="share",
    label=_("Share with a city"),
    past=_("shared the offer"),
    source=one_of(SupplierLead.Status.OFFERED, SupplierLead.Status.CHECKING, SupplierLead.Status.VERIFIED),
    allowed=may_judge,
)

LEAD_MOVES = Moves(
    SupplierLead,
    DRAFT,
    EDIT,
    OFFER,
    CHECK,
    VERIFY,
    CHANGE,
    REMARK,
    REOPEN,
    REJECT,
    WITHDRAW,
    EXPIRE,
    SHARE,
    ends={
        SupplierLead.Status.REJECTED: "kept with the reason, for the auditor",
        SupplierLead.Status.WITHDRAWN: "kept for the record",
        SupplierLead.Status.EXPIRED: "its day passed; a new offer is a new lead",
    },
)
