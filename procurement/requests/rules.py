"""Rules for writing, posting, changing, stopping and ending a need, and for who may do so."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.powers import Power
from procurement.requests.approval.rules import (
    may_decide_on_change,
    may_decide_on_need,
    may_return_change,
    may_return_need,
    missing_approval_refusal,
    needless_approval_refusal,
    no_proposed_change_refusal,
    no_waiting_change_refusal,
    proposal_refusal,
)
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, first_refusal, not_ready_refusal, one_of, system_only

MAX_DAYS_AHEAD = timedelta(
    days=3650
)  # catches a mistyped year: no need for protective equipment lies further ahead than this
# After this time the city is asked whether it still needs the goods; after as long again, new offers are paused.
RECONFIRM_AFTER: dict[int, timedelta] = {
    RequestLine.Priority.CRITICAL: timedelta(days=3),
    RequestLine.Priority.HIGH: timedelta(days=7),
    RequestLine.Priority.NORMAL: timedelta(days=14),
}
ANNOUNCE_CHANGES_AFTER = timedelta(hours=1)  # changes within an hour are announced in one message
URGENT_SUPPLY_DAYS = 7  # days of a city's own supply, below which a line is urgent
ASK_BEFORE_RECONFIRMATION = timedelta(days=2)  # one working day to answer, and the date itself
# What others were asked for. Once they were, a change of these facts needs a reason.
FIELDS_NEEDING_REASON = frozenset(
    {"declared_use", "facility_kinds", "deliver_to", "deliver_locode", "needed_by"}
)
LINE_FACTS_NEEDING_REASON = ("product", "quantity", "standards", "accepts", "needed_by")


def may_post(by: Actor, supply_request: SupplyRequest) -> bool:
    """Return True for officers of the city that has the need."""
    return by.may(Power.POST_REQUEST, supply_request)


def incomplete_need_refusal(supply_request: SupplyRequest) -> Refused | None:
    """Return a refusal if a fact is missing without which a need cannot be posted, else None.

    Partners must know what is needed, where to, until when, for whom, and how goods may come.
    """
    lines = list(supply_request.lines.all()) if supply_request.pk else []
    return first_refusal(
        (
            None if lines else not_ready_refusal(_("Add at least one line to the need."), field="lines"),
            None
            if supply_request.needed_by
            else not_ready_refusal(_("Enter the date by which you need the goods."), field="needed_by"),
            None
            if supply_request.deliver_to
            else not_ready_refusal(_("Enter the delivery address."), field="deliver_to"),
            None
            if supply_request.accepts
            else not_ready_refusal(_("Choose whether you buy, accept donations, or both."), field="accepts"),
            None
            if supply_request.facility_kinds
            else not_ready_refusal(_("Choose who will use the goods."), field="facility_kinds"),
        )
    )


def posting_refusal(supply_request: SupplyRequest) -> Refused | None:
    """Return a refusal if the need is incomplete, or if it must be approved before it is posted, else None."""
    return incomplete_need_refusal(supply_request) or missing_approval_refusal(supply_request)


def submission_refusal(supply_request: SupplyRequest) -> Refused | None:
    """Return a refusal if the need is incomplete, or if it may be posted without approval, else None."""
    return incomplete_need_refusal(supply_request) or needless_approval_refusal(supply_request)


def invalid_needed_by_refusal(
    day: date | None, today: date, line: int | None = None, within: str = ""
) -> Refused | None:
    """Return a refusal for a "needed by" date in the past or more than ten years ahead, else None.

    `line` is the number of the line to which the date belongs. `within` is the line's path in a request
    body.
    """
    field = f"{within}needed_by"
    if day is None or today <= day <= today + MAX_DAYS_AHEAD:
        return None
    if day < today:
        words = (
            _("The “Needed by” date is in the past. Enter today’s date or a later one.")
            if line is None
            else _("Line %(line)s: the “needed by” date is in the past. Enter today’s date or a later one.")
            % {"line": line}
        )
        return Refused("day_past", words, field=field)
    words = (
        _("The “Needed by” date is more than ten years away. Check the year.")
        if line is None
        else _("Line %(line)s: the “needed by” date is more than ten years away. Check the year.")
        % {"line": line}
    )
    return Refused("day_too_far", words, field=field)


def invalid_reconfirm_day_refusal(day: date | None, today: date, field: str) -> Refused | None:
    """Return a refusal for a date of reconfirmation in the past or over ten years ahead, else None."""
    if day is None or today <= day <= today + MAX_DAYS_AHEAD:
        return None
    if day < today:
        return Refused("day_past", _("This date has passed. Enter today’s date or a later one."), field=field)
    return Refused("day_too_far", _("This date is more than ten years away. Check the year."), field=field)


def unchanged_day_refusal(supply_request: SupplyRequest, day: date) -> Refused | None:
    """Return a refusal for the date about which the city was just asked, else None.

    Reconfirming needs another date.
    """
    if day != supply_request.reconfirm_by or supply_request.reconfirm_asked_for != day:
        return None
    words = _(
        "This is the date on which you were asked to reconfirm. Enter a later date, or withdraw the need."
    )
    return Refused("same_day", words, field="until")


def past_days_refusal(supply_request: SupplyRequest, at: datetime) -> Refused | None:
    """Return a refusal if the need's own date or the date of a line has passed, else None.

    The date is that of the city's calendar.
    """
    today = supply_request.city.day_at(at)
    lines = supply_request.lines.order_by("position").values_list("position", "needed_by")
    return first_refusal(
        (
            invalid_needed_by_refusal(supply_request.needed_by, today),
            *(invalid_needed_by_refusal(day, today, line=number) for number, day in lines),
        )
    )


def unreleased_lines_refusal(supply_request: SupplyRequest) -> Refused | None:
    """Return a refusal unless every line has been inspected and released in full, else None."""
    short = [line for line in supply_request.lines.all() if line.released < line.quantity]
    if not short:
        return None
    line = short[0]
    missing = line.quantity - line.released
    words = _("%(product)s: %(missing)s %(unit)s not released yet. Reduce the quantity if you need no more.")
    params = {
        "product": line.product.name,
        "missing": LocalizedCount(missing),
        "unit": line.product.unit_for_count(missing),
    }
    return not_ready_refusal(words % params, missing=missing, line=line.position)


def no_recall_refusal(supply_request: SupplyRequest) -> Refused | None:
    """Return a refusal to reopen a fulfilled need unless released goods were recalled, else None.

    A city that is refused posts a new need.
    """
    if any(line.released < line.quantity for line in supply_request.lines.all()):
        return None
    return not_ready_refusal(_("All goods are still in use on the wards. Post a new need if you need more."))


def is_more_needed(supply_request: SupplyRequest) -> bool:
    """Return True if the need is open and allocated and verified goods do not cover a line."""
    return supply_request.lines.lacking_goods().exists()


def has_same_value(need: SupplyRequest, name: str, value: Any) -> bool:
    """Return True if the need already has this value. The order of list values does not count."""
    stored = getattr(need, name)
    if isinstance(stored, list) and isinstance(value, list):
        return sorted(stored) == sorted(value)
    return bool(stored == value)


def others_were_asked(supply_request: SupplyRequest) -> bool:
    """Return True if people outside the city work on the need.

    A contact or partner city was asked, or an offer came.
    """
    asked = supply_request.inquiries.filter(Q(sent_at__isnull=False) | Q(partner_asked_at__isnull=False))
    return asked.exists() or supply_request.lines.filter(leads__isnull=False).exists()


def unexplained_change_refusal(supply_request: SupplyRequest, reason: str) -> Refused | None:
    """Return a refusal for a change without a reason to a posted need once others were asked, else None."""
    if supply_request.status == SupplyRequest.Status.DRAFT or reason.strip():
        return None
    if not others_were_asked(supply_request):
        return None
    words = _(
        "Others have already been asked about this need. Enter the reason for the change, which will be "
        "shown to them."
    )
    return Refused("reason_missing", words, field="reason")


def reconfirmation_period(supply_request: SupplyRequest) -> timedelta:
    """Return the time after which a need must be confirmed again: that of its most urgent line."""
    urgent = min((line.priority for line in supply_request.lines.all()), default=RequestLine.Priority.NORMAL)
    return RECONFIRM_AFTER[RequestLine.Priority(urgent)]


def resumption_refusal(supply_request: SupplyRequest) -> Refused | None:
    """Return a refusal to take offers again while they are not paused, or until the need is confirmed."""
    if not supply_request.stopped:
        return not_ready_refusal(_("New offers are not paused."))
    if supply_request.lapsed:
        return not_ready_refusal(_("Confirm that the goods are still needed. New offers will then resume."))
    return None


def is_reconfirmation_overdue(supply_request: SupplyRequest, today: date) -> bool:
    """Return True if the date of reconfirmation of an open need has passed.

    The city is asked; the need is never closed without its answer.
    """
    day = supply_request.reconfirm_by
    return supply_request.status == SupplyRequest.Status.OPEN and day is not None and day < today


def allocated_withdrawal_refusal(supply_request: SupplyRequest) -> Refused | None:
    """Return a refusal to withdraw a need while goods for it are on the way, else None.

    Goods that have arrived do not matter: they are there, needed or not.
    """
    shipped = sum(line.shipped - line.arrived for line in supply_request.lines.all())
    if not shipped:
        return None
    words = ngettext_lazy(
        "%(shipped)s unit is already in transit. Receive it first.",
        "%(shipped)s units are already in transit. Receive them first.",
        shipped,
    )
    return not_ready_refusal(words % {"shipped": LocalizedCount(shipped)}, shipped=shipped)


def less_than_allocated_refusal(line: RequestLine, quantity: int) -> Refused | None:
    """Return a refusal for a line quantity below what is allocated to the line, else None."""
    if quantity >= line.allocated:
        return None
    words = ngettext_lazy(
        "%(allocated)s unit is already allocated to this line. Reduce the allocation before you reduce the "
        "quantity.",
        "%(allocated)s units are already allocated to this line. Reduce the allocation before you reduce the "
        "quantity.",
        line.allocated,
    )
    figures = {"allocated": LocalizedCount(line.allocated)}
    return Refused("under_allocated", words % figures, allocated=line.allocated, field="quantity")


DRAFT_NEED = Move[SupplyRequest](
    verb="draft",
    label=_("Create need"),
    past_tense=_("created the need"),
    target=SupplyRequest.Status.DRAFT,
    allowed=may_post,
)
EDIT = Move[SupplyRequest](
    verb="edit",
    label=_("Edit details"),
    past_tense=_("changed the need"),
    source=one_of(SupplyRequest.Status.DRAFT, SupplyRequest.Status.OPEN),
    allowed=may_post,
)
POST_NEED = Move[SupplyRequest](
    verb="post",
    label=_("Post need"),
    past_tense=_("posted the need"),
    source=one_of(SupplyRequest.Status.DRAFT),
    target=SupplyRequest.Status.OPEN,
    allowed=may_post,
    ready=posting_refusal,
    date_condition=past_days_refusal,
)
SUBMIT_NEED = Move[SupplyRequest](
    verb="submit",
    label=_("Send for approval"),
    past_tense=_("sent the need for approval"),
    source=one_of(SupplyRequest.Status.DRAFT),
    target=SupplyRequest.Status.AWAITING_APPROVAL,
    allowed=may_post,
    ready=submission_refusal,
    date_condition=past_days_refusal,
)
APPROVE_NEED = Move[SupplyRequest](
    verb="approve",
    label=_("Approve and post"),
    past_tense=_("approved and posted the need"),
    source=one_of(SupplyRequest.Status.AWAITING_APPROVAL),
    target=SupplyRequest.Status.OPEN,
    allowed=may_decide_on_need,
    ready=incomplete_need_refusal,
    date_condition=past_days_refusal,
)
RETURN_NEED = Move[SupplyRequest](
    verb="return",
    label=_("Return need"),
    past_tense=_("returned the need"),
    source=one_of(SupplyRequest.Status.AWAITING_APPROVAL),
    target=SupplyRequest.Status.DRAFT,
    allowed=may_return_need,
    requires_reason=True,
)
PROPOSE_CHANGE = Move[SupplyRequest](
    verb="propose_change",
    label=_("Propose change"),
    past_tense=_("sent a change for approval"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_post,
    ready=proposal_refusal,
)
APPROVE_CHANGE = Move[SupplyRequest](
    verb="approve_change",
    label=_("Approve change"),
    past_tense=_("approved the change"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_decide_on_change,
    ready=no_waiting_change_refusal,
)
RETURN_CHANGE = Move[SupplyRequest](
    verb="return_change",
    label=_("Return change"),
    past_tense=_("returned the change"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_return_change,
    ready=no_waiting_change_refusal,
    requires_reason=True,
)
WITHDRAW_CHANGE = Move[SupplyRequest](
    verb="withdraw_change",
    label=_("Withdraw change"),
    past_tense=_("withdrew the proposed change"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_post,
    ready=no_proposed_change_refusal,
)
REMIND_APPROVERS = Move[SupplyRequest](
    verb="remind",
    label=_("Send reminder"),
    past_tense=_("sent a reminder"),
    source=one_of(SupplyRequest.Status.AWAITING_APPROVAL, SupplyRequest.Status.OPEN),
    allowed=system_only,
    allowed_for_system=True,
)
RECONFIRM = Move[SupplyRequest](
    verb="reconfirm",
    label=_("Confirm need"),
    past_tense=_("confirmed that the goods are still needed"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_post,
)
ASK_TO_RECONFIRM = Move[SupplyRequest](
    verb="ask_to_reconfirm",
    label=_("Ask whether the goods are still needed"),
    past_tense=_("asked whether the goods are still needed"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=system_only,
    allowed_for_system=True,
)
PAUSE_UNCONFIRMED_NEED = Move[SupplyRequest](
    verb="lapse",
    label=_("Pause until confirmed"),
    past_tense=_("paused new offers, because the need was not confirmed"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=system_only,
    allowed_for_system=True,
)
ANNOUNCE_CHANGES = Move[SupplyRequest](
    verb="announce",
    label=_("Notify contacts of change"),
    past_tense=_("sent notice of the change to contacts with an offer or a check"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=system_only,
    allowed_for_system=True,
)
PUBLISH_ANSWER = Move[SupplyRequest](
    verb="clarify",
    label=_("Answer everyone asked"),
    past_tense=_("published an answer for everyone asked"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_post,
)
SHARE_NEED = Move[SupplyRequest](
    verb="share",
    label=_("Share with a city"),
    past_tense=_("shared the need"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_post,
)
PAUSE_OFFERS = Move[SupplyRequest](
    verb="stop",
    label=_("Pause new offers"),
    past_tense=_("paused new offers"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_post,
    ready=lambda need: not_ready_refusal(_("New offers are already paused.")) if need.stopped else None,
    requires_reason=True,
    undo_verb="resume",
)
RESUME_OFFERS = Move[SupplyRequest](
    verb="resume",
    label=_("Resume new offers"),
    past_tense=_("resumed new offers"),
    source=one_of(SupplyRequest.Status.OPEN),
    allowed=may_post,
    ready=resumption_refusal,
    undo_verb="stop",
)
FULFIL = Move[SupplyRequest](
    verb="fulfil",
    label=_("Close need as fulfilled"),
    past_tense=_("closed the need as fulfilled"),
    source=one_of(SupplyRequest.Status.OPEN),
    target=SupplyRequest.Status.FULFILLED,
    allowed=may_post,
    ready=unreleased_lines_refusal,
    undo_verb="reopen",
)
REOPEN = Move[SupplyRequest](
    verb="reopen",
    label=_("Reopen need"),
    past_tense=_("reopened the need"),
    source=one_of(SupplyRequest.Status.FULFILLED),
    target=SupplyRequest.Status.OPEN,
    allowed=may_post,
    ready=no_recall_refusal,
    requires_reason=True,
)
WITHDRAW = Move[SupplyRequest](
    verb="withdraw",
    label=_("Withdraw need"),
    past_tense=_("withdrew the need"),
    source=SupplyRequest.Status.open,
    target=SupplyRequest.Status.WITHDRAWN,
    allowed=may_post,
    ready=allocated_withdrawal_refusal,
    requires_reason=True,
)

REQUEST_MOVES = Moves(
    SupplyRequest,
    DRAFT_NEED,
    EDIT,
    SUBMIT_NEED,
    APPROVE_NEED,
    RETURN_NEED,
    POST_NEED,
    PROPOSE_CHANGE,
    APPROVE_CHANGE,
    RETURN_CHANGE,
    WITHDRAW_CHANGE,
    REMIND_APPROVERS,
    RECONFIRM,
    ASK_TO_RECONFIRM,
    ANNOUNCE_CHANGES,
    PUBLISH_ANSWER,
    PAUSE_UNCONFIRMED_NEED,
    SHARE_NEED,
    PAUSE_OFFERS,
    RESUME_OFFERS,
    FULFIL,
    REOPEN,
    WITHDRAW,
    ends={
        SupplyRequest.Status.FULFILLED: "the goods are in use; reopened only by a recall",
        SupplyRequest.Status.WITHDRAWN: "no longer needed; kept for the record",
    },
)
