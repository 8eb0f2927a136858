"""Content added to a message at the moment of sending: a new link or code, and the stop address."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.actions.links import issue_code, issue_link
from accounts.models import ActionLink, User
from accounts.tokens import stop_token
from workflow.actors import CLOCK
from workflow.outbox.delivery import MessageContent
from workflow.outbox.models import Message

CODE = "code"


def fill_message(message: Message, *, at: datetime, real_at: datetime, kind: str = "") -> MessageContent:
    """Create what `message.link` asks for: nothing, a link, or a six-digit code.

    For a link it is `{"purpose": "answer"}` for the message's own item, or with `thing_label`,
    `thing_id` and `city_id` of another item. For a code it is `{"purpose": "code"}`, and the message's
    item is the link itself (the entry `ask_for_code` of `accounts.actionlink`).

    `kind` is the kind of notification that the stop address turns off. Without a kind the address stops
    all mail.
    """
    stop = unsubscribe_url(message.recipient, kind)
    wanted = message.link
    if not wanted:
        return MessageContent(stop=stop)
    if wanted["purpose"] == CODE:
        return MessageContent(
            link=issue_code(ActionLink.objects.get(pk=message.thing_id), real_at=real_at), stop=stop
        )
    issued = issue_link(
        message.recipient,
        purpose=wanted["purpose"],
        thing_label=wanted.get("thing_label", message.thing_label),
        thing_id=wanted.get("thing_id", message.thing_id),
        city_id=wanted.get("city_id", message.city_id),
        message_id=message.pk,
        by=CLOCK,
        at=at,
        real_at=real_at,
    )
    return MessageContent(link=issued.url, stop=stop)


def unsubscribe_url(user: User, kind: str = "") -> str:
    """Return the address that stops all mail to this person, or mail of one kind of notification."""
    if kind:
        return settings.BASE_URL + reverse("stop_kind", args=[stop_token(user.pk, kind)])
    return settings.BASE_URL + reverse("stop_mail", args=[stop_token(user.pk)])
