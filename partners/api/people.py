"""organisations and contacts: offices, and the people who answer. They introduce and report what they saw; they vouch for nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers

from partners import above
from partners.actions import people
from partners.actions.people import (
    add_contact,
    add_organisation,
    confirm_place,
    correct_contact,
    correct_organisation,
    drop_deputy,
    go_away,
    name_deputy,
    resume_for_city,
    stop_for_city,
    suggest_change,
)
from partners.models.cities import City
from partners.models.people import Contact, Organisation
from partners.places import country_code, in_capitals, subdivision_code
from partners.rules.trust import may_invite, sees_details
from workflow.actors import Actor
from workflow.clock import real_now
from workflow.doors.api import fields
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, New, Numbered, Ref, words
from workflow.doors.api.filters import LONGEST_SEARCH, Filter
from workflow.doors.api.reading import Named, Row
from workflow.doors.bounds import MOST_TASKS
from workflow.errors import Words
from workflow.queries import by_day

OFFICE = ("name_fr", "name_local", "address", "phone")
PERSON = (
    *("title", "name_order", "languages", "families", "checks", "phone", "wechat", "working_from"),
    *("working_until", "holiday_country", "task_limit"),
)


class OrganisationRow(Row):
    """An office, hospital, forwarder or laboratory in a city."""

    city = Named("slug")

    class Meta:
        model = Organisation
        fields = ("id", "city", "kind", "name_en", *OFFICE)


class NewOrganisation(New):
    """An office to enter."""

    city = Ref(City, "slug")

    class Meta:
        model = Organisation
        fields = ("city", "kind", "name_en", *OFFICE)


class OrganisationEdit(Edit):
    """Facts of an office to set right."""

    class Meta:
        model = Organisation
        fields = ("kind", "name_en", *OFFICE)


class OrganisationFilter(Filter):
    """Which offices."""

    city = CharFilter("city__slug")
    kind = ChoiceFilter(choices=Organisation.Kind.choices)
    search = CharFilter(
        method="by_name", max_length=LONGEST_SEARCH, help_text="Part of a name, in any of its languages."
    )

    def by_name(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """The offices whose names hold the text."""
        found = Q(name_en__icontains=text) | Q(name_fr__icontains=text) | Q(name_local__icontains=text)
        return rows.filter(found)


class Organisations(Collection):
    """Offices. They introduce; they vouch for nothing."""

    model = Organisation
    path = "organisations"
    key = "id"
    row = OrganisationRow
    filterset_class = OrganisationFilter
    orders = {"name_en": "name_en"}
    begin = Verb(add_organisation, body=NewOrganisation)
    verbs = {
        "correct": Verb(
            correct_organisation,
            body=OrganisationEdit,
            who=may_invite,
        )
    }


class ContactRow(Row):
    """A person's place at an office, as a list tells it."""

    city = Named("slug")
    name = Named("name", source="user")
    organisation = serializers.IntegerField(source="organisation_id")
    introduced_by = Named("slug", allow_null=True)

    class Meta:
        model = Contact
        fields = (
            *("id", "status", "city", "organisation", "name", "title", "languages", "families", "checks"),
            *("introduced_by", "place_confirmed_at"),
            *("away_until", "open_questions", "task_limit", "answer_hours", "created_at"),
        )


class ContactDetail(ContactRow):
    """A contact, whole. How to reach them is told once they have agreed to it."""

    email = Named("email", source="user", allow_null=True)
    deputies = Named("id", many=True)

    class Meta:
        model = Contact
        fields = (
            *ContactRow.Meta.fields,
            *("email", "phone", "wechat", "name_order", "working_from", "working_until"),
            *("holiday_country", "consent_at", "last_answered_at", "deputies"),
        )


class HoursMixin(New):
    """Working hours have both ends, or none."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both or none."""
        if (attrs.get("working_from") is None) != (attrs.get("working_until") is None):
            raise serializers.ValidationError(
                {"working_until": [_("Give both ends of the working hours, or neither.")]}
            )
        return attrs


class HolidaysMixin(New):
    """Whose holidays: a country, or a province where they differ, as on the pages."""

    def validate_holiday_country(self, value: str) -> str:
        """The code in capitals."""
        code = in_capitals(value)
        if code:
            (subdivision_code if "-" in code else country_code)(code)
        return code


