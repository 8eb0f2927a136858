"""What the tick does: checks of ended offers called off; those whose facts changed made anew, and new ones proposed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from partners.candidates import ended_ties
from procurement.leads.actions import counters, deciding
from procurement.leads.models.offer import SupplierLead
from procurement.verification.actions import findings
from procurement.verification.actions.asking import cancel, copy_of, decline
from procurement.verification.actions.counting import recount
from procurement.verification.actions.opening import propose_needed
from procurement.verification.models.checks import VerificationTask
from procurement.verification.rules import tasks
from procurement.verification.rules.needed import rests_on
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.moves import locked

MOST = 200  # offers in one go


def outdate(task: VerificationTask, *, by: Actor, at: datetime) -> VerificationTask:
    """The facts this check rested on have changed: a new one takes its place. Returns the new one."""
    with transaction.atomic():
        with tasks.OUTDATE.on(task, by=by, at=at) as row:
            onward = tasks.PROPOSE.start(copy_of(row, "again"), by=CLOCK, at=at)
        findings.judge(task.lead, at)
        recount(task.lead)
    return onward


def update_tasks(at: datetime) -> int:
    """Cancel the checks of offers that ended; open anew those whose facts changed, and those asked for through an agreement that ended;
    take back those of people who asked to be left alone. Returns how many were settled.
    """
    reason = gettext_noop("The offer has ended.")
    moot = VerificationTask.objects.moot().order_by("pk")
    done = work_off(moot, lambda task: cancel(task, reason=reason, by=CLOCK, at=at))
    done += work_off(
        VerificationTask.objects.through_ended(ended_ties(at)).order_by("pk"),
        lambda task: _ask_elsewhere(task, gettext_noop("The agreement between the cities has ended."), at),
    )
    done += work_off(
        VerificationTask.objects.stopped_by_city().order_by("pk"),
        lambda task: _ask_elsewhere(
            task, gettext_noop("The city that asked has stopped its questions to this contact."), at
        ),
    )
    wanted_no_more = gettext_noop("Asked not to be written to any more.")
    done += work_off(
        VerificationTask.objects.of_who_stopped().order_by("pk"),
        lambda task: decline(task, remark=wanted_no_more, by=CLOCK, at=at),
    )
    stale = SupplierLead.objects.live().filter(recheck=True).order_by("pk")
    return done + sum(_recheck(key, at) for key in stale.values_list("pk", flat=True)[:MOST])


def _ask_elsewhere(task: VerificationTask, why: str, at: datetime) -> None:
    cancel(task, reason=why, by=CLOCK, at=at)
    tasks.PROPOSE.start(copy_of(task, task.why), by=CLOCK, at=at)


def _recheck(key: int, at: datetime) -> int:
    """Make anew what rested on changed facts, and open what is needed now. Checks are locked before their offer, as everywhere."""
    with transaction.atomic():
        mine = VerificationTask.objects.filter(lead=key).order_by("pk")
        checks = list(mine.select_for_update(of=("self",)))
        lead = locked(SupplierLead(pk=key))
        if not lead.recheck:
            return 0
        changed = frozenset(lead.changed_facts)
        for task in checks:
            if rests_on(task.check_kind, changed, task.certificate_id):
                _make_anew(task, at)
        counters.rechecked(lead)
        propose_needed(lead, by=CLOCK, at=at)
        lead.refresh_from_db()
        if lead.status == SupplierLead.Status.VERIFIED and lead.checks_open:
            deciding.reopen(lead, reason=_why(changed), by=CLOCK, at=at)
    return 1


def _why(changed: frozenset[str]) -> str:
    if changed - {"needed"}:
        return gettext_noop("Facts of the company changed.")
    return gettext_noop("It needs a check by now that it did not need before.")


def _make_anew(task: VerificationTask, at: datetime) -> None:
    """An accepted report is out of date; one that waits to be judged is called off, so that nobody accepts it by mistake."""
    if task.status == VerificationTask.Status.ACCEPTED:
        outdate(task, by=CLOCK, at=at)
    elif task.status == VerificationTask.Status.SUBMITTED:
        cancel(task, reason=gettext_noop("The facts it rested on have changed."), by=CLOCK, at=at)
        tasks.PROPOSE.start(copy_of(task, "again"), by=CLOCK, at=at)
