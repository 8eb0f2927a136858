"""Pages of webhooks: those of the reader's cities, one with its deliveries, the form, and the secret, shown once."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.powers import Power
from procurement.webhooks.actions.endpoints import add_webhook, reveal_secret
from procurement.webhooks.forms import (
    ResendEventForm,
    ResendFailedEventsForm,
    RotateSecretForm,
    WebhookEditForm,
    WebhookForm,
)
from procurement.webhooks.models import EventKind, WebhookEndpoint
from procurement.webhooks.rules import (
    DISABLE_WEBHOOK,
    EDIT_WEBHOOK,
    ENABLE_WEBHOOK,
    RESEND_EVENT,
    RESEND_FAILED_EVENTS,
    REVEAL_SECRET,
    ROTATE_SECRET,
    TEST_WEBHOOK,
)
from workflow import clock
from workflow.errors import Refused
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.http.refusal_responses import http_status

FORM_TEMPLATE = "webhooks/form.html"
DETAIL_TEMPLATE = "webhooks/detail.html"


@login_required
def webhook_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the webhooks of the cities that the reader manages, newest first."""
    rows = WebhookEndpoint.objects.visible_to(request.by).select_related("city")
    managed = City.objects.filter(pk__in=request.by.cities_with(Power.MANAGE_PEOPLE)).order_by(
        "name_en", "pk"
    )
    return render_page(request, "webhooks/list.html", {"page": paginate(request, rows), "cities": managed})


@login_required
def webhook_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show one webhook and its deliveries, newest first."""
    return _detail_page(request, _find_webhook(request, pk))


@login_required
def new_webhook(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add a webhook of a city. Requires the power MANAGE_PEOPLE."""
    city = get_object_or_404(City, slug=slug)
    if city.pk not in request.by.cities_with(Power.MANAGE_PEOPLE):
        raise PermissionDenied
    form = WebhookForm(request.POST or None)
    context = {"form": form, "city": city}
    if not form.is_valid():
        return render_page(request, FORM_TEMPLATE, context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: add_webhook(city, **form.cleaned_data, author=request.user, by=request.by, at=clock.now()),
        done=lambda new: new.get_absolute_url(),
        template=FORM_TEMPLATE,
        context=context,
    )


@never_cache
@login_required
def reveal_webhook_secret(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the secret, once.

    The page is not kept for a repeated form, because the kept answer would hold the secret in plain text.
    """
    endpoint = _find_webhook(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        secret = reveal_secret(endpoint, by=request.by, at=clock.now(), real_at=clock.real_now())
    except Refused as refused:
        return _detail_page(request, endpoint, refused)
    return render_page(request, "webhooks/secret.html", {"endpoint": endpoint, "secret": secret})


@login_required
def make_webhook_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Test, edit, disable or enable a webhook, rotate its secret, or send events again."""
    endpoint = _find_webhook(request, pk)
    # The form to send one event again is a button on the webhook's own page.
    context = _detail_context(request, endpoint) if verb == RESEND_EVENT.verb else None
    return run_move(request, endpoint, verb, WEBHOOK_MOVE_OPTIONS, context=context)


def _detail_page(
    request: AuthenticatedRequest, endpoint: WebhookEndpoint, refused: Refused | None = None
) -> HttpResponse:
    context = _detail_context(request, endpoint) | {"refused": refused}
    return render_page(request, DETAIL_TEMPLATE, context, status=http_status(refused) if refused else 200)


def _detail_context(request: AuthenticatedRequest, endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "endpoint": endpoint,
        "kinds": [EventKind(kind).label for kind in endpoint.event_kinds],
        "page": paginate(request, endpoint.deliveries.select_related("entry")),
        "may_resend": RESEND_EVENT.refusal(request.by, endpoint, clock.now()) is None,
        "may_reveal": REVEAL_SECRET.refusal(request.by, endpoint, clock.now()) is None,
        "real_now": clock.real_now(),
        "powers": request.by,
        **activity_context(request, endpoint),
    }


def _find_webhook(request: AuthenticatedRequest, pk: int) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.visible_to(request.by).select_related("city", "owner", "cursor")
    return get_object_or_404(rows, pk=pk)


WEBHOOK_MOVE_OPTIONS = move_options(
    TEST_WEBHOOK,
    MoveOption(
        EDIT_WEBHOOK, form=WebhookEditForm, hint=_("From then on, events are sent with your permissions.")
    ),
    MoveOption(ROTATE_SECRET, form=RotateSecretForm),
    MoveOption(RESEND_EVENT, form=ResendEventForm, template=DETAIL_TEMPLATE),
    MoveOption(RESEND_FAILED_EVENTS, form=ResendFailedEventsForm),
    DISABLE_WEBHOOK,
    ENABLE_WEBHOOK,
)
