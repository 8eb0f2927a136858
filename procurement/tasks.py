"""The door for the clock: what must happen by itself, in small steps, each safe to run twice and at the same time as itself.

`tick` runs them all: woken by beat every 30 seconds, by a commit (`outbox.nudge`), or by `manage.py tick --loop`, which needs no
Redis. What is due stands in the database; nothing here remembers anything.
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

from accounts import limits
from accounts.actions import sending
from accounts.actions.choices import ways_of
from accounts.actions.people import mark_bounced
from accounts.actions.sending import stop_address
from partners.actions.roles import invitation_token
from partners.actions.ties import remind_of_ends
from partners.exchange.wizard.work import carry_on
from partners.models.people import Invitation
from partners.rules.hours import decent_hour, next_morning
from procurement.allocations import actions
from procurement.exchange.bundle import work
from procurement.leads.actions.deciding import expire_old
from procurement.leads.anew import rescreen_changed
from procurement.lists.anew import process_next, rescreen_suppliers
from procurement.notices import entries, notice, planning
from procurement.notices.digest import kind_to_stop, way_of
from procurement.notices.entries import for_entry
from procurement.notices.planning import write_again
from procurement.notices.replies import reply_to
from procurement.notices.settling import mark_settled
from procurement.orders.actions import ending
from procurement.orders.actions.accounts import settle_accounts
from procurement.orders.actions.bundles import forget_bundles
from procurement.orders.actions.deciding import judge_waiting
from procurement.orders.actions.payments import settle_due
from procurement.orders.models.bundle import Bundle
from procurement.outreach.actions import settling
from procurement.outreach.actions.asking import keep_thanks
from procurement.outreach.actions.settling import close_moot, give_way_old, lapse_old
from procurement.requests.actions.needs import ask_again_due
from procurement.shipments.actions import findings, journey
from procurement.shipments.actions.after.reliefs import remind_of_reliefs
from procurement.shipments.actions.handing.reminding import chase_calls
from procurement.shipments.actions.tracking import warned
from procurement.shipments.rules import counters
from procurement.verification.actions.asking import send_reminders
from procurement.verification.actions.settling import update_tasks
from procurement.verification.actions.sharing import settle_shared
from workflow import clock
from workflow.actions import UNDELIVERED, report_undelivered
from workflow.actors import CLOCK
from workflow.clock import move_on, note_tick, real_now, stops_until
from workflow.documents import made
from workflow.documents.checking import check_waiting
from workflow.documents.pages import forget_old
from workflow.documents.store import forget_strays
from workflow.doors import idempotency
from workflow.errors import Refused, database_is_away
from workflow.journal import seals
from workflow.models.bell import Way
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.outbox import bell, delivery, fates, ledger, wakeup
from workflow.outbox.bell import Readers
from workflow.outbox.delivery import Filled, Hooks
from workflow.outbox.fates import came_back
from workflow.outbox.ledger import pass_over

type Step = Callable[[datetime], int]

BATCH = 20  # messages under one claim: far less than a lease even where each takes seconds
ENTRIES = 200  # announced in one go
ROUND = 200  # rows that `workflow.due.work_off` acts on in one go
LONGEST = timedelta(seconds=120)  # then the next tick goes on, well below Celery's limit
MOST_ROUNDS = 20  # ticks at one stop of a practice clock; the worker sees to the rest
KEYS_KEPT = timedelta(days=1)
ARRIVED, BAD_ADDRESS, FAILED = "arrived", "bad_address", "failed"  # what a mail provider tells
log = logging.getLogger(__name__)

# What each stage does by itself. A stage that has more adds its function here, and nothing else changes.
REMIND: tuple[Step, ...] = (
    ask_again_due,  # before contacts are reminded of what nobody may need any more
    settling.chase,
    give_way_old,
    send_reminders,
    remind_of_ends,
    remind_of_reliefs,
    chase_calls,
)
EXPIRE: tuple[Step, ...] = (lapse_old, expire_old)
SETTLE: tuple[Step, ...] = (
    close_moot,
    rescreen_suppliers,  # before offers are judged anew: a match is one of their facts
    rescreen_changed,
    update_tasks,
    settle_shared,
    actions.settle,
    ending.settle,
    judge_waiting,
    settle_due,
    settle_accounts,
    journey.settle,
    findings.watch,
    warned.warn,
)
COUNTERS: tuple[Callable[[], Iterable[str]], ...] = (counters.miscounted,)


@shared_task(name="procurement.tasks.tick", ignore_result=True)
def tick() -> None:
    """Everything that is due now; starts itself again while there is more."""
    if run(clock.now()):
        wakeup.nudge()


@shared_task(name="procurement.tasks.check_counters", ignore_result=True)
def check_counters() -> int:
    """Compare every counter with the rows it counts, hourly. Finds nothing in a sound system, and shouts otherwise."""
    problems = [problem for compare in COUNTERS for problem in compare()]
    for problem in problems:
        log.error("a counter is wrong: %s", problem)
    return len(problems)


def live_through(moment: datetime) -> None:
    """Move the practice clock on by a few hours at a time, each with its ticks: a mail goes out by day where it is read.

    Refuses on a real instance. Two who move it at once both get there: a stop that is over already is passed by.
    """
    for stop in stops_until(moment):
        try:
            move_on(stop)
        except Refused as refused:
            if refused.code != "clock_backwards":
                raise
        for _round in range(MOST_ROUNDS):
            if not run(clock.now()):
                break


def run(at: datetime) -> bool:
    """One tick at a moment of the story; whether there is more to do at once.

    A step that fails is logged and holds up no other; only a database that is away ends the tick.
    """
    more = False
    for step in (remind, expire, settle, digest, announce, deliver, bring_in, seal, tidy):
        try:
            more |= step(at)
        except Exception as error:  # one stage's fault must not stop another stage's reminders
            if database_is_away(error):
                raise
            log.exception("the tick's step %s failed", step.__name__)
    note_tick()
    return more


def remind(at: datetime) -> bool:
    """Reminders whose hour has come: each an entry of its own, which moves the next one on."""
    return _all(REMIND, at)


def expire(at: datetime) -> bool:
    """What time alone ends."""
    return _all(EXPIRE, at)


def settle(at: datetime) -> bool:
    """What became moot: cancelled or released by the clock, as far as nothing binding hangs on it."""
    return _all(SETTLE, at)


def digest(at: datetime) -> bool:
    """Daily mail whose morning has come: for each reader one entry, announced like any other."""
    readers = Readers(ways=ways_of, polite=decent_hour, morning=next_morning)
    return bell.gather(at, readers, ROUND) >= ROUND


def announce(at: datetime) -> bool:
    """Turn what happened into messages, entry by entry, each once, whoever else is at it. What nobody is told is passed over."""
    waiting = list(Entry.objects.filter(announced_at=None).order_by("pk")[:ENTRIES])
    _pass_over([entry for entry in waiting if not for_entry(entry)], at)
    for entry in filter(for_entry, waiting):
        try:
            _announce_one(entry.pk, at)
        except Exception as error:  # a faulty template keeps its own entry waiting, and no other
            if database_is_away(error):
                raise
            log.exception("entry %s could not be announced", entry.pk)
    return len(waiting) == ENTRIES


def _pass_over(entries: list[Entry], at: datetime) -> None:
    with transaction.atomic():
        bell.settle(mark_settled(entries))
        pass_over(entries, at)


def _announce_one(pk: int, at: datetime) -> None:
    with transaction.atomic():
        entry = Entry.objects.select_for_update(skip_locked=True).filter(pk=pk, announced_at=None).first()
        if entry is not None:
            told = planning.tell(entry, at)
            bell.ring(told.notices)
            bell.settle(mark_settled([entry]))
            keep_thanks(told.letters)
            ledger.announce(entry, told.messages, at)


def deliver(at: datetime) -> bool:
    """Send what is due, batch by batch, for two minutes at most."""
    until = real_now() + LONGEST
    hooks = Hooks(
        relevant=lambda message: _wanted(message, at),
        polite=planning.polite,
        fill=lambda message: _fill(message, at),
        bounced=lambda message: _bounced(message, at),
        given_up=lambda message: _given_up(message, at),
    )
    while real_now() < until:
        if not delivery.deliver(BATCH, at, hooks).more:
            return False
    return True


def _wanted(message: Message, at: datetime) -> bool:
    """Whether a message still matters and still goes out by itself. Where its reader chose the daily mail since, it waits for that."""
    if not planning.relevant(message):
        return False
    way = way_of(message)
    if way == Way.DIGEST:
        bell.wait(message, next_morning(message.recipient, at))
    return way == Way.AT_ONCE


def _fill(message: Message, at: datetime) -> Filled:
    """Write it again, of what is true now, make its link, and say whom a reply reaches."""
    words = write_again(message, at)
    if words is not None:
        ledger.rewrite(message, words.subject, words.body)
    mailbox, foot = reply_to(message)
    return replace(_link(message, at), reply_to=mailbox, foot=foot)


def _link(message: Message, at: datetime) -> Filled:
    """The link of a message, made now: accounts makes them all but the one of an invitation."""
    if message.link.get("purpose") != notice.INVITATION:
        kind = kind_to_stop(message)
        return sending.fill(message, at=at, real_at=real_now(), kind=kind)
    invitation = Invitation.objects.get(pk=message.thing_id)
    address = settings.BASE_URL + reverse("join", args=[invitation_token(invitation)])
    return Filled(link=address, stop=stop_address(message.recipient))


def _bounced(message: Message, at: datetime) -> None:
    """A dead address: noted on the person, and whoever waits for their answer is asked whom to ask instead."""
    mark_bounced(message.recipient, by=CLOCK, at=at, reason=message.result)


def hear(number: uuid.UUID, fate: str, why: str, at: datetime) -> bool:
    """What a mail provider says became of a mail: `arrived`, or why it came back (`bad_address`, `failed`). Whether it was news.

    Nothing where no such mail went out, or where it is known: providers tell everything more than once, and in any order.
    """
    if fate == ARRIVED:
        return fates.arrived(number, at)
    with transaction.atomic():
        message = came_back(number, why, at)
        if message is None:
            return False
        if (
            fate == BAD_ADDRESS and message.address == message.recipient.email
        ):  # it may have been corrected since
            _bounced(message, at)
        else:
            _given_up(message, at)
    return True


def _given_up(message: Message, at: datetime) -> None:
    """Tell a person, through the thing's own history. A report of that kind that fails is only counted (`/metrics`)."""
    thing = entries.load(message.thing_label, message.thing_id)
    if thing is not None and message.entry.verb != UNDELIVERED:
        report_undelivered(message, thing, at=at)


