"""Entry points of the periodic job: small steps, each safe to run twice and in parallel with itself.

`tick` runs all steps. It is started by beat every 30 seconds, after a commit (`workflow.worker_trigger`), or
by `manage.py tick --loop`, which needs no Redis. All due work is stored in the database; this module keeps
no state.
"""

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import throttling
from accounts.actions.links import create_message_link_or_code, unsubscribe_url
from accounts.actions.notification_preferences import preferences_of
from accounts.actions.people import mark_bounced
from partners.agreements.actions import remind_of_expiries
from partners.contacts.working_hours import next_contact_time, next_morning
from partners.memberships.actions import issue_invitation_token
from partners.memberships.models import Invitation
from partners.register_import.worker import process_waiting_imports
from procurement.allocations.actions import undo_withdrawn_need_allocations
from procurement.allocations.plans.models import AllocationPlan
from procurement.audit_files.actions import expire_audit_files
from procurement.audit_files.builder import build_waiting_audit_files
from procurement.audit_files.models import AuditFile
from procurement.customs.duty_relief.actions import send_relief_reminders
from procurement.documents.actions import requests
from procurement.generated_documents.actions import generate_due_purchase_orders
from procurement.leads.actions.certificate_ends import announce_certificate_ends
from procurement.leads.actions.decisions import ask_about_ending_offers, expire_overdue_leads
from procurement.leads.actions.findings import send_finding_reminders
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.logistics.actions.alerts import update_alerts
from procurement.logistics.actions.journey import close_moot_shipments
from procurement.logistics.actions.offer_rescreening import rescreen_unconfirmed_departures
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.notifications import notices
from procurement.notifications.builder import (
    build_notifications_for_entry,
    is_relevant,
    next_send_time,
    rewrite_message,
)
from procurement.notifications.digest import delivery_channel_of, unsubscribe_category
from procurement.notifications.reply_addresses import reply_address
from procurement.notifications.settlement import mark_settled
from procurement.notifications.table_lookup import load_item, table_rows_for_entry
from procurement.orders.actions.approve import rescreen_undecided_orders
from procurement.orders.actions.close import close_moot_orders
from procurement.orders.actions.holds import resume_expired_holds
from procurement.orders.actions.reminders import send_order_reminders
from procurement.orders.actions.screening import screen_account_changes
from procurement.orders.payments.actions import backfill_due_dates, send_payment_reminders
from procurement.outreach.actions import periodic
from procurement.outreach.actions.consents import update_consents
from procurement.outreach.actions.inquiries import save_thank_you_letters
from procurement.outreach.actions.periodic import (
    allow_other_contacts,
    expire_unanswered_inquiries,
    update_inquiries,
)
from procurement.outreach.actions.questions import send_answers
from procurement.receiving.actions.discrepancies import send_discrepancy_reminders
from procurement.requests.actions.requests import announce_changes, ask_due_reconfirmations, lapse_unconfirmed
from procurement.requests.approval.actions import send_approval_reminders
from procurement.sanctions.actions.periodic import activate_next_watchlist, rescreen_suppliers
from procurement.verification.actions.assignment import send_reminders
from procurement.verification.actions.periodic import update_checks
from procurement.verification.actions.reuse import update_reuses
from procurement.webhooks.actions.endpoints import clear_expired_secrets
from procurement.webhooks.actions.queue import delete_old_deliveries, has_work, plan_deliveries
from procurement.webhooks.actions.sending import send_due_events
from procurement.webhooks.background import WebhookSender
from procurement.webhooks.rules import DELIVERY_RETENTION
from workflow.actors import SYSTEM
from workflow.clock import advance_clock, now, real_now, record_tick, stop_times_until
from workflow.errors import Refused, database_is_unavailable
from workflow.heartbeat import heartbeat
from workflow.http.idempotency import delete_expired_keys
from workflow.journal import hash_chain
from workflow.journal.hash_chain import seal_entries
from workflow.journal.models import Entry
from workflow.outbox import delivery, delivery_events, queue
from workflow.outbox.delivery import DeliveryHooks, MessageContent
from workflow.outbox.delivery_events import mark_delivered
from workflow.outbox.in_app_notifications import (
    ReaderHooks,
    build_digests,
    create_notifications,
    hold_for_digest,
    record_settling_entries,
)
from workflow.outbox.models import DeliveryPreference, Message
from workflow.outbox.queue import enqueue_for_entry, mark_announced
from workflow.outbox.undelivered_messages import UNDELIVERED_VERB, report_undelivered
from workflow.uploads.actions import check_pending_files
from workflow.uploads.generated_archives import delete_orphans
from workflow.uploads.previews import delete_old_previews
from workflow.uploads.storage import delete_unknown_files
from workflow.worker_trigger import trigger_worker

