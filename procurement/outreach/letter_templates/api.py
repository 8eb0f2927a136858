"""API collection letter-templates: the words of a city's letters to contacts, by language."""

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import Language
from partners.cities.models import City
from procurement.outreach.letter_templates.models import LetterTemplate
from procurement.outreach.letter_templates.rules import SAVE_LETTER_TEMPLATE, WITHDRAW_LETTER_TEMPLATE
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField
from workflow.api.filters import ReferenceFilterSet
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations


class LetterTemplateRowSerializer(RowSerializer):
    """Letter template of a city in one language, with merge fields in braces."""

    city = NamedReferenceField("slug")

    class Meta:
        model = LetterTemplate
        fields = ("reference", "status", "city", "language", "subject", "body", "created_at")


class NewLetterTemplateSerializer(CreateSerializer):
    """Text to use from now on. `replaces` is the template in use from which it was written, if there is one.

    The message contains {need}; {name}, {city}, {tie}, {our_city} and {signature} may be left out.
    """

    city = VisibleReferenceField(City, "slug")
    language = serializers.ChoiceField(Language.choices)
    replaces = VisibleReferenceField(LetterTemplate, required=False, allow_null=True, default=None)

    class Meta:
        model = LetterTemplate
        fields = ("city", "language", "subject", "body", "replaces")


class LetterTemplateFilter(ReferenceFilterSet):
    """Filters for letter templates."""

    status = ChoiceFilter(choices=LetterTemplate.Status.choices)
    city = CharFilter("city__slug")
    language = ChoiceFilter(choices=Language.choices)


class LetterTemplateViewSet(CollectionViewSet):
    """Letter templates of the cities for which the caller works, with earlier versions."""

    model = LetterTemplate
    path = "letter-templates"
    list_serializer = LetterTemplateRowSerializer
    filterset_class = LetterTemplateFilter
    ordering_fields = {"created_at": "created_at"}
    create_action = MoveOperation(SAVE_LETTER_TEMPLATE, body=NewLetterTemplateSerializer)
    move_actions = move_operations(WITHDRAW_LETTER_TEMPLATE)
