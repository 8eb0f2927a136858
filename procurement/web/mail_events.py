"""What a mail provider tells of our mails, posted to one address: delivered, came back, could not be sent.

There is no such address where no provider, or no secret, is set. Opens and clicks are not asked for and not kept: whether a mail was
read is told by its own link.
"""

import logging
from datetime import datetime

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from procurement import tasks
from workflow import clock
from workflow.outbox.fates import number_in

FATES = {
    EventType.DELIVERED: tasks.ARRIVED,
    EventType.BOUNCED: tasks.BAD_ADDRESS,
    EventType.REJECTED: tasks.BAD_ADDRESS,
    EventType.FAILED: tasks.FAILED,
}
# A refusal for one of these reasons is about what was sent, or who sent it: the address may well be good.
NOT_THE_ADDRESS = {RejectReason.BLOCKED, RejectReason.SPAM, RejectReason.UNSUBSCRIBED, RejectReason.OTHER}
log = logging.getLogger(__name__)


@csrf_exempt  # a machine posts here; the secret is looked at before anything else
@never_cache
@require_http_methods(["HEAD", "POST"])
def mail_events(request: HttpRequest) -> HttpResponse:
    """Take what the provider tells. What is not about a mail of ours is passed over; what cannot be read is refused."""
    view = _provider()
    if request.method == "HEAD":  # some ask like this whether the address is there
        return HttpResponse()
    try:
        view.run_validators(request)
        events = view.parse_events(request)
    except AnymailWebhookValidationFailure:
        log.warning("mail events without the right secret")
        return HttpResponse(status=401)
    except (AnymailError, ValueError, LookupError, TypeError, AttributeError) as error:
        log.warning("mail events that cannot be read: %s", type(error).__name__)
        return HttpResponse(status=400)
    at = clock.now()
    for event in events:
        _hear(event, at)
    return HttpResponse(status=204)


def _provider() -> AnymailBaseWebhookView:
    """The provider's own way to tell things, as django-anymail knows it."""
    if not (settings.MAIL_PROVIDER and settings.MAIL_EVENTS_SECRET):
        raise Http404
    made: AnymailBaseWebhookView = import_string(settings.MAIL_PROVIDERS[settings.MAIL_PROVIDER])()
    return made


def _hear(event: AnymailTrackingEvent, at: datetime) -> None:
    fate = FATES.get(event.event_type)
    number = number_in(event.metadata or {}, event.message_id or "")
    if fate is None or number is None:
        return
    if fate == tasks.BAD_ADDRESS and event.reject_reason in NOT_THE_ADDRESS:
        fate = tasks.FAILED
    why = " ".join(str(part) for part in (event.description, event.mta_response) if part)
    tasks.hear(number, fate, why or event.event_type, at)


urlpatterns = [path("mail-events/", mail_events, name="mail_events")]