type Step = Callable[[datetime], int]

MESSAGE_BATCH_SIZE = 20  # messages under one claim: far less than a lease even where each takes seconds
JOURNAL_ENTRIES_PER_RUN = 200  # announced in one go
DUE_ROWS_PER_RUN = 200  # rows that `workflow.due_rows.process_due` acts on in one go
MAX_MAIL_SENDING_TIME = timedelta(seconds=120)  # then the next tick goes on, well below Celery's limit
MAX_TICKS_PER_CLOCK_STOP = 20  # ticks at one stop of a practice clock; the worker sees to the rest
IDEMPOTENCY_KEY_LIFETIME = timedelta(days=1)
ARRIVED, BAD_ADDRESS, FAILED = "arrived", "bad_address", "failed"  # reports of a mail provider
log = logging.getLogger(__name__)

# Periodic steps of each package. To add one, add its function here.
REMINDER_STEPS: tuple[Step, ...] = (
    ask_due_reconfirmations,  # first, so that contacts get no reminder for an outdated need
    lapse_unconfirmed,
    periodic.send_reminders,
    allow_other_contacts,
    send_reminders,
    send_approval_reminders,
    send_order_reminders,
    send_payment_reminders,
    send_finding_reminders,
    send_discrepancy_reminders,
    remind_of_expiries,
    send_relief_reminders,
    requests.send_due_reminders,
    ask_about_ending_offers,
    announce_certificate_ends,
)
EXPIRY_STEPS: tuple[Step, ...] = (expire_unanswered_inquiries, expire_overdue_leads, resume_expired_holds)
UPDATE_STEPS: tuple[Step, ...] = (
    update_consents,  # first, so that inquiries sent with a lost consent are taken back in the same tick
    update_inquiries,
    send_answers,
    announce_changes,
    rescreen_suppliers,  # first, since watchlist matches are input for screening offers
    rescreen_changed_offers,
    update_checks,
    update_reuses,
    undo_withdrawn_need_allocations,
    close_moot_orders,
    rescreen_undecided_orders,
    generate_due_purchase_orders,
    backfill_due_dates,
    screen_account_changes,
    close_moot_shipments,
    rescreen_unconfirmed_departures,
    update_alerts,
)
COUNTER_CHECKS: tuple[Callable[[], Iterable[str]], ...] = (logistics_counter_mismatches,)


@shared_task(name="procurement.tasks.tick", ignore_result=True)
def tick() -> None:
    """Run all steps that are due, and repeat at once while more is due."""
    if run_tick(now()):
        trigger_worker()
    request_webhooks()
    heartbeat.send()


def send_webhooks() -> int:
    """Send the webhooks that are due, and return how many were delivered."""
    return send_due_events(now, real_now)


_webhook_sender = WebhookSender(send_webhooks)


def request_webhooks() -> None:
    """Have the due webhooks sent by a thread of this process, if there are any, and return at once."""
    if has_work(real_now()):
        _webhook_sender.request()


@shared_task(name="procurement.tasks.check_counters", ignore_result=True)
def check_counters() -> int:
    """Compare every counter with the rows it counts, hourly. Log an error for each difference."""
    problems = [problem for compare in COUNTER_CHECKS for problem in compare()]
    for problem in problems:
        log.error("a counter is wrong: %s", problem)
    return len(problems)


def advance_practice_clock(moment: datetime) -> None:
    """Move the practice clock forward in steps of a few hours, and run the periodic job at each step.

    In steps of a few hours, each mail goes out in the daytime of its reader. Refuses a site that is not a
    practice site. Two people may do this at once: a step that has passed already is skipped.
    """
    for stop in stop_times_until(moment):
        try:
            advance_clock(stop)
        except Refused as refused:
            if refused.code != "clock_backwards":
                raise
        for _round in range(MAX_TICKS_PER_CLOCK_STOP):
            if not run_tick(now()):
                break


