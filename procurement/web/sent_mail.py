"""What mail was sent to whom on a real instance: the reader's own, and that of the cities they read. No words of it, no address.

A person is named, and a subject shown, only where the reader may see the person or the thing anyway.
"""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext

from partners.models.people import Contact, Membership
from partners.visit import Visit
from procurement.notices.post import WORDS, told
from workflow.doors.http import show
from workflow.errors import Words
from workflow.models.post import Message

SIZE = 30
MOST_PAGES = 10_000
FACTS = ("template", "subject", "state", "sent_at", "delivered_at", "bounced_at", "next_try_at")


@dataclass(frozen=True)
class Line:
    """One message in the log."""

    subject: str
    language: str
    to: str
    word: Words
    at: datetime | None


def log(request: Visit) -> HttpResponse:
    """The page, newest first."""
    asked = request.GET.get("page", "1")
    number = min(int(asked), MOST_PAGES) if asked.isdecimal() and int(asked) > 0 else 1
    rows = Message.objects.visible_to(request.by).select_related("recipient").order_by("-created_at", "pk")
    found = list(rows[(number - 1) * SIZE : number * SIZE + 1])
    context = {
        "lines": _lines(request, found[:SIZE]),
        "previous": f"{reverse('outbox')}?page={number - 1}" if number > 1 else "",
        "next": f"{reverse('outbox')}?page={number + 1}" if len(found) > SIZE else "",
    }
    return show(request, "outreach/sent_mail.html", context)


def _lines(request: Visit, rows: list[Message]) -> list[Line]:
    people, things = _people(request, rows), _things(request, rows)
    unseen = pgettext("a message", "not yours to read")
    return [
        Line(
            one.subject if _is_own(one, request) or (one.thing_label, one.thing_id) in things else unseen,
            one.language,
            str(one.recipient) if _is_own(one, request) or one.recipient_id in people else unseen,
            *_state(one),
        )
        for one in rows
    ]


def _is_own(one: Message, request: Visit) -> bool:
    return one.recipient_id == request.by.user_id


def _state(one: Message) -> tuple[Words, datetime | None]:
    facts = {name: getattr(one, name) for name in FACTS}
    written = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()
    }
    mail = told({**written, "read_at": None})
    return WORDS[mail.state], mail.at or one.created_at


def _people(request: Visit, rows: list[Message]) -> set[int]:
    """Those of the readers whom whoever looks at the page may know by name."""
    readers = {one.recipient_id for one in rows}
    members = Membership.objects.visible_to(request.by).filter(user__in=readers)
    contacts = Contact.objects.visible_to(request.by).filter(user__in=readers)
    return {*members.values_list("user", flat=True), *contacts.values_list("user", flat=True)}


def _things(request: Visit, rows: list[Message]) -> set[tuple[str, int]]:
    """What the messages are about, as far as it may be seen."""
    found = set()
    for label in {one.thing_label for one in rows}:
        manager = apps.get_model(label)._default_manager
        visible = getattr(manager, "visible_to", None)
        if visible is not None:
            about = [one.thing_id for one in rows if one.thing_label == label]
            seen = visible(request.by).filter(pk__in=about).values_list("pk", flat=True)
            found |= {(label, pk) for pk in seen}
    return found
