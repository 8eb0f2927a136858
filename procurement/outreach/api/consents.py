"""API collection consents: consents for a period, which spare a partner city the request for each inquiry."""

from django_filters import CharFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers

from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.rules.consents import WITHDRAW_CONSENT
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.filters import ReferenceFilterSet
from workflow.api.viewsets import CollectionViewSet, move_operations


class ConsentRowSerializer(RowSerializer):
    """Consent of a partner city (`through_city`) to all inquiries of a city to one contact, until `ends_on`.

    `inquiry` is the one with which it was given. `given_by` names the person who gave it; `introducer` is that
    contact, or null for an officer.
    """

    city = NamedReferenceField("slug")
    through_city = NamedReferenceField("slug")
    inquiry = NamedReferenceField()
    contact = serializers.IntegerField(source="contact_id")
    introducer = serializers.IntegerField(source="introducer_id", allow_null=True)
    given_by = NamedReferenceField("name")

    class Meta:
        model = IntroductionConsent
        fields = (
            *("reference", "status", "city", "through_city", "contact", "introducer", "given_by", "inquiry"),
            *("ends_on", "reports_each_use", "created_at"),
        )


class ConsentFilter(ReferenceFilterSet):
    """Filters for consents."""

    status = ChoiceFilter(choices=IntroductionConsent.Status.choices)
    city = CharFilter("city__slug")
    through_city = CharFilter("through_city__slug")
    contact = NumberFilter("contact")
    introducer = NumberFilter("introducer")


class ConsentViewSet(CollectionViewSet):
    """Consents given to your cities or by them, and those that you gave as a contact. Given with an inquiry."""

    model = IntroductionConsent
    path = "consents"
    list_serializer = ConsentRowSerializer
    filterset_class = ConsentFilter
    ordering_fields = {"ends_on": "ends_on"}
    move_actions = move_operations(WITHDRAW_CONSENT)
