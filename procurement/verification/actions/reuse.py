"""Requests to use another city's check, and the answers.

The asking city learns which city made the check only after that city has agreed.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import ActingUser
from procurement.leads.actions.decisions import reopen_lead
from procurement.leads.models.leads import SupplierLead
from procurement.verification.actions.checks import recalculate_counters
from procurement.verification.actions.periodic import outdate_check
from procurement.verification.models import CheckReuse, VerificationTask
from procurement.verification.rules import tasks
from procurement.verification.rules.reuse import (
    AGREE_TO_REUSE,
    CANCEL_REUSE,
    REFUSE_REUSE,
    REQUEST_REUSE,
    is_covered_by,
    may_request_reuse,
    outdated_check_refusal,
    reuse_days,
    unneeded_reuse_refusal,
)
from workflow.actors import SYSTEM, Actor, acting_user_id
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.moves import register_action


def reusable_check(task: VerificationTask, at: datetime) -> VerificationTask | None:
    """Return the newest accepted check of another city that could replace this one, or None.

    Excludes a check already requested for this offer. One query for the company's rows, one for the checks.
    """
    days = reuse_days(task.check_kind, task.city.day_at(at))
    if not days or task.status not in VerificationTask.ASSIGNABLE_STATUSES:
        return None
    others = (
        VerificationTask.objects.filter(
            supplier__in=task.supplier.row_ids,
            check_kind=task.check_kind,
            certificate=task.certificate_id,
            status=VerificationTask.Status.ACCEPTED,
            reused_from=None,
            reviewed_at__gt=at - timedelta(days=days),
        )
        .exclude(city=task.city_id)
        .exclude(lent__task__lead=task.lead_id)
        .select_related("lead")
        .order_by("-reviewed_at", "-pk")
    )
    return next((other for other in others if is_covered_by(task, other)), None)


@register_action(REQUEST_REUSE)
def request_reuse(task: VerificationTask, *, author: ActingUser, by: Actor, at: datetime) -> CheckReuse:
    """Ask the city that last accepted such a check for its use. Refuses if there is no such check."""
    with transaction.atomic():
        origin = reusable_check(task, at)
        reuse = CheckReuse(task=task, origin=origin or task, city=(origin or task).city, author=author)
        if (
            origin is None and may_request_reuse(by, reuse) is True
        ):  # others must not learn whether one exists
            raise Refused("nothing_to_share", _("No other city still has a check of this type."))
        return REQUEST_REUSE.create(reuse, by=by, at=at)


@register_action(AGREE_TO_REUSE)
def agree_to_reuse(reuse: CheckReuse, *, by: Actor, at: datetime) -> CheckReuse:
    """Let the other city use the check.

    For the asking city it counts as accepted by the user who asked. Refuses a check that is too old, no
    longer accepted or no longer needed.
    """
    with transaction.atomic():
        city = reuse.task.city
        with AGREE_TO_REUSE.apply_to(reuse, by=by, at=at, to=str(city)) as row:
            closed = outdated_check_refusal(row, at)
            if closed is not None:
                raise closed
            row.answered_by_id = acting_user_id(by)
            row.answered_at = at
            _accept_by_reuse(row, at)
    return reuse


def _accept_by_reuse(reuse: CheckReuse, at: datetime) -> None:
    """Accept the asking city's check on the basis of the other city's check."""
    with tasks.REUSE_CHECK.apply_to(reuse.task, by=SYSTEM, at=at) as task:
        task.reused_from = reuse.origin
        task.contact = None
        task.submitted_at = reuse.origin.submitted_at
        task.reviewed_by = reuse.author
        task.reviewed_at = at
    recalculate_counters(reuse.task.lead)


@register_action(REFUSE_REUSE)
def refuse_reuse(reuse: CheckReuse, *, by: Actor, at: datetime) -> CheckReuse:
    """Refuse to share the check. The other city sees the refusal, but not who refused."""
    with REFUSE_REUSE.apply_to(reuse, by=by, at=at) as row:
        row.answered_by_id = acting_user_id(by)
        row.answered_at = at
    return reuse


def update_reuses(at: datetime) -> int:
    """Cancel requests no longer needed or possible, and replace checks based on one that no longer holds.

    Returns the number of changes.
    """
    waiting = (
        CheckReuse.objects.filter(status=CheckReuse.Status.PENDING)
        .select_related("task__lead", "origin")
        .order_by("pk")
    )
    moot = [
        reuse.pk for reuse in waiting if unneeded_reuse_refusal(reuse) or outdated_check_refusal(reuse, at)
    ]
    done = process_due(
        CheckReuse.objects.filter(pk__in=moot).order_by("pk"), lambda reuse: _cancel_request(reuse, at)
    )
    overturned = VerificationTask.objects.reusing_revoked_check().order_by("pk")
    return done + process_due(overturned, lambda task: _replace_overturned(task, at))


def _replace_overturned(task: VerificationTask, at: datetime) -> None:
    """Replace a check whose original is no longer accepted. A verified offer goes back to checking."""
    outdate_check(task, by=SYSTEM, at=at)
    lead = task.lead
    lead.refresh_from_db()
    if lead.status == SupplierLead.Status.VERIFIED and lead.checks_open:
        reopen_lead(
            lead, reason=gettext_noop("A check by another city is no longer valid."), by=SYSTEM, at=at
        )


def _cancel_request(reuse: CheckReuse, at: datetime) -> None:
    with CANCEL_REUSE.apply_to(reuse, by=SYSTEM, at=at):
        pass