class ChoicesMixin(New):
    """Languages, product families and checks: those the pages offer."""

    def validate_language(self, value: str) -> str:
        """One of the languages the product writes in, or none."""
        return "".join(_offered([value], settings.LANGUAGES)) if value else ""

    def validate_languages(self, value: list[str]) -> list[str]:
        """Languages the product speaks."""
        return _offered(value, settings.LANGUAGES)

    def validate_families(self, value: list[str]) -> list[str]:
        """Families of the catalogue."""
        return _offered(value, above.families())

    def validate_checks(self, value: list[str]) -> list[str]:
        """Checks that a contact on the spot can make."""
        return _offered(value, above.checks())


def _offered(values: list[str], choices: Iterable[tuple[str, Words]]) -> list[str]:
    """The values without repetition; refused where one is not among the choices."""
    known = [code for code, _label in choices]
    for value in values:
        if value not in known:
            words = _("“%(value)s” is not a choice here. Give one of: %(known)s.")
            raise serializers.ValidationError([words % {"value": value, "known": ", ".join(known)}])
    return list(dict.fromkeys(values))


MOST = {"task_limit": {"max_value": MOST_TASKS}}


class NewContact(HoursMixin, HolidaysMixin, ChoicesMixin):
    """Somebody to name at an office. They are asked nothing before they agree."""

    organisation = Numbered(Organisation)
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=150)
    language = words(10, "The language they are first written to in.")

    class Meta:
        model = Contact
        fields = ("organisation", "email", "name", "language", *PERSON)
        extra_kwargs = MOST


class ContactEdit(Edit, HoursMixin, HolidaysMixin, ChoicesMixin):
    """A contact's details to correct."""

    reason = fields.reason(allow_blank=True)

    class Meta:
        model = Contact
        fields = (*PERSON, "reason")
        extra_kwargs = MOST


def new_address(contact: Contact, *, email: str, by: Actor, at: datetime) -> Contact:
    """Give a contact whose mail comes back another address, to which they are written at once. Links sent to the old one end.

    Refuses where mail arrives, for somebody who signs in or has a role here, and an address that somebody else has.
    """
    return people.new_address(contact, email, by=by, at=at, real_at=real_now())


class ContactFilter(Filter):
    """Which contacts."""

    status = ChoiceFilter(choices=Contact.Status.choices)
    organisation = NumberFilter("organisation")
    city = CharFilter("city__slug")
    search = CharFilter("user__name", "icontains", max_length=LONGEST_SEARCH, help_text="Part of the name.")


class Contacts(Collection):
    """People who answer: at one's own offices, and in the cities with a standing tie to one's own."""

    model = Contact
    path = "contacts"
    key = "id"
    row = ContactRow
    whole = ContactDetail
    filterset_class = ContactFilter
    orders = {"open_questions": "open_questions", "away_until": by_day("away_until")}
    begin = Verb(add_contact, body=NewContact)
    verbs = {
        "confirm": Verb(people.confirm),
        "confirm-place": Verb(confirm_place),
        "correct": Verb(correct_contact, body=ContactEdit),
        "go-away": Verb(
            go_away,
            until=serializers.DateField(
                required=False, allow_null=True, help_text="That day included; without it they are back."
            ),
        ),
        "name-deputy": Verb(name_deputy, deputy=Numbered(Contact)),
        "drop-deputy": Verb(drop_deputy, deputy=Numbered(Contact)),
        "new-address": Verb(new_address, email=serializers.EmailField(max_length=254)),
        "suggest-change": Verb(suggest_change, reason=fields.reason()),
        "stop-for-city": Verb(stop_for_city, reason=fields.reason()),
        "resume-for-city": Verb(resume_for_city),
        "stop": Verb(people.stop, reason=words()),
        "resume": Verb(people.resume),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With their deputies."""
        return super().for_detail(rows).prefetch_related("deputies")

    def told(self, thing: Any) -> dict[str, Any]:
        """One contact. E-mail, phone and WeChat are withheld by the same rule as on pages."""
        data = super().told(thing)
        if not sees_details(self.by, thing):
            data |= {"email": None, "phone": "", "wechat": ""}
        return data
