"""Delivery of due messages: claim, renew the lease, check relevance, send, record the result."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.policy import default
from email.utils import format_datetime
from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from workflow.errors import database_is_unavailable
from workflow.outbox import delivery_events, queue
from workflow.outbox.errors import DeliveryUncertain, PermanentFailure, ServerUnavailable, TransientFailure
from workflow.outbox.models import Message
from workflow.outbox.queue import mark_sending, message_id, next_attempt_at, record_result, requeue
from workflow.outbox.senders import set_senders
from workflow.outbox.smtp import MailTransport


class _Address(UnstructuredHeader):
    """Header that is never encoded.

    If name and address do not fit on one line, the address is on a line of its own.
    """

    def fold(self, *, policy: Any) -> str:
        """Return the header as lines of ASCII."""
        name, value = self.name, str(self)  # type: ignore[attr-defined]  # mixed with BaseHeader
        fits = not policy.max_line_length or len(f"{name}: {value}") <= policy.max_line_length
        return f"{name}:{'' if fits else policy.linesep} {value}{policy.linesep}"


_registry = HeaderRegistry()
_registry.map_to_type("list-unsubscribe", _Address)  # type: ignore[arg-type]  # the registry mixes BaseHeader in


class MailMessage(EmailMessage):
    """Django's mail, with a `List-Unsubscribe` header that is never encoded, however long its address is."""

    def message(self, *, policy: Any = default) -> Any:
        """Return the mail as it is sent."""
        return super().message(policy=policy.clone(header_factory=_registry))


MAX_UNCERTAIN_ATTEMPTS = 2  # handed over twice without an answer: a third time could be a third mail
MIN_INTERVAL_PER_PERSON = timedelta(
    seconds=25
)  # a little less than TICK_SECONDS: one message per person and run
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MessageContent:
    """Parts added to a message when it is sent.

    `link` is an address or a code that replaces the placeholder in the body. `footer` holds the lines that identify
    the message.
    """

    link: str = ""
    unsubscribe_url: str = ""
    reply_to: str = ""
    footer: str = ""


@dataclass(frozen=True)
class DeliveryHooks:
    """Functions that the apps above provide for the delivery of a message.

    `is_relevant` returns whether it is still worth sending. `next_polite_time` returns the first moment, from a given
    one on, at which it may be sent. `build_content` creates its link. `on_bounce` handles a dead address. `on_give_up` informs
    a person that the message was not sent in time, or that it is uncertain whether it was sent. These two run in the
    transaction that marks the message.
    """

    is_relevant: Callable[[Message], bool]
    build_content: Callable[[Message], MessageContent]
    on_bounce: Callable[[Message], None]
    on_give_up: Callable[[Message], None]
    next_polite_time: Callable[[Message, datetime], datetime] = lambda _message, at: at


@dataclass(frozen=True)
class DeliveryResult:
    """Result of one round.

    `has_more` means that another round may find something to do.
    """

    claimed_count: int = 0
    sent_count: int = 0
    has_more: bool = False


class _ClaimLost(Exception):
    """Error raised when another sender has claimed the message, so it must not be sent here."""


def deliver(
    limit: int, at: datetime, hooks: DeliveryHooks, *, pace: timedelta = MIN_INTERVAL_PER_PERSON
) -> DeliveryResult:
    """Send up to `limit` due messages in one round.

    `pace` is the shortest time between two messages to one person. Safe to run any number of times at once. If the
    mail server cannot be reached at all, the round ends early and releases the messages it has not tried.
    """
    messages = queue.claim_due_messages(limit, at, pace)
    sent = 0
    with MailTransport() as transport:
        for position, message in enumerate(messages):
            try:
                sent += _process_message(message, at, hooks, transport)
            except ServerUnavailable as error:
                _retry_later(message, at, hooks, str(error))
                requeue(messages[position + 1 :])
                return DeliveryResult(len(messages), sent)
    return DeliveryResult(len(messages), sent, has_more=len(messages) == limit)


def _process_message(message: Message, at: datetime, hooks: DeliveryHooks, transport: MailTransport) -> bool:
    """Process one claimed message; return True if it was sent."""
    if not queue.renew_lease(message):
        return False
    try:
        return _deliver_claimed(message, at, hooks, transport)
    except ServerUnavailable:
        raise
    except Exception as error:  # one faulty message must not hold up the others; it is tried again
        if database_is_unavailable(error):
            raise
        log.exception("message %s", message.pk)
        _retry_later(message, at, hooks, "could not be prepared")
    return False


