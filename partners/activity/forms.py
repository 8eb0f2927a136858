"""Forms for comments and files on any object's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.permissions.permissions import Permissions
from partners.powers import Power
from workflow.base_models import JournaledModel
from workflow.input_limits import MAX_LETTER_LENGTH
from workflow.uploads.models import FOR_CONTACT_KIND

type Thing = JournaledModel | City  # an object with a page


class CityChoiceForm(forms.Form):
    """Form for an addition to an object that all cities share. The addition belongs to one city.

    An author with several cities must choose one.
    """

    def __init__(self, thing: Thing, by: Permissions, *data: Any) -> None:
        super().__init__(*data)
        own_cities = by.cities_with(Power.COMMENT) if getattr(thing, "city_id", None) is None else frozenset()
        if len(own_cities) > 1:
            self.fields["city"] = forms.ModelChoiceField(
                City.objects.filter(pk__in=own_cities).order_by("name_en", "pk"),
                label=_("Visible to staff of"),
            )

    @property
    def city_id(self) -> int | None:
        """Id of the chosen city, or None."""
        city: City | None = self.cleaned_data.get("city") if self.is_bound and self.is_valid() else None
        return city.pk if city else None


class CommentForm(CityChoiceForm):
    """Form for a comment."""

    text = forms.CharField(
        label=_("Comment"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_LETTER_LENGTH
    )


class FileForm(CityChoiceForm):
    """Form for a file."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, JPEG, PNG or WebP, up to 10 MB."))
    for_contact = forms.BooleanField(
        label=_("Share with the contact you asked"),
        required=False,
        help_text=_("The file appears on the contact’s page, protected by a six-digit code sent by email."),
    )

    def __init__(self, thing: Thing, by: Permissions, *data: Any) -> None:
        super().__init__(thing, by, *data)
        if not getattr(thing, "ALLOWS_FILES_FOR_CONTACT", False):
            del self.fields["for_contact"]

    @property
    def purpose(self) -> str:
        """Purpose of the file, or an empty string."""
        return FOR_CONTACT_KIND if self.cleaned_data.get("for_contact") else ""
