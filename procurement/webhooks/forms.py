"""Forms of webhooks: the webhook itself, rotating its secret, and events to send again."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.webhooks.models import MAX_URL_LENGTH, EventKind, WebhookDelivery, WebhookEndpoint
from workflow.http.edit_forms import EditForm
from workflow.http.forms import MomentField


class WebhookForm(EditForm):
    """Form for the description, the address and the kinds of events of a webhook."""

    description = forms.CharField(
        label=_("Description"),
        max_length=120,
        help_text=_("The system that receives the events, for example “Stock system”."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=MAX_URL_LENGTH,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text=_("The https address to which each event is posted."),
    )
    event_kinds = forms.MultipleChoiceField(
        label=_("Event types"), choices=EventKind.choices, widget=forms.CheckboxSelectMultiple
    )


class WebhookEditForm(WebhookForm):
    """Form that changes a webhook."""

    def __init__(self, data: Any, endpoint: WebhookEndpoint) -> None:
        known = {name: getattr(endpoint, name) for name in ("description", "url", "event_kinds")}
        super().__init__(data, initial=known)


class RotateSecretForm(forms.Form):
    """Form that asks whether the previous secret stays valid for a while."""

    keep_previous = forms.BooleanField(
        label=_("Keep the previous secret valid for 24 hours"),
        required=False,
        help_text=_("Events will then carry two signatures. Clear this box if others may know the secret."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"keep_previous": True})


class ResendEventForm(forms.Form):
    """Form with the event to send again. The page of the webhook has a button for each."""

    delivery = forms.ModelChoiceField(
        WebhookDelivery.objects.none(), label=_("Event"), widget=forms.HiddenInput
    )

    def __init__(self, data: Any, endpoint: WebhookEndpoint) -> None:
        super().__init__(data)
        field = self.fields["delivery"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = endpoint.deliveries.all()


class ResendFailedEventsForm(forms.Form):
    """Form with the moment since which failed events are sent again."""

    since = MomentField(label=_("Failed since"))

    def __init__(self, data: Any, endpoint: WebhookEndpoint) -> None:
        first: datetime | None = (
            endpoint.deliveries.filter(
                state__in=[WebhookDelivery.State.FAILED, WebhookDelivery.State.CANCELLED]
            )
            .order_by("created_at")
            .values_list("created_at", flat=True)
            .first()
        )
        super().__init__(data, initial={"since": first and first.replace(second=0, microsecond=0)})
