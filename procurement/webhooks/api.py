"""API collections webhook-endpoints and webhook-deliveries."""

from typing import Any

from django.http import HttpResponse
from django_filters import CharFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from partners.cities.models import City
from procurement.webhooks.models import EventKind, WebhookDelivery, WebhookEndpoint
from procurement.webhooks.rules import (
    ADD_WEBHOOK,
    DISABLE_WEBHOOK,
    EDIT_WEBHOOK,
    ENABLE_WEBHOOK,
    RESEND_EVENT,
    RESEND_FAILED_EVENTS,
    REVEAL_SECRET,
    ROTATE_SECRET,
    TEST_WEBHOOK,
)
from procurement.webhooks.signing import webhook_id
from workflow.api.fast_serializers import (
    NULLABLE_TEXT_SCHEMA,
    ComputedField,
    NamedReferenceField,
    RowSerializer,
)
from workflow.api.fields import (
    CreateSerializer,
    EditSerializer,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
)
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, EmptySerializer, MoveOperation, move_operations


def event_kinds_field() -> serializers.ListField:
    """Return the field for the kinds of events."""
    return serializers.ListField(
        child=serializers.ChoiceField(EventKind.choices),
        min_length=1,
        max_length=len(EventKind),
        help_text="The kinds of objects whose events are sent.",
    )


class WebhookEndpointRowSerializer(RowSerializer):
    """Webhook of a city. `secret` is null except in the answer to `reveal`."""

    city = NamedReferenceField("slug")
    owner = NamedReferenceField("name")
    secret = ComputedField("pk", by=lambda _pk: None, kind=NULLABLE_TEXT_SCHEMA)

    class Meta:
        model = WebhookEndpoint
        fields = (
            *("id", "status", "city", "description", "url", "event_kinds", "owner", "disabled_reason"),
            *("secret", "secret_shown_at", "previous_secret_until", "created_at"),
        )


class NewWebhookEndpointSerializer(CreateSerializer):
    """Webhook to add. It gets the events from now on; `reveal` returns its secret."""

    city = VisibleReferenceField(City, "slug")
    event_kinds = event_kinds_field()

    class Meta:
        model = WebhookEndpoint
        fields = ("city", "description", "url", "event_kinds")


class EditWebhookEndpointSerializer(EditSerializer):
    """Facts of a webhook to change. From then on, events are sent with your permissions."""

    event_kinds = event_kinds_field()

    class Meta:
        model = WebhookEndpoint
        fields = ("description", "url", "event_kinds")


class WebhookEndpointFilter(SearchFilterSet):
    """Filters for webhooks."""

    search = search_filter("Words in the description.")
    status = ChoiceFilter(choices=WebhookEndpoint.Status.choices)
    city = CharFilter("city__slug")


class WebhookEndpointViewSet(CollectionViewSet):
    """Webhooks of the cities whose people and settings the caller manages."""

    model = WebhookEndpoint
    path = "webhook-endpoints"
    lookup_field = "id"
    list_serializer = WebhookEndpointRowSerializer
    filterset_class = WebhookEndpointFilter
    create_action = MoveOperation(ADD_WEBHOOK, body=NewWebhookEndpointSerializer)
    move_actions = move_operations(
        MoveOperation(REVEAL_SECRET, body=EmptySerializer),
        MoveOperation(TEST_WEBHOOK, body=EmptySerializer),
        MoveOperation(EDIT_WEBHOOK, body=EditWebhookEndpointSerializer),
        MoveOperation(
            ROTATE_SECRET,
            keep_previous=serializers.BooleanField(
                default=True, help_text="Also sign with the previous secret for 24 hours."
            ),
        ),
        MoveOperation(RESEND_EVENT, delivery=VisiblePrimaryKeyField(WebhookDelivery)),
        MoveOperation(
            RESEND_FAILED_EVENTS,
            since=serializers.DateTimeField(help_text="Since when the events were planned."),
        ),
        MoveOperation(DISABLE_WEBHOOK, body=EmptySerializer),
        MoveOperation(ENABLE_WEBHOOK, body=EmptySerializer),
    )

    def make_move(self, request: Request, **key: Any) -> HttpResponse:
        """Make a move. An `Idempotency-Key` of `reveal` is ignored: a kept answer would hold the secret in plain text."""
        if self.verb == REVEAL_SECRET.verb:
            return self._make_move(**key)
        return super().make_move(request, **key)

    def _make_move(self, **key: Any) -> Response:
        if self.verb != REVEAL_SECRET.verb:
            return super()._make_move(**key)
        operation = self.move_actions[self.verb]
        thing = self.find_object(**key)
        self._require_permission(operation, thing)
        secret = operation(thing, **self.action_arguments(operation, thing))
        answer = self._object_response(key, headers={"Cache-Control": "no-store"})
        answer.data["secret"] = secret
        return answer


class WebhookDeliveryRowSerializer(RowSerializer):
    """Event for one webhook, with its attempts. `webhook_id` is the header of the same name."""

    endpoint = NamedReferenceField("id")
    entry = NamedReferenceField("id")
    webhook_id = ComputedField("message_id", by=webhook_id)

    class Meta:
        model = WebhookDelivery
        fields = (
            *("id", "endpoint", "entry", "webhook_id", "event_type", "state", "attempts", "next_try_at"),
            *("tried_at", "result", "response_status", "response_ms", "created_at"),
        )


class WebhookDeliveryFilter(SearchFilterSet):
    """Filters for deliveries."""

    search = search_filter("How the type of the event begins: order.")
    endpoint = NumberFilter("endpoint")
    state = ChoiceFilter(choices=WebhookDelivery.State.choices)


class WebhookDeliveryViewSet(CollectionViewSet):
    """Deliveries of the caller's webhooks, for 90 days. `resend` of the webhook sends one again."""

    model = WebhookDelivery
    path = "webhook-deliveries"
    lookup_field = "id"
    list_serializer = WebhookDeliveryRowSerializer
    filterset_class = WebhookDeliveryFilter
