"""API collections of organizations and of contacts, the people who answer inquiries.

Contacts introduce suppliers and report what they saw. They vouch for nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers

from partners.cities.models import City
from partners.contacts.actions import add_organization, correct_organization
from partners.contacts.models import Contact, Organization
from partners.contacts.rules import (
    ADD_DEPUTY,
    CHANGE_EMAIL_ADDRESS,
    CONFIRM_WORKPLACE,
    CONSENT_TO_INQUIRIES,
    CORRECT,
    INVITE,
    OPT_IN,
    OPT_OUT,
    REMOVE_DEPUTY,
    RESUME_CITY_INQUIRIES,
    SET_ABSENCE,
    STOP_CITY_INQUIRIES,
    SUGGEST_CHANGE,
    may_invite,
    may_see_details,
)
from partners.hooks import check_kinds, product_families
from partners.validators import normalize_code, validate_country_code, validate_subdivision_code
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import (
    CreateSerializer,
    EditSerializer,
    VisiblePrimaryKeyField,
    VisibleReferenceField,
    reason_field,
    text_field,
)
from workflow.api.filters import MAX_SEARCH_LENGTH, BaseFilterSet
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.errors import LazyText
from workflow.input_limits import MAX_OPEN_TASKS_PER_PERSON
from workflow.query_expressions import order_by_day

ORGANIZATION_FIELDS = ("name_fr", "name_local", "address", "phone")
TITLE_FIELDS = ("form_of_address", "title", "title_en", "title_fr", "title_zh")
LATIN_NAME_FIELDS = ("name_latin", "family_name")
CONTACT_FIELDS = (
    *(*TITLE_FIELDS, "name_order", "languages", "families", "checks", "phone", "wechat", "working_from"),
    *("working_until", "holiday_country", "task_limit"),
)


class OrganizationRowSerializer(RowSerializer):
    """A municipal office, hospital, forwarder, laboratory or other organization in a city."""

    city = NamedReferenceField("slug")

    class Meta:
        model = Organization
        fields = ("id", "city", "kind", "name_en", *ORGANIZATION_FIELDS)


class NewOrganizationSerializer(CreateSerializer):
    """An organization to add."""

    city = VisibleReferenceField(City, "slug")

    class Meta:
        model = Organization
        fields = ("city", "kind", "name_en", *ORGANIZATION_FIELDS)


class OrganizationEditSerializer(EditSerializer):
    """Facts of an organization to correct."""

    class Meta:
        model = Organization
        fields = ("kind", "name_en", *ORGANIZATION_FIELDS)


class OrganizationFilter(BaseFilterSet):
    """Filters of the list of organizations."""

    city = CharFilter("city__slug")
    kind = ChoiceFilter(choices=Organization.Kind.choices)
    search = CharFilter(
        method="filter_by_name",
        max_length=MAX_SEARCH_LENGTH,
        help_text="Part of a name, in any of its languages.",
    )

    def filter_by_name(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """Return the organizations whose names contain the text."""
        found = Q(name_en__icontains=text) | Q(name_fr__icontains=text) | Q(name_local__icontains=text)
        return rows.filter(found)


class OrganizationViewSet(CollectionViewSet):
    """Organizations in cities. They introduce suppliers and vouch for nothing."""

    model = Organization
    path = "organizations"
    lookup_field = "id"
    list_serializer = OrganizationRowSerializer
    filterset_class = OrganizationFilter
    ordering_fields = {"name_en": "name_en"}
    create_action = MoveOperation(action=add_organization, body=NewOrganizationSerializer)
    move_actions = move_operations(
        correct=MoveOperation(action=correct_organization, body=OrganizationEditSerializer, who=may_invite)
    )


class ContactRowSerializer(RowSerializer):
    """A contact, that is a person at an organization, as shown in a list."""

    city = NamedReferenceField("slug")
    name = NamedReferenceField("name", source="user")
    name_latin = NamedReferenceField("name_latin", source="user")
    organization = serializers.IntegerField(source="organization_id")
    introduced_by = NamedReferenceField("slug", allow_null=True)

    class Meta:
        model = Contact
        fields = (
            *("id", "status", "city", "organization", "name", "name_latin", "title"),
            *("languages", "families", "checks"),
            *("introduced_by", "place_confirmed_at"),
            *("away_until", "open_questions", "task_limit", "answer_hours", "created_at"),
        )


class ContactDetailSerializer(ContactRowSerializer):
    """A contact in full.

    Other cities than the contact's own see e-mail, phone and WeChat once the contact has agreed to be asked.
    """

    family_name = NamedReferenceField("family_name", source="user")
    email = NamedReferenceField("email", source="user", allow_null=True)
    deputies = NamedReferenceField("id", many=True)

    class Meta:
        model = Contact
        fields = (
            *ContactRowSerializer.Meta.fields,
            *("family_name", "form_of_address", "title_en", "title_fr", "title_zh"),
            *("email", "phone", "wechat", "name_order", "working_from", "working_until"),
            *("holiday_country", "consent_at", "last_answered_at", "deputies"),
        )


class WorkingHoursSerializerMixin(CreateSerializer):
    """Serializer mixin that requires both ends of the working hours, or neither."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse working hours with only one end."""
        if (attrs.get("working_from") is None) != (attrs.get("working_until") is None):
            raise serializers.ValidationError(
                {"working_until": [_("Enter both the start and the end of working hours, or neither.")]}
            )
        return attrs


