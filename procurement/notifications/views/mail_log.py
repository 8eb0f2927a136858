"""Log of sent mail on a real site, and the address for the mail provider's reports.

The log holds the reader's own mail and that of the cities they see, without message text and address. The
recipient's name and the subject appear only if the reader may see that person or that object.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailBaseWebhookView
from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partners.authenticated_requests import AuthenticatedRequest
from partners.contacts.models import Contact
from partners.memberships.models import Membership
from procurement import tasks
from procurement.notifications.mail_status import MAIL_STATUS_LABELS, mail_status
from procurement.tasks import handle_mail_event
from workflow import clock
from workflow.errors import LazyText
from workflow.http.pages import render_page
from workflow.outbox.delivery_events import event_message_id
from workflow.outbox.models import Message

PAGE_SIZE = 30
MAX_PAGES = 10_000
MAIL_COLUMNS = ("template", "subject", "state", "sent_at", "delivered_at", "bounced_at", "next_try_at")


@dataclass(frozen=True)
class MailLogLine:
    """Message in the log."""

    subject: str
    language: str
    recipient: str
    status: LazyText
    status_since: datetime | None


def mail_log(request: AuthenticatedRequest) -> HttpResponse:
    """Show the log of sent mail, newest first."""
    asked = request.GET.get("page", "1")
    number = min(int(asked), MAX_PAGES) if asked.isdecimal() and int(asked) > 0 else 1
    rows = Message.objects.visible_to(request.by).select_related("recipient").order_by("-created_at", "pk")
    found = list(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE + 1])
    context = {
        "lines": _log_lines(request, found[:PAGE_SIZE]),
        "previous": f"{reverse('outbox')}?page={number - 1}" if number > 1 else "",
        "next": f"{reverse('outbox')}?page={number + 1}" if len(found) > PAGE_SIZE else "",
    }
    return render_page(request, "notifications/mail_log.html", context)


def _log_lines(request: AuthenticatedRequest, rows: list[Message]) -> list[MailLogLine]:
    people, things = _visible_recipients(request, rows), _visible_objects(request, rows)
    unseen = pgettext("a message", "not visible to you")
    return [
        MailLogLine(
            one.subject if _is_own(one, request) or (one.thing_label, one.thing_id) in things else unseen,
            one.language,
            str(one.recipient) if _is_own(one, request) or one.recipient_id in people else unseen,
            *_status_of(one),
        )
        for one in rows
    ]


def _is_own(one: Message, request: AuthenticatedRequest) -> bool:
    return one.recipient_id == request.by.user_id


def _status_of(one: Message) -> tuple[LazyText, datetime | None]:
    facts = {name: getattr(one, name) for name in MAIL_COLUMNS}
    written = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()
    }
    mail = mail_status({**written, "read_at": None})
    return MAIL_STATUS_LABELS[mail.state], mail.state_since or one.created_at


def _visible_recipients(request: AuthenticatedRequest, rows: list[Message]) -> set[int]:
    """Return the ids of the recipients whose names the reader may see."""
    readers = {one.recipient_id for one in rows}
    members = Membership.objects.visible_to(request.by).filter(user__in=readers)
    contacts = Contact.objects.visible_to(request.by).filter(user__in=readers)
    return {*members.values_list("user", flat=True), *contacts.values_list("user", flat=True)}


def _visible_objects(request: AuthenticatedRequest, rows: list[Message]) -> set[tuple[str, int]]:
    """Return label and id of the objects of these messages that the reader may see."""
    found = set()
    for label in {one.thing_label for one in rows}:
        manager = apps.get_model(label)._default_manager
        visible = getattr(manager, "visible_to", None)
        if visible is not None:
            about = [one.thing_id for one in rows if one.thing_label == label]
            seen = visible(request.by).filter(pk__in=about).values_list("pk", flat=True)
            found |= {(label, pk) for pk in seen}
    return found


STATUS_BY_EVENT = {
    EventType.DELIVERED: tasks.ARRIVED,
    EventType.BOUNCED: tasks.BAD_ADDRESS,
    EventType.REJECTED: tasks.BAD_ADDRESS,
    EventType.FAILED: tasks.FAILED,
}
# A rejection for one of these reasons concerns the content or the sender; the address may still be good.
REJECTIONS_WITHOUT_BAD_ADDRESS = {
    RejectReason.BLOCKED,
    RejectReason.SPAM,
    RejectReason.UNSUBSCRIBED,
    RejectReason.OTHER,
}
logger = logging.getLogger(__name__)


@csrf_exempt  # the mail provider posts here; the secret is verified first
@never_cache
@require_http_methods(["HEAD", "POST"])
def receive_mail_events(request: HttpRequest) -> HttpResponse:
    """Record the delivery events of the mail provider.

    Events about other mails are ignored. A request without the right secret gets 401, an unreadable one
    400.
    """
    view = _webhook_view()
    if request.method == "HEAD":  # some providers send HEAD to test the address
        return HttpResponse()
    try:
        view.run_validators(request)
        events = view.parse_events(request)
    except AnymailWebhookValidationFailure:
        logger.warning("mail events without the right secret")
        return HttpResponse(status=401)
    except (AnymailError, ValueError, LookupError, TypeError, AttributeError) as error:
        logger.warning("mail events that cannot be read: %s", type(error).__name__)
        return HttpResponse(status=400)
    at = clock.now()
    for event in events:
        _record_bounce(event, at)
    return HttpResponse(status=204)


def _webhook_view() -> AnymailBaseWebhookView:
    """Return the django-anymail webhook view of the configured provider, or raise 404 if none is set."""
    if not (settings.MAIL_PROVIDER and settings.MAIL_EVENTS_SECRET):
        raise Http404
    created: AnymailBaseWebhookView = import_string(settings.MAIL_PROVIDERS[settings.MAIL_PROVIDER])()
    return created


def _record_bounce(event: AnymailTrackingEvent, at: datetime) -> None:
    outcome = STATUS_BY_EVENT.get(event.event_type)
    number = event_message_id(event.metadata or {}, event.message_id or "")
    if outcome is None or number is None:
        return
    if outcome == tasks.BAD_ADDRESS and event.reject_reason in REJECTIONS_WITHOUT_BAD_ADDRESS:
        outcome = tasks.FAILED
    why = " ".join(str(part) for part in (event.description, event.mta_response) if part)
    handle_mail_event(number, outcome, why or event.event_type, at)
