"""What is put into a message at the moment it is sent: a fresh link or code, and the address that stops further mail."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.actions import links
from accounts.actions.links import issue_code
from accounts.models import Link, User
from accounts.tokens import stop_token
from workflow.actors import CLOCK
from workflow.models.post import Message
from workflow.outbox.delivery import Filled

CODE = "code"


def fill(message: Message, *, at: datetime, real_at: datetime, kind: str = "") -> Filled:
    """Make what `message.link` asks for: nothing, a link, or the six digits for somebody who came by one.

    A link: `{"purpose": "answer"}` for the message's own thing, or with `thing_label`, `thing_id` and `city_id` of another.
    A code: `{"purpose": "code"}`, where the message's thing is the link itself (the entry `ask_for_code` of `accounts.link`).
    `kind` is the kind of notice that its stop address turns off; without one it stops all mail.
    """
    stop = stop_address(message.recipient, kind)
    wanted = message.link
    if not wanted:
        return Filled(stop=stop)
    if wanted["purpose"] == CODE:
        return Filled(link=issue_code(Link.objects.get(pk=message.thing_id), real_at=real_at), stop=stop)
    issued = links.issue(
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
    return Filled(link=issued.url, stop=stop)


def stop_address(user: User, kind: str = "") -> str:
    """The address on every mail that stops all mail to its reader, or mail of one kind of notice."""
    if kind:
        return settings.BASE_URL + reverse("stop_kind", args=[stop_token(user.pk, kind)])
    return settings.BASE_URL + reverse("stop_mail", args=[stop_token(user.pk)])
