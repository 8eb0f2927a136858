"""Sending what is due: claim, then row by row and outside any transaction: renew, ask whether it still matters, send, mark.

Knows neither stages nor accounts: what only rooms above know comes in as `Hooks`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from workflow.errors import database_is_away
from workflow.models.post import Message
from workflow.outbox import fates, ledger
from workflow.outbox.answers import Never, PerhapsTaken, ServerAway, TryLater
from workflow.outbox.headers import Mail
from workflow.outbox.ledger import message_id, next_try, put_back
from workflow.outbox.post import Post

MOST_DOUBTS = 2  # handed over twice without an answer: a third time could be a third mail
PACE = timedelta(seconds=25)  # a little less than the tick: one message per person and tick
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Filled:
    """What is added to a message when it is sent.

    Its link, the address that stops further mail, the mailbox that replies reach, and the lines at the foot that name it.
    """

    link: str = ""
    stop: str = ""
    reply_to: str = ""
    foot: str = ""


@dataclass(frozen=True)
class Hooks:
    """What the rooms above know about a message.

    `relevant`: is it still worth sending? `polite`: the first moment from one on at which it may go. `fill`: make its link, now.
    `bounced`: the address is dead. `given_up`: it could not be sent in time, or nobody knows whether it was: tell a person. The
    last two run in the transaction that marks the message.
    """

    relevant: Callable[[Message], bool]
    fill: Callable[[Message], Filled]
    bounced: Callable[[Message], None]
    given_up: Callable[[Message], None]
    polite: Callable[[Message, datetime], datetime] = lambda _message, at: at


@dataclass(frozen=True)
class Delivered:
    """How one round went. `more` says that another round may find something to do."""

    claimed: int = 0
    sent: int = 0
    more: bool = False


class _ClaimLost(Exception):
    """Somebody else has the message now; it must not be sent from here."""


def deliver(limit: int, at: datetime, hooks: Hooks, *, pace: timedelta = PACE) -> Delivered:
    """One round: send up to `limit` due messages. Safe to run any number of times at once.

    While the mail server cannot be reached at all, the round ends early and lets go of what it has not tried.
    """
    messages = ledger.claim(limit, at, pace)
    sent = 0
    with Post() as post:
        for place, message in enumerate(messages):
            try:
                sent += _one(message, at, hooks, post)
            except ServerAway as error:
                _later(message, at, hooks, str(error))
                put_back(messages[place + 1 :])
                return Delivered(len(messages), sent)
    return Delivered(len(messages), sent, more=len(messages) == limit)


def _one(message: Message, at: datetime, hooks: Hooks, post: Post) -> bool:
    """See one claimed message through; whether it was sent."""
    if not ledger.renew(message):
        return False
    try:
        return _see_through(message, at, hooks, post)
    except ServerAway:
        raise
    except Exception as error:  # one faulty message must not hold up the others; it is tried again
        if database_is_away(error):
            raise
        log.exception("message %s", message.pk)
        _later(message, at, hooks, "could not be prepared")
    return False


def _see_through(message: Message, at: datetime, hooks: Hooks, post: Post) -> bool:
    if message.doubts >= MOST_DOUBTS:
        _end(message, Message.State.UNCERTAIN, "handed over twice, never confirmed", hooks.given_up)
    elif message.expires_at <= at:
        state = Message.State.DEAD if message.attempts else Message.State.EXPIRED
        _end(message, state, message.result or "not sent in time", hooks.given_up)
    elif not hooks.relevant(message):
        ledger.mark(message, Message.State.CANCELLED, "no longer relevant")
    elif not _waits(message, at, hooks):
        return _hand_over(message, at, hooks, post)
    return False


def _waits(message: Message, at: datetime, hooks: Hooks) -> bool:
    """Put it off where it is night or a holiday by now: the tick came late, or its reader's hours are others than before."""
    when = at if message.hurried else hooks.polite(message, at)
    return when > at and ledger.mark(message, Message.State.PLANNED, message.result, next_try_at=when)


def _hand_over(message: Message, at: datetime, hooks: Hooks, post: Post) -> bool:
    mail = compose(message, hooks.fill(message), at)
    try:
        post.send(mail, partial(_begin, message))
    except _ClaimLost:
        return False
    except Never as error:
        known = {"bounced_at": at} if error.bad_address else {}
        _end(
            message,
            Message.State.DEAD,
            str(error),
            hooks.bounced if error.bad_address else hooks.given_up,
            **known,
        )
    except PerhapsTaken as error:
        _perhaps(message, at, hooks, str(error))
    except ServerAway:
        raise
    except TryLater as error:
        _later(message, at, hooks, str(error))
    else:
        return ledger.mark(message, Message.State.SENT, "", sent_at=at, attempts=message.attempts + 1)
    return False


def _begin(message: Message) -> None:
    if not ledger.begin(message):
        raise _ClaimLost


def _end(message: Message, state: str, result: str, tell: Callable[[Message], None], **facts: Any) -> None:
    """Close it for good, and tell a person in the same transaction."""
    with transaction.atomic():
        if ledger.mark(message, state, result, doubts=message.doubts, attempts=message.attempts + 1, **facts):
            tell(message)


def _later(message: Message, at: datetime, hooks: Hooks, result: str) -> None:
    """It was certainly not taken: back off, at an hour that suits its reader, or give up where it would come too late."""
    again = hooks.polite(message, next_try(message.attempts + 1, at))
    if again >= message.expires_at:
        _end(message, Message.State.DEAD, result, hooks.given_up)
        return
    facts = {"next_try_at": again, "attempts": message.attempts + 1, "doubts": message.doubts}
    ledger.mark(message, Message.State.PLANNED, result, **facts)


def _perhaps(message: Message, at: datetime, hooks: Hooks, result: str) -> None:
    """Nobody knows whether it was taken: once more, with the same Message-ID; after that it stays uncertain."""
    message.doubts += 1
    if message.doubts >= MOST_DOUBTS:
        _end(message, Message.State.UNCERTAIN, result, hooks.given_up)
    else:
        _later(message, at, hooks, result)


def compose(message: Message, filled: Filled, at: datetime) -> EmailMessage:
    """The mail as it goes out: the stored words with their link, to this one reader."""
    headers = {
        "Message-ID": message_id(message),
        "Date": format_datetime(at),
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    if filled.stop:
        headers |= {
            "List-Unsubscribe": f"<{filled.stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    mail = Mail(
        subject=message.subject,
        body=_body(message, filled),
        to=[message.address],
        reply_to=[filled.reply_to] if filled.reply_to else [],
        headers=headers,
    )
    mail.metadata = {fates.KEY: str(message.pk)}  # type: ignore[attr-defined]  # a provider's events name it; SMTP sends none of it
    return mail


def _body(message: Message, filled: Filled) -> str:
    body = message.body.replace(ledger.LINK, filled.link)
    with translation.override(message.language):
        stop = f"{_('To stop this mail, open:')}\n{filled.stop}" if filled.stop else ""
    foot = "\n\n".join(part for part in (filled.foot, stop) if part)
    return f"{body.rstrip()}\n\n{foot}\n" if foot else body
