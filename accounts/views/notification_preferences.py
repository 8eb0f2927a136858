"""Pages to choose the delivery of each kind of notification, and to unsubscribe from one by a link in a mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actions.notification_preferences import preferences_of, set_preferences
from accounts.actors import SelfActor
from accounts.hooks import NotificationCategoryInfo, next_morning, notification_categories
from accounts.link_sessions import activate_locale, add_no_store_headers
from accounts.models import User
from accounts.throttling import LINK_PAGE_LIMIT, throttle
from accounts.tokens import unsubscribed_user_and_kind
from workflow import clock
from workflow.http.edit_forms import EditForm, locked_for_edit
from workflow.http.pages import render_page, run_action
from workflow.outbox.models import DeliveryPreference

TEMPLATE = "accounts/notification_preferences.html"
DAILY_SUMMARY_KIND = (
    "digest"  # in place of a kind: the unsubscribe address in a daily summary stops every kind in it
)


class NotificationPreferencesForm(EditForm):
    """Form with one field for each kind of notification: the delivery of its mail.

    Kinds that are always sent at once have no field; the page explains why.
    """

    def __init__(self, data: Any, preferences: dict[str, str]) -> None:
        super().__init__(data)
        for kind in notification_categories.get():
            if len(kind.delivery_choices) > 1:
                hint = kind.description
                if kind.restriction_reason:
                    hint = format_lazy("{} {}", hint, kind.restriction_reason)
                self.fields[kind.name] = forms.ChoiceField(
                    label=kind.label,  # type: ignore[arg-type]  # a Promise, as Django's own labels are
                    help_text=hint,  # type: ignore[arg-type]  # a Promise, as the label
                    choices=[
                        (delivery, DeliveryPreference(delivery).label) for delivery in kind.delivery_choices
                    ],
                    initial=preferences[kind.name],
                    widget=forms.RadioSelect,
                )


@login_required
def notification_preferences(request: HttpRequest) -> HttpResponse:
    """Show the kinds of notifications with the delivery of their mail. A POST saves the choices."""
    user: Any = request.user
    with locked_for_edit(request, user):
        return _preferences_page(request, user)


def _preferences_page(request: HttpRequest, user: User) -> HttpResponse:
    form = NotificationPreferencesForm(
        request.POST if request.method == "POST" else None, preferences_of(user)
    )
    form.thing = user
    kinds = notification_categories.get()
    context = {
        "form": form,
        "fixed": [kind for kind in kinds if len(kind.delivery_choices) == 1],
        "morning": next_morning(user, clock.now()),
    }
    if form.is_valid():
        return run_action(
            request,
            lambda: set_preferences(user, form.cleaned_data, by=SelfActor(user), at=clock.now()),
            done=lambda changed: _confirm_saved(request, changed),
            template=TEMPLATE,
            context=context,
        )
    return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)


def _confirm_saved(request: HttpRequest, changed: list[str]) -> str:
    message = gettext("Your choices have been saved.") if changed else gettext("Nothing was changed.")
    messages.success(request, message)
    return reverse("notification_preferences")


@csrf_exempt  # mail programs post here by themselves (RFC 8058: List-Unsubscribe-Post)
@throttle(LINK_PAGE_LIMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_kind(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mail of one kind, or the daily summary. Mail of one kind can also be resumed here.

    The address of this page is in each such mail.
    """
    signed = unsubscribed_user_and_kind(token)
    user = User.objects.filter(pk=signed[0]).first() if signed else None
    kinds = {
        kind.name: kind
        for kind in notification_categories.get()
        if DeliveryPreference.OFF in kind.delivery_choices
    }
    if signed is None or user is None or signed[1] not in (*kinds, DAILY_SUMMARY_KIND):
        return add_no_store_headers(
            render_page(request, "accounts/link_closed.html", status=404), referrer="no-referrer"
        )
    activate_locale(request, user)
    kind = kinds.get(signed[1])
    if request.method == "POST":
        choices = (
            _choices_to_stop(user, signed[1], kinds)
            if "resume" not in request.POST
            else {signed[1]: DeliveryPreference.AT_ONCE}
        )
        if kind is not None or "resume" not in request.POST:
            set_preferences(user, choices, by=SelfActor(user, "link"), at=clock.now())
    preferences = preferences_of(user)
    is_stopped = (
        preferences[kind.name] == DeliveryPreference.OFF
        if kind
        else DeliveryPreference.DIGEST not in [preferences[name] for name in kinds]
    )
    context = {"kind": kind, "stopped": is_stopped}
    return add_no_store_headers(
        render_page(request, "accounts/stop_kind.html", context), referrer="no-referrer"
    )


def _choices_to_stop(user: User, name: str, kinds: dict[str, NotificationCategoryInfo]) -> dict[str, str]:
    """Return the choices that turn one kind off, or every kind of the daily summary that may be off."""
    if name != DAILY_SUMMARY_KIND:
        return {name: DeliveryPreference.OFF}
    return {
        kind: DeliveryPreference.OFF
        for kind, delivery in preferences_of(user).items()
        if delivery == DeliveryPreference.DIGEST and kind in kinds
    }