class HolidayCalendarSerializerMixin(CreateSerializer):
    """Serializer mixin for the holiday calendar of a contact: a country, or a province with its own."""

    def validate_holiday_country(self, value: str) -> str:
        """Return the code in capitals. Refuses an unknown country or province."""
        code = normalize_code(value)
        if code:
            (validate_subdivision_code if "-" in code else validate_country_code)(code)
        return code


class ContactChoicesSerializerMixin(CreateSerializer):
    """Serializer mixin that allows the same languages, product families and checks as the pages."""

    def validate_language(self, value: str) -> str:
        """Return a language the product writes in, or an empty string."""
        return "".join(_require_choices([value], settings.LANGUAGES)) if value else ""

    def validate_languages(self, value: list[str]) -> list[str]:
        """Return the languages without duplicates. Refuses one that the product does not offer."""
        return _require_choices(value, settings.LANGUAGES)

    def validate_families(self, value: list[str]) -> list[str]:
        """Return the product families without duplicates. Refuses one that the catalogue does not have."""
        return _require_choices(value, product_families.get().choices)

    def validate_checks(self, value: list[str]) -> list[str]:
        """Return the checks without duplicates. Refuses one that a contact on site cannot make."""
        return _require_choices(value, check_kinds.get())


def _require_choices(values: list[str], choices: Iterable[tuple[str, LazyText]]) -> list[str]:
    """Return the values without duplicates. Refuses a value that is not among the choices."""
    known = [code for code, _label in choices]
    for value in values:
        if value not in known:
            message = _("“%(value)s” is not an option. Choose one of these: %(known)s.")
            raise serializers.ValidationError([message % {"value": value, "known": ", ".join(known)}])
    return list(dict.fromkeys(values))


LATIN_NAME_HELP = "The name in Latin letters, confirmed by a person."
FAMILY_NAME_HELP = "The part of the name in Latin letters that is the family name."
TASK_LIMIT_EXTRA_KWARGS = {"task_limit": {"max_value": MAX_OPEN_TASKS_PER_PERSON}}


class NewContactSerializer(
    WorkingHoursSerializerMixin, HolidayCalendarSerializerMixin, ContactChoicesSerializerMixin
):
    """A person to add as a contact of an organization. They receive no inquiry before they agree."""

    organization = VisiblePrimaryKeyField(Organization)
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=150)
    name_latin = text_field(150, LATIN_NAME_HELP)
    family_name = text_field(80, FAMILY_NAME_HELP)
    language = text_field(10, "The language they are first written to in.")

    class Meta:
        model = Contact
        fields = ("organization", "email", "name", *LATIN_NAME_FIELDS, "language", *CONTACT_FIELDS)
        extra_kwargs = TASK_LIMIT_EXTRA_KWARGS


class ContactEditSerializer(
    EditSerializer, WorkingHoursSerializerMixin, HolidayCalendarSerializerMixin, ContactChoicesSerializerMixin
):
    """Details of a contact to correct."""

    name_latin = text_field(150, LATIN_NAME_HELP)
    family_name = text_field(80, FAMILY_NAME_HELP)
    reason = reason_field(allow_blank=True)

    class Meta:
        model = Contact
        fields = (*LATIN_NAME_FIELDS, *CONTACT_FIELDS, "reason")
        extra_kwargs = TASK_LIMIT_EXTRA_KWARGS


class ContactFilter(BaseFilterSet):
    """Filters of the list of contacts."""

    status = ChoiceFilter(choices=Contact.Status.choices)
    organization = NumberFilter("organization")
    city = CharFilter("city__slug")
    search = CharFilter(
        method="filter_by_name", max_length=MAX_SEARCH_LENGTH, help_text="Part of the name, in either script."
    )

    def filter_by_name(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """Return the contacts whose name, in characters or in Latin letters, contains the text."""
        return rows.filter(Q(user__name__icontains=text) | Q(user__name_latin__icontains=text))


class ContactViewSet(CollectionViewSet):
    """Contacts in one's own city and in the cities that have an agreement in force with it."""

    model = Contact
    path = "contacts"
    lookup_field = "id"
    list_serializer = ContactRowSerializer
    detail_serializer = ContactDetailSerializer
    filterset_class = ContactFilter
    ordering_fields = {"open_questions": "open_questions", "away_until": order_by_day("away_until")}
    create_action = MoveOperation(INVITE, body=NewContactSerializer)
    move_actions = move_operations(
        CONSENT_TO_INQUIRIES,
        CONFIRM_WORKPLACE,
        MoveOperation(CORRECT, body=ContactEditSerializer),
        MoveOperation(
            SET_ABSENCE,
            until=serializers.DateField(
                required=False, allow_null=True, help_text="That day included; without it they are back."
            ),
        ),
        MoveOperation(ADD_DEPUTY, deputy=VisiblePrimaryKeyField(Contact)),
        MoveOperation(REMOVE_DEPUTY, deputy=VisiblePrimaryKeyField(Contact)),
        MoveOperation(CHANGE_EMAIL_ADDRESS, email=serializers.EmailField(max_length=254)),
        SUGGEST_CHANGE,
        STOP_CITY_INQUIRIES,
        RESUME_CITY_INQUIRIES,
        OPT_OUT,
        OPT_IN,
    )

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add the deputies."""
        return super().detail_queryset(rows).prefetch_related("deputies")

    def represent(self, thing: Any) -> dict[str, Any]:
        """Return the data of one contact, without e-mail, phone and WeChat if the reader may not see them.

        The rule is the same as on the pages.
        """
        data = super().represent(thing)
        if not may_see_details(self.by, thing):
            data |= {"email": None, "phone": "", "wechat": ""}
        return data