def run_tick(at: datetime) -> bool:
    """Run all steps once as of a moment. Return True if more is due at once.

    A step that fails is logged and does not stop other steps. Only an unavailable database ends the run.
    """
    more = False
    for step in (
        run_reminders,
        run_expiry,
        update_after_changes,
        create_digests,
        plan_messages,
        deliver_messages,
        process_imports,
        seal_journal,
        plan_webhooks,
        clean_up,
    ):
        try:
            more |= step(at)
        except Exception as error:  # a fault of one package must not stop the others
            if database_is_unavailable(error):
                raise
            log.exception("the tick's step %s failed", step.__name__)
    record_tick()
    return more


def run_reminders(at: datetime) -> bool:
    """Send due reminders. Each is a journal entry that also sets the time of the next one."""
    return _run_all(REMINDER_STEPS, at)


def run_expiry(at: datetime) -> bool:
    """End everything past its date."""
    return _run_all(EXPIRY_STEPS, at)


def update_after_changes(at: datetime) -> bool:
    """Bring everything up to date after changes elsewhere, and cancel what became unnecessary.

    Screens companies and offers again, updates checks, allocations and payments, and raises alerts. Binding
    orders are never cancelled.
    """
    return _run_all(UPDATE_STEPS, at)


def create_digests(at: datetime) -> bool:
    """Create the due daily summaries: one journal entry per reader. Their mail is planned like that of any entry."""
    readers = ReaderHooks(
        preferences=preferences_of, next_polite_time=next_contact_time, next_morning=next_morning
    )
    return build_digests(at, readers, DUE_ROWS_PER_RUN) >= DUE_ROWS_PER_RUN


def plan_messages(at: datetime) -> bool:
    """Plan the messages that new journal entries cause. Several workers never plan an entry twice.

    Entries that cause no message are only marked as processed.
    """
    waiting = list(Entry.objects.filter(announced_at=None).order_by("pk")[:JOURNAL_ENTRIES_PER_RUN])
    _mark_announced([entry for entry in waiting if not table_rows_for_entry(entry)], at)
    for entry in filter(table_rows_for_entry, waiting):
        try:
            _plan_for_entry(entry.pk, at)
        except Exception as error:  # a faulty template delays only its own entry
            if database_is_unavailable(error):
                raise
            log.exception("entry %s could not be announced", entry.pk)
    return len(waiting) == JOURNAL_ENTRIES_PER_RUN


def _mark_announced(entries: list[Entry], at: datetime) -> None:
    with transaction.atomic():
        record_settling_entries(mark_settled(entries))
        mark_announced(entries, at)


def _plan_for_entry(pk: int, at: datetime) -> None:
    with transaction.atomic():
        entry = Entry.objects.select_for_update(skip_locked=True).filter(pk=pk, announced_at=None).first()
        if entry is not None:
            planned = build_notifications_for_entry(entry, at)
            create_notifications(planned.notices)
            record_settling_entries(mark_settled([entry]))
            save_thank_you_letters(planned.letters)
            enqueue_for_entry(entry, planned.messages, at)


def deliver_messages(at: datetime) -> bool:
    """Send due messages in batches, for at most two minutes."""
    until = real_now() + MAX_MAIL_SENDING_TIME
    hooks = DeliveryHooks(
        is_relevant=lambda message: _is_still_wanted(message, at),
        next_polite_time=next_send_time,
        build_content=lambda message: _render_message(message, at),
        on_bounce=lambda message: _mark_bounced(message, at),
        on_give_up=lambda message: _report_undelivered(message, at),
    )
    while real_now() < until:
        if not delivery.deliver(MESSAGE_BATCH_SIZE, at, hooks).has_more:
            return False
    return True


def _is_still_wanted(message: Message, at: datetime) -> bool:
    """Return True if a planned message is still relevant and is still to be sent by the job.

    If its reader has chosen the daily summary since, it waits for the summary.
    """
    if not is_relevant(message):
        return False
    way = delivery_channel_of(message)
    if way == DeliveryPreference.DIGEST:
        hold_for_digest(message, next_morning(message.recipient, at))
    return way == DeliveryPreference.AT_ONCE


def _render_message(message: Message, at: datetime) -> MessageContent:
    """Write the message again with current data, create its link, and set the reply address."""
    words = rewrite_message(message, at)
    if words is not None:
        queue.set_message_text(message, words.subject, words.body)
    mailbox, foot = reply_address(message)
    return replace(_create_link(message, at), reply_to=mailbox, footer=foot)