def _deliver_claimed(message: Message, at: datetime, hooks: DeliveryHooks, transport: MailTransport) -> bool:
    if message.doubts >= MAX_UNCERTAIN_ATTEMPTS:
        _close_message(
            message, Message.State.UNCERTAIN, "handed over twice, never confirmed", hooks.on_give_up
        )
    elif message.expires_at <= at:
        state = Message.State.FAILED if message.attempts else Message.State.EXPIRED
        _close_message(message, state, message.result or "not sent in time", hooks.on_give_up)
    elif not hooks.is_relevant(message):
        record_result(message, Message.State.CANCELLED, "no longer relevant")
    elif not _postpone_for_quiet_hours(message, at, hooks):
        return _send(message, at, hooks, transport)
    return False


def _postpone_for_quiet_hours(message: Message, at: datetime, hooks: DeliveryHooks) -> bool:
    """Postpone a message if it is night or a holiday for its reader; return True if it was postponed.

    The periodic job came late, or the reader's hours have changed.
    """
    when = at if message.hurried else hooks.next_polite_time(message, at)
    return when > at and record_result(message, Message.State.PLANNED, message.result, next_try_at=when)


def _send(message: Message, at: datetime, hooks: DeliveryHooks, transport: MailTransport) -> bool:
    mail = compose(message, hooks.build_content(message), at)
    try:
        transport.send(mail, partial(_mark_sending_or_stop, message))
    except _ClaimLost:
        return False
    except PermanentFailure as error:
        known = {"bounced_at": at} if error.bad_address else {}
        _close_message(
            message,
            Message.State.FAILED,
            str(error),
            hooks.on_bounce if error.bad_address else hooks.on_give_up,
            **known,
        )
    except DeliveryUncertain as error:
        _retry_uncertain(message, at, hooks, str(error))
    except ServerUnavailable:
        raise
    except TransientFailure as error:
        _retry_later(message, at, hooks, str(error))
    else:
        return record_result(message, Message.State.SENT, "", sent_at=at, attempts=message.attempts + 1)
    return False


def _mark_sending_or_stop(message: Message) -> None:
    if not mark_sending(message):
        raise _ClaimLost


def _close_message(
    message: Message, state: str, result: str, tell: Callable[[Message], None], **facts: Any
) -> None:
    """Close a message for good, and inform a person in the same transaction."""
    with transaction.atomic():
        if record_result(
            message, state, result, doubts=message.doubts, attempts=message.attempts + 1, **facts
        ):
            tell(message)


def _retry_later(message: Message, at: datetime, hooks: DeliveryHooks, result: str) -> None:
    """Plan a later try for a message that was certainly not taken, or give it up.

    The next try is after a growing wait, in the reader's polite hours. A message whose next try would be too
    late is given up.
    """
    next_try_at = hooks.next_polite_time(message, next_attempt_at(message.attempts + 1, at))
    if next_try_at >= message.expires_at:
        _close_message(message, Message.State.FAILED, result, hooks.on_give_up)
        return
    facts = {"next_try_at": next_try_at, "attempts": message.attempts + 1, "doubts": message.doubts}
    record_result(message, Message.State.PLANNED, result, **facts)


def _retry_uncertain(message: Message, at: datetime, hooks: DeliveryHooks, result: str) -> None:
    """Plan one more try for a message that may have been taken, with the same Message-ID.

    After the second doubt it stays uncertain.
    """
    message.doubts += 1
    if message.doubts >= MAX_UNCERTAIN_ATTEMPTS:
        _close_message(message, Message.State.UNCERTAIN, result, hooks.on_give_up)
    else:
        _retry_later(message, at, hooks, result)


def compose(message: Message, content: MessageContent, at: datetime) -> EmailMessage:
    """Return the mail to send to this one reader: the stored words with their link."""
    headers = {
        "Message-ID": message_id(message),
        "Date": format_datetime(at),
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    if content.unsubscribe_url:
        headers |= {
            "List-Unsubscribe": f"<{content.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    mail = MailMessage(
        subject=message.subject,
        body=_body(message, content),
        to=[message.address],
        reply_to=[content.reply_to] if content.reply_to else [],
        headers=headers,
    )
    set_senders(mail)
    mail.metadata = {delivery_events.METADATA_KEY: str(message.pk)}  # type: ignore[attr-defined]  # a provider's events name it; SMTP sends none of it
    return mail


def _body(message: Message, content: MessageContent) -> str:
    body = message.body.replace(queue.LINK_PLACEHOLDER, content.link)
    url = content.unsubscribe_url
    with translation.override(message.language):
        unsubscribe_line = f"{_('To unsubscribe from these emails, open:')}\n{url}" if url else ""
    footer = "\n\n".join(part for part in (content.footer, unsubscribe_line) if part)
    return f"{body.rstrip()}\n\n{footer}\n" if footer else body
