"""Asking another city for the use of its check, and what that city says. Neither learns of the other before it has to."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from procurement.leads.actions import deciding
from procurement.leads.models.offer import SupplierLead
from procurement.verification.actions.counting import recount
from procurement.verification.actions.settling import outdate
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.sharing import Reuse
from procurement.verification.rules import sharing, tasks
from procurement.verification.rules.sharing import may_ask, still_valid, still_wanted, valid_days
from workflow.actors import CLOCK, Actor, person_of
from workflow.due import work_off
from workflow.errors import Refused


def reusable(task: VerificationTask, at: datetime) -> VerificationTask | None:
    """Another city's accepted check that could stand in this one's place on that day, the newest first; None where there is none.

    Not one that city was asked for already. One query for the company's rows, one for the checks.
    """
    days = valid_days(task.check_kind, task.city.day_at(at))
    if not days or task.status not in sharing.OPEN:
        return None
    others = (
        VerificationTask.objects.filter(
            supplier__in=task.supplier.rows,
            check_kind=task.check_kind,
            certificate=task.certificate_id,
            status=VerificationTask.Status.ACCEPTED,
            reused_from=None,
            judged_at__gt=at - timedelta(days=days),
        )
        .exclude(city=task.city_id)
        .exclude(lent__task__lead=task.lead_id)
        .select_related("lead")
        .order_by("-judged_at", "-pk")
    )
    return next((other for other in others if sharing.fits(task, other)), None)


def ask_for_reuse(task: VerificationTask, *, author: User, by: Actor, at: datetime) -> Reuse:
    """Ask the city that accepted such a check last whether this one may use it. Refuses where there is none any more."""
    with transaction.atomic():
        origin = reusable(task, at)
        reuse = Reuse(task=task, origin=origin or task, city=(origin or task).city, author=author)
        if origin is None and may_ask(by, reuse) is True:  # whoever may not is told nothing of what there is
            raise Refused("nothing_to_share", _("No other city has such a check any more."))
        return sharing.ASK.start(reuse, by=by, at=at)


def agree(reuse: Reuse, *, by: Actor, at: datetime) -> Reuse:
    """Let the other city use the check: it counts there as accepted, taken over by whoever asked.

    Refuses one that is too old by now, that no longer stands, or that is no longer needed.
    """
    with transaction.atomic():
        city = reuse.task.city
        with sharing.AGREE.on(reuse, by=by, at=at, to=str(city)) as row:
            closed = still_valid(row, at)
            if closed is not None:
                raise closed
            row.answered_by_id = person_of(by)
            row.answered_at = at
            _take_over(row, at)
    return reuse


def _take_over(reuse: Reuse, at: datetime) -> None:
    """The check of the asking city is the other's now, judged by whoever asked for it."""
    with tasks.TAKE_OVER.on(reuse.task, by=CLOCK, at=at) as task:
        task.reused_from = reuse.origin
        task.contact = None
        task.submitted_at = reuse.origin.submitted_at
        task.judged_by = reuse.author
        task.judged_at = at
    recount(reuse.task.lead)


def refuse(reuse: Reuse, *, by: Actor, at: datetime) -> Reuse:
    """Rather not. The other city is told so, and not by whom."""
    with sharing.REFUSE.on(reuse, by=by, at=at) as row:
        row.answered_by_id = person_of(by)
        row.answered_at = at
    return reuse


def settle_shared(at: datetime) -> int:
    """Take back what is no longer needed or possible; make anew what rested on a check that was overturned. Returns how many."""
    waiting = (
        Reuse.objects.filter(status=Reuse.Status.ASKED).select_related("task__lead", "origin").order_by("pk")
    )
    moot = [reuse.pk for reuse in waiting if still_wanted(reuse) or still_valid(reuse, at)]
    done = work_off(Reuse.objects.filter(pk__in=moot).order_by("pk"), lambda reuse: _cancel(reuse, at))
    overturned = VerificationTask.objects.overturned().order_by("pk")
    return done + work_off(overturned, lambda task: _overturned(task, at))


def _overturned(task: VerificationTask, at: datetime) -> None:
    """The city makes its own check now, and its offer is not verified while it does."""
    outdate(task, by=CLOCK, at=at)
    lead = task.lead
    lead.refresh_from_db()
    if lead.status == SupplierLead.Status.VERIFIED and lead.checks_open:
        deciding.reopen(
            lead, reason=gettext_noop("A check of another city no longer stands."), by=CLOCK, at=at
        )


def _cancel(reuse: Reuse, at: datetime) -> None:
    with sharing.CANCEL.on(reuse, by=CLOCK, at=at):
        pass
