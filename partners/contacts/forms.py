"""Forms of organizations and contacts, on the pages of cities and on the contact's own."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.time_zones import time_zones
from partners.cities.models import City
from partners.contacts.models import Contact, Organization
from partners.contacts.rules import default_name_order
from partners.form_fields import HolidaysField, LanguagesField
from partners.hooks import check_kinds, product_families
from workflow.errors import LazyText
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, QuantityField
from workflow.input_limits import MAX_OPEN_TASKS_PER_PERSON
from workflow.person_names import suggest_reading


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic when it runs
    """Form for an organization of a city."""

    class Meta:
        model = Organization
        fields = ("kind", "name_en", "name_fr", "name_local", "address", "phone")


class ContactForm(EditForm):
    """Form for the details and hours of a contact, for the contact or those who manage them."""

    name_latin = forms.CharField(
        label=_("Name in Latin letters"),
        required=False,
        max_length=150,
        help_text=_(
            "For names in Chinese characters. We suggest the pinyin: check it with the person. "
            "Saving confirms it."
        ),
    )
    family_name = forms.CharField(
        label=_("Family name in Latin letters"),
        required=False,
        max_length=80,
        help_text=_("Used after Ms or Mr, for example Chen in “Dear Ms Chen”."),
    )
    form_of_address = forms.ChoiceField(
        label=_("Form of address"), required=False, choices=[("", "–"), *Contact.FormOfAddress.choices]
    )
    title = forms.CharField(
        label=pgettext_lazy("of a person", "Job title"),
        required=False,
        max_length=120,
        help_text=_("As the person writes their name."),
    )
    title_en = forms.CharField(label=_("Job title in English"), required=False, max_length=120)
    title_fr = forms.CharField(label=_("Job title in French"), required=False, max_length=120)
    title_zh = forms.CharField(label=_("Job title in Chinese"), required=False, max_length=120)
    name_order = forms.ChoiceField(label=_("Name order"), choices=Contact.NameOrder)
    languages = LanguagesField(label=_("Languages they read"), required=False)
    families = forms.MultipleChoiceField(
        label=_("Products they know"), required=False, widget=forms.CheckboxSelectMultiple
    )
    checks = forms.MultipleChoiceField(
        label=_("Checks they can carry out"), required=False, widget=forms.CheckboxSelectMultiple
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    wechat = forms.CharField(label=_("WeChat"), required=False, max_length=60)
    working_from = forms.TimeField(
        label=_("Working hours from"), required=False, help_text=_("For example, 09:00.")
    )
    working_until = forms.TimeField(label=_("Until"), required=False)
    holiday_country = HolidaysField(label=_("Public holidays (country or region)"), required=False)
    task_limit = QuantityField(
        label=_("Maximum open requests at once"), min_value=0, max_value=MAX_OPEN_TASKS_PER_PERSON, initial=5
    )

    def __init__(self, data: Any, contact: Contact | None = None) -> None:
        names = [name for name in ContactForm.base_fields if name not in LATIN_NAME_FIELDS]
        known = {name: getattr(contact, name) for name in names} if contact is not None else {}
        super().__init__(data, initial=known | (_reading_of(contact) if contact is not None else {}))
        for name, choices in (
            ("families", product_families.get().choices),
            ("checks", check_kinds.get()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # declared above
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse working hours with only one end."""
        cleaned = self.cleaned_data
        if (cleaned.get("working_from") is None) != (cleaned.get("working_until") is None):
            self.add_error(
                "working_until", _("Enter both the start and the end of working hours, or neither.")
            )
        return cleaned


LATIN_NAME_FIELDS = ("name_latin", "family_name")


def _reading_of(contact: Contact) -> dict[str, str]:
    """Return the confirmed reading of a contact's name or, without one, the suggested pinyin."""
    user = contact.user
    suggested = suggest_reading(user.name)
    return {
        "name_latin": user.name_latin or suggested.name,
        "family_name": user.family_name or ("" if user.name_latin else suggested.family_name),
    }


class NewContactForm(ContactForm):
    """Form for a new contact, who is asked for consent first."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Office"))
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=150)
    email = forms.EmailField(label=_("Email"))
    language = forms.ChoiceField(
        label=_("Language for messages"),
        required=False,
        choices=[("", _("Local language")), *settings.LANGUAGES],
    )
    field_order = (
        "organization",
        "name",
        *LATIN_NAME_FIELDS,
        "form_of_address",
        "email",
        "language",
        "title",
    )

    def __init__(self, data: Any, city: City) -> None:
        super().__init__(data)
        office = self.fields["organization"]
        assert isinstance(office, forms.ModelChoiceField)  # declared above
        office.queryset = city.organizations.select_related("city").order_by("kind", "pk")
        self.initial["name_order"] = default_name_order(city.country)


class AbsenceForm(EditForm):
    """Form for the last day of an absence."""

    until = DayField(label=_("Away until"), required=False)

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data, initial={"until": contact.away_until})


class EmailAddressForm(forms.Form):
    """Form for a new e-mail address."""

    email = forms.EmailField(label=_("Email"))

    def __init__(self, data: Any, _contact: Contact) -> None:
        super().__init__(data)


class AddDeputyForm(forms.Form):
    """Form to name a deputy."""

    deputy = forms.ModelChoiceField(Contact.objects.none(), label=_("Colleague"))

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        colleagues = Contact.objects.accepting_inquiries().known_to(contact.city).filter(city=contact.city_id)
        colleagues = colleagues.exclude(user=contact.user_id)
        field.queryset = colleagues.select_related("user").order_by("pk")


class RemoveDeputyForm(forms.Form):
    """Form to remove a deputy."""

    deputy = forms.ModelChoiceField(Contact.objects.none(), label=_("Colleague"))

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data)
        field = self.fields["deputy"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = contact.deputies.select_related("user").order_by("pk")


# Labels that address the contact directly.
OWN_DETAILS_LABELS: dict[str, LazyText] = {
    "languages": _("Languages you read"),
    "families": _("Products you know"),
    "checks": _("Checks you can carry out"),
}


class OwnDetailsForm(ContactForm):
    """Form for a contact's details, with those only they may correct: name, language and time zone."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=150)
    language = forms.ChoiceField(label=_("Language of our messages to you"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Emails and reminders are sent during working hours in this time zone."),
    )
    field_order = (
        "name",
        *LATIN_NAME_FIELDS,
        "form_of_address",
        "name_order",
        "title",
        "language",
        "time_zone",
    )

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data, contact)
        for name, label in OWN_DETAILS_LABELS.items():
            self.fields[name].label = label  # type: ignore[assignment]  # a Promise, as Django's own labels are
        for name in ("name", "language", "time_zone"):
            self.initial[name] = getattr(contact.user, name)


class ConsentForm(forms.Form):
    """Form with the consent box, which only a person ticks."""

    agree = forms.BooleanField(label=_("I agree that my city’s partner cities can ask me for help"))