def bring_in(at: datetime) -> bool:
    """Files for the register, lists of names, papers of orders: what waits is worked off. After the mail: one may take a minute."""
    return bool(carry_on(at) + process_next(at) + work.carry_on(at))


def seal(_at: datetime) -> bool:
    """Put what was written under a seal."""
    return seals.seal() == seals.MOST


def tidy(at: datetime) -> bool:
    """Finish checks of files that a dead process left, and drop what is over: stored answers, counters, stray files."""
    real = real_now()
    check_waiting(at)
    forget_bundles(at)
    made.sweep(Bundle.objects.exclude(stored="").values_list("stored", flat=True))
    idempotency.forget(real - KEYS_KEPT)
    limits.sweep(real)
    if real.minute == 0:  # the folder is walked a few times an hour at most
        forget_strays()
        forget_old()
    return False


def _all(steps: Iterable[Step], at: datetime) -> bool:
    """Run each stage's part; whether one of them did as much as it does in one go."""
    done = [_guarded(step, at) for step in steps]
    return max(done, default=0) >= ROUND


def _guarded(step: Step, at: datetime) -> int:
    try:
        return step(at)
    except Exception as error:  # one stage's fault must not stop another stage's
        if database_is_away(error):
            raise
        log.exception("%s.%s failed", step.__module__, step.__name__)
        return 0