def _create_link(message: Message, at: datetime) -> MessageContent:
    """Create the link of a message. `accounts` creates all links except that of an invitation."""
    if message.link.get("purpose") != notices.INVITATION_PURPOSE:
        kind = unsubscribe_category(message)
        return create_message_link_or_code(message, at=at, real_at=real_now(), kind=kind)
    invitation = Invitation.objects.get(pk=message.thing_id)
    address = settings.BASE_URL + reverse("join", args=[issue_invitation_token(invitation)])
    return MessageContent(link=address, unsubscribe_url=unsubscribe_url(message.recipient))


def _mark_bounced(message: Message, at: datetime) -> None:
    """Mark the recipient's address as dead.

    Those who wait for their answer are asked to choose another person.
    """
    mark_bounced(message.recipient, by=SYSTEM, at=at, reason=message.result)


def handle_mail_event(number: uuid.UUID, outcome: str, why: str, at: datetime) -> bool:
    """Record a mail provider's report on the mail with this number. Return True if it changed anything.

    `outcome`: `arrived`, or the reason why the mail came back (`bad_address`, `failed`). Unknown mails and
    known reports are ignored: providers report several times and in any order.
    """
    if outcome == ARRIVED:
        return mark_delivered(number, at)
    with transaction.atomic():
        message = delivery_events.mark_bounced(number, why, at)
        if message is None:
            return False
        if (
            outcome == BAD_ADDRESS and message.address == message.recipient.email
        ):  # the address may have been corrected since
            _mark_bounced(message, at)
        else:
            _report_undelivered(message, at)
    return True


def _report_undelivered(message: Message, at: datetime) -> None:
    """Report an undelivered message in the journal of its object, so that a person sees it.

    A failed message about such a report is only counted (`/metrics`).
    """
    thing = load_item(message.thing_label, message.thing_id)
    if thing is not None and message.entry.verb != UNDELIVERED_VERB:
        report_undelivered(message, thing, at=at)


def process_imports(at: datetime) -> bool:
    """Process waiting work: uploads for the city register, watchlists, audit files, and allocation plans.

    Runs after the mail, since one item may take a minute.
    """
    return bool(
        process_waiting_imports(at)
        + activate_next_watchlist(at)
        + build_waiting_audit_files(at)
        + _calculate_plans(at)
    )


def _calculate_plans(at: datetime) -> int:
    """Calculate waiting allocation plans. Loads the solver only when there is one."""
    if not AllocationPlan.objects.due().exists():
        return 0
    from procurement.allocations.plans.calculation import calculate_plans  # noqa: PLC0415 - 100 MB with the solver

    return calculate_plans(at)


def seal_journal(_at: datetime) -> bool:
    """Seal new journal entries. Return True if more wait."""
    return seal_entries() == hash_chain.MAX_ENTRIES_PER_SEAL


def plan_webhooks(_at: datetime) -> bool:
    """Plan the webhooks that newly sealed entries cause. Return True if more wait."""
    return plan_deliveries(real_now())


def clean_up(at: datetime) -> bool:
    """Finish file checks that a crashed process left. Delete expired answers, counters and stray files."""
    real = real_now()
    check_pending_files(at)
    expire_audit_files(at)
    delete_orphans(AuditFile.objects.exclude(stored="").values_list("stored", flat=True))
    delete_expired_keys(real - IDEMPOTENCY_KEY_LIFETIME)
    throttling.delete_expired(real)
    delete_old_deliveries(real - DELIVERY_RETENTION)
    clear_expired_secrets(real)
    if real.minute == 0:  # scanning the folder is slow, so do it a few times an hour at most
        delete_unknown_files()
        delete_old_previews()
    return False


def _run_all(steps: Iterable[Step], at: datetime) -> bool:
    """Run each package's step. Return True if a step reached its limit, so more may be due."""
    done = [_run_guarded(step, at) for step in steps]
    return max(done, default=0) >= DUE_ROWS_PER_RUN


def _run_guarded(step: Step, at: datetime) -> int:
    try:
        return step(at)
    except Exception as error:  # a fault of one package must not stop the others
        if database_is_unavailable(error):
            raise
        log.exception("%s.%s failed", step.__module__, step.__name__)
        return 0
